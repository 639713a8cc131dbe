"""What people tell besides of what they want: rivals, comparisons, their own day. No table comes of it.

A row is as in `tests.reading.outside_words`; all of them are right.
"""

from __future__ import annotations

from typing import Final

from tests.reading.outside_words import Row

BESIDES, MEANT = "besides", "meant"

ROWS: Final[list[Row]] = [
    (how, "data", text, want, never)
    for how, text, want, never in [
        (BESIDES, "our rivals at BladeCo have dashboards, widgets and leaderboards.", "", "E"),
        (BESIDES, "Our competitor has playlists and badges.", "", "E"),
        (BESIDES, "Die Konkurrenz hat Schiffe und Kapitäne.", "", "E"),
        (BESIDES, "Think of it like a library: loans are visits, books are boats.", "", "E"),
        (BESIDES, "It's a bit like a hotel where guests have rooms and rooms have keys.", "", "E"),
        (BESIDES, "The old system had customers, vouchers and coupons; none of that is coming along.", "", "E"),
        (BESIDES, "My boss loves spreadsheets and has three monitors.", "", "E"),
        (BESIDES, "In my last job every driver had a truck and a route.", "", "E"),
        (BESIDES, "Wikipedia says a boat has a keel, a hull and a mast.", "", "E"),
        (BESIDES, "Sorry for typos, my keyboard has a broken key.", "", "E"),
        (
            BESIDES,
            "Most apps have users, posts and comments. Ours has boats and trips.",
            "E boat; E trip",
            "E post; E our",
        ),
        (BESIDES, "Facebook has groups and events; we have boats and trips.", "E boat; E trip", "E group; E event"),
        (MEANT, "Our competitors have a start number and a club.", "F competitor.start number; F competitor.club", ""),
        (MEANT, "Each neighbour has a name and a street.", "F neighbour.name; F neighbour.street", ""),
        (MEANT, "A rival has a name and a rank.", "F rival.name; F rival.rank", ""),
    ]
]
