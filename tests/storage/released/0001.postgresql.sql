CREATE TABLE inbox (
    key TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    CONSTRAINT pk_inbox PRIMARY KEY (key)
);

CREATE INDEX ix_inbox_at ON inbox (at);

CREATE TABLE content (
    sha256 TEXT NOT NULL, 
    body BYTEA NOT NULL, 
    CONSTRAINT pk_content PRIMARY KEY (sha256)
);

CREATE TABLE evaluation (
    id TEXT NOT NULL, 
    team TEXT NOT NULL, 
    role TEXT NOT NULL, 
    title TEXT NOT NULL, 
    description TEXT NOT NULL, 
    owner TEXT NOT NULL, 
    channel TEXT NOT NULL, 
    state TEXT NOT NULL, 
    version INTEGER NOT NULL, 
    iteration INTEGER NOT NULL, 
    needed INTEGER NOT NULL, 
    created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    approvers TEXT NOT NULL, 
    thread_ts TEXT, 
    stakeholder_channel TEXT, 
    workspace TEXT, 
    failure TEXT NOT NULL, 
    goal TEXT NOT NULL, 
    budget_usd FLOAT NOT NULL, 
    CONSTRAINT pk_evaluation PRIMARY KEY (id), 
    CONSTRAINT uq_evaluation_team_channel_thread_ts UNIQUE (team, channel, thread_ts)
);

CREATE INDEX ix_evaluation_team_created_at ON evaluation (team, created_at);

CREATE INDEX ix_evaluation_workspace_role_iteration ON evaluation (workspace, role, iteration);

