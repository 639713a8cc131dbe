"""Ways of taking back or renaming what was said a sentence ago.

A row is as in `tests.reading.outside_words`; all of them are right.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

RENAMED, GONE, STAYS = "renamed", "gone", "stays"

ROWS: Final[list[Row]] = [
    (how, "data", text, want, never)
    for how, text, want, never in [
        (
            RENAMED,
            "Tables: roosts, bats\nEDIT: please call the first one perches, not roosts, the biologists insist",
            "E perch; E bat",
            "E roost",
        ),
        (
            RENAMED,
            "Pump: power_kw int, colour text. Make that power_w instead of power_kw.",
            "F pump.power_w",
            "F pump.power_kw",
        ),
        (RENAMED, "Pumps, valves. Wait, not valves, gates!", "E pump; E gate", "E valve"),
        (RENAMED, "Tables: pumps and valves. Sorry, I mean gates, not valves.", "E pump; E gate", "E valve"),
        (
            RENAMED,
            "Tabellen: Pumpe, Ventil. Korrektur: nicht Ventil, sondern Schieber.",
            "E schieber",
            "E ventil; E korrektur",
        ),
        (RENAMED, "Tabellen: Pumpe, Ventil. Ventil heißt bei uns Schieber.", "E schieber", "E ventil"),
        (GONE, "Tables: bells, ropes\nCorrection: ropes goes away, nobody needs it", "E bell; -E rope", ""),
        (
            GONE,
            "Lamp: aspect is red, amber, green. ↩️ sorry, no amber on our line, only red and green",
            "F lamp.aspect enum red|green",
            "",
        ),
        (
            GONE,
            "Pumpe: Standort (Text), Farbe (Text). Nachtrag: Farbe bitte wieder raus, braucht kein Mensch.",
            "-F pump.farbe",
            "E nachtrag",
        ),
        (GONE, "Pumpe: Standort (Text), Farbe (Text). Farbe kann wieder weg.", "-F pump.farbe", ""),
        (GONE, "Pump: power int, colour text. Edit: colour out again, nobody needs it.", "-F pump.colour", "E edit"),
        (
            STAYS,
            "Pump: power int, colour text. The pump goes out again at night.",
            "F pump.colour text",
            "-F pump.colour; -E pump",
        ),
        (
            STAYS,
            "Pump: power int, colour text. Only the red and the green one are sold.",
            "F pump.colour text",
            "-F pump.colour",
        ),
        (STAYS, "Pumps, valves. Not bad, thanks!", "E pump; E valve", "-E pump; -E valve"),
    ]
]
