-- What can be applied for, and what is asked for it.
CREATE TABLE applications_form (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    code {text} NOT NULL,
    name_uz {text} NOT NULL,
    name_ru {text},
    name_en {text},
    position {int} NOT NULL,
    is_open {bool} NOT NULL,
    -- A JSON list, as text: the fields stay in the order in which they are asked.
    fields {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, code)
) {strict};

-- A contact who applies.
CREATE TABLE applications_applicant (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    contact_id {id} NOT NULL,
    telegram_id {bigint},
    telegram_chat_id {bigint},
    -- What a bot of ours calls the chat with them by.
    chat_ref {text},
    username {text},
    first_name {text},
    last_name {text},
    sort_key {text} NOT NULL,
    gender {text},
    birth_date {date},
    phone {text},
    email {text},
    region_id {id},
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    -- What was personal was taken away then.
    erased_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id),
    FOREIGN KEY (workspace_id, region_id) REFERENCES catalog_item (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX applications_applicant_telegram ON applications_applicant (workspace_id, telegram_id)
    WHERE telegram_id IS NOT NULL;
CREATE UNIQUE INDEX applications_applicant_chat ON applications_applicant (workspace_id, chat_ref)
    WHERE chat_ref IS NOT NULL;
CREATE INDEX applications_applicant_latest ON applications_applicant (workspace_id, created_at_ms, id);
CREATE INDEX applications_applicant_name ON applications_applicant (workspace_id, sort_key, id);
CREATE INDEX applications_applicant_region ON applications_applicant (workspace_id, region_id);

-- The folded words of names, and ends of phones: a search finds their beginnings.
CREATE TABLE applications_word (
    workspace_id {id} NOT NULL,
    word {text} NOT NULL,
    applicant_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, word, applicant_id),
    FOREIGN KEY (workspace_id, applicant_id) REFERENCES applications_applicant (workspace_id, id)
--sqlite: ) STRICT, WITHOUT ROWID;
--postgres: );
CREATE INDEX applications_word_applicant ON applications_word (workspace_id, applicant_id);

CREATE TABLE applications_application (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    form_id {id} NOT NULL,
    applicant_id {id} NOT NULL,
    status {text} NOT NULL,
    -- A JSON object, as text: answers by their fields' keys, in the order in which they came.
    answers {text} NOT NULL,
    submitted_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    -- Nobody applies twice for the same, also when two submissions come at once.
    UNIQUE (workspace_id, form_id, applicant_id),
    FOREIGN KEY (workspace_id, form_id) REFERENCES applications_form (workspace_id, id),
    FOREIGN KEY (workspace_id, applicant_id) REFERENCES applications_applicant (workspace_id, id)
) {strict};
CREATE INDEX applications_application_latest ON applications_application (workspace_id, submitted_at_ms, id);
CREATE INDEX applications_application_changed ON applications_application (workspace_id, updated_at_ms, id);
CREATE INDEX applications_application_form ON applications_application (workspace_id, form_id, submitted_at_ms, id);
CREATE INDEX applications_application_status
    ON applications_application (workspace_id, form_id, status, submitted_at_ms, id);
CREATE INDEX applications_application_applicant
    ON applications_application (workspace_id, applicant_id, submitted_at_ms, id);

-- The catalog items that were chosen: an item that somebody chose cannot be deleted.
CREATE TABLE applications_choice (
    workspace_id {id} NOT NULL,
    application_id {id} NOT NULL,
    field_key {text} NOT NULL,
    item_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, application_id, field_key),
    FOREIGN KEY (workspace_id, application_id) REFERENCES applications_application (workspace_id, id),
    FOREIGN KEY (workspace_id, item_id) REFERENCES catalog_item (workspace_id, id)
) {strict};
CREATE INDEX applications_choice_item ON applications_choice (workspace_id, item_id, application_id);

-- What became of an application, in its order.
CREATE TABLE applications_entry (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    application_id {id} NOT NULL,
    -- Who did it.
    author {text} NOT NULL,
    -- What was done, as JSON.
    body {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, application_id) REFERENCES applications_application (workspace_id, id)
) {strict};
CREATE INDEX applications_entry_of ON applications_entry (workspace_id, application_id, created_at_ms, id);