CREATE TABLE involvement (
    user_id TEXT NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    CONSTRAINT pk_involvement PRIMARY KEY (user_id, evaluation_id), 
    CONSTRAINT fk_involvement_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_involvement_evaluation_id ON involvement (evaluation_id);

CREATE TABLE question (
    evaluation_id TEXT NOT NULL, 
    key TEXT NOT NULL, 
    position INTEGER NOT NULL, 
    name TEXT NOT NULL, 
    text TEXT NOT NULL, 
    why TEXT NOT NULL, 
    hint TEXT NOT NULL, 
    iteration INTEGER NOT NULL, 
    run_id TEXT, 
    made BOOLEAN NOT NULL, 
    asked_at TIMESTAMP WITH TIME ZONE, 
    CONSTRAINT pk_question PRIMARY KEY (evaluation_id, key), 
    CONSTRAINT fk_question_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE TABLE answer (
    evaluation_id TEXT NOT NULL, 
    key TEXT NOT NULL, 
    version INTEGER NOT NULL, 
    text TEXT NOT NULL, 
    by TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    via TEXT NOT NULL, 
    skipped BOOLEAN NOT NULL, 
    CONSTRAINT pk_answer PRIMARY KEY (evaluation_id, key, version), 
    CONSTRAINT fk_answer_evaluation_id_key FOREIGN KEY(evaluation_id, key) REFERENCES question (evaluation_id, key)
);

CREATE TABLE note (
    id TEXT NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    iteration INTEGER NOT NULL, 
    by TEXT NOT NULL, 
    text TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    ts TEXT NOT NULL, 
    CONSTRAINT pk_note PRIMARY KEY (id), 
    CONSTRAINT fk_note_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_note_evaluation_id ON note (evaluation_id);

CREATE TABLE gate (
    id TEXT NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    iteration INTEGER NOT NULL, 
    key TEXT NOT NULL, 
    state TEXT NOT NULL, 
    approvers TEXT NOT NULL, 
    needed INTEGER NOT NULL, 
    subject_sha256 TEXT NOT NULL, 
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    due_at TIMESTAMP WITH TIME ZONE, 
    decided_at TIMESTAMP WITH TIME ZONE, 
    outcome TEXT, 
    reminders INTEGER NOT NULL, 
    escalated_to TEXT NOT NULL, 
    estimate TEXT, 
    CONSTRAINT pk_gate PRIMARY KEY (id), 
    CONSTRAINT fk_gate_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_gate_evaluation_id ON gate (evaluation_id);

CREATE TABLE decider (
    user_id TEXT NOT NULL, 
    gate_id TEXT NOT NULL, 
    CONSTRAINT pk_decider PRIMARY KEY (user_id, gate_id), 
    CONSTRAINT fk_decider_gate_id FOREIGN KEY(gate_id) REFERENCES gate (id)
);

CREATE INDEX ix_decider_gate_id ON decider (gate_id);

CREATE TABLE vote (
    id SERIAL NOT NULL, 
    gate_id TEXT NOT NULL, 
    voter TEXT NOT NULL, 
    option TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    subject_sha256 TEXT NOT NULL, 
    comment TEXT NOT NULL, 
    concerns TEXT NOT NULL, 
    delivery TEXT NOT NULL, 
    CONSTRAINT pk_vote PRIMARY KEY (id), 
    CONSTRAINT fk_vote_gate_id FOREIGN KEY(gate_id) REFERENCES gate (id), 
    CONSTRAINT uq_vote_gate_id_voter UNIQUE (gate_id, voter)
);

CREATE INDEX ix_vote_voter_at ON vote (voter, at);

CREATE TABLE document (
    id SERIAL NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    path TEXT NOT NULL, 
    key TEXT, 
    sha256 TEXT NOT NULL, 
    size INTEGER NOT NULL, 
    origin TEXT NOT NULL, 
    warnings TEXT NOT NULL, 
    body TEXT NOT NULL, 
    current BOOLEAN NOT NULL, 
    CONSTRAINT pk_document PRIMARY KEY (id), 
    CONSTRAINT fk_document_body FOREIGN KEY(body) REFERENCES content (sha256), 
    CONSTRAINT fk_document_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_document_current ON document (evaluation_id, path) WHERE current;

CREATE TABLE review (
    evaluation_id TEXT NOT NULL, 
    findings TEXT NOT NULL, 
    CONSTRAINT pk_review PRIMARY KEY (evaluation_id), 
    CONSTRAINT fk_review_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE TABLE upload (
    evaluation_id TEXT NOT NULL, 
    file_id TEXT NOT NULL, 
    name TEXT NOT NULL, 
    size INTEGER NOT NULL, 
    by TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    state TEXT NOT NULL, 
    problem TEXT NOT NULL, 
    path TEXT NOT NULL, 
    CONSTRAINT pk_upload PRIMARY KEY (evaluation_id, file_id), 
    CONSTRAINT fk_upload_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE TABLE iteration (
    evaluation_id TEXT NOT NULL, 
    number INTEGER NOT NULL, 
    goal TEXT NOT NULL, 
    started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    feedback TEXT NOT NULL, 
    result TEXT, 
    files TEXT NOT NULL, 
    outcome TEXT, 
    decided_at TIMESTAMP WITH TIME ZONE, 
    design TEXT, 
    brief TEXT, 
    CONSTRAINT pk_iteration PRIMARY KEY (evaluation_id, number), 
    CONSTRAINT fk_iteration_brief FOREIGN KEY(brief) REFERENCES content (sha256), 
    CONSTRAINT fk_iteration_design FOREIGN KEY(design) REFERENCES content (sha256), 
    CONSTRAINT fk_iteration_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id), 
    CONSTRAINT fk_iteration_result FOREIGN KEY(result) REFERENCES content (sha256)
);

CREATE TABLE run (
    id TEXT NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    iteration INTEGER NOT NULL, 
    attempt INTEGER NOT NULL, 
    state TEXT NOT NULL, 
    designer TEXT NOT NULL, 
    model TEXT, 
    created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    started_at TIMESTAMP WITH TIME ZONE, 
    ended_at TIMESTAMP WITH TIME ZONE, 
    wake_at TIMESTAMP WITH TIME ZONE, 
    reason TEXT NOT NULL, 
    waits_for TEXT NOT NULL, 
    tasks TEXT NOT NULL, 
    heard TEXT NOT NULL, 
    spent_usd FLOAT NOT NULL, 
    starts INTEGER NOT NULL, 
    begins INTEGER NOT NULL, 
    brief TEXT NOT NULL, 
    CONSTRAINT pk_run PRIMARY KEY (id), 
    CONSTRAINT fk_run_brief FOREIGN KEY(brief) REFERENCES content (sha256), 
    CONSTRAINT fk_run_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id), 
    CONSTRAINT uq_run_evaluation_id_iteration_attempt UNIQUE (evaluation_id, iteration, attempt)
);

CREATE INDEX ix_run_state ON run (state);

CREATE TABLE step (
    run_id TEXT NOT NULL, 
    seq INTEGER NOT NULL, 
    body TEXT NOT NULL, 
    CONSTRAINT pk_step PRIMARY KEY (run_id, seq), 
    CONSTRAINT fk_step_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);

CREATE TABLE ledger (
    payer TEXT NOT NULL, 
    id TEXT NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    iteration INTEGER NOT NULL, 
    model TEXT NOT NULL, 
    estimate_usd FLOAT NOT NULL, 
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    usd FLOAT, 
    closed_at TIMESTAMP WITH TIME ZONE, 
    call TEXT, 
    CONSTRAINT pk_ledger PRIMARY KEY (payer, id), 
    CONSTRAINT fk_ledger_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE INDEX ix_ledger_evaluation_id ON ledger (evaluation_id);

CREATE TABLE inquiry (
    evaluation_id TEXT NOT NULL, 
    iteration INTEGER NOT NULL, 
    cause TEXT NOT NULL, 
    subject TEXT NOT NULL, 
    state TEXT NOT NULL, 
    reason TEXT NOT NULL, 
    spent_usd FLOAT NOT NULL, 
    created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    ended_at TIMESTAMP WITH TIME ZONE, 
    CONSTRAINT pk_inquiry PRIMARY KEY (evaluation_id, iteration, cause), 
    CONSTRAINT fk_inquiry_evaluation_id FOREIGN KEY(evaluation_id) REFERENCES evaluation (id)
);

CREATE TABLE memory (
    run_id TEXT NOT NULL, 
    key TEXT NOT NULL, 
    value TEXT NOT NULL, 
    CONSTRAINT pk_memory PRIMARY KEY (run_id, key), 
    CONSTRAINT fk_memory_run_id FOREIGN KEY(run_id) REFERENCES run (id)
);

CREATE TABLE machine (
    name TEXT NOT NULL, 
    beat_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    CONSTRAINT pk_machine PRIMARY KEY (name)
);

CREATE TABLE event (
    evaluation_id TEXT NOT NULL, 
    seq INTEGER NOT NULL, 
    kind TEXT NOT NULL, 
    actor TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    delivery TEXT NOT NULL, 
    data TEXT NOT NULL, 
    previous_hash TEXT NOT NULL, 
    hash TEXT NOT NULL, 
    CONSTRAINT pk_event PRIMARY KEY (evaluation_id, seq)
);

CREATE TABLE timer (
    key TEXT NOT NULL, 
    kind TEXT NOT NULL, 
    evaluation_id TEXT NOT NULL, 
    at TIMESTAMP WITH TIME ZONE NOT NULL, 
    data TEXT NOT NULL, 
    CONSTRAINT pk_timer PRIMARY KEY (key)
);

CREATE INDEX ix_timer_at ON timer (at);

CREATE INDEX ix_timer_evaluation_id ON timer (evaluation_id);

CREATE TABLE surface (
    kind TEXT NOT NULL, 
    team TEXT NOT NULL, 
    owner TEXT NOT NULL, 
    wanted INTEGER NOT NULL, 
    synced INTEGER NOT NULL, 
    wanted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
    worker TEXT, 
    lease_until TIMESTAMP WITH TIME ZONE, 
    problem TEXT NOT NULL, 
    retry_at TIMESTAMP WITH TIME ZONE, 
    CONSTRAINT pk_surface PRIMARY KEY (kind, team, owner)
);

CREATE INDEX ix_surface_dirty ON surface (wanted_at) WHERE wanted > synced;

CREATE TABLE posted (
    surface TEXT NOT NULL, 
    team TEXT NOT NULL, 
    owner TEXT NOT NULL, 
    key TEXT NOT NULL, 
    kind TEXT NOT NULL, 
    state TEXT NOT NULL, 
    channel TEXT NOT NULL, 
    digest TEXT NOT NULL, 
    ts TEXT, 
    file_id TEXT, 
    updated_at TIMESTAMP WITH TIME ZONE, 
    CONSTRAINT pk_posted PRIMARY KEY (surface, team, owner, key)
);
CREATE TABLE eipas_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO "eipas_version" ("version_num") VALUES ('0001');
INSERT INTO "content" ("sha256", "body") VALUES ('42e1836192a522a52ef12fbb9af6125c07ce5df941c1ed71eb512c4401c405d8', E'\\x7b227469746c65223a2244656369646564222c226465736372697074696f6e223a22426f6f6b206120736c6f742e227d');
INSERT INTO "content" ("sha256", "body") VALUES ('560e75fafb494c2c38cb1d4f15b2ec277238b60dd8e69fd75dfdd67f5070615a', E'\\x7b226576616c756174696f6e5f6964223a2265765f3235796d676376373934222c22726f6c65223a226261636b656e642d646576656c6f706572222c227469746c65223a2244656369646564222c226465736372697074696f6e223a22426f6f6b206120736c6f742e222c22697465726174696f6e223a312c22676f616c223a22222c22736f7572636573223a5b7b2270617468223a222e636c617564652d6167656e74666c6f772f776f726b73706163652f696465612e6a736f6e222c22736861323536223a2236323537363134396163366330636339353935376563666232656236366164393837633638616536353031383232643561396261393931336134313061313465222c22626f6479223a7b227469746c65223a2244656369646564222c226465736372697074696f6e223a22426f6f6b206120736c6f742e227d7d5d2c227265706c696573223a5b7b226b6579223a226f70656e696e675f31222c227175657374696f6e223a2257686174277320796f757220707265666572726564206261636b656e6420737461636b20616e642064617461626173653f222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a226f70656e696e675f32222c227175657374696f6e223a22576861742061726520796f7572206b65792041504920656e64706f696e747320616e64206461746120666c6f77733f222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a226f70656e696e675f33222c227175657374696f6e223a22576861742065787465726e616c20696e746567726174696f6e73206172652072657175697265643f222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a226170695f64657369676e222c227175657374696f6e223a224c657427732064657369676e20796f75722041504920656e64706f696e747320616e64206461746120636f6e74726163747320746f6765746865722e2e2e222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a2264617461626173655f736368656d61222c227175657374696f6e223a2248656c70206d6520756e6465727374616e6420796f75722064617461206d6f64656c20616e642072656c6174696f6e73686970732e2e2e222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a22696e746567726174696f6e5f6e65656473222c227175657374696f6e223a22576861742065787465726e616c20736572766963657320616e642073797374656d73206e65656420746f20626520696e74656772617465643f222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a22706572666f726d616e63655f726571756972656d656e7473222c227175657374696f6e223a22576861742061726520796f7572207363616c6162696c69747920616e6420706572666f726d616e6365206578706563746174696f6e733f222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d2c7b226b6579223a2273656375726974795f636f6e74726f6c73222c227175657374696f6e223a22576861742061757468656e7469636174696f6e20616e6420617574686f72697a6174696f6e20646f20796f75206e6565643f222c2274657874223a22417320757375616c222c226279223a2255304156414c494e4431227d5d2c22666565646261636b223a5b5d2c2270726576696f7573223a6e756c6c2c226d697373696e67223a5b222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365312f63746f2d6576616c756174696f6e2e6a736f6e222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365322f222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365332f70726f647563742d6d616e616765722d6576616c756174696f6e2e6a736f6e222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365332f75782d64657369676e65722d6576616c756174696f6e2e6a736f6e222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365332f73797374656d2d6172636869746563742d6576616c756174696f6e2e6a736f6e222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365332f646174612d6172636869746563742e6a736f6e222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365332f73656375726974792d6172636869746563742e6a736f6e222c222e636c617564652d6167656e74666c6f772f776f726b73706163652f7068617365342f73656e696f722d646576656c6f7065722d697465726174696f6e2d2a2e6a736f6e225d7d');
INSERT INTO "content" ("sha256", "body") VALUES ('ea34ca448a8c79f00e045d495fea4f7bea6bcf732ad442a7ea9c213898461d3a', E'\\x412073686f702e2049742073656c6c73207468696e67732e');
INSERT INTO "content" ("sha256", "body") VALUES ('5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', E'\\x7b22697465726174696f6e223a20312c2022737461747573223a20226472616674222c20226174223a2022323032362d30332d30325430393a30303a30302e3030303031312b30303a3030222c20226761746573223a205b5d7d');
INSERT INTO "content" ("sha256", "body") VALUES ('c224e2f4aaf395351d2eb38e56807b647cc39b4f05869927e358914c0c574cb4', E'\\x7b22626c75657072696e74223a7b227469746c65223a2253686f70222c2273756d6d617279223a22412073686f702e2049742073656c6c73207468696e67732e222c2276657273696f6e223a22312e302e30222c22626173655f70617468223a222f6170692f7631222c22737461636b223a7b226c616e6775616765223a22507974686f6e20332e3132222c226672616d65776f726b223a2246617374415049222c226461746162617365223a22506f737467726553514c203137222c226361636865223a22222c226d6573736167696e67223a22222c226465706c6f796d656e74223a22227d2c22656e746974696573223a5b7b226e616d65223a224e6f7465222c22706c7572616c223a226e6f746573222c226465736372697074696f6e223a22222c226669656c6473223a5b7b226e616d65223a22626f6479222c2274797065223a2274657874222c227265717569726564223a747275652c22756e69717565223a66616c73652c2273656e736974697665223a66616c73652c22726561645f6f6e6c79223a66616c73652c2276616c756573223a5b5d2c226465736372697074696f6e223a22227d5d2c22696e6465786573223a5b5d2c2274656e616e745f73636f706564223a66616c73652c22736f75726365223a22227d5d2c2272656c6174696f6e73223a5b5d2c226f7065726174696f6e73223a5b7b226964223a22726561645f6e6f7465222c226d6574686f64223a22474554222c2270617468223a222f6e6f7465732f7b69647d222c2273756d6d617279223a2252656164222c226b696e64223a2272656164222c22656e74697479223a224e6f7465222c22706167696e61746564223a66616c73652c226964656d706f74656e74223a66616c73652c226173796e6368726f6e6f7573223a66616c73652c227075626c6963223a66616c73652c227369676e6564223a66616c73652c22726f6c6573223a5b5d2c22706172616d6574657273223a5b5d2c2272657175657374223a5b5d2c22726573706f6e7365223a5b5d2c22736f75726365223a22227d5d2c2261757468223a7b22736368656d65223a226f696463222c226465736372697074696f6e223a224f70656e494420436f6e6e6563742e222c226d756c74695f666163746f72223a747275652c22746f6b656e5f6d696e75746573223a31352c22617574686f72697a6174696f6e223a22526f6c657320706572206f7065726174696f6e2e222c2268656164657273223a5b225374726963742d5472616e73706f72742d5365637572697479225d2c22646174615f70726f74656374696f6e223a22544c5320312e332c204145532d32353620617420726573742e222c22726174655f6c696d69745f7065725f6d696e757465223a3630307d2c22726f6c6573223a5b7b226e616d65223a2261646d696e222c226465736372697074696f6e223a2252756e732069742e227d2c7b226e616d65223a226d656d626572222c226465736372697074696f6e223a22557365732069742e227d5d2c22696e746567726174696f6e73223a5b5d2c2262756467657473223a5b5d2c227365727669636573223a7b227374796c65223a224d6f64756c6172206d6f6e6f6c6974682e222c22636f6d6d756e69636174696f6e223a22524553542c20616e64206120717565756520666f72206c6f6e6720776f726b2e222c22646174615f636f6e73697374656e6379223a224f6e65207472616e73616374696f6e2070657220726571756573742e222c22736572766963655f646973636f76657279223a22444e53206f662074686520706c6174666f726d2e222c2263616368696e67223a22526564697320666f72207265616473206f6620636174616c6f67756520646174612e222c227363616c6162696c697479223a2253746174656c6573732070726f63657373657320626568696e642061206c6f61642062616c616e6365722e222c226d6f6e69746f72696e67223a224f70656e54656c656d657472792074726163657320616e64206d6574726963732e222c226d6967726174696f6e5f7374726174656779223a22457870616e642c206d6967726174652c20636f6e74726163742e222c2264617461626173655f6f7074696d697a6174696f6e223a22416e20696e64657820666f722065616368206c6973742e222c22626f756e646172696573223a5b226f7264657273225d7d2c226465636973696f6e73223a5b5d7d2c226e6172726174697665223a7b22737472656e67746873223a5b22536d616c6c222c2257686f6c65222c22436865636b6564225d2c22696d70726f76656d656e7473223a5b224361636865222c2250616765222c22496e646578225d2c227265636f6d6d656e646174696f6e223a22476f206f6e2e222c226e6578745f7374657073223a5b224465706c6f79225d2c226e6578745f666f637573223a5b225370656564225d2c22616464726573736564223a5b5d7d2c2264657369676e6572223a22646f75626c65222c226d6f64656c223a6e756c6c2c227573616765223a7b7d7d');
INSERT INTO "content" ("sha256", "body") VALUES ('e1605ed655bdab8917a706050ab3190171a2b592d2932e1bd7afa81afd88a7cc', E'\\x7b227375626a6563745f736861323536223a2235623835333037626362346431663537363532663532613331663437303663636166356564623638623334393361373639306634333434336533653431313538222c2273636f726563617264223a7b226f766572616c6c223a39372c226d656173757265645f7368617265223a312e302c227061727473223a5b7b226b6579223a226170695f64657369676e222c226e616d65223a224150492064657369676e222c2276616c7565223a39372c226d656173757265645f7368617265223a312e302c2268656c64223a312c226661696c6564223a302c226e6f745f6d65617375726564223a302c226361707065645f6279223a5b5d7d5d7d2c22636865636b73223a5b7b226b6579223a22706172736573222c227469746c65223a2254686520646f63756d656e7420706172736573222c2273636f7265223a226170695f64657369676e222c226f7574636f6d65223a2268656c64222c2264657461696c223a22497420646f65732e222c22746f6f6c223a22646f75626c65222c22746f6f6c5f76657273696f6e223a2231222c22636f6d6d616e64223a22646f75626c65207061727365222c22776569676874223a312e302c22636170223a6e756c6c2c22666978223a22222c2266696e64696e6773223a5b5d2c22726177223a22227d5d2c226e6172726174697665223a7b22737472656e67746873223a5b22536d616c6c222c2257686f6c65222c22436865636b6564225d2c22696d70726f76656d656e7473223a5b224361636865222c2250616765222c22496e646578225d2c227265636f6d6d656e646174696f6e223a22476f206f6e2e222c226e6578745f7374657073223a5b224465706c6f79225d2c226e6578745f666f637573223a5b225370656564225d2c22616464726573736564223a5b5d7d2c22686967686c6967687473223a7b2273756d6d617279223a22412073686f702e2049742073656c6c73207468696e67732e222c226661637473223a5b5d2c22656e64706f696e7473223a5b5d2c227065725f67617465223a7b7d7d2c226368616e676573223a5b5d2c2264657369676e6572223a22646f75626c65222c226d6f64656c223a6e756c6c2c2273746174656d656e74223a2244657369676e65642062792072756c65732066726f6d20796f757220646f63756d656e747320616e6420616e73776572732e204e6f206d6f64656c2077617320757365642e222c22756e70726f76656e223a5b5d2c226465636973696f6e73223a5b5d2c2266696e69736865645f6174223a22323032362d30332d30325430393a30303a30302e3030303031315a227d');
INSERT INTO "content" ("sha256", "body") VALUES ('5dfdc2a89855762987dae1b349b6c077e5d86ca21c71a6d669aacf895c768ecf', E'\\x7b22697465726174696f6e223a20312c2022737461747573223a202266696e616c222c20226174223a2022323032362d30332d30325430393a30303a30302e3030303032322b30303a3030222c20226761746573223a205b7b2267617465223a2022676f222c20226f7574636f6d65223a2022617070726f7665222c2022636f6d6d656e7473223a205b22225d7d2c207b2267617465223a2022696d706c656d656e746174696f6e5f617070726f76616c222c20226f7574636f6d65223a2022617070726f7665222c2022636f6d6d656e7473223a205b22225d7d2c207b2267617465223a202273656375726974795f636865636b222c20226f7574636f6d65223a2022617070726f7665222c2022636f6d6d656e7473223a205b22225d7d2c207b2267617465223a20226170695f726576696577222c20226f7574636f6d65223a2022617070726f7665222c2022636f6d6d656e7473223a205b22225d7d2c207b2267617465223a2022697465726174696f6e5f636f6d706c657465222c20226f7574636f6d65223a202266696e697368222c2022636f6d6d656e7473223a205b22225d7d5d7d');
INSERT INTO "content" ("sha256", "body") VALUES ('452b5e66f78cff6234e4cb1a1e2b28b23d0cd9c447212531cfcbd21bdc0c8da6', E'\\x7b227469746c65223a22426567756e222c226465736372697074696f6e223a22426f6f6b206120736c6f742e227d');
INSERT INTO "evaluation" ("id", "team", "role", "title", "description", "owner", "channel", "state", "version", "iteration", "needed", "created_at", "updated_at", "approvers", "thread_ts", "stakeholder_channel", "workspace", "failure", "goal", "budget_usd") VALUES ('ev_25ymgcv794', 'T0LOCAL001', 'backend-developer', 'Decided', 'Book a slot.', 'U0AVALIND1', 'C0IDEAS001', 'done', '9', '1', '1', '2026-03-02 09:00:00.000001+00', '2026-03-02 09:00:00.000022+00', '{"go":["U0DANKIM01"],"implementation_approval":["U0DANKIM01","U0BENOKAF1"],"api_review":["U0BENOKAF1","U0DANKIM01","U0CHLOEMA1"],"security_check":["U0CHLOEMA1"],"iteration_complete":["U0DANKIM01","U0BENOKAF1"]}', '1772442000.000001', NULL, 'room/own/ev_25ymgcv794', '', '', '5');
INSERT INTO "evaluation" ("id", "team", "role", "title", "description", "owner", "channel", "state", "version", "iteration", "needed", "created_at", "updated_at", "approvers", "thread_ts", "stakeholder_channel", "workspace", "failure", "goal", "budget_usd") VALUES ('ev_8zxhxwyu8e', 'T0LOCAL001', 'backend-developer', 'Begun', 'Book a slot.', 'U0AVALIND1', 'C0IDEAS001', 'collecting', '2', '1', '1', '2026-03-02 09:00:00.000024+00', '2026-03-02 09:00:00.000026+00', '{"go":["U0DANKIM01"],"implementation_approval":["U0DANKIM01","U0BENOKAF1"],"api_review":["U0BENOKAF1","U0DANKIM01","U0CHLOEMA1"],"security_check":["U0CHLOEMA1"],"iteration_complete":["U0DANKIM01","U0BENOKAF1"]}', '1772442000.000002', NULL, 'room/own/ev_8zxhxwyu8e', '', '', '5');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0AVALIND1', 'ev_25ymgcv794');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0BENOKAF1', 'ev_25ymgcv794');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0CHLOEMA1', 'ev_25ymgcv794');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0DANKIM01', 'ev_25ymgcv794');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0AVALIND1', 'ev_8zxhxwyu8e');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0BENOKAF1', 'ev_8zxhxwyu8e');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0CHLOEMA1', 'ev_8zxhxwyu8e');
INSERT INTO "involvement" ("user_id", "evaluation_id") VALUES ('U0DANKIM01', 'ev_8zxhxwyu8e');
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'opening_2', '1', 'Endpoints and data flows', 'What are your key API endpoints and data flows?', 'Becomes the first paths of the API and the order in which they are worked out.', 'List the calls that matter most, who makes them and what moves. For example: "A patient books a slot (POST /appointments); the practice''s calendar receives it within 5 s; a reminder goes out 24 h before."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'opening_3', '2', 'Integrations', 'What external integrations are required?', 'Each integration brings a credential, a failure mode and a time limit into the design.', 'Name each service and what it is for, and say which may be down without stopping you. For example: "Stripe for payments (must be up), SendGrid for mail (may queue), the national registry once a night."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'api_design', '3', 'API Design', 'Let''s design your API endpoints and data contracts together...', 'Becomes the paths, the request and response bodies and the errors of the OpenAPI document.', 'Say which resources there are, what can be done with each and who may do it, how lists are paged, and what older clients rely on. For example: "Orders: create, read, cancel; customers see their own, clerks all; lists by cursor, 50 a page; v1 must keep working until June."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'database_schema', '4', 'Database Schema', 'Help me understand your data model and relationships...', 'Becomes the tables, keys and indexes of the migrations, which are run on a real server.', 'Name the entities, what belongs to what, what must be unique, and how long it is kept. For example: "A customer has many orders, an order has 1 to 200 lines; the order number is unique per shop; orders stay 10 years."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'integration_needs', '5', 'Integration Needs', 'What external services and systems need to be integrated?', 'Says which outside systems the services call, in which direction, and what happens when they fail.', 'For each system: direction, method, amount, and what to do when it is down. For example: "CRM: we read customer profiles over its REST API, 200 a minute, cached for an hour; when it is down we show the last known one."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'performance_requirements', '6', 'Performance Requirements', 'What are your scalability and performance expectations?', 'Becomes the budgets that measurements are held against; without numbers there is nothing to measure.', 'Give numbers: users, calls per second at the peak, time limits, growth of the data. For example: "2,000 users, 150 calls/s at the peak, reads within 200 ms at p95, writes within 500 ms, 5 million rows a year."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'security_controls', '7', 'Security Controls', 'What authentication and authorization do you need?', 'Becomes the authentication, the roles and the rule on every path, and marks the fields that need protection.', 'Say how people and machines sign in, which roles there are, who may see whose data, and which laws apply. For example: "OIDC with MFA for staff, API keys for partners; roles clerk, manager, auditor; customers see only their own orders; GDPR, erasure within 30 days."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_25ymgcv794', 'opening_1', '0', 'Stack and database', 'What''s your preferred backend stack and database?', 'Decides the dialect of the migrations and which of the architects'' choices still hold.', 'Name the language, the framework and the database, and what is fixed already. For example: "Python with FastAPI on PostgreSQL 16; Redis only as a cache; PostgreSQL is fixed, the framework is not."', '1', NULL, 'false', '2026-03-02 09:00:00.000001+00');
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'opening_3', '2', 'Integrations', 'What external integrations are required?', 'Each integration brings a credential, a failure mode and a time limit into the design.', 'Name each service and what it is for, and say which may be down without stopping you. For example: "Stripe for payments (must be up), SendGrid for mail (may queue), the national registry once a night."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'api_design', '3', 'API Design', 'Let''s design your API endpoints and data contracts together...', 'Becomes the paths, the request and response bodies and the errors of the OpenAPI document.', 'Say which resources there are, what can be done with each and who may do it, how lists are paged, and what older clients rely on. For example: "Orders: create, read, cancel; customers see their own, clerks all; lists by cursor, 50 a page; v1 must keep working until June."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'database_schema', '4', 'Database Schema', 'Help me understand your data model and relationships...', 'Becomes the tables, keys and indexes of the migrations, which are run on a real server.', 'Name the entities, what belongs to what, what must be unique, and how long it is kept. For example: "A customer has many orders, an order has 1 to 200 lines; the order number is unique per shop; orders stay 10 years."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'integration_needs', '5', 'Integration Needs', 'What external services and systems need to be integrated?', 'Says which outside systems the services call, in which direction, and what happens when they fail.', 'For each system: direction, method, amount, and what to do when it is down. For example: "CRM: we read customer profiles over its REST API, 200 a minute, cached for an hour; when it is down we show the last known one."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'performance_requirements', '6', 'Performance Requirements', 'What are your scalability and performance expectations?', 'Becomes the budgets that measurements are held against; without numbers there is nothing to measure.', 'Give numbers: users, calls per second at the peak, time limits, growth of the data. For example: "2,000 users, 150 calls/s at the peak, reads within 200 ms at p95, writes within 500 ms, 5 million rows a year."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'security_controls', '7', 'Security Controls', 'What authentication and authorization do you need?', 'Becomes the authentication, the roles and the rule on every path, and marks the fields that need protection.', 'Say how people and machines sign in, which roles there are, who may see whose data, and which laws apply. For example: "OIDC with MFA for staff, API keys for partners; roles clerk, manager, auditor; customers see only their own orders; GDPR, erasure within 30 days."', '1', NULL, 'false', NULL);
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'opening_1', '0', 'Stack and database', 'What''s your preferred backend stack and database?', 'Decides the dialect of the migrations and which of the architects'' choices still hold.', 'Name the language, the framework and the database, and what is fixed already. For example: "Python with FastAPI on PostgreSQL 16; Redis only as a cache; PostgreSQL is fixed, the framework is not."', '1', NULL, 'false', '2026-03-02 09:00:00.000024+00');
INSERT INTO "question" ("evaluation_id", "key", "position", "name", "text", "why", "hint", "iteration", "run_id", "made", "asked_at") VALUES ('ev_8zxhxwyu8e', 'opening_2', '1', 'Endpoints and data flows', 'What are your key API endpoints and data flows?', 'Becomes the first paths of the API and the order in which they are worked out.', 'List the calls that matter most, who makes them and what moves. For example: "A patient books a slot (POST /appointments); the practice''s calendar receives it within 5 s; a reminder goes out 24 h before."', '1', NULL, 'false', '2026-03-02 09:00:00.000026+00');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'opening_1', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'opening_2', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'opening_3', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'api_design', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'database_schema', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'integration_needs', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'performance_requirements', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_25ymgcv794', 'security_controls', '1', 'As usual', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', 'form', 'false');
INSERT INTO "answer" ("evaluation_id", "key", "version", "text", "by", "at", "via", "skipped") VALUES ('ev_8zxhxwyu8e', 'opening_1', '1', 'A reply with ümläuts, ''quotes'' and 💡', 'U0AVALIND1', '2026-03-02 09:00:00.000026+00', 'reply', 'false');
INSERT INTO "gate" ("id", "evaluation_id", "iteration", "key", "state", "approvers", "needed", "subject_sha256", "opened_at", "due_at", "decided_at", "outcome", "reminders", "escalated_to", "estimate") VALUES ('gt_6v2g9g5px3', 'ev_25ymgcv794', '1', 'go', 'approved', '["U0DANKIM01"]', '1', '2f9e25f00102295ecfbd09af8141648bb9b0cf7a954c9c53639898d0acd3bdf6', '2026-03-02 09:00:00.000004+00', NULL, '2026-03-02 09:00:00.000006+00', 'approve', '0', '[]', NULL);
INSERT INTO "gate" ("id", "evaluation_id", "iteration", "key", "state", "approvers", "needed", "subject_sha256", "opened_at", "due_at", "decided_at", "outcome", "reminders", "escalated_to", "estimate") VALUES ('gt_8e7jqdvwrb', 'ev_25ymgcv794', '1', 'implementation_approval', 'approved', '["U0DANKIM01","U0BENOKAF1"]', '1', '5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', '2026-03-02 09:00:00.000012+00', NULL, '2026-03-02 09:00:00.000015+00', 'approve', '0', '[]', NULL);
INSERT INTO "gate" ("id", "evaluation_id", "iteration", "key", "state", "approvers", "needed", "subject_sha256", "opened_at", "due_at", "decided_at", "outcome", "reminders", "escalated_to", "estimate") VALUES ('gt_s4yuqy9kvh', 'ev_25ymgcv794', '1', 'api_review', 'approved', '["U0BENOKAF1","U0DANKIM01","U0CHLOEMA1"]', '1', '5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', '2026-03-02 09:00:00.000012+00', NULL, '2026-03-02 09:00:00.000017+00', 'approve', '0', '[]', NULL);
INSERT INTO "gate" ("id", "evaluation_id", "iteration", "key", "state", "approvers", "needed", "subject_sha256", "opened_at", "due_at", "decided_at", "outcome", "reminders", "escalated_to", "estimate") VALUES ('gt_jbj39bdiwk', 'ev_25ymgcv794', '1', 'security_check', 'approved', '["U0CHLOEMA1"]', '1', '5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', '2026-03-02 09:00:00.000012+00', NULL, '2026-03-02 09:00:00.000019+00', 'approve', '0', '[]', NULL);
INSERT INTO "gate" ("id", "evaluation_id", "iteration", "key", "state", "approvers", "needed", "subject_sha256", "opened_at", "due_at", "decided_at", "outcome", "reminders", "escalated_to", "estimate") VALUES ('gt_nvnetatxer', 'ev_25ymgcv794', '1', 'iteration_complete', 'approved', '["U0DANKIM01","U0BENOKAF1"]', '1', 'dd9f4428d556b029375ae0a446e7ffe17a1f88937241592f7ffadfbddf19d544', '2026-03-02 09:00:00.000019+00', NULL, '2026-03-02 09:00:00.000022+00', 'finish', '0', '[]', NULL);
INSERT INTO "vote" ("id", "gate_id", "voter", "option", "at", "subject_sha256", "comment", "concerns", "delivery") VALUES ('1', 'gt_6v2g9g5px3', 'U0DANKIM01', 'approve', '2026-03-02 09:00:00.000006+00', '2f9e25f00102295ecfbd09af8141648bb9b0cf7a954c9c53639898d0acd3bdf6', '', '', '');
INSERT INTO "vote" ("id", "gate_id", "voter", "option", "at", "subject_sha256", "comment", "concerns", "delivery") VALUES ('2', 'gt_8e7jqdvwrb', 'U0DANKIM01', 'approve', '2026-03-02 09:00:00.000015+00', '5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', '', '', '');
INSERT INTO "vote" ("id", "gate_id", "voter", "option", "at", "subject_sha256", "comment", "concerns", "delivery") VALUES ('3', 'gt_s4yuqy9kvh', 'U0BENOKAF1', 'approve', '2026-03-02 09:00:00.000017+00', '5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', '', '', '');
INSERT INTO "vote" ("id", "gate_id", "voter", "option", "at", "subject_sha256", "comment", "concerns", "delivery") VALUES ('4', 'gt_jbj39bdiwk', 'U0CHLOEMA1', 'approve', '2026-03-02 09:00:00.000019+00', '5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158', '', '', '');
INSERT INTO "vote" ("id", "gate_id", "voter", "option", "at", "subject_sha256", "comment", "concerns", "delivery") VALUES ('5', 'gt_nvnetatxer', 'U0DANKIM01', 'finish', '2026-03-02 09:00:00.000022+00', 'dd9f4428d556b029375ae0a446e7ffe17a1f88937241592f7ffadfbddf19d544', '', '', '');
SELECT setval('public.vote_id_seq', (SELECT max(id) FROM vote));
INSERT INTO "document" ("id", "evaluation_id", "path", "key", "sha256", "size", "origin", "warnings", "body", "current") VALUES ('1', 'ev_25ymgcv794', '.claude-agentflow/workspace/idea.json', 'idea', '62576149ac6c0cc95957ecfb2eb66ad987c68ae6501822d5a9ba9913a410a14e', '57', 'typed', '[]', '42e1836192a522a52ef12fbb9af6125c07ce5df941c1ed71eb512c4401c405d8', 'true');
INSERT INTO "document" ("id", "evaluation_id", "path", "key", "sha256", "size", "origin", "warnings", "body", "current") VALUES ('2', 'ev_8zxhxwyu8e', '.claude-agentflow/workspace/idea.json', 'idea', '7373990e81a0daaee555246c385f4535fe30ea8e581f1552aa408262dad2ec13', '55', 'typed', '[]', '452b5e66f78cff6234e4cb1a1e2b28b23d0cd9c447212531cfcbd21bdc0c8da6', 'true');
SELECT setval('public.document_id_seq', (SELECT max(id) FROM document));
INSERT INTO "review" ("evaluation_id", "findings") VALUES ('ev_25ymgcv794', '{"refused":[],"missing":[{"key":"cto_evaluation","path":".claude-agentflow/workspace/phase1/cto-evaluation.json","purpose":"Technical architecture and technology stack requirements","lost":"the technology stack that was judged feasible, and the technical risks already seen","required":false},{"key":"business","path":".claude-agentflow/workspace/phase2/","purpose":"Business requirements and market constraints affecting backend design","lost":"the market, money and risk limits that the services have to live within","required":false},{"key":"product_manager","path":".claude-agentflow/workspace/phase3/product-manager-evaluation.json","purpose":"Product features and user needs that the services serve","lost":"which features come first and for whom they are","required":false},{"key":"ux_designer","path":".claude-agentflow/workspace/phase3/ux-designer-evaluation.json","purpose":"User journeys that the API has to carry","lost":"the screens and journeys that the API''s calls are shaped for","required":false},{"key":"system_architect","path":".claude-agentflow/workspace/phase3/system-architect-evaluation.json","purpose":"System architecture and integration specifications","lost":"the architecture, the messaging and the stack that the design has to fit","required":false},{"key":"data_architect","path":".claude-agentflow/workspace/phase3/data-architect.json","purpose":"Data models and database architecture requirements","lost":"the entities, their relationships and the rules of keeping data, which become tables","required":false},{"key":"security_architect","path":".claude-agentflow/workspace/phase3/security-architect.json","purpose":"Security controls and authentication requirements","lost":"the controls and regulations that authentication and authorization have to meet","required":false},{"key":"senior_developer","path":".claude-agentflow/workspace/phase4/senior-developer-iteration-*.json","purpose":"Core application logic and business rules","lost":"the application logic and business rules that already exist","required":false}],"objectives":[],"contradictions":[]}');
INSERT INTO "review" ("evaluation_id", "findings") VALUES ('ev_8zxhxwyu8e', '{"refused":[],"missing":[{"key":"cto_evaluation","path":".claude-agentflow/workspace/phase1/cto-evaluation.json","purpose":"Technical architecture and technology stack requirements","lost":"the technology stack that was judged feasible, and the technical risks already seen","required":false},{"key":"business","path":".claude-agentflow/workspace/phase2/","purpose":"Business requirements and market constraints affecting backend design","lost":"the market, money and risk limits that the services have to live within","required":false},{"key":"product_manager","path":".claude-agentflow/workspace/phase3/product-manager-evaluation.json","purpose":"Product features and user needs that the services serve","lost":"which features come first and for whom they are","required":false},{"key":"ux_designer","path":".claude-agentflow/workspace/phase3/ux-designer-evaluation.json","purpose":"User journeys that the API has to carry","lost":"the screens and journeys that the API''s calls are shaped for","required":false},{"key":"system_architect","path":".claude-agentflow/workspace/phase3/system-architect-evaluation.json","purpose":"System architecture and integration specifications","lost":"the architecture, the messaging and the stack that the design has to fit","required":false},{"key":"data_architect","path":".claude-agentflow/workspace/phase3/data-architect.json","purpose":"Data models and database architecture requirements","lost":"the entities, their relationships and the rules of keeping data, which become tables","required":false},{"key":"security_architect","path":".claude-agentflow/workspace/phase3/security-architect.json","purpose":"Security controls and authentication requirements","lost":"the controls and regulations that authentication and authorization have to meet","required":false},{"key":"senior_developer","path":".claude-agentflow/workspace/phase4/senior-developer-iteration-*.json","purpose":"Core application logic and business rules","lost":"the application logic and business rules that already exist","required":false}],"objectives":[],"contradictions":[]}');
INSERT INTO "iteration" ("evaluation_id", "number", "goal", "started_at", "feedback", "result", "files", "outcome", "decided_at", "design", "brief") VALUES ('ev_25ymgcv794', '1', '', '2026-03-02 09:00:00.000001+00', '[]', 'e1605ed655bdab8917a706050ab3190171a2b592d2932e1bd7afa81afd88a7cc', '[{"name":"openapi.yaml","sha256":"ea34ca448a8c79f00e045d495fea4f7bea6bcf732ad442a7ea9c213898461d3a","size":24,"media_type":"application/yaml","draft":false},{"name":"backend-developer-iteration-1.draft.json","sha256":"5b85307bcb4d1f57652f52a31f4706ccaf5edb68b3493a7690f43443e3e41158","size":90,"media_type":"application/json","draft":true},{"name":"backend-developer-iteration-1.json","sha256":"5dfdc2a89855762987dae1b349b6c077e5d86ca21c71a6d669aacf895c768ecf","size":424,"media_type":"application/json","draft":false}]', 'finish', '2026-03-02 09:00:00.000022+00', 'c224e2f4aaf395351d2eb38e56807b647cc39b4f05869927e358914c0c574cb4', '560e75fafb494c2c38cb1d4f15b2ec277238b60dd8e69fd75dfdd67f5070615a');
INSERT INTO "iteration" ("evaluation_id", "number", "goal", "started_at", "feedback", "result", "files", "outcome", "decided_at", "design", "brief") VALUES ('ev_8zxhxwyu8e', '1', '', '2026-03-02 09:00:00.000024+00', '[]', NULL, '[]', NULL, NULL, NULL, NULL);
INSERT INTO "run" ("id", "evaluation_id", "iteration", "attempt", "state", "designer", "model", "created_at", "started_at", "ended_at", "wake_at", "reason", "waits_for", "tasks", "heard", "spent_usd", "starts", "begins", "brief") VALUES ('rn_hczs3y56fu', 'ev_25ymgcv794', '1', '1', 'finished', 'double', NULL, '2026-03-02 09:00:00.000006+00', '2026-03-02 09:00:00.000008+00', '2026-03-02 09:00:00.000012+00', NULL, '', '', '[]', '[]', '0', '1', '1', '560e75fafb494c2c38cb1d4f15b2ec277238b60dd8e69fd75dfdd67f5070615a');
INSERT INTO "memory" ("run_id", "key", "value") VALUES ('rn_hczs3y56fu', 'assessment:1aa51127243ebac985aeae164f353e8108cbdf52976734d681d023f9cae5bb69', '{"artefacts":[{"name":"openapi.yaml","media_type":"application/yaml","sha256":"ea34ca448a8c79f00e045d495fea4f7bea6bcf732ad442a7ea9c213898461d3a"}],"checks":[{"key":"parses","title":"The document parses","score":"api_design","outcome":"held","detail":"It does.","tool":"double","tool_version":"1","command":"double parse","weight":1.0,"cap":null,"fix":"","findings":[],"raw":"ok"}],"scorecard":{"overall":97,"measured_share":1.0,"parts":[{"key":"api_design","name":"API design","value":97,"measured_share":1.0,"held":1,"failed":0,"not_measured":0,"capped_by":[]}]},"tools":{"double":"1"}}');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '1', 'started', 'U0AVALIND1', '2026-03-02 09:00:00.000001+00', '', '{"title":"Decided","inputs":[".claude-agentflow/workspace/idea.json"],"workspace":"room/own/ev_25ymgcv794"}', '', '30f3965c1e6075d24fb16345b826b216758592aa88b55c361b80946afee8e74b');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '2', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"opening_1","version":1,"via":"form"}', '30f3965c1e6075d24fb16345b826b216758592aa88b55c361b80946afee8e74b', 'fc5adaa92696e71b8cd3d0c7cfc61cf19c3af494ce33d03e7afd992510257f19');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '3', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"opening_2","version":1,"via":"form"}', 'fc5adaa92696e71b8cd3d0c7cfc61cf19c3af494ce33d03e7afd992510257f19', '0c467afa6eb41d8e5cae6f2d29e8ce09f3862ddd959b36a5c247a2d649a577f6');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '4', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"opening_3","version":1,"via":"form"}', '0c467afa6eb41d8e5cae6f2d29e8ce09f3862ddd959b36a5c247a2d649a577f6', 'ed4c4e7eed17b11dae565493720ae9b1cb2418fe6445405c572ffa3b8cf29ee8');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '5', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"api_design","version":1,"via":"form"}', 'ed4c4e7eed17b11dae565493720ae9b1cb2418fe6445405c572ffa3b8cf29ee8', '4b0775bf33a1c668afd757bda1be6ae0aef8d003c59c228d40ff1f6d454d1638');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '6', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"database_schema","version":1,"via":"form"}', '4b0775bf33a1c668afd757bda1be6ae0aef8d003c59c228d40ff1f6d454d1638', '81081297a3e27c9dfdac573b7d28c82ed694c183a386318a16c233502e058300');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '7', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"integration_needs","version":1,"via":"form"}', '81081297a3e27c9dfdac573b7d28c82ed694c183a386318a16c233502e058300', '072ee0b44e52c87ab75e69be4922693333e43b3a634efa73135c8f4600358b67');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '8', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"performance_requirements","version":1,"via":"form"}', '072ee0b44e52c87ab75e69be4922693333e43b3a634efa73135c8f4600358b67', '984690294d1920942b954af9796aa94c4424c61dfe34fc331ec5fb1ee3fd3fbb');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '9', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"question":"security_controls","version":1,"via":"form"}', '984690294d1920942b954af9796aa94c4424c61dfe34fc331ec5fb1ee3fd3fbb', '5ff0a695b5d34676263e0421dd1b0b6eee8db604c76d623559e693f199f8e984');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '10', 'answers_changed', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"source":"collecting","target":"collecting"}', '5ff0a695b5d34676263e0421dd1b0b6eee8db604c76d623559e693f199f8e984', '90e0d91d356d73c706b492091725ddf143560e2e3bd99fed4c7aae380f0ae5a3');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '11', 'questions_settled', 'U0AVALIND1', '2026-03-02 09:00:00.000004+00', '', '{"source":"collecting","target":"awaiting_go"}', '90e0d91d356d73c706b492091725ddf143560e2e3bd99fed4c7aae380f0ae5a3', 'ed303406325128048e2e6b8287a6eb06ec3a5381970fd0f3f499fcfa20dc52c0');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '12', 'voted', 'U0DANKIM01', '2026-03-02 09:00:00.000006+00', '', '{"gate":"go","gate_id":"gt_6v2g9g5px3","option":"approve","comment":""}', 'ed303406325128048e2e6b8287a6eb06ec3a5381970fd0f3f499fcfa20dc52c0', '618e65147eeb194ea801ebd24a591cc863baa17f2d29b4b0ad1a57b6b633978b');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '13', 'gate_decided', 'U0DANKIM01', '2026-03-02 09:00:00.000006+00', '', '{"gate":"go","gate_id":"gt_6v2g9g5px3","outcome":"approve"}', '618e65147eeb194ea801ebd24a591cc863baa17f2d29b4b0ad1a57b6b633978b', '0618a4d1454f7876a35a790684c0f2a0f462111083180eefb94c00144b0d3c3a');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '14', 'go_approved', 'U0DANKIM01', '2026-03-02 09:00:00.000006+00', '', '{"source":"awaiting_go","target":"running"}', '0618a4d1454f7876a35a790684c0f2a0f462111083180eefb94c00144b0d3c3a', '6158e9f02c60478f897c06d235b29051661aa4a2370e2ed80ef7b12036d551de');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '15', 'run_finished', 'engine', '2026-03-02 09:00:00.000012+00', '', '{"source":"running","target":"in_review"}', '6158e9f02c60478f897c06d235b29051661aa4a2370e2ed80ef7b12036d551de', 'd97da869207165606f0dd3327474905ff37bbd1e2a17e4c378ae389c3aafa055');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '16', 'voted', 'U0DANKIM01', '2026-03-02 09:00:00.000015+00', '', '{"gate":"implementation_approval","gate_id":"gt_8e7jqdvwrb","option":"approve","comment":""}', 'd97da869207165606f0dd3327474905ff37bbd1e2a17e4c378ae389c3aafa055', '8ef53cdd3a35aa3f1248260348e251e0a30314ba7f986fcc87f3cfac54c5ccdf');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '17', 'gate_decided', 'U0DANKIM01', '2026-03-02 09:00:00.000015+00', '', '{"gate":"implementation_approval","gate_id":"gt_8e7jqdvwrb","outcome":"approve"}', '8ef53cdd3a35aa3f1248260348e251e0a30314ba7f986fcc87f3cfac54c5ccdf', '4aea8d766cac1e2a4da619159fd7cbf73dd1be7c9ae9ac2037e939b8e21b42ad');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '18', 'voted', 'U0BENOKAF1', '2026-03-02 09:00:00.000017+00', '', '{"gate":"api_review","gate_id":"gt_s4yuqy9kvh","option":"approve","comment":""}', '4aea8d766cac1e2a4da619159fd7cbf73dd1be7c9ae9ac2037e939b8e21b42ad', '69d11e9b10150d8ee80dd9b054cf2c21da6cec48e79c1f44859a84f2e06ff2f2');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '19', 'gate_decided', 'U0BENOKAF1', '2026-03-02 09:00:00.000017+00', '', '{"gate":"api_review","gate_id":"gt_s4yuqy9kvh","outcome":"approve"}', '69d11e9b10150d8ee80dd9b054cf2c21da6cec48e79c1f44859a84f2e06ff2f2', 'b367ff65c6c71c225abb3bf9b28484b1caf4171bc4f58dc53cdbbc1d3c8713db');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '20', 'voted', 'U0CHLOEMA1', '2026-03-02 09:00:00.000019+00', '', '{"gate":"security_check","gate_id":"gt_jbj39bdiwk","option":"approve","comment":""}', 'b367ff65c6c71c225abb3bf9b28484b1caf4171bc4f58dc53cdbbc1d3c8713db', 'feba401bcf759949de6c4651fdb31599c6fd70a57a9eec59c11985dbd1f233e2');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '21', 'gate_decided', 'U0CHLOEMA1', '2026-03-02 09:00:00.000019+00', '', '{"gate":"security_check","gate_id":"gt_jbj39bdiwk","outcome":"approve"}', 'feba401bcf759949de6c4651fdb31599c6fd70a57a9eec59c11985dbd1f233e2', '52f618f5580c8ff501e8023443ac9c875013224c9b6b58d3c3d6dee7a3080336');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '22', 'review_settled', 'U0CHLOEMA1', '2026-03-02 09:00:00.000019+00', '', '{"source":"in_review","target":"deciding"}', '52f618f5580c8ff501e8023443ac9c875013224c9b6b58d3c3d6dee7a3080336', 'bd08d35509e591f90f3a6db5b2f11eb2fefe3a85593ec14ad61d78c16f6b4b94');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '23', 'voted', 'U0DANKIM01', '2026-03-02 09:00:00.000022+00', '', '{"gate":"iteration_complete","gate_id":"gt_nvnetatxer","option":"finish","comment":""}', 'bd08d35509e591f90f3a6db5b2f11eb2fefe3a85593ec14ad61d78c16f6b4b94', '81c720217db17601798cc72afb61bccb5c94cdec16def3da562d55790fa3c53d');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '24', 'gate_decided', 'U0DANKIM01', '2026-03-02 09:00:00.000022+00', '', '{"gate":"iteration_complete","gate_id":"gt_nvnetatxer","outcome":"finish"}', '81c720217db17601798cc72afb61bccb5c94cdec16def3da562d55790fa3c53d', '94c7c6cab440acf0379b20b44b9c00fe32391cd6b7bf84ff272c75cc10f41d45');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_25ymgcv794', '25', 'finished', 'U0DANKIM01', '2026-03-02 09:00:00.000022+00', '', '{"source":"deciding","target":"done"}', '94c7c6cab440acf0379b20b44b9c00fe32391cd6b7bf84ff272c75cc10f41d45', '80e9e7ee4aaf59c1a858401f28d24d6e8f56822cb90fa951f358aa9f0e7983c6');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_8zxhxwyu8e', '1', 'started', 'U0AVALIND1', '2026-03-02 09:00:00.000024+00', '', '{"title":"Begun","inputs":[".claude-agentflow/workspace/idea.json"],"workspace":"room/own/ev_8zxhxwyu8e"}', '', 'e5da509f40ec7db2ab7d95d0722acda223793d676d6b741e8d266523156b55e1');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_8zxhxwyu8e', '2', 'answered', 'U0AVALIND1', '2026-03-02 09:00:00.000026+00', '', '{"question":"opening_1","version":1,"via":"reply"}', 'e5da509f40ec7db2ab7d95d0722acda223793d676d6b741e8d266523156b55e1', 'fea44775e6b5d310bfd2b23f8ce7bdd7201684150f4b09defedea6a5a5a406bc');
INSERT INTO "event" ("evaluation_id", "seq", "kind", "actor", "at", "delivery", "data", "previous_hash", "hash") VALUES ('ev_8zxhxwyu8e', '3', 'answers_changed', 'U0AVALIND1', '2026-03-02 09:00:00.000026+00', '', '{"source":"collecting","target":"collecting"}', 'fea44775e6b5d310bfd2b23f8ce7bdd7201684150f4b09defedea6a5a5a406bc', 'fda288503180c6a7bacede892c2d0deb174ec7bb2e6b1a32df7457eff227b796');
INSERT INTO "surface" ("kind", "team", "owner", "wanted", "synced", "wanted_at", "worker", "lease_until", "problem", "retry_at") VALUES ('thread', 'T0LOCAL001', 'ev_25ymgcv794', '9', '0', '2026-03-02 09:00:00.000001+00', NULL, NULL, '', NULL);
INSERT INTO "surface" ("kind", "team", "owner", "wanted", "synced", "wanted_at", "worker", "lease_until", "problem", "retry_at") VALUES ('thread', 'T0LOCAL001', 'ev_8zxhxwyu8e', '2', '0', '2026-03-02 09:00:00.000024+00', NULL, NULL, '', NULL);
