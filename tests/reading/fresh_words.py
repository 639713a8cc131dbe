"""Ways of saying fields that were written when the reader had been changed for all others, to see what generalises.

What the reader made of them at first is in `docs/reading.md`. A row is as in `tests.reading.outside_words`.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

FRESH: Final = "afterwards"

ROWS: Final[list[Row]] = [
    (
        FRESH,
        "data",
        "Each lute is catalogued with its maker, the year it was built and its scale length in mm.",
        "F lute.maker; F lute.year built; F lute.scale length decimal",
        "",
    ),
    (
        FRESH,
        "data",
        "We keep the height, the girth and the species of every tree in the park.",
        "F tree.height; F tree.girth; F tree.species",
        "E girth",
    ),
    (
        FRESH,
        "data",
        "A pinball machine has a title, a manufacturer, an optional nickname and a top score (integer).",
        "F pinball machine.title; F pinball machine.manufacturer; F pinball machine.nickname optional; F "
        "pinball machine.top score integer",
        "",
    ),
    (
        FRESH,
        "data",
        "Every hot spring has a temperature in °C, a depth and an access level of easy, medium or hard.",
        "F hot spring.temperature decimal; F hot spring.depth; F hot spring.access level enum easy|medium|hard",
        "",
    ),
    (
        FRESH,
        "data",
        "For every owl we log ring number, sex (m/f), wing length and the date it was ringed.",
        "F owl.ring number; F owl.sex enum m|f; F owl.wing length; F owl.date ringed",
        "",
    ),
    (FRESH, "data", "The caption of a mural must not be longer than 120 characters.", "F mural.caption max 120", ""),
    (
        FRESH,
        "data",
        "A go-kart's number is unique and its colour is one of red, green, yellow.",
        "F go-kart.number unique; F go-kart.colour enum red|green|yellow",
        "",
    ),
    (
        FRESH,
        "data",
        "Skydives come with an exit altitude (m), a jump number, and whether a video was taken.",
        "F Skydive.exit altitude decimal; F Skydive.jump number",
        "",
    ),
    (
        FRESH,
        "data",
        "Walrus\n- tusk length (cm)\n- tagged on (date)\n- tag no, string, unique\n- sex: male/female",
        "F Walrus.tusk length decimal; F Walrus.tagged on date; F Walrus.tag no string unique; F Walrus.sex "
        "enum male|female",
        "E sex",
    ),
    (
        FRESH,
        "data",
        "Entity Loft: pigeons (number, >= 0), town, elevation (m), heated (y/n)",
        "F Loft.pigeons; F Loft.town; F Loft.elevation decimal; F Loft.heated boolean",
        "",
    ),
    (
        FRESH,
        "data",
        "Our barges are stored with name, tonnage and home port; the name has to be unique.",
        "F barge.name unique; F barge.tonnage; F barge.home port",
        "",
    ),
    (FRESH, "data", "yeah so a spore print needs a colour, a substrate and maybe 2-3 photos", "", "E yeah"),
    (
        FRESH,
        "data",
        "Please also record the humidity and the light level for each terrarium.",
        "F terrarium.humidity; F terrarium.light level",
        "E humidity",
    ),
    (
        FRESH,
        "data",
        "Attributes for Comet: designation (text), discovered (date), period in years, naked eye (bool)",
        "F Comet.designation text; F Comet.discovered date; F Comet.period; F Comet.naked eye boolean",
        "",
    ),
    (
        FRESH,
        "data",
        "A cairn is described by latitude, longitude, height (in cm) plus a short description.",
        "F cairn.latitude; F cairn.longitude; F cairn.height decimal; F cairn.short description",
        "",
    ),
    (
        FRESH,
        "data",
        "Zu jeder Mühle halten wir Baujahr, Antrieb (Wind, Wasser) und Besitzer fest.",
        "F Mühle.Baujahr; F Mühle.Antrieb enum Wind|Wasser; F Mühle.Besitzer",
        "",
    ),
    (
        FRESH,
        "data",
        "Ein Segelflugzeug hat ein Kennzeichen (eindeutig), eine Spannweite in Metern und ein Baujahr.",
        "F Segelflugzeug.Kennzeichen unique; F Segelflugzeug.Spannweite decimal; F Segelflugzeug.Baujahr",
        "",
    ),
    (
        FRESH,
        "data",
        "Für die Höhlen brauchen wir Name, Länge (m), Tiefe (m) und ob sie begehbar sind.",
        "F Höhle.Name; F Höhle.Länge decimal; F Höhle.Tiefe decimal; F Höhle.begehbar boolean",
        "",
    ),
    (
        FRESH,
        "data",
        "Jeder Schäfer wird mit Name, Telefonnummer und Herdengröße geführt.",
        "F Schäfer.Name; F Schäfer.Telefonnummer; F Schäfer.Herdengröße",
        "",
    ),
    (
        FRESH,
        "data",
        "Die Farbe eines Luftschiffs ist optional, die Kennung muss eindeutig sein.",
        "F Luftschiff.Farbe optional; F Luftschiff.Kennung unique",
        "",
    ),
    (
        FRESH,
        "data",
        "Turm: Höhe in m, Stufen (Ganzzahl), besteigbar (ja/nein), Bemerkung (optional)",
        "F Turm.Höhe decimal; F Turm.Stufen integer; F Turm.besteigbar boolean; F Turm.Bemerkung optional",
        "",
    ),
    (
        FRESH,
        "data",
        "We have to be fast, cheap and good at it, for each customer.",
        "",
        "F customer.fast; F customer; E fast",
    ),
    (
        FRESH,
        "data",
        "I keep telling the boss about the problem of the database.",
        "",
        "F problem; F database; E boss; E problem",
    ),
    (FRESH, "data", "The status of the project is green and it has a sponsor and a budget.", "", "F status; E status"),
]
