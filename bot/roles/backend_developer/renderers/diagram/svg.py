"""The picture as SVG, drawn with nothing but text: no scripts, no outside resources, every word escaped."""

from __future__ import annotations

from html import escape

from bot.roles.backend_developer.blueprint import Blueprint, Cardinality
from bot.roles.backend_developer.renderers.diagram.layout import FOOT, HEAD, MARGIN, ROW, Box, Line, Picture, place

SANS = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
MONO = "'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
PAPER, INK, MUTED, EDGE, LINE = "#fbfbfd", "#1d2433", "#6b7488", "#d4d9e4", "#7c869d"
SCOPED, SHARED = "#3f4ea0", "#3d6b6b"
MARKS = {"PK": "#b26a00", "FK": "#3f4ea0", "UK": "#3d6b6b"}


def svg(blueprint: Blueprint) -> str:
    """Return the diagram as one SVG document."""
    picture = place(blueprint)
    count = f"{len(picture.boxes)} entities, {len(blueprint.relations)} relations"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width:.0f}" height="{picture.height:.0f}" '
        f'viewBox="0 0 {picture.width:.0f} {picture.height:.0f}" role="img" aria-labelledby="title">',
        f'<title id="title">{escape(blueprint.title)}: data model, {count}</title>',
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        _text(MARGIN, 42, blueprint.title, size=20, weight=600),
        _text(MARGIN, 64, f"Data model: {count}", size=12, fill=MUTED),
        *_legend(picture),
        *(_line(picture, line, lane) for lane, line in enumerate(picture.lines)),
        *(_box(box) for box in picture.boxes.values()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _legend(picture: Picture) -> list[str]:
    if not any(box.tenant_scoped for box in picture.boxes.values()):
        return []
    entries = [("rows belong to one tenant", SCOPED), ("shared", SHARED)]
    found, x = [], float(MARGIN)
    for words, colour in entries:
        found.append(f'<rect x="{x:g}" y="74" width="10" height="10" rx="2" fill="{colour}"/>')
        found.append(_text(x + 16, 83, words, size=11, fill=MUTED))
        x += 34 + 6.2 * len(words)
    return found


def _box(box: Box) -> str:
    colour = SCOPED if box.tenant_scoped else SHARED
    x, y, width = box.x, box.y, box.width
    head = f"M{x:g} {y + HEAD:g}v-{HEAD - 8}a8 8 0 0 1 8-8h{width - 16:g}a8 8 0 0 1 8 8v{HEAD - 8}z"
    parts = [
        "<g>",
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{box.height:g}" rx="8" fill="#fff" stroke="{EDGE}"/>',
        f'<path d="{head}" fill="{colour}"/>',
        _text(x + 12, y + 22, box.entity, size=14, weight=600, fill="#fff"),
        _text(x + width - 12, y + 22, box.table, size=11, fill="#e4e8f4", anchor="end"),
    ]
    for i, row in enumerate(box.rows):
        base = y + HEAD + ROW * i + 18
        if row.mark:
            parts.append(_text(x + 12, base, row.mark, size=9, weight=700, fill=MARKS[row.mark]))
        parts.append(_text(x + 36, base, row.name, size=12, mono=True))
        words = row.type if row.required else f"{row.type}?"
        parts.append(_text(x + width - 12, base, words, size=11, fill=MUTED, mono=True, anchor="end"))
    if box.hidden:
        base = y + box.height - FOOT + 1
        parts.append(_text(x + 36, base, f"and {box.hidden} more", size=11, fill=MUTED))
    parts.append("</g>")
    return "\n".join(parts)


def _line(picture: Picture, line: Line, lane: int) -> str:
    source, target = picture.boxes[line.source], picture.boxes[line.target]
    y1, y2 = source.row_y(line.key), target.row_y("id")
    if line.source == line.target and y1 == y2:
        y1 += ROW
    out1, out2 = _sides(source, target)
    x1 = source.x + (source.width if out1 > 0 else 0)
    x2 = target.x + (target.width if out2 > 0 else 0)
    # SlackTransport within one column get lanes of their own, or they would lie on each other.
    bend = 40.0 + 6 * (lane % 4) if out1 == out2 else min(90.0, max(36.0, abs(x1 - x2) / 2))
    path = f"M{x1:g} {y1:g}C{x1 + out1 * bend:g} {y1:g} {x2 + out2 * bend:g} {y2:g} {x2:g} {y2:g}"
    drawn = [f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="1.4"/>']
    drawn.append(
        _many(x1, y1, out1) if line.cardinality is not Cardinality.ONE_TO_ONE else _one(x1, y1, out1, required=True)
    )
    if line.cardinality is Cardinality.MANY_TO_MANY:
        drawn.append(_many(x2, y2, out2))
    else:
        drawn.append(_one(x2, y2, out2, required=line.required))
    return f"<g><title>{escape(f'{line.source} {line.name}: {line.target}')}</title>{''.join(drawn)}</g>"


def _sides(source: Box, target: Box) -> tuple[int, int]:
    """Return to which side the line leaves each box: -1 is left, 1 right."""
    if target.x < source.x:
        return -1, 1
    return (1, -1) if target.x > source.x else (1, 1)


def _many(x: float, y: float, out: int) -> str:
    tip = x + out * 11
    return f'<path d="M{x:g} {y - 6:g}L{tip:g} {y:g}L{x:g} {y + 6:g}" fill="none" stroke="{LINE}" stroke-width="1.4"/>'


def _one(x: float, y: float, out: int, *, required: bool) -> str:
    bar = f'<path d="M{x + out * 7:g} {y - 6:g}v12" stroke="{LINE}" stroke-width="1.4"/>'
    if required:
        return bar
    ring = f'<circle cx="{x + out * 13:g}" cy="{y:g}" r="4" fill="{PAPER}" stroke="{LINE}" stroke-width="1.4"/>'
    return bar + ring


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: int,
    weight: int = 400,
    fill: str = INK,
    mono: bool = False,
    anchor: str = "start",
) -> str:
    family = MONO if mono else SANS
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{family}" font-size="{size}" font-weight="{weight}" '
        f'fill="{fill}" text-anchor="{anchor}">{escape(words)}</text>'
    )
