"""Ways of writing fields: the type before the name, shared or said in words, full names, lists behind "=" and "also".

A row is as in `tests.reading.outside_words`; all of them are right.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

CELLS, DOTTED, HEADS, NONE = "cells", "full names", "heads", "no fields"

ROWS: Final[list[Row]] = [
    (how, "data", text, want, never)
    for how, text, want, never in [
        (
            CELLS,
            "Each blast: depth in cm as an int, fired_at down to the second, a bool `freed` if anything came down.",
            "F blast.depth integer; F blast.fired_at timestamp; F blast.freed boolean",
            "",
        ),
        (
            CELLS,
            "Each shot: charge_kg (one decimal), an int called shots",
            "F shot.charge_kg decimal; F shot.shots integer",
            "",
        ),
        (
            CELLS,
            "ring — ring_no int, roll_mm + pitch_mm decimals",
            "F ring.roll_mm decimal; F ring.pitch_mm decimal",
            "",
        ),
        (CELLS, "Boat: length_m, decimal; crew, int", "F boat.length_m decimal; F boat.crew integer", "F boat.int"),
        (
            CELLS,
            "Seed: moist_pct (one decimal place), germ_pct same",
            "F seed.moist_pct decimal; F seed.germ_pct decimal",
            "",
        ),
        (CELLS, "Laib: eingelagert (nur der Tag), name text", "F laib.eingelagert date", ""),
        (CELLS, "Laib: wendungen: Zahl, wie oft er gewendet wurde", "F laib.wendungen integer", ""),
        (CELLS, "Kite: sold_at sekundengenau, price decimal", "F kite.sold_at timestamp; F kite.price decimal", ""),
        (
            CELLS,
            "A defect has a kind: crack / root / offset (exactly these three, it's in the norm).",
            "F defect.kind enum crack|root|offset",
            "",
        ),
        (DOTTED, "kite.class can only be box, delta or foil.", "F kite.class enum box|delta|foil", "E kite.class"),
        (DOTTED, "kite.span_m is a decimal w/ 3 places.", "F kite.span_m decimal", ""),
        (DOTTED, "kite.bought_on is a date, NOT a datetime, nobody knows the hour.", "F kite.bought_on date", "E hour"),
        (DOTTED, "kite.lost true/false.", "F kite.lost boolean", ""),
        (
            DOTTED,
            "Ofen.brennstoff: nur holz, pellets, gas",
            "F ofen.brennstoff enum holz|pellets|gas",
            "E ofen.brennstoff",
        ),
        (DOTTED, "Ofen.leistung_kw: Kommazahl", "F ofen.leistung_kw decimal", ""),
        (
            DOTTED,
            "oven.fuel is one of wood, gas, pellets; oven.power_kw decimal; oven.retired bool",
            "F oven.fuel enum wood|gas|pellets; F oven.power_kw decimal; F oven.retired boolean",
            "",
        ),
        (DOTTED, "kite.colour ∈ {red, green}", "F kite.colour enum red|green", ""),
        (DOTTED, "kite.span: decimal(5,2), kite.lost: boolean", "F kite.span decimal; F kite.lost boolean", ""),
        (DOTTED, "kite.sold_at – timestamp or null", "F kite.sold_at timestamp", ""),
        (HEADS, "Seed = taxon, sealed_on (a date), box_no.", "F seed.taxon; F seed.sealed_on date; F seed.box_no", ""),
        (
            HEADS,
            "A kite has a name. Also tails, whole number 0–5; lost, boolean; remarks, long text.",
            "F kite.tails integer; F kite.lost boolean; F kite.remarks text",
            "",
        ),
        (NONE, "We run on node.js and write to main.py.", "", "F"),
        (NONE, "See kite.com for details.", "", "E kite"),
        (NONE, "A kite has a name. Also we need a break, right?", "", "F kite.break"),
        (NONE, "E = mc, as they say", "", "E e"),
    ]
]
