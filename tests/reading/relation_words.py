"""Ways of saying how many of one thing go with how many of another, and which keys point where.

A row is as in `tests.reading.outside_words`; all of them are right.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

SIGNS, WORDS, KEYS, NONE = "signs", "words", "keys", "no relation"

ROWS: Final[list[Row]] = [
    (how, "data", text, want, never)
    for how, text, want, never in [
        (
            SIGNS,
            "pass → ground_station is N:1, pass → satellite also N:1.",
            "R pass>ground_station; R pass>satellite",
            "",
        ),
        (SIGNS, "Aufnahme -> Sprecher (n:1)\nAufnahme -> Ort (n:1)", "R aufnahme>sprecher; R aufnahme>ort", ""),
        (SIGNS, "Transkript -> Aufnahme (n:1, es gibt mehrere Fassungen)", "R transkript>aufnahme", "E fassung"),
        (SIGNS, "Sample → Borehole, many to one", "R sample>borehole", ""),
        (SIGNS, "sample (n) - (1) borehole", "R sample>borehole", ""),
        (SIGNS, "site 1—n borehole 1—n sample", "R borehole>site; R sample>borehole", ""),
        (SIGNS, "Beziehung Probe zu Bohrloch: n:1", "R probe>bohrloch", ""),
        (SIGNS, "Probe zu Bohrloch ist n:1", "R probe>bohrloch", ""),
        (SIGNS, "Players and squads are many-to-many via memberships.", "R membership>player; R membership>squad", ""),
        (SIGNS, "Tables: peals, bands\npeal -> band", "R peal>band", ""),
        (WORDS, "Each dive is logged by exactly one diver, but a diver logs plenty of dives.", "R dive>diver", ""),
        (WORDS, "A ring always has exactly one bird; the same bird may wear several rings.", "R ring>bird", ""),
        (
            WORDS,
            "Every hole is drilled for exactly one shot, whereas a shot takes dozens of holes.",
            "R hole>shot",
            "E dozen",
        ),
        (WORDS, "Shots in turn sit on a bench: one bench, many shots.", "R shot>bench", ""),
        (WORDS, "many samples per borehole, one borehole per sample", "R sample>borehole", ""),
        (WORDS, "one site, many boreholes; one borehole, many samples", "R borehole>site; R sample>borehole", ""),
        (WORDS, "Pro Bohrloch mehrere Proben, nie umgekehrt.", "R probe>bohrloch", ""),
        (
            WORDS,
            "Jede Probe stammt aus genau einem Bohrloch, ein Bohrloch liefert viele Proben.",
            "R probe>bohrloch",
            "",
        ),
        (
            WORDS,
            "Each puppet is played by one puppeteer, and a puppeteer plays lots of puppets.",
            "R puppet>puppeteer",
            "",
        ),
        (
            WORDS,
            "An inspection covers one bridge and is done by one inspector.",
            "R inspection>bridge; R inspection>inspector",
            "",
        ),
        (
            WORDS,
            "Jede Prüfung betrifft genau eine Brücke und wird von einem Prüfer gemacht.",
            "R prüfung>brücke; R prüfung>prüfer",
            "",
        ),
        (WORDS, "inspections are children of bridges", "R inspection>bridge", ""),
        (WORDS, "Boxes live in exactly one room", "R box>room", ""),
        (WORDS, "every sample hangs off one borehole", "R sample>borehole", ""),
        (WORDS, "several peals share one tower", "R peal>tower", ""),
        (WORDS, "Each peal: one band, one tower.", "R peal>band; R peal>tower", ""),
        (WORDS, "peal needs both a band and a tower", "R peal>band; R peal>tower", ""),
        (WORDS, "Each clapper sits in a bell, each bell sits in a tower.", "R clapper>bell; R bell>tower", ""),
        (WORDS, "a bell belongs to one tower (not the other way round!)", "R bell>tower", ""),
        (WORDS, "sample points at borehole, never the other way round", "R sample>borehole", ""),
        (WORDS, "spans know their parent span (parent_id, nullable)", "R span>span", "E parent span"),
        (WORDS, "Each match has a home squad and an away squad, both point to squads.", "R match>squad", ""),
        (WORDS, "join table enrolments between members and courses", "R enrolment>member; R enrolment>course", ""),
        (SIGNS, "hive N—1 apiary", "R hive>apiary", ""),
        (SIGNS, "seat → row → hall, each step many-to-one", "R seat>row; R row>hall", ""),
        (SIGNS, "Von Ort zu Aufnahme 1:n.", "R aufnahme>ort", ""),
        (WORDS, "ok so: a keeper looks after many hives, but each hive has just the one keeper.", "R hive>keeper", ""),
        (WORDS, "hives stand in an apiary (many hives per apiary).", "R hive>apiary", ""),
        (WORDS, "every seat in exactly one row, every row in exactly one hall", "R seat>row; R row>hall", ""),
        (WORDS, "A wreck can be visited on many dives; a dive visits one wreck or none.", "R dive>wreck", ""),
        (WORDS, "Every loan: exactly one book, exactly one reader.", "R loan>book; R loan>reader", ""),
        (
            WORDS,
            "A report is about one bridge. it's written by one inspector.",
            "R report>bridge; R report>inspector",
            "",
        ),
        (KEYS, "A hive gets its apiary_id, an apiary never gets a hive_id.", "F hive.apiary_id", "F apiary.hive_id"),
        (KEYS, "So it is the flight: flights.envelope_id, flights.pilot_id.", "R flight>envelope; R flight>pilot", ""),
        (KEYS, "put tower_id on bell, not bell_id on tower", "F bell.tower_id; -F tower.bell_id", "F tower.bell_id"),
        (KEYS, "tower_id goes on bells", "F bell.tower_id", ""),
        (KEYS, "No envelope_id on the basket.", "-F basket.envelope_id", "F basket.envelope_id"),
        (NONE, "Every user gets exactly one warning per day", "", "E warning -> user; R user>warning"),
        (NONE, "We need one table, many thanks", "", "E"),
        (NONE, "A meeting takes one hour.", "", "E hour"),
        (NONE, "She has one brother and several cats", "", "E"),
        (NONE, "The app should be available in one second.", "", "E"),
        (NONE, "Score is 1:0, many fans cheered", "", "E"),
        (NONE, "ratio 16:9", "", "E"),
        (NONE, "at most one retry per job", "", "E retry"),
        (NONE, "Each boat has one name and one colour", "", "E name; E colour"),
        (NONE, "invoices belong to the accounting system, not to us", "", "E"),
        (NONE, "Invoices live in the ERP.", "", "E erp"),
        (NONE, "There is one big problem and many small ones", "", "E"),
    ]
]
