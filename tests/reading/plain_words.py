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
LIVES: list[tuple[str, str, str, str]] = [
    ("data", text, want, never)
    for text, want, never in [
        # told as a story, over one sentence or several
        (
            "A bid is open. It becomes won, lost or withdrawn, and none of these three ever changes again.",
            "S bid open>won; S bid open>lost; S bid open>withdrawn",
            "S bid won>lost",
        ),
        (
            "A claim starts out as filed, then it is assessed, and after that it is either paid or refused.",
            "S claim filed>assessed; S claim assessed>paid; S claim assessed>refused",
            "S claim paid>refused",
        ),
        (
            "A claim has a status, too: it starts as filed, becomes assessed, then paid or refused.",
            "S claim filed>assessed; S claim assessed>paid; S claim assessed>refused",
            "S claim paid>refused",
        ),
        (
            "New parcels are announced. Once the van picks them up they are in transit, and on delivery they "
            "become held.",
            "S parcel announced>in transit; S parcel in transit>held",
            "E van",
        ),
        (
            "Orders start as draft, get submitted, then approved and finally shipped.",
            "S Order draft>submitted; S Order submitted>approved; S Order approved>shipped",
            "",
        ),
        ("A squib is idle until armed, armed until fired, and spent after that.", "S squib armed>spent", ""),
        (
            "When a ticket comes in it's new, when someone grabs it it's assigned, when it's fixed it's resolved.",
            "S ticket new>assigned; S ticket assigned>resolved",
            "E someone",
        ),
        ("A ride goes queued, running, finished; from queued it may be dropped.", "S ride queued>dropped", ""),
        (
            "How does a coat move along? First it is checked in, later it is collected.",
            "S coat checked in>collected",
            "E how; Q",
        ),
        ("A vote is open for a week and then closed.", "S vote open>closed", "E week"),
        (
            "A visit is booked at first, and in the end attended or missed - so the status of a visit is one of booked,"
            " attended and missed.",
            "S visit booked>attended; S visit booked>missed; F visit.status enum booked|attended|missed",
            "",
        ),
        (
            "An order is offered until it is paid, then it is invoiced, and every order belongs to a customer.",
            "S order offered>invoiced; R order>customer",
            "S order invoiced>customer",
        ),
        (
            "a job sits in waiting, moves to running when a worker picks it up and ends up as done or failed",
            "S job running>done; S job running>failed",
            "E worker",
        ),
        (
            "A permit is first pending. After review it's granted or denied. A granted permit may later be revoked.",
            "S permit pending>granted; S permit pending>denied; S permit granted>revoked",
            "S permit permit>revoked; E granted permit; E review",
        ),
        (
            "Ein Antrag ist zunächst offen, dann in Prüfung, am Ende bewilligt oder abgelehnt.",
            "S Antrag offen>in Prüfung; S Antrag in Prüfung>bewilligt",
            "E Prüfung",
        ),
        (
            "Jedes Boot ist zuerst gemeldet, danach vermessen und schließlich zugelassen.",
            "S Boot gemeldet>vermessen; S Boot vermessen>zugelassen",
            "",
        ),
        ("A lamp is switched on and off, that is only a flag.", "", "S lamp switched on>off; F lamp.status"),
        ("A ride is long. Then it is fun.", "*", ""),
        ("The shop is open until six, then it is closed.", "*", ""),
        ("The app is fast, then it becomes slow.", "*", ""),
        ("Users are active. Then they pay.", "*", ""),
        ("First the driver opens the door, then he starts.", "*", ""),
        ("It is raining, then it is dry.", "*", ""),
        # under a head
        (
            "squib.state: idle --arm--> armed, armed --fire--> spent, armed --disarm--> idle",
            "S squib idle>armed; S squib armed>spent; S squib armed>idle; F squib.state enum idle|armed|spent",
            "E squib.state; S squib idle arm>armed",
        ),
        ("A booking: asked -[accept]-> booked -[drop]-> gone", "S booking asked>booked; S booking booked>gone", ""),
        ("status of a kiln run: loaded, then firing, then done", "S kiln run firing>done", "E status of a kiln run"),
        ("Termin: Status neu -> fest; fest -> abgesagt", "S Termin neu>fest; S Termin fest>abgesagt", "E Status"),
        ("tickets: open ➜ waiting ➜ closed", "S ticket open>waiting; S ticket waiting>closed", ""),
        ("game.status = held > seated; held > lapsed", "S game held>seated; S game held>lapsed", "U compare"),
        ("The life of a lease: offered, signed, ended.", "S lease offered>signed", "E life of a lease; F lease.signed"),
        ("A game has three states: waiting, playing, over.", "F game.status enum waiting|playing|over", "S game"),
        ("The states of a tour are planned, running, over.", "F tour.status enum planned|running|over", ""),
        ("a claim goes filed → assessed → (paid | refused)", "S claim assessed>paid; S claim assessed>refused", ""),
        ("invoices: they're drafted, then sent, then paid.", "S invoice drafted>sent; S invoice sent>paid", ""),
        ("Lot: number, kind (open, closed)", "F Lot.kind", "F Lot.status"),
        (
            "how a kite moves\n\n| from | event | to |\n|---|---|---|\n| sketch | submit | review |\n| review | "
            "ok | flown |",
            "S kite sketch>review; S kite review>flown",
            "E event; E review",
        ),
    ]
]
"""Lives of things, and what looks like one."""
RIGHTS: list[tuple[str, str, str, str]] = [
    *[
        ("security", text, want, never)
        for text, want, never in [
            # who has which share
            (
                "keeper: reads and writes new logs. engineer: the same plus editing. auditor: reads, full stop.",
                "A keeper create log; A engineer create log; A engineer update; A auditor read; -A auditor create",
                "A keeper update; -A keeper create; L full stop; A auditor read full stop",
            ),
            ("reader: GET only. editor: GET + POST.", "-A reader create; A editor create", "L GET; -A editor update"),
            (
                "trainee - read only; trainer - read, create, edit; head - everything",
                "-A trainee create; A trainer update; A head any",
                "-A trainer update",
            ),
            (
                "intern: 🚫 POST, 🚫 PATCH on /crates. gaffer: everything",
                "-A intern create crate; -A intern update crate; A gaffer any",
                "-A intern read crate; A intern create crate",
            ),
            ("keeper = read; engineer = read + edit", "A keeper read; A engineer update", "A keeper update"),
            ("roles: keeper (read), engineer (read, edit)", "A keeper read; A engineer update", "L read"),
            ("❌ students: DELETE", "-A student delete", "A student delete"),
            ("Volunteers: look but don't touch", "A Volunteer read; -A Volunteer update", "A Volunteer update"),
            ("Fahrer: lesen, mehr nicht. Disponent: alles.", "-A Fahrer update; A Disponent any", "-A Fahrer read"),
            ("Interns: hands off the ledger.", "-A Intern update ledger", "A Intern update ledger"),
            ("Fahrer: eigene Touren sehen", "", "A Fahrer any"),
            (
                "couriers get to see crates and no more, registrars do all of it",
                "-A courier delete crate; A registrar any",
                "",
            ),
            # whose a deed is
            ("Signing off runs is for foremen.", "A foreman update run", ""),
            ("Deleting crates is in the registrar's hands.", "A registrar delete crate", "L hand"),
            ("Closing a shift is the supervisor's job, nobody else's.", "A supervisor update shift", "L job"),
            ("Approving is up to managers.", "A manager update", ""),
            (
                "DELETE is off-limits for everyone except admins.",
                "A admin delete",
                "L everyone except admin; -A admin delete",
            ),
            (
                "POST and PATCH need the editor role; GET is fine for viewers.",
                "A editor create; A viewer read",
                "L GET",
            ),
            ("viewers are limited to GET", "A viewer read; -A viewer delete", "L GET"),
            ("Das Anlegen übernimmt der Disponent.", "A Disponent create", "L Anlegen"),
            ("Fürs Freigeben ist der Meister zuständig.", "A Meister update", "L Freigeben"),
            ("Änderungen an Touren macht ausschließlich die Disposition.", "A Disposition update Tour", "L Änderung"),
            (
                "Freigeben (POST /sprengungen/{id}/freigabe) ist Sache des Meisters. Helfer auf keinen Fall!",
                "A Meister any; -A Helfer any",
                "L Sache; A Helfer any",
            ),
            # who must keep off, who gets to
            (
                "Clerks must keep their fingers off invoices.",
                "-A Clerk update invoice",
                "A Clerk update invoice; L finger",
            ),
            ("Hands off the ledger for interns.", "-A intern delete ledger", "A intern delete ledger"),
            ("Drivers have no business editing routes.", "-A Driver update route", "A Driver update route"),
            ("Trainees can't do anything but read.", "A Trainee read; -A Trainee create", "-A Trainee read"),
            ("Helfer dürfen keinesfalls löschen.", "-A Helfer delete", "A Helfer delete"),
            ("Only the warden gets to unlock gates.", "A warden update gate", "A warden read unlock gate"),
            ("only operators may hit abort", "A operator update", "A operator update abort"),
            ("Three roles.", "*", ""),
            ("Logging is for debugging.", "", "L debugging; L"),
            ("Testing is up to us.", "", "L"),
            ("The editor is in the hands of the vendor.", "", "A vendor any"),
        ]
    ],
    ("api", "PATCH /crates/{id} is admin-only", "A admin any; O PATCH /crates/{id}", "L admin-only"),
    (
        "api",
        "POST /launches (coxswain), GET /launches (coxswain, crew)",
        "O POST /launches by coxswain; O GET /launches by coxswain|crew",
        "",
    ),
    ("api", "POST /crates (create), GET /crates (list)", "O POST /crates; O GET /crates", "O POST /crates by create"),
    ("api", "GET /a (json), POST /b (json)", "O GET /a; O POST /b", "O GET /a by json"),
]
"""Who may what, and who must keep off."""
DECISIONS: list[tuple[str, str, str, str]] = [
    *[
        ("integrations", text, want, never)
        for text, want, never in [
            ("Twilio haben wir geprüft und abgelehnt. SMS laufen über Sinch.", "-V Twilio; V Sinch", "V Twilio"),
            ("There is an in-house system called Fahrwerk that we push trips to.", "V Fahrwerk", "V trip"),
            ("A tool named Brandmeister sends us alarms.", "V Brandmeister", "V tool named Brandmeister"),
            ("Wir nutzen ein Programm namens Kastor.", "V Kastor", "V Programm"),
            ("Salesforce maybe one day. For now only Pipedrive.", "~V Salesforce; V Pipedrive", "~V Pipedrive"),
            ("Only Mollie for now.", "V Mollie", "~V Mollie"),
            ("No Stripe for now.", "~V Stripe", "V Stripe"),
            ("Stripe was looked at and turned down, so it's Mollie.", "-V Stripe; V Mollie", "-V Mollie"),
            ("We decided against Twilio.", "-V Twilio", "V Twilio"),
            ("Legal vetoed Mailchimp. Brevo it is.", "-V Mailchimp; V Brevo", "V Legal"),
            ("DocuSign is off the table, we use Skribble.", "-V DocuSign; V Skribble", ""),
            ("SAP kommt nicht in Frage.", "-V SAP", "V SAP"),
            ("Gegen Zendesk haben wir uns entschieden.", "-V Zendesk", "V Gegen"),
            ("We ruled out HubSpot.", "-V HubSpot", "V HubSpot"),
            ("Xero is shelved.", "~V Xero", "V Xero"),
            ("Slack: not before spring.", "~V Slack", "V Slack"),
            ("Confluence auf Eis, Notion läuft schon.", "~V Confluence; V Notion", "V Confluence"),
        ]
    ],
    ("api", "Later, not now: POST /looms/{id}/lease", "~O POST /looms/{id}/lease", "O POST /looms/{id}/lease"),
    ("api", "Maybe next year: GET /looms/export", "~O GET /looms/export", "O GET /looms/export"),
    ("api", "Erst später: GET /berichte", "~O GET /berichte", "O GET /berichte"),
    ("api", "Update: PATCH /looms/{id}", "O PATCH /looms/{id}", "~O PATCH /looms/{id}"),
    ("security", "Members book boats. Viewing them needs no login.", "A * read boat", "A * read them"),
    ("data", "Several crane firms share the system, and firms never see each other's.", "T firm", "E system"),
    (
        "data",
        "Many clinics use one installation; each clinic only ever sees its own patients.",
        "T clinic",
        "E installation",
    ),
    ("data", "Mehrere Vereine teilen sich das System.", "T Verein", "E System"),
    ("data", "Several people share a room.", "", "T; T people"),
    ("data", "Each page uses a template.", "", "T; T page"),
]
"""What was decided against or put off, what belongs to whom, and what "them" is."""
ROWS = [*INVENTORIES, *LIVES, *RIGHTS, *DECISIONS]
