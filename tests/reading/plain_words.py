"""How people name what they keep, tell a life and grant rights without any notation: rows as in `spoken_words`."""

from __future__ import annotations

INVENTORIES: list[tuple[str, str, str, str]] = [
    ("data", text, want, never)
    for text, want, never in [
        ("kilns (the table)", "E kiln", "E table"),
        ("kilns + glazes, those two tables.", "E kiln; E glaze", "E table; E those two table"),
        ("kilns / glazes / firings.", "E kiln; E glaze; E firing", ""),
        ("one table, firings", "E firing", "E one table"),
        ("tables = kilns", "E kiln", "E table"),
        ("tables kilns + firings", "E kiln; E firing", "E table"),
        ("Just firings for now.", "E firing", ""),
        ("We only need kilns.", "E kiln", ""),
        ("Only kilns and firings, nothing else.", "E kiln; E firing", ""),
        ("kilns and firings, that's all we store", "E kiln; E firing", ""),
        ("Two tables only - kilns, firings.", "E kiln; E firing", "E two table"),
        ("anyway: entities are trips and sightings.", "E trip; E sighting", "E anyway"),
        ("For tables I see kilns, firings and glazes.", "E kiln; E firing; E glaze", "E I"),
        ("There's one entity really, the kiln.", "E kiln", "E one entity"),
        ("entities: just kilns", "E kiln", "E just kiln"),
        ("our model: kilns, firings", "E kiln; E firing", "E model"),
        ("MVP tables: kiln, firing", "E kiln; E firing", "E mvp table"),
        ("We've got blades and scratches.", "E blade; E scratch", ""),
        ("the db has kilns & firings", "E kiln; E firing", "E db"),
        ("v1: caches, finds.", "E cache; E find", "E v1; F v1.caches"),
        ("v2 (not before autumn!): trackables, leagues", "~E trackable; ~E league", "E autumn; E league"),
        ("Phase 2: leagues and clubs", "~E league; ~E club", "E league"),
        ("Objekte im Modell: Stollen, Begehung", "E Stollen; E Begehung", "E Modell; E Objekt"),
        ("Gespeichert werden aber nur: Kasten, Brut.", "E Kasten; E Brut", ""),
        ("Wir brauchen erstmal nur Öfen und Brände.", "E Ofen; E Brand", ""),
        ("Tabellen wären Öfen und Brände", "E Ofen; E Brand", "E Tabelle"),
        ("Nur eine Tabelle: Öfen", "E Ofen", "E Tabelle"),
        ("Das Modell kennt Öfen, Brände und Glasuren.", "E Ofen; E Glasur", "E Modell"),
        ("Später dann: Ligen, Vereine", "~E Liga; ~E Verein", "E Später dann; E Verein"),
        ("Just a moment please.", "*", ""),
        ("Nur so eine Idee.", "*", ""),
        ("just name and price", "*", ""),
        ("We have time and money.", "*", ""),
        ("Only on Mondays and Fridays.", "*", ""),
        ("and/or", "*", ""),
        ("That's all for now.", "*", ""),
        ("so, coffee and cake first", "*", ""),
        ("We only use Postgres and Redis", "", "E postgre; E redis; E postgres"),
    ]
]
"""Lists of names and nothing else, with the words that people put around them, and what looks like such a list."""
ROWS = [*INVENTORIES]
