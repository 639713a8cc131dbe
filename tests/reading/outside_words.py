"""How other people write it: ways gathered from public readmes, specifications, permission pages and issue threads.

The ways are theirs, the trades are not: each was written again about a trade of which neither the corpus nor the shared
cases speak. They were written before the reader was changed for them; what it made of them at first is in
`docs/reading.md`. A row is (kind, topic, text, what must be read, what must not be), in the short form of
`tests.reading.shorthand`.
"""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str, str, str]

INLINE: Final = "types beside names"
SENTENCES: Final = "fields in sentences"
TYPOS: Final = "slips of the pen"
GERMAN: Final = "German fields"
RIGHTS: Final = "rights in sentences"
RECHTE: Final = "German rights"
LISTS: Final = "rights in lists and tables"
ASIDE: Final = "what is beside the matter"

ROWS: Final[list[Row]] = [
    # --- types beside names -------------------------------------------------------------------------------------
    (
        INLINE,
        "data",
        "Boulder: weight (decimal, required), grade (one of 4a, 5b, 6c), indoor (yes/no, default no)",
        "F Boulder.weight decimal; F Boulder.weight required; F Boulder.grade enum 4a|5b|6c; F Boulder.indoor boolean",
        "E grade",
    ),
    (
        INLINE,
        "data",
        "Telescope\n- serial: unique string\n- aperture_mm: int > 0\n- mount - one of alt-az, equatorial, dobson\n"
        "- purchased: date, optional\n- price: decimal (EUR), required",
        "F Telescope.serial string unique; F Telescope.aperture_mm integer; "
        "F Telescope.mount enum alt-az|equatorial|dobson; F Telescope.purchased date; F Telescope.purchased optional; "
        "F Telescope.price decimal; F Telescope.price required",
        "E serial; E mount",
    ),
    (
        INLINE,
        "data",
        "### 1. Docent\n- `email` (String, required, unique)\n- `passwordHash` (String, required)\n"
        "- `rank` (Enum: `JUNIOR`, `SENIOR`)\n- `wing` (String)",
        "E Docent; F Docent.email string unique; F Docent.passwordHash string; F Docent.rank enum JUNIOR|SENIOR; "
        "F Docent.wing string",
        "E email",
    ),
    (
        INLINE,
        "data",
        "### Show\n- `title` (String, required)\n- `seats` (Number, default: 1)\n"
        "- `status` (String, enum: ['open', 'sold_out'], default: 'open')\n- `dome` (ObjectId, ref: Dome)",
        "F Show.title string; F Show.seats decimal; F Show.status enum open|sold_out; F Show.dome -> Dome",
        "F Show.enum",
    ),
    (
        INLINE,
        "data",
        "### Collection: `readings`\n\n**Fields:**\n- `gaugeId`: ObjectId (required, references gauges)\n"
        "- `remark`: string (required, max 160 chars)\n- `takenAt`: datetime (required)\n"
        '- `quality`: string (enum: "good", "doubtful")\n- `photoUrl`: url (nullable)',
        "F reading.remark string; F reading.remark max 160; F reading.takenAt timestamp; "
        "F reading.quality enum good|doubtful; F reading.photoUrl url",
        "E Field; E Collection",
    ),
    (
        INLINE,
        "data",
        "Kiln: temperature decimal(5,1) required; cone varchar(4); fired_at timestamp; notes text optional",
        "F Kiln.temperature decimal; F Kiln.cone string; F Kiln.fired_at timestamp; F Kiln.notes text; "
        "F Kiln.notes optional",
        "",
    ),
    (
        INLINE,
        "data",
        "Fields of a falcon: ring number (text, must be unique), hatched on (date), weight in grams (integer), "
        "trained (boolean, false by default)",
        "E falcon; F falcon.ring number text unique; F falcon.hatched on date; F falcon.weight integer; "
        "F falcon.trained boolean",
        "",
    ),
    (
        INLINE,
        "data",
        "Gondola\n  name: string, 3-40 chars\n  capacity: integer between 1 and 200\n"
        "  state: open | closed | maintenance (default closed)\n  operator_email: email, nullable",
        "F Gondola.name string; F Gondola.capacity integer; F Gondola.state enum open|closed|maintenance; "
        "F Gondola.operator_email email",
        "E state",
    ),
    (
        INLINE,
        "data",
        "Cast: quantity (positive integer), unit price (money), scrap % (0-100), remark (max. 500 characters)",
        "F Cast.quantity integer; F Cast.unit price money; F Cast.scrap; F Cast.remark max 500",
        "",
    ),
    (
        INLINE,
        "data",
        "Glaze = {code: string, colour: string, toxic: bool, batch_size: float}",
        "F Glaze.code string; F Glaze.toxic boolean; F Glaze.batch_size float",
        "E code",
    ),
    (
        INLINE,
        "data",
        "Wagon attributes are: axle count (int), built (year), tare weight (t, decimal), keeper.",
        "F Wagon.axle count integer; F Wagon.built; F Wagon.tare weight decimal; F Wagon.keeper",
        "",
    ),
    (
        INLINE,
        "data",
        "Stored per hive inspection: date, weather, queen seen (y/n), frames of brood (number), "
        "mood (calm/nervous/aggressive)",
        "E hive inspection; F hive inspection.queen seen boolean; F hive inspection.frames of brood decimal; "
        "F hive inspection.mood enum calm|nervous|aggressive; F hive inspection.date",
        "",
    ),
    (
        INLINE,
        "data",
        "Levy: total: decimal >= 0, currency: ISO code (3 letters), due date, paid? (bool)",
        "F Levy.total decimal; F Levy.currency; F Levy.due date; F Levy.paid boolean",
        "",
    ),
    (
        INLINE,
        "data",
        "Loan has status: reserved / picked up / returned / overdue, deposit: money, and the ski length as integer.",
        "F Loan.status enum reserved|picked up|returned|overdue; F Loan.deposit money; F Loan.ski length integer",
        "",
    ),
    (
        INLINE,
        "data",
        "**Observatory**\nname and city are mandatory strings, phone is optional, opened is a date.",
        "F Observatory.name string; F Observatory.city string; F Observatory.opened date; F Observatory.phone optional",
        "",
    ),
    (
        INLINE,
        "data",
        "**Fields:**\n\n*Puppet*\n- Name (required, max 100 chars)\n- Story (optional, max 500 chars, textarea)\n"
        "- Strings: number, at least 1\n- Retired on: date or empty",
        "F Puppet.Name required; F Puppet.Story optional; F Puppet.Strings decimal; F Puppet.Retired on date",
        "",
    ),
    (
        INLINE,
        "data",
        "anchor: weight_kg=float, serial=str(unique), lost=bool",
        "F anchor.weight_kg float; F anchor.serial string unique; F anchor.lost boolean",
        "",
    ),
    (
        INLINE,
        "data",
        "- Mould: code (text, unique) / cavities (whole number) / scrapped (checkbox) / drawing (file upload)",
        "F Mould.code text unique; F Mould.cavities integer; F Mould.scrapped boolean; F Mould.drawing file",
        "",
    ),
    (
        INLINE,
        "data",
        "Each knot carries: a title [string; required], a difficulty [1..5], a strength in percent, tags [list of "
        "strings].",
        "F knot.title string; F knot.difficulty; F knot.strength decimal; F knot.tags array",
        "",
    ),
    (
        INLINE,
        "data",
        "Lantern needs: brightness (lumens, integer, 1 to 5000), fuel (oil|led|gas), last lit (date & time)",
        "F Lantern.brightness integer; F Lantern.fuel enum oil|led|gas; F Lantern.last lit timestamp",
        "",
    ),
    # --- fields in sentences ------------------------------------------------------------------------------------
    (
        SENTENCES,
        "data",
        "A puppet has a name, an optional stage name, a height in cm and up to three costumes.",
        "F puppet.name; F puppet.stage name optional; F puppet.height; E costume; R costume>puppet",
        "F puppet.up to three costumes",
    ),
    (
        SENTENCES,
        "data",
        "Each beam has a length in millimetres (whole number), a species (oak, pine or larch) and whether it is "
        "planed.",
        "F beam.length integer; F beam.species enum oak|pine|larch; F beam.planed boolean",
        "E species",
    ),
    (
        SENTENCES,
        "data",
        "A tram is identified by its number; we also store the manufacturer, the gauge and the year it was built.",
        "F tram.number unique; F tram.manufacturer; F tram.gauge",
        "E gauge",
    ),
    (
        SENTENCES,
        "data",
        "For every pilot we need first name, last name, licence number (unique), e-mail address and date of birth.",
        "F pilot.first name; F pilot.last name; F pilot.licence number unique; F pilot.e-mail address; "
        "F pilot.date of birth",
        "",
    ),
    (
        SENTENCES,
        "data",
        "A cheese consists of a type (hard, soft, blue), a weight, a best-before date and a producer.",
        "F cheese.type enum hard|soft|blue; F cheese.weight; F cheese.best-before date; F cheese.producer",
        "E weight",
    ),
    (
        SENTENCES,
        "data",
        "Planks have an SKU, which must be unique, a price and a stock count that can't be negative.",
        "F Plank.SKU unique; F Plank.price; F Plank.stock count",
        "E price",
    ),
    (
        SENTENCES,
        "data",
        "Every dive is logged with its depth, duration and buddy.",
        "E dive; F dive.depth; F dive.duration; F dive.buddy",
        "",
    ),
    (
        SENTENCES,
        "data",
        "We store name, address and tax id for each quarry.",
        "F quarry.name; F quarry.address; F quarry.tax id",
        "",
    ),
    (
        SENTENCES,
        "data",
        "The status of a casting is one of: poured, cooled, scrapped.",
        "F casting.status enum poured|cooled|scrapped",
        "",
    ),
    (
        SENTENCES,
        "data",
        "Climbers must have an email; the phone number is optional.",
        "F Climber.email; F Climber.phone number optional",
        "",
    ),
    (
        SENTENCES,
        "data",
        "A ferry is described by its name, its draught (metres) and the year of its launch; the name is unique.",
        "F ferry.name; F ferry.draught; F ferry.name unique",
        "",
    ),
    (
        SENTENCES,
        "data",
        "Besides the title, a score has a composer, an opus number and a difficulty from 1 to 6.",
        "F score.composer; F score.opus number; F score.difficulty",
        "E title",
    ),
    (
        SENTENCES,
        "data",
        "An excavation records who found it, the depth in cm, and may carry a photo.",
        "F excavation.depth; F excavation.photo",
        "",
    ),
    (
        SENTENCES,
        "data",
        "The lighthouse entity contains: name, range (nautical miles), first_lit and a flag automated.",
        "F lighthouse.name; F lighthouse.range; F lighthouse.first_lit; F lighthouse.automated boolean",
        "",
    ),
    (
        SENTENCES,
        "data",
        "A chess game knows its two players, the opening, the result (white, black, draw) and when it was played.",
        "F chess game.opening; F chess game.result enum white|black|draw",
        "",
    ),
    # --- slips of the pen ---------------------------------------------------------------------------------------
    (
        TYPOS,
        "data",
        "### Burner\n- serial (strng, requierd, uniqe)\n- kw (interger)\n- lit (boolen)\n- bought (timstamp)",
        "F Burner.serial string unique; F Burner.kw integer; F Burner.lit boolean; F Burner.bought timestamp",
        "",
    ),
    (TYPOS, "data", "Entites:\n- Loom\n- Weaver\n- Bolt", "E Loom; E Weaver; E Bolt", "E Entite; E Entites"),
    (
        TYPOS,
        "data",
        "Loom\n* modle: strign\n* width_cm: integr\n* electric: bolean, defualt false\n* instaled_at: datetiem",
        "F Loom.modle string; F Loom.width_cm integer; F Loom.electric boolean; F Loom.instaled_at timestamp",
        "",
    ),
    (TYPOS, "security", "Rols: mason, foreman, surveyor", "L mason; L foreman; L surveyor", "L rol"),
    (TYPOS, "api", "Endpionts:\n- GET /slabs\n- POST /slabs", "O GET /slabs; O POST /slabs", "E Endpiont"),
    (TYPOS, "data", "Relatioships: a Quarry has many Slabs", "R Slab>Quarry", "E Relatioship"),
    (TYPOS, "data", "A slab belogns to a quarry.", "R slab>quarry", ""),
    (
        TYPOS,
        "data",
        "Slab\n- weigth: decimal\n- pollished (bool)\n- price: decmal, requiered",
        "F Slab.weigth decimal; F Slab.pollished boolean; F Slab.price decimal; F Slab.price required",
        "",
    ),
    (
        TYPOS,
        "security",
        "Foremen can veiw and edti slabs; masons can only raed them.",
        "A Foreman read slab; A Foreman update slab; A mason read slab",
        "",
    ),
    (TYPOS, "security", "masons cant delte slabs", "-A mason delete slab", ""),
    (
        TYPOS,
        "data",
        "A boat has a nmae, a length in m and a optinal nickname.",
        "F boat.nmae; F boat.length; F boat.nickname",
        "F boat.optinal nickname",
    ),
    (
        TYPOS,
        "data",
        "Halle\n- Titel (Zeichenkete, Pflichtfled)\n- Plätze (Ganzahl)\n- eröffnet (Datm)",
        "F Halle.Titel string; F Halle.Plätze integer; F Halle.eröffnet date",
        "",
    ),
    (
        TYPOS,
        "data",
        "- Net: mesh (decimal), matieral (nylon, hemp), mended (booelan)\n- Trawl: depth intger, hauled_at tiemstamp",
        "F Net.matieral enum nylon|hemp; F Net.mended boolean; F Trawl.depth integer; F Trawl.hauled_at timestamp",
        "",
    ),
    (TYPOS, "security", "Onyl the foreman may delete slabs.", "A foreman delete slab; L foreman", "L Onyl foreman"),
    (TYPOS, "data", "a quarry hsa many slabs", "R slab>quarry", ""),
    # --- German fields ------------------------------------------------------------------------------------------
    (
        GERMAN,
        "data",
        "Kletterhalle: Titel (Text, Pflichtfeld), Fläche in m² (Dezimalzahl), geöffnet seit (Datum), "
        "Boulderbereich (ja/nein)",
        "F Kletterhalle.Titel text; F Kletterhalle.Titel required; F Kletterhalle.Fläche decimal; "
        "F Kletterhalle.geöffnet seit date; F Kletterhalle.Boulderbereich boolean",
        "",
    ),
    (
        GERMAN,
        "data",
        "Sänger\n- Nummer: eindeutig, Pflicht\n- Eintrittsdatum (Datum)\n- Beitrag in Euro (Betrag)\n"
        "- Bemerkung (optional, höchstens 500 Zeichen)\n- Status: aktiv, ruhend, ausgetreten",
        "F Sänger.Nummer unique; F Sänger.Nummer required; F Sänger.Eintrittsdatum date; F Sänger.Beitrag money; "
        "F Sänger.Bemerkung optional; F Sänger.Bemerkung max 500; F Sänger.Status enum aktiv|ruhend|ausgetreten",
        "",
    ),
    (
        GERMAN,
        "data",
        "Jede Draisine hat ein Kennzeichen (eindeutig), einen Kilometerstand, ein Baujahr und optional einen "
        "Spitznamen.",
        "F Draisine.Kennzeichen unique; F Draisine.Kilometerstand; F Draisine.Baujahr; F Draisine.Spitznamen",
        "",
    ),
    (
        GERMAN,
        "data",
        "Eine Lieferung besteht aus mehreren Positionen; jede Position hat eine Menge und einen Einzelpreis.",
        "R Position>Lieferung; F Position.Menge; F Position.Einzelpreis",
        "",
    ),
    (
        GERMAN,
        "data",
        "Zu jedem Webstuhl speichern wir Seriennummer, Standort und Kaufdatum.",
        "F Webstuhl.Seriennummer; F Webstuhl.Standort; F Webstuhl.Kaufdatum",
        "",
    ),
    (
        GERMAN,
        "data",
        "Der Status eines Gusses ist gegossen, abgekühlt oder verworfen.",
        "F Guss.Status enum gegossen|abgekühlt|verworfen",
        "",
    ),
    (
        GERMAN,
        "data",
        "Eine Fütterung gehört zu genau einem Falken und einem Pfleger.",
        "R Fütterung>Falke; R Fütterung>Pfleger",
        "",
    ),
    (
        GERMAN,
        "data",
        "Pro Messung werden Wert, Einheit (Grad, Prozent, Hektopascal) und Zeitpunkt gespeichert.",
        "F Messung.Wert; F Messung.Einheit enum Grad|Prozent|Hektopascal; F Messung.Zeitpunkt",
        "",
    ),
    (
        GERMAN,
        "data",
        "Felder des Pachtvertrags: Aktenzeichen (eindeutig), Beginn (Datum), Ende (Datum, optional), "
        "Monatsbetrag (in Euro)",
        "E Pachtvertrag; F Pachtvertrag.Aktenzeichen unique; F Pachtvertrag.Beginn date; F Pachtvertrag.Ende date; "
        "F Pachtvertrag.Monatsbetrag decimal",
        "",
    ),
    (
        GERMAN,
        "data",
        "Glas: Bezeichnung, Preis (Euro, Pflicht), Bestand (ganze Zahl, min. 0), Farbe (klar | grün | braun), "
        "lagernd ja/nein",
        "F Glas.Bezeichnung; F Glas.Preis decimal; F Glas.Preis required; F Glas.Bestand integer; "
        "F Glas.Farbe enum klar|grün|braun; F Glas.lagernd boolean",
        "",
    ),
    (
        GERMAN,
        "data",
        "Ein Ring braucht eine Nummer, die eindeutig ist, einen Durchmesser in Millimetern und ein Datum der Vergabe.",
        "F Ring.Nummer unique; F Ring.Durchmesser",
        "",
    ),
    (
        GERMAN,
        "data",
        "Bei jedem Sprung wird festgehalten: Höhe (in Metern), Zeit (Uhrzeit), Wind (m/s, Kommazahl), "
        "gültig (ja/nein).",
        "F Sprung.Höhe decimal; F Sprung.Zeit time; F Sprung.Wind decimal; F Sprung.gültig boolean",
        "",
    ),
    (
        GERMAN,
        "data",
        "Der Kran verfügt über eine Tragkraft (t), eine Inventarnummer und ein Prüfdatum.",
        "F Kran.Tragkraft; F Kran.Inventarnummer; F Kran.Prüfdatum",
        "",
    ),
    (
        GERMAN,
        "data",
        "Pflichtangaben einer Puppe sind Titel und Größe, die Geschichte ist freiwillig.",
        "F Puppe.Titel required; F Puppe.Größe required; F Puppe.Geschichte optional",
        "",
    ),
    (
        GERMAN,
        "data",
        "Mögliche Zustände einer Gondel: offen, gesperrt, in Wartung.",
        "F Gondel.status enum offen|gesperrt|in Wartung",
        "",
    ),
    # --- rights in sentences ------------------------------------------------------------------------------------
    (RIGHTS, "security", "Ledgers are only visible to bursars.", "A bursar read ledger; L bursar", "L ledger"),
    (RIGHTS, "security", "X-rays can be seen by vets only.", "A vet read x-ray; L vet", ""),
    (
        RIGHTS,
        "security",
        "The auditor has read-only access to ledgers.",
        "A auditor read ledger; -A auditor delete ledger",
        "",
    ),
    (RIGHTS, "security", "Curators have full access to exhibits.", "A curator any exhibit", ""),
    (RIGHTS, "security", "Deleting a slab is restricted to foremen.", "A foreman delete slab", "L slab"),
    (RIGHTS, "security", "Editing trails is reserved for rangers.", "A ranger update trail", "L trail"),
    (
        RIGHTS,
        "security",
        "Only rangers and wardens may close trails.",
        "A ranger update trail; A warden update trail",
        "",
    ),
    (
        RIGHTS,
        "security",
        "Rangers and wardens can edit trails, hikers can't.",
        "A ranger update trail; A warden update trail; -A hiker update trail",
        "-A ranger update trail",
    ),
    (RIGHTS, "security", "Nobody but the harbour master may assign berths.", "A harbour master update berth", ""),
    (RIGHTS, "security", "No one except pilots can file reports.", "A pilot create report", "-A pilot create report"),
    (RIGHTS, "security", "Climbers see only their own bookings.", "A climber read booking own", ""),
    (RIGHTS, "security", "Users can only edit their own layouts.", "A  update layout own", ""),
    (RIGHTS, "security", "Interns are not allowed to see salaries.", "-A intern read salary", "A intern read salary"),
    (RIGHTS, "security", "Interns have no access to salaries.", "-A intern any salary", "A intern any salary"),
    (
        RIGHTS,
        "security",
        "Volunteers are limited to viewing shifts.",
        "A volunteer read shift; -A volunteer update shift",
        "",
    ),
    (
        RIGHTS,
        "security",
        "Apprentices are limited to viewing and modifying their own timesheets.",
        "A apprentice read timesheet own; A apprentice update timesheet own",
        "",
    ),
    (
        RIGHTS,
        "security",
        "As a brewer, I can create and edit recipes.",
        "A brewer create recipe; A brewer update recipe",
        "",
    ),
    (
        RIGHTS,
        "flow",
        "As an inspector I want to record inspections so that I can track hygiene.",
        "A inspector create inspection",
        "A inspector create hygiene",
    ),
    (
        RIGHTS,
        "security",
        "Grades: visible to the student and the teacher.",
        "A student read grade; A teacher read grade",
        "",
    ),
    (RIGHTS, "security", "Price lists may be changed by the sales lead alone.", "A sales lead update price list", ""),
    (RIGHTS, "security", "A booking may be cancelled by the climber who made it.", "A climber update booking own", ""),
    (RIGHTS, "security", "Drafts can only be deleted by their author.", "A  delete draft own", "L author"),
    (
        RIGHTS,
        "security",
        "The treasurer approves expenses, everyone else just reads them.",
        "A treasurer update expense; A  read expense",
        "A treasurer read expense",
    ),
    (
        RIGHTS,
        "security",
        "Keepers are able to feed and move animals but not to sell them.",
        "A keeper update animal; -A keeper update animal",
        "",
    ),
    (RIGHTS, "security", "Access to medical notes is limited to nurses.", "A nurse any medical note; L nurse", ""),
    (
        RIGHTS,
        "security",
        "Members may edit a post only while it is a draft.",
        "A member update post",
        "A member update draft",
    ),
    (RIGHTS, "security", "Coaches cannot change results once they are final.", "-A coach update result", ""),
    (RIGHTS, "security", "It is the dispatcher who assigns routes.", "A dispatcher update route", ""),
    (RIGHTS, "security", "Approving leave is up to team leads.", "A team lead update leave", ""),
    (
        RIGHTS,
        "security",
        "Sellers manage their own stalls; shoppers see only their own orders.",
        "A Seller any stall own; A shopper read order own",
        "",
    ),
    (RIGHTS, "security", "Rectors can see salaries; deans cannot.", "A rector read salary; -A dean read salary", ""),
    (RIGHTS, "security", "Dispatchers have write access to schedules.", "A dispatcher update schedule", ""),
    (RIGHTS, "security", "Anyone can browse menus without logging in.", "A * read menu", ""),
    (
        RIGHTS,
        "security",
        "Moderators can hide comments, lock threads and ban members.",
        "A moderator update comment; A moderator update thread; A moderator update member",
        "",
    ),
    (RIGHTS, "security", "Smelters must never be able to delete batches.", "-A smelter delete batch", ""),
    (RIGHTS, "security", "Salaries are hidden from interns.", "-A intern read salary", ""),
    (RIGHTS, "security", "Apart from the bursar, nobody may see ledgers.", "A bursar read ledger", ""),
    (
        RIGHTS,
        "security",
        "A grower is allowed to create, view and update crates that belong to him.",
        "A grower create crate own; A grower read crate own; A grower update crate own",
        "",
    ),
    (
        RIGHTS,
        "security",
        "Besides reading, editors may publish articles.",
        "A editor update article",
        "",
    ),
    (RIGHTS, "security", "Viewers have no write permission.", "-A viewer create; -A viewer delete", ""),
    # --- German rights ------------------------------------------------------------------------------------------
    (RECHTE, "security", "Trainer dürfen nur ihre eigenen Kurse bearbeiten.", "A Trainer update Kurs own", ""),
    (RECHTE, "security", "Lehrlinge dürfen Rezepte nur lesen.", "A Lehrling read Rezept", ""),
    (RECHTE, "security", "Nur die Kassenwartin darf Beiträge ändern.", "A Kassenwartin update Beitrag", ""),
    (RECHTE, "security", "Helfer haben Lesezugriff auf Einsätze.", "A Helfer read Einsatz", ""),
    (RECHTE, "security", "Der Vorstand hat Vollzugriff.", "A Vorstand any", ""),
    (RECHTE, "security", "Praktikanten haben keinen Zugriff auf Gehälter.", "-A Praktikant any Gehalt", ""),
    (RECHTE, "security", "Das Löschen von Akten ist den Archivaren vorbehalten.", "A Archivar delete Akte", ""),
    (RECHTE, "security", "Rechnungen sind nur für die Buchhaltung sichtbar.", "A Buchhaltung read Rechnung", ""),
    (
        RECHTE,
        "security",
        "Gutachten werden ausschließlich von Prüfern freigegeben.",
        "A Prüfer update Gutachten",
        "",
    ),
    (RECHTE, "security", "Niemand außer der Leitung darf Urlaube genehmigen.", "A Leitung update Urlaub", ""),
    (
        RECHTE,
        "security",
        "Rollen:\n- Fahrer: sehen eigene Touren, melden Schäden\n- Werkstatt: bearbeitet Schäden",
        "A Fahrer read Tour own; A Fahrer create Schaden; A Werkstatt update Schaden",
        "",
    ),
    (
        RECHTE,
        "security",
        "Mieter sehen ausschließlich ihre eigenen Verträge.",
        "A Mieter read Vertrag own",
        "",
    ),
    (
        RECHTE,
        "security",
        "Als Schiedsrichter kann ich Spielberichte erfassen.",
        "A Schiedsrichter create Spielbericht",
        "",
    ),
    (
        RECHTE,
        "security",
        "Lehrkräfte können Noten eintragen und ändern, Eltern können sie nur einsehen.",
        "A Lehrkraft create Note; A Lehrkraft update Note; A Eltern read Note",
        "",
    ),
    (RECHTE, "security", "Entwürfe dürfen nur vom Ersteller gelöscht werden.", "A  delete Entwurf own", ""),
    (
        RECHTE,
        "security",
        "- `Meister` darf Sets ausgeben, zurücknehmen und korrigieren.\n"
        "- Nur `Meister` darf eine Rückgabe korrigieren.",
        "A Meister update Set; A Meister update Rückgabe",
        "",
    ),
    (
        RECHTE,
        "security",
        "Zugriff auf Patientenakten haben nur Ärzte und Pflegekräfte.",
        "A Arzt any Patientenakte; A Pflegekraft any Patientenakte",
        "",
    ),
    (
        RECHTE,
        "security",
        "Auszubildende dürfen keine Rechnungen löschen.",
        "-A Auszubildende delete Rechnung",
        "",
    ),
    # --- rights in lists and tables -----------------------------------------------------------------------------
    (
        LISTS,
        "security",
        "## Roles\n### Brewer\n- create recipes\n- edit own batches\n### Taster\n- view recipes\n- cannot edit batches",
        "L Brewer; L Taster; A Brewer create recipe; A Brewer update batch own; A Taster read recipe; "
        "-A Taster update batch",
        "",
    ),
    (
        LISTS,
        "security",
        "- **Student:** Can view lessons and submit homework.\n- **TA (Teaching Assistant):** Can grade homework.\n"
        "- **Professor:** Has full access, including adding lessons.",
        "A Student read lesson; A Student create homework; A TA update homework; A Professor any",
        "L lesson",
    ),
    (
        LISTS,
        "security",
        "Roles:\n- Warden: full access\n- Editor: create, edit\n- Viewer: read only",
        "A Warden any; A Editor create; A Editor update; A Viewer read; -A Viewer create",
        "",
    ),
    (
        LISTS,
        "security",
        "- brewers: read/write batches\n- tasters: read batches",
        "A brewer read batch; A brewer create batch; A brewer update batch; A taster read batch",
        "",
    ),
    (
        LISTS,
        "security",
        "| | Brewer | Taster |\n|---|---|---|\n| Batch | CRUD | R |\n| Recipe | CRU | - |",
        "A Brewer delete Batch; A Taster read Batch; -A Taster any Recipe; -A Brewer delete Recipe",
        "",
    ),
    (
        LISTS,
        "security",
        "RACI\n\n| Task | Brewer | Owner | Taster |\n|---|---|---|---|\n| Release batch | R | A | I |\n"
        "| Taste batch | I | C | R |",
        "A Brewer update batch; A Taster update batch",
        "A Taster any Release batch; A Brewer read Release batch",
    ),
    (
        LISTS,
        "security",
        "**Ranger**\n- Can create trails\n- Can close own trails\n\n**Hiker**\n- Can view trails\n- Can't close trails",
        "L Ranger; L Hiker; A Ranger create trail; A Ranger update trail own; A Hiker read trail; "
        "-A Hiker update trail",
        "",
    ),
    (
        LISTS,
        "security",
        "Rangers can:\n- create trails\n- close trails\n\nHikers can:\n- view trails",
        "A Ranger create trail; A Ranger update trail; A Hiker read trail",
        "",
    ),
    (
        LISTS,
        "security",
        "Forester -> create/read/update trees; Visitor centre -> read trees",
        "A Forester create tree; A Forester update tree; A Visitor centre read tree",
        "",
    ),
    (
        LISTS,
        "security",
        "- Batches: brewers create and edit, tasters view\n- Recipes: brewers only",
        "A brewer create batch; A brewer update batch; A taster read batch; A brewer any recipe",
        "L batch; L recipe",
    ),
    (
        LISTS,
        "security",
        "1. Brewers\n   - may add batches\n   - may not delete batches\n2. Tasters\n   - may read batches",
        "A Brewer create batch; -A Brewer delete batch; A Taster read batch",
        "",
    ),
    (
        LISTS,
        "security",
        "brewer = create, update batches | taster = read batches",
        "A brewer create batch; A brewer update batch; A taster read batch",
        "",
    ),
    (
        LISTS,
        "api",
        "- POST /batches (brewer)\n- GET /batches (brewer, taster)\n- DELETE /batches/{id} - brewers only",
        "O POST /batches by brewer; O GET /batches by brewer|taster; O DELETE /batches/{id} by brewer",
        "",
    ),
    # --- beside the matter --------------------------------------------------------------------------------------
    (ASIDE, "api", "POST /pledges - public", "O POST /pledges open", ""),
    (ASIDE, "api", "GET /health is open to everybody.", "A * any", ""),
    (ASIDE, "api", "GET /tides (open), POST /tides", "O GET /tides open", "O POST /tides open"),
    (ASIDE, "security", "Rate limit: 600 requests per minute", "N rate_limit 600", "L; L rate limit"),
    (ASIDE, "security", "Throttle callers at 20 requests per second", "N rate_limit 1200", "L"),
    (ASIDE, "performance", "95 % of answers within 300 ms", "N latency_p95 300", "N availability 95"),
    (ASIDE, "performance", "99 % aller Anfragen unter 1 s", "N latency_p99 1000", "N availability 99"),
    (ASIDE, "security", "Tokens live 480 minutes.", "G minutes 480", "L"),
    (ASIDE, "security", "Sessions time out after 30 minutes.", "G minutes 30", "L; U retention session"),
    (ASIDE, "", "Please work in what the reviewers asked for.", "nothing", ""),
    (ASIDE, "", "See the comments of the security people.", "nothing", ""),
    (ASIDE, "", "Bitte die Anmerkungen der Prüfer einarbeiten.", "nothing", ""),
]
