"""Ways of saying which things are kept: with the announcing words before the names, behind them, or as a mere sign.

A row is as in `tests.reading.outside_words`; all of them are right.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

BEFORE, BEHIND, SIGN, NEITHER = "before", "behind", "a sign", "no announcement"

_SAID: Final[list[tuple[str, str, str]]] = [
    (BEFORE, "entities are trips and sightings", "trip; sighting"),
    (BEFORE, "anyway: entities are trips and sightings.", "trip; sighting"),
    (BEFORE, "our tables would be tours and venues", "tour; venue"),
    (BEFORE, "Objekte im Modell: Kasten, Begehung", "kasten; begehung"),
    (BEFORE, "tables = squibs", "squib"),
    (BEFORE, "one table, arrangements", "arrangement"),
    (BEFORE, "two tables, cups and saucers", "cup; saucer"),
    (BEFORE, "Just assignments for now.", "assignment"),
    (BEFORE, "We've got blades and scratches.", "blade; scratch"),
    (BEFORE, "Gespeichert werden aber nur: Kasten, Brut.", "kasten; brut"),
    (BEFORE, "Es gibt Bruten und Falkner.", "brut; falkner"),
    (BEFORE, "The schema is just looms and shuttles", "loom; shuttle"),
    (BEFORE, "Das Datenmodell besteht aus Webstuhl, Schiffchen und Weber.", "webstuhl; schiffchen; weber"),
    (BEFORE, "Als Tabellen brauchen wir Kasten und Brut.", "kasten; brut"),
    (BEFORE, "Datenobjekte sind Kasten und Brut", "kasten; brut"),
    (BEFORE, "models -> Kiln, Firing, Glaze", "kiln; firing; glaze"),
    (BEFORE, "We only store kilns and firings.", "kiln; firing"),
    (BEFORE, "sorry for the late reply 😅 so: we've got kilns and firings", "kiln; firing"),
    (BEFORE, "bus broke down again ☹️ anyway: entities are trips and sightings.", "trip; sighting"),
    (BEHIND, "tours + venues, those two tables.", "tour; venue"),
    (BEHIND, "gliders (the table)", "glider"),
    (BEHIND, "caches and finds are the only tables", "cache; find"),
    (BEHIND, "loom, shuttle (tables)", "loom; shuttle"),
    (SIGN, "firms / cranes / jobs.", "firm; crane; job"),
    (SIGN, "so basically looms & shuttles & weavers", "loom; shuttle; weaver"),
]

_NOT_SAID: Final[list[str]] = [
    "Our tables are slow and old.",
    "Our tables are booked, sorry",
    "the table is reserved for friends",
    "Those two tables in the corner are broken.",
    "We have tables and chairs in the cafeteria.",
    "The objects are heavy.",
    "Our models are wrong but useful",
    "the resources are limited, people and money",
    "Friends are the best resource",
    "We only have Mondays and Fridays.",
    "just kidding",
    "Just numbers and dates.",
    "PostgreSQL + Redis",
    "yes / no",
    "mornings / evenings",
    "Das sind Modelle aus Holz.",
    "We don't want a table for invoices.",
]

ROWS: Final[list[Row]] = [
    *((how, "data", text, "; ".join(f"E {name}" for name in names.split("; ")), "") for how, text, names in _SAID),
    *((NEITHER, "data", text, "", "E") for text in _NOT_SAID),
]
