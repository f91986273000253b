-- Who answers in a conversation, and since when somebody waits for them. `told_at_ms` is when pages were last told that
-- something was said.
ALTER TABLE bots_conversation ADD COLUMN with_person {bool} NOT NULL DEFAULT {false};
ALTER TABLE bots_conversation ADD COLUMN assignee_id {id};
ALTER TABLE bots_conversation ADD COLUMN assignee_name {text};
ALTER TABLE bots_conversation ADD COLUMN waiting_since_ms {instant};
ALTER TABLE bots_conversation ADD COLUMN unread {bigint} NOT NULL DEFAULT 0;
ALTER TABLE bots_conversation ADD COLUMN told_at_ms {instant} NOT NULL DEFAULT 0;
UPDATE bots_conversation SET with_person = {true} WHERE session LIKE '%"state":"handed_over"%';
CREATE INDEX bots_conversation_desk ON bots_conversation (workspace_id, with_person, last_at_ms);
CREATE INDEX bots_conversation_contact ON bots_conversation (workspace_id, contact_id) WHERE contact_id IS NOT NULL;

-- Who of the staff said it.
ALTER TABLE bots_message ADD COLUMN author_id {id};
ALTER TABLE bots_message ADD COLUMN author_name {text};

CREATE TABLE bots_label (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    name_fold {text} NOT NULL,
    tone {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_fold)
) {strict};

CREATE TABLE bots_conversation_label (
    workspace_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    label_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, label_id),
    FOREIGN KEY (workspace_id, conversation_id) REFERENCES bots_conversation (workspace_id, id),
    FOREIGN KEY (workspace_id, label_id) REFERENCES bots_label (workspace_id, id)
) {strict};
CREATE INDEX bots_conversation_label_of ON bots_conversation_label (workspace_id, label_id, conversation_id);

-- Answers that staff give often, by a short word.
CREATE TABLE bots_canned_reply (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    shortcut {text} NOT NULL,
    text_uz {text} NOT NULL,
    text_ru {text} NOT NULL,
    text_en {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, shortcut)
) {strict};

-- What people and the staff said, folded, for the search: narrow rows, looked through from the newest on.
CREATE TABLE bots_said (
    workspace_id {id} NOT NULL,
    at_ms {instant} NOT NULL,
    message_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    fold {text} NOT NULL,
    PRIMARY KEY (workspace_id, at_ms, message_id)
) {strict};

-- Files that people sent, once somebody asked for them: until then they stay with the platform.
CREATE TABLE bots_media (
    workspace_id {id} NOT NULL,
    message_id {id} NOT NULL,
    file {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, message_id)
) {strict};
