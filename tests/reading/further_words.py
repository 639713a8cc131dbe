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
ROWS = [*FIELDS, *MARKUP]
