-- What people ask about, and who answers it.
CREATE TABLE tickets_category (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    name_uz {text} NOT NULL,
    name_ru {text},
    name_en {text},
    -- The name in Uzbek as others are compared with it.
    name_fold {text} NOT NULL,
    position {int} NOT NULL,
    is_active {bool} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, name_fold)
) {strict};

-- A member, somebody known by their Telegram, or both.
CREATE TABLE tickets_agent (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    member_id {id},
    telegram_id {bigint},
    full_name {text} NOT NULL,
    is_head {bool} NOT NULL,
    is_active {bool} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};
CREATE UNIQUE INDEX tickets_agent_member ON tickets_agent (workspace_id, member_id) WHERE member_id IS NOT NULL;
CREATE UNIQUE INDEX tickets_agent_telegram ON tickets_agent (workspace_id, telegram_id) WHERE telegram_id IS NOT NULL;

CREATE TABLE tickets_agent_category (
    workspace_id {id} NOT NULL,
    agent_id {id} NOT NULL,
    category_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, category_id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES tickets_agent (workspace_id, id),
    FOREIGN KEY (workspace_id, category_id) REFERENCES tickets_category (workspace_id, id)
) {strict};
CREATE INDEX tickets_agent_category_of ON tickets_agent_category (workspace_id, category_id, agent_id);

-- What Telegram calls a contact who asks; a contact without a row here was never named by it.
CREATE TABLE tickets_user (
    workspace_id {id} NOT NULL,
    contact_id {id} NOT NULL,
    telegram_id {bigint} NOT NULL,
    username {text},
    PRIMARY KEY (workspace_id, contact_id),
    UNIQUE (workspace_id, telegram_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id)
) {strict};

CREATE TABLE tickets_ticket (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    contact_id {id} NOT NULL,
    category_id {id} NOT NULL,
    agent_id {id},
    is_open {bool} NOT NULL,
    -- The last message's place in the ticket: the next one has the next place.
    last_place {bigint} NOT NULL DEFAULT 0,
    created_at_ms {instant} NOT NULL,
    first_answer_at_ms {instant},
    last_message_at_ms {instant} NOT NULL,
    closed_at_ms {instant},
    closed_by {text},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id),
    FOREIGN KEY (workspace_id, category_id) REFERENCES tickets_category (workspace_id, id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES tickets_agent (workspace_id, id),
    CHECK (is_open = (closed_at_ms IS NULL))
) {strict};
-- Nobody has two open tickets, also when two first messages come at once.
CREATE UNIQUE INDEX tickets_ticket_one_open ON tickets_ticket (workspace_id, contact_id) WHERE is_open;
CREATE INDEX tickets_ticket_contact ON tickets_ticket (workspace_id, contact_id, number);
CREATE INDEX tickets_ticket_queue ON tickets_ticket (workspace_id, is_open, category_id, number);
CREATE INDEX tickets_ticket_agent ON tickets_ticket (workspace_id, agent_id, is_open, number);

CREATE TABLE tickets_message (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    ticket_id {id} NOT NULL,
    place {bigint} NOT NULL,
    -- Who of the agents said it; nobody where the contact did.
    agent_id {id},
    is_answer {bool} NOT NULL,
    kind {text} NOT NULL,
    text {text} NOT NULL,
    file_id {text},
    file_url {text},
    latitude_e6 {int},
    longitude_e6 {int},
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, ticket_id, place),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets_ticket (workspace_id, id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES tickets_agent (workspace_id, id)
) {strict};
