-- How the desk works: how soon people are answered, who gets a ticket by itself, what became of it, and what people thought of it.

ALTER TABLE tickets_category ADD COLUMN answer_minutes {int};
ALTER TABLE tickets_category ADD COLUMN resolve_minutes {int};
ALTER TABLE tickets_category ADD COLUMN assigns {text} NOT NULL DEFAULT 'manual';

ALTER TABLE tickets_agent ADD COLUMN is_on_duty {bool} NOT NULL DEFAULT TRUE;
-- When a ticket was last given to them by itself: of those who have as many, whoever waited longest is next.
ALTER TABLE tickets_agent ADD COLUMN last_given_at_ms {instant};

-- Since when the person waits for an answer; not at all where the staff had the last word.
ALTER TABLE tickets_ticket ADD COLUMN waiting_since_ms {instant};
ALTER TABLE tickets_ticket ADD COLUMN answer_due_at_ms {instant};
ALTER TABLE tickets_ticket ADD COLUMN resolve_due_at_ms {instant};
-- The earlier of the two that still run.
ALTER TABLE tickets_ticket ADD COLUMN due_at_ms {instant};
-- Whether any answer, or the end, came after its time.
ALTER TABLE tickets_ticket ADD COLUMN was_late {bool} NOT NULL DEFAULT FALSE;
-- The time that was told as over: each is told once.
ALTER TABLE tickets_ticket ADD COLUMN alerted_due_at_ms {instant};
ALTER TABLE tickets_ticket ADD COLUMN snoozed_until_ms {instant};
ALTER TABLE tickets_ticket ADD COLUMN stars {int};
ALTER TABLE tickets_ticket ADD COLUMN rating_comment {text};
ALTER TABLE tickets_ticket ADD COLUMN rated_at_ms {instant};
ALTER TABLE tickets_ticket ADD COLUMN reopened {int} NOT NULL DEFAULT 0;
ALTER TABLE tickets_ticket ADD COLUMN merged_into {id};

UPDATE tickets_ticket SET waiting_since_ms = last_message_at_ms
WHERE is_open AND EXISTS (
    SELECT 1 FROM tickets_message said
    WHERE said.workspace_id = tickets_ticket.workspace_id AND said.ticket_id = tickets_ticket.id
        AND said.place = tickets_ticket.last_place AND NOT said.is_answer
);

CREATE INDEX tickets_ticket_latest ON tickets_ticket (workspace_id, is_open, last_message_at_ms);
CREATE INDEX tickets_ticket_waiting ON tickets_ticket (workspace_id, waiting_since_ms) WHERE waiting_since_ms IS NOT NULL;
CREATE INDEX tickets_ticket_due ON tickets_ticket (workspace_id, due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX tickets_ticket_snoozed ON tickets_ticket (workspace_id, snoozed_until_ms) WHERE snoozed_until_ms IS NOT NULL;
CREATE INDEX tickets_ticket_closed ON tickets_ticket (workspace_id, closed_at_ms) WHERE closed_at_ms IS NOT NULL;
CREATE INDEX tickets_ticket_closed_chat ON tickets_ticket (workspace_id, chat_ref, number) WHERE chat_ref IS NOT NULL;
CREATE INDEX tickets_ticket_created ON tickets_ticket (workspace_id, created_at_ms);

-- What was done with a ticket beside what was said in it, notes of the staff among it.
CREATE TABLE tickets_act (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    ticket_id {id} NOT NULL,
    -- The last message that stood in the ticket then: the act stands behind it.
    after_place {bigint} NOT NULL,
    -- Who did it.
    author {text} NOT NULL,
    body {json} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets_ticket (workspace_id, id)
) {strict};
CREATE INDEX tickets_act_ticket ON tickets_act (workspace_id, ticket_id, after_place, created_at_ms);

-- Agents who are named in a note, until they have seen the ticket.
CREATE TABLE tickets_mention (
    workspace_id {id} NOT NULL,
    agent_id {id} NOT NULL,
    ticket_id {id} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, ticket_id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES tickets_agent (workspace_id, id),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets_ticket (workspace_id, id)
) {strict};
CREATE INDEX tickets_mention_ticket ON tickets_mention (workspace_id, ticket_id);

-- Who has a ticket open just now, and whether they write in it.
CREATE TABLE tickets_presence (
    workspace_id {id} NOT NULL,
    ticket_id {id} NOT NULL,
    person_id {id} NOT NULL,
    name {text} NOT NULL,
    is_writing {bool} NOT NULL,
    seen_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, ticket_id, person_id),
    FOREIGN KEY (workspace_id, ticket_id) REFERENCES tickets_ticket (workspace_id, id)
) {strict};

-- Files that we keep ourselves, and why one could not be had.
ALTER TABLE tickets_message ADD COLUMN file_hash {text};
ALTER TABLE tickets_message ADD COLUMN file_name {text};
ALTER TABLE tickets_message ADD COLUMN file_error {text};
