"""What a third hand wrote: how fields, states, rights, corrections and what is put off are said, by kinds.

A row is (topic, text, what must be read, what must not be), as in `sentences`.
"""

Row = tuple[str, str, str, str]
FIELDS: list[Row] = [
    (
        "data",
        "data for the kiln: cone_no whole nr, gas y/n, last fired (the date is fine)",
        "E kiln; F kiln.cone_no integer; F kiln.gas boolean; F kiln.last fired date",
        "E data; E date",
    ),
    (
        "data",
        "Felder für die Orgel: pfeifen Ganzzahl, spielbar ja/nein, gestimmt am (der Tag reicht)",
        "E Orgel; F Orgel.pfeifen integer; F Orgel.spielbar boolean; F Orgel.gestimmt am date",
        "E Tag",
    ),
    (
        "data",
        "some columns for each bell: pitch (440.5 etc.), in use yes/no",
        "F bell.pitch decimal; F bell.in use boolean",
        "",
    ),
    ("data", "info on the trip: we leave at nine, bring shoes", "", "E trip; E info"),
    (
        "data",
        "A lamp has a wattage, for sale, yes or no, and a price.",
        "F lamp.for sale boolean; F lamp.price",
        "E sale",
    ),
    (
        "data",
        "Every tool has a name, out of service (yes/no), in stock y/n.",
        "F tool.out of service boolean; F tool.in stock boolean",
        "E stock",
    ),
    (
        "data",
        "Crate: lid as string, weight_kg numeric(4,1), kind is one of pine, oak, tin",
        "F Crate.lid string; F Crate.weight_kg decimal; F Crate.kind enum pine|oak|tin",
        "E pine; E kind",
    ),
    (
        "data",
        "Drum: shell is text, depth is a decimal, finish is either matte, gloss or raw",
        "F Drum.shell text; F Drum.depth decimal; F Drum.finish enum matte|gloss|raw",
        "",
    ),
    (
        "data",
        "Kiste: farbe ist Text, art ist eine von holz, blech, pappe",
        "F Kiste.farbe text; F Kiste.art enum holz|blech|pappe",
        "",
    ),
    ("data", "Invoice: every invoice is one of many that we send, sent by mail", "", "F Invoice.every invoice"),
    (
        "data",
        "Seil: laenge_m bis 99,5 (eine Nachkommastelle), knoten höchstens 9 (Ganzzahl), "
        "druck_bar von 0 bis 6 (Dezimalzahl)",
        "F Seil.laenge_m decimal; F Seil.laenge_m max 99.5; F Seil.knoten max 9; "
        "F Seil.druck_bar min 0; F Seil.druck_bar max 6",
        "E Knoten",
    ),
    (
        "data",
        "Rope: length_m up to 80.5 (decimal), knots at most 9 (integer), strands no fewer than 3 (integer)",
        "F Rope.length_m max 80.5; F Rope.knots max 9; F Rope.strands min 3",
        "",
    ),
    ("data", "Poem: verse (long text lol), rhyme (whole number I guess)", "F Poem.verse text", ""),
]
MARKUP: list[Row] = [
    (
        "api",
        "<ul><li>GET /locks</li><li>POST /locks/{id}/keys</li><li><s>DELETE /locks/{id}</s></li></ul>",
        "O GET /locks; O POST /locks/{id}/keys",
        "O DELETE /locks/{id}; E",
    ),
    (
        "data",
        "<h3>Puppet</h3>\n<ul>\n  <li>strings: integer</li>\n  <li>carved: boolean</li>\n"
        "  <li><del>price: decimal</del></li>\n</ul>",
        "E Puppet; F Puppet.strings integer; F Puppet.carved boolean",
        "F Puppet.price; E ul; E li",
    ),
    (
        "data",
        "<h2>Lamp</h2><table><tr><th>Field</th><th>Type</th></tr><tr><td>watt</td><td>integer</td></tr>"
        "<tr><td>lit</td><td>boolean</td></tr></table>",
        "E Lamp; F Lamp.watt integer; F Lamp.lit boolean",
        "E tr; E td",
    ),
    (
        "data",
        "<p><strong>Kettle</strong><br/>litres (integer)<br/>whistles (boolean)</p>",
        "F Kettle.litres integer; F Kettle.whistles boolean",
        "E br",
    ),
    ("data", "Typed as List<String>, if a < b and b > c we stop.", "", "E s; E li"),
    (
        "data",
        "kite 🪁\n👉 span: int\n👉 rigging: single/dual/quad\n👉 lost: bool",
        "E kite; F kite.span integer; F kite.rigging enum single|dual|quad; F kite.lost boolean",
        "E rigging; E span",
    ),
    ("data", "Entities:\n1️⃣ barges\n2️⃣ locks\n3️⃣ keepers", "E barge; E lock; E keeper", ""),
    ("data", "{code:sql}\nCREATE TABLE kilns (id int primary key, cone int);\n{code}", "F kiln.cone integer", "E code"),
    (
        "api",
        "GET /coupons/{code}\nPATCH /coupons/{code}",
        "O GET /coupons/{code}; O PATCH /coupons/{code}",
        "O GET /coupons/",
    ),
]
STATES: list[Row] = [
    (
        "data",
        "Given a violin is 'brought', when the maker looks at it, then the violin becomes 'quoted'.\n"
        "Given a violin is 'quoted', when the owner agrees, then it becomes 'in_work'.",
        "S violin brought>quoted; S violin quoted>in_work",
        "E owner; E maker; E quoted",
    ),
    (
        "data",
        "Angenommen, eine Geige ist 'angeliefert', wenn der Meister sie prüft, dann wird sie 'geprüft'.",
        "S Geige angeliefert>geprüft",
        "E Meister",
    ),
    ("data", 'If a loan is "open" and the book comes back, the loan becomes "closed".', "S loan open>closed", "E book"),
    ("data", "When a boat is late and the skipper calls, it is fine.", "", "S boat late>fine; E skipper"),
    (
        "data",
        "Glaze status: `raw` => `dry` => `fired`. From `dry` it can also go to `cracked`.",
        "S Glaze raw>dry; S Glaze dry>fired; S Glaze dry>cracked",
        "E cracked; E status",
    ),
    (
        "data",
        "Lamp states: lit -> dim -> out. From lit or dim a lamp may also become broken.",
        "S Lamp lit>broken; S Lamp dim>broken",
        "",
    ),
    (
        "data",
        "Status einer Fuhre: geplant -> geladen -> fort. Aus geplant kann sie auch abgesagt werden.",
        "S Fuhre geplant>abgesagt",
        "",
    ),
    ("data", "A kite is either folded or flying. From here we go to the beach.", "", "S kite here>beach; E beach"),
    (
        "data",
        "Hive states:\n\nempty\n  └─> settled\n        ├─> harvested\n        └─> lost",
        "S Hive empty>settled; S Hive settled>harvested; S Hive settled>lost",
        "E lost; S Hive harvested>lost",
    ),
    (
        "data",
        "## Life of a permit\n```\ndraft\n|-- filed\n|   |-- granted\n|   |   `-- revoked\n|   `-- refused\n"
        "`-- dropped\n```",
        "S permit draft>filed; S permit granted>revoked; S permit filed>refused; S permit draft>dropped",
        "E draft",
    ),
    (
        "data",
        "Status der Fuhre:\ngeplant\n  -> geladen\n    -> fort\n    -> verloren",
        "S Fuhre geplant>geladen; S Fuhre geladen>fort; S Fuhre geladen>verloren",
        "S Fuhre fort>verloren",
    ),
    ("data", "The pages:\n\nhome\n  ├── profile\n  └── settings", "", "E profile; S page home>profile"),
]
TABLES: list[Row] = [
    (
        "data",
        "*Status flow of a licence*\n||from||to||\n|draft|filed|\n|filed|granted|\n|granted|revoked|",
        "S licence draft>filed; S licence filed>granted; S licence granted>revoked",
        "E draft; E from",
    ),
    (
        "data",
        "*Lamp*\n||Field||Type||\n|watt|integer|\n|lit|boolean|",
        "F Lamp.watt integer; F Lamp.lit boolean",
        "E Field",
    ),
    (
        "api",
        "||Call||Who||\n|GET /reels|usher|\n|POST /reels|cutter|",
        "O GET /reels by usher; O POST /reels by cutter",
        "",
    ),
    (
        "data",
        "| from | to | how many |\n|---|---|---|\n| Leaf | Tree | many leaves, one tree |\n"
        "| Crew | Boat | one crew, several boats |",
        "R Leaf>Tree; R Boat>Crew",
        "E from",
    ),
    (
        "data",
        "| von | nach | wie viele |\n|---|---|---|\n| Kiste | Lager | viele Kisten, ein Lager |",
        "R Kiste>Lager",
        "",
    ),
]
BONDS: list[Row] = [
    (
        "data",
        "festival 1 ──< stage 1 ──< slot\nslot >── 1 band (headliner)\nslot >── 1 band (support)",
        "R stage>festival; R slot>stage; R slot>band",
        "E headliner; E support",
    ),
    ("data", "Crew 1---n Boat", "R Boat>Crew", ""),
    ("data", "Boat >--< Lock", "M Boat-Lock", ""),
    ("data", "Verein (1) ── (n) Mitglied", "R Mitglied>Verein", ""),
    ("data", "hive ||--o{ frame", "R frame>hive", ""),
    ("data", "We meet 3 -- 5 times a year - sometimes more.", "", "E time; E year"),
]
ROWS = [*BONDS, *FIELDS, *MARKUP, *STATES, *TABLES]
