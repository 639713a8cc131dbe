"""Ways of listing things with their fields without sentences, as wikis, tickets, generators and mails do.

They were written after sentences had been mended and before lists were; what the reader made of them at first is in
`docs/reading.md`. A row is as in `tests.reading.outside_words`.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

LINES: Final = "bare lines"
WIKI: Final = "wikis and tickets"
TERSE: Final = "in one line"
NESTED: Final = "lists in lists"
MORE: Final = "more sentences"

_KITE: Final = "F Kite.span decimal; F Kite.colour string; F Kite.owner email email"

ROWS: Final[list[Row]] = [
    (
        LINES,
        "data",
        "Kite\nspan: decimal\ncolour: string\nowner email: email\n\nReel\nlength_m: int",
        _KITE + "; F Reel.length_m integer",
        "E span; E colour",
    ),
    (
        LINES,
        "data",
        "Kite\n  span (decimal)\n  colour (string)\n  owner email (email)\nReel\n  length_m (int)",
        _KITE + "; F Reel.length_m integer",
        "E span",
    ),
    (LINES, "data", "KITE\n----\nspan      decimal\ncolour    string\nowner email    email", _KITE, "E span"),
    (
        LINES,
        "data",
        "Kite:\nspan decimal, colour string,\nowner email email",
        "F Kite.span decimal; F Kite.colour string",
        "E span decimal",
    ),
    (
        LINES,
        "data",
        "kite.span decimal\nkite.colour string\nkite.reel_id -> reels\nreel.length_m int",
        "F kite.span decimal; F kite.colour string; F reel.length_m integer; R kite>reel",
        "",
    ),
    (
        LINES,
        "data",
        "Kite: span, colour, owner email\nReel: length, material\nKite has one Reel",
        "F Kite.span; F Kite.colour; F Reel.length; F Reel.material",
        "",
    ),
    (
        LINES,
        "data",
        "== Kite ==\nspan ... decimal\ncolour ... string",
        "F Kite.span decimal; F Kite.colour string",
        "E span",
    ),
    (
        LINES,
        "data",
        "[Kite]\nspan = decimal\ncolour = string\n\n[Reel]\nlength_m = int",
        "F Kite.span decimal; F Kite.colour string; F Reel.length_m integer",
        "E span",
    ),
    (
        LINES,
        "data",
        "Kite\n\tspan\tdecimal\n\tcolour\tstring\n\tlost\tboolean",
        "F Kite.span decimal; F Kite.colour string; F Kite.lost boolean",
        "E span",
    ),
    (
        LINES,
        "data",
        "Entity: Kite\nFields: span (decimal), colour (string), lost (bool)\n\nEntity: Reel\nFields: length (int)",
        "F Kite.span decimal; F Kite.lost boolean; F Reel.length integer",
        "E Fields; E Entity",
    ),
    (
        LINES,
        "data",
        "Table kite\nColumns: span decimal not null, colour varchar(20), lost boolean default false",
        "F kite.span decimal; F kite.span required; F kite.colour string; F kite.lost boolean",
        "E Columns",
    ),
    (
        WIKI,
        "data",
        "h3. Kite\n* span - decimal\n* colour - string\n* lost - boolean",
        "F Kite.span decimal; F Kite.colour string; F Kite.lost boolean",
        "E span",
    ),
    (
        WIKI,
        "data",
        "h2. Kite\n||Field||Type||Required||\n|span|decimal|yes|\n|colour|string|no|",
        "F Kite.span decimal; F Kite.span required; F Kite.colour optional",
        "E Field",
    ),
    (
        WIKI,
        "data",
        "*Kite*\n• span (decimal)\n• colour (red / blue / green)\n• lost? (bool)",
        "F Kite.span decimal; F Kite.colour enum red|blue|green; F Kite.lost boolean",
        "E span",
    ),
    (
        WIKI,
        "data",
        ":kite: *Kite* - span (decimal), colour, lost (bool)\n:reel: *Reel* - length (int)",
        "F Kite.span decimal; F Kite.colour; F Kite.lost boolean; F Reel.length integer",
        "",
    ),
    (
        WIKI,
        "data",
        "<b>Kite</b><ul><li>span: decimal</li><li>colour: string</li></ul>",
        "F Kite.span decimal; F Kite.colour string",
        "",
    ),
    (
        WIKI,
        "data",
        "🪁 Kite: span (decimal), colour, lost (bool)\n🧵 Reel: length (int), material",
        "F Kite.span decimal; F Kite.colour; F Kite.lost boolean; F Reel.length integer",
        "",
    ),
    (
        WIKI,
        "data",
        "**Kite** `span:decimal` `colour:string` `lost:boolean`",
        "F Kite.span decimal; F Kite.colour string; F Kite.lost boolean",
        "",
    ),
    (
        WIKI,
        "data",
        "As a flyer I can store a kite with span (decimal), colour and owner.\nGiven a kite, when it is "
        "lost, then lost (boolean) is set.",
        "F kite.span decimal; F kite.colour",
        "E flyer",
    ),
    (
        TERSE,
        "data",
        "rails g model Kite span:decimal colour:string lost:boolean reel:references",
        "F Kite.span decimal; F Kite.colour string; F Kite.lost boolean",
        "",
    ),
    (
        TERSE,
        "data",
        "Kite{span:decimal,colour:string,lost:bool} Reel{length:int}",
        "F Kite.span decimal; F Kite.lost boolean; F Reel.length integer",
        "",
    ),
    (
        TERSE,
        "data",
        "Kite[span, colour, lost], Reel[length, material]",
        "F Kite.span; F Kite.colour; F Reel.material",
        "",
    ),
    (TERSE, "data", "Kite = span + colour + owner", "F Kite.span; F Kite.colour; F Kite.owner", ""),
    (
        TERSE,
        "data",
        "kite (pk id, span dec, colour str, lost bool) / reel (pk id, length int, fk kite)",
        "F kite.span decimal; F kite.lost boolean; F reel.length integer",
        "",
    ),
    (
        TERSE,
        "data",
        "kites: span:decimal, colour:string, lost:boolean; reels: length:int",
        "F kite.span decimal; F kite.lost boolean; F reel.length integer",
        "",
    ),
    (
        TERSE,
        "data",
        "Kite – span (m), colour – enum red/blue, lost – y/n",
        "F Kite.span decimal; F Kite.colour enum red|blue; F Kite.lost boolean",
        "",
    ),
    (
        TERSE,
        "data",
        "kite → span, colour, lost; reel → length, material",
        "F kite.span; F kite.colour; F reel.length; F reel.material",
        "",
    ),
    (
        NESTED,
        "data",
        "- Kite\n  - span (decimal)\n  - colour: red, blue\n  - lost - boolean\n- Reel\n  - length, int",
        "F Kite.span decimal; F Kite.colour enum red|blue; F Kite.lost boolean; F Reel.length integer",
        "E span",
    ),
    (
        NESTED,
        "data",
        "1. Kite\n   a. span, decimal, required\n   b. colour, string\n2. Reel\n   a. length, integer",
        "F Kite.span decimal; F Kite.span required; F Kite.colour string; F Reel.length integer",
        "E span",
    ),
    (
        NESTED,
        "data",
        "* Kite - what flies\n** span (decimal)\n** colour\n* Reel\n** length (int)",
        "F Kite.span decimal; F Kite.colour; F Reel.length integer",
        "E span",
    ),
    (
        NESTED,
        "data",
        "- Kite has\n    - a span (decimal)\n    - an optional colour\n    - a lost flag",
        "F Kite.span decimal; F Kite.colour optional; F Kite.lost boolean",
        "E span",
    ),
    (
        NESTED,
        "data",
        "Main objects:\n1) kite - span in m, colour, lost (yes/no)\n2) reel - length in m, material",
        "F kite.span decimal; F kite.colour; F kite.lost boolean; F reel.length decimal; F reel.material",
        "E Main object",
    ),
    (
        NESTED,
        "data",
        "What we store\n\nKites:\n- span (decimal)\n- colour\n\nReels:\n- length (int)\n- material",
        "F Kite.span decimal; F Kite.colour; F Reel.length integer; F Reel.material",
        "E What",
    ),
    (
        NESTED,
        "data",
        "Für den Drachen:\n- Spannweite in m\n- Farbe (rot, blau)\n- verloren (ja/nein)\nFür die Spule:\n- Länge in m",
        "F Drachen.Spannweite decimal; F Drachen.Farbe enum rot|blau; F Drachen.verloren boolean; F "
        "Spule.Länge decimal",
        "E Spannweite",
    ),
    (
        NESTED,
        "data",
        "Drachen\n- Spannweite: Dezimalzahl\n- Farbe: Text\n- gekauft am: Datum\n- verloren: ja/nein",
        "F Drachen.Spannweite decimal; F Drachen.Farbe text; F Drachen.gekauft am date; F Drachen.verloren boolean",
        "",
    ),
    (
        MORE,
        "data",
        "The span and colour of each kite are stored, together with whether it is lost.",
        "F kite.span; F kite.colour",
        "E span",
    ),
    (
        MORE,
        "data",
        "A kite's record consists of its span, its colour and the name of its maker.",
        "F kite.span; F kite.colour",
        "E span",
    ),
    (MORE, "data", "You can give a kite a colour and a nickname.", "F kite.colour; F kite.nickname", ""),
    (MORE, "data", "Kites differ in span, colour and material.", "F Kite.span; F Kite.colour; F Kite.material", ""),
    (
        MORE,
        "data",
        "There is a kite table with span (decimal), colour (string) and lost (boolean).",
        "F kite.span decimal; F kite.colour string; F kite.lost boolean",
        "",
    ),
    (
        MORE,
        "data",
        "We have kites (span, colour, lost yes/no) and reels (length, material).",
        "F kite.span; F kite.colour; F kite.lost boolean; F reel.length; F reel.material",
        "",
    ),
    (
        MORE,
        "data",
        "Kites: each has a span, a colour and an owner. Reels: each has a length.",
        "F Kite.span; F Kite.colour; F Reel.length",
        "",
    ),
    (
        MORE,
        "data",
        "First of all there are kites. They have a span, a colour and a maker. Then there are reels; these "
        "have a length.",
        "F kite.span; F kite.colour; F reel.length",
        "",
    ),
    (MORE, "data", "For kites I need the span, for reels the length.", "F kite.span; F reel.length", ""),
    (
        MORE,
        "data",
        "Whoever adds a kite has to enter its span, its colour and, optionally, a nickname.",
        "F kite.span; F kite.colour; F kite.nickname optional",
        "",
    ),
    (MORE, "data", "Kites need a span; colour is optional.", "F Kite.span; F Kite.colour optional", ""),
    (
        MORE,
        "data",
        "span, colour and maker per kite; length and material per reel",
        "F kite.span; F kite.colour; F kite.maker; F reel.length; F reel.material",
        "",
    ),
    (
        MORE,
        "data",
        "Drachen haben Spannweite, Farbe und Baujahr, Spulen eine Länge und ein Material.",
        "F Drachen.Spannweite; F Drachen.Farbe; F Spule.Länge",
        "",
    ),
    (
        MORE,
        "data",
        "Der Drachen hat als Eigenschaften Spannweite, Farbe und Baujahr.",
        "F Drachen.Spannweite; F Drachen.Farbe; F Drachen.Baujahr",
        "",
    ),
    (
        MORE,
        "data",
        "Wer einen Drachen anlegt, gibt Spannweite, Farbe und optional einen Spitznamen an.",
        "F Drachen.Spannweite; F Drachen.Farbe",
        "",
    ),
    (
        MORE,
        "data",
        "Gespeichert wird zu einem Drachen, wie groß die Spannweite ist und welche Farbe er hat.",
        "F Drachen.Spannweite; F Drachen.Farbe",
        "",
    ),
]
