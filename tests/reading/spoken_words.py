"""How people say fields, rights, bonds, states and corrections in passing: one sentence a row, all of which are read.

A row is (topic, text, what must be read, what must not be), as in `sentences`.
"""

ROWS: list[tuple[str, str, str, str]] = [
    # what stands behind a name in words
    (
        "data",
        "Drum: shell depth (2 decimals), label (12 characters)",
        "F Drum.shell depth decimal; F Drum.label string",
        "",
    ),
    (
        "data",
        "Boot: code (max. 6 letters), width (e.g. 2.5), sku (like 0042)",
        "F Boot.width decimal; F Boot.sku string",
        "",
    ),
    ("data", "Fass: Volumen (zwei Nachkommastellen), Kennung (13-stellig)", "F Fass.Volumen decimal", ""),
    (
        "data",
        "Every tank has a pitch (0 to 5, in steps of 0.25) and a label.",
        "F tank.pitch decimal; F tank.label",
        "",
    ),
    ("data", 'Every horse carries a breed and a tick box for "insured".', "F horse.insured boolean; F horse.breed", ""),
    (
        "data",
        "A parcel: length/width/height in cm, fragile yes/no.",
        "F parcel.length decimal; F parcel.height decimal",
        "",
    ),
    ("data", "For each lesson we note how many riders came and the date.", "F lesson.rider count integer", ""),
    (
        "data",
        "fields of a mooring (! = unique): berth!, shore power",
        "F mooring.berth unique; F mooring.shore power",
        "",
    ),
    (
        "data",
        "Lot: nr (uniq), est_low + est_high (money), photo count int",
        "F Lot.est_low money; F Lot.est_high money",
        "",
    ),
    ("data", "Trip: bus, driver, left_on, back_on (dates)", "F Trip.left_on date; F Trip.back_on date; F Trip.bus", ""),
    ("data", "we had cake (two slices), and coffee (hot), it was nice", "*", ""),
    ("data", "Note: please answer by Friday, thanks, and call me", "*", ""),
    # what a thing hangs on
    ("data", "A crate sits on exactly one pallet.", "R crate>pallet", ""),
    ("data", "Each dog lives with one owner, and every visit is for one dog.", "R dog>owner; R visit>dog", ""),
    ("data", "Jeder Mitarbeiter arbeitet in genau einer Abteilung.", "R Mitarbeiter>Abteilung", ""),
    ("data", "Every branch may have a parent branch.", "R branch>branch", "E parent branch"),
    ("data", "A comment can reply to another comment.", "R comment>comment", ""),
    ("data", "A shelf holds books and magazines.", "R book>shelf; R magazine>shelf", "F shelf.books"),
    ("data", "A band has a name, members and a genre.", "R member>band; F band.name; F band.genre", "F band.members"),
    ("data", "A score has points, minutes and notes.", "", "E point; E minute; E note"),
    ("data", "Everyone works in one room today.", "*", ""),
    # who may
    (
        "security",
        "Gesellen dürfen Aufträge nur ansehen, aber nicht ändern oder löschen.",
        "-A Geselle delete Auftrag",
        "",
    ),
    (
        "security",
        "An apprentice may only read recipes, so no creating or editing.",
        "-A apprentice create recipe",
        "E creating",
    ),
    ("security", "Roles: nurse, doctor. Both can see charts.", "A nurse read chart; A doctor read chart", ""),
    ("security", "Rollen: Meister, Azubi. Proben legen beide an.", "A Meister create Probe; A Azubi create Probe", ""),
    ("security", "Nobody apart from the treasurer downloads receipts.", "A treasurer read receipt", ""),
    ("security", "Volunteers can do nothing but view shifts.", "A Volunteer read shift; -A Volunteer delete shift", ""),
    ("security", "Clerk: everything except deleting invoices", "A Clerk any; -A Clerk delete invoice", ""),
    ("security", "visitor -> nothing", "-A visitor any", "open"),
    ("security", "Löschen darf nur die Leitung.", "A Leitung delete", ""),
    ("security", "Rechnungen sehen ausschließlich Buchhalter.", "A Buchhalter read Rechnung", "L Rechnung"),
    # calls
    ("api", "/boats:\n  GET, POST\n/boats/{id}:\n  DELETE", "O GET /boats; O POST /boats; O DELETE /boats/{id}", ""),
    ("api", "- /wells\n  - GET: all wells\n  - POST (lab only)", "O GET /wells; O POST /wells by lab", ""),
    ("api", "POST /exports is gone.", "-O POST /exports", "O POST /exports"),
    ("api", "DELETE /boats/{id}   <- no, strike that one", "-O DELETE /boats/{id}", "O DELETE /boats/{id}"),
    # states
    ("data", "A crate is either full, half empty or damaged.", "F crate.status enum full|half empty|damaged", ""),
    ("data", "Parcel: code\nship_state = packed, sent, lost", "F Parcel.ship_state enum packed|sent|lost", ""),
    ("data", "The stages of a claim:\n- filed (initial)\n- paid (only from filed)", "S claim filed>paid", "E stages"),
    (
        "api",
        "order status: new -> (shipped or cancelled) -> closed",
        "S order new>cancelled; S order shipped>closed",
        "",
    ),
    # corrections and what is not asked for
    (
        "data",
        "kite: span (int), tail (text)\n\nChanges:\n- span should be a decimal",
        "F kite.span decimal",
        "E change",
    ),
    ("data", "Just two tables: customers and coffees.. er, orders, not coffees.", "E customer; E order", "E coffee"),
    ("data", "If we ever sold tickets we'd need an orders table, but we don't.", "*", ""),
    ("data", "Billing is handled elsewhere.", "*", ""),
    ("data", "The choir looks after itself, so nothing about the choir, please.", "-E choir", "E choir"),
]
