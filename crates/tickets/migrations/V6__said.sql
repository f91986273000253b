-- What was said in tickets, folded, for the search: narrow rows, looked through from the newest on. SQLite keeps them in that
-- order. What was said before is written down by a job.
--postgres: CREATE TABLE tickets_said (
--postgres:     workspace_id {id} NOT NULL,
--postgres:     at_ms {instant} NOT NULL,
--postgres:     message_id {id} NOT NULL,
--postgres:     ticket_id {id} NOT NULL,
--postgres:     fold {text} NOT NULL,
--postgres:     PRIMARY KEY (workspace_id, at_ms, message_id)
--postgres: );
--sqlite: CREATE TABLE tickets_said (
--sqlite:     workspace_id {id} NOT NULL,
--sqlite:     at_ms {instant} NOT NULL,
--sqlite:     message_id {id} NOT NULL,
--sqlite:     ticket_id {id} NOT NULL,
--sqlite:     fold {text} NOT NULL,
--sqlite:     PRIMARY KEY (workspace_id, at_ms, message_id)
--sqlite: ) STRICT, WITHOUT ROWID;
CREATE INDEX tickets_said_ticket ON tickets_said (workspace_id, ticket_id);
ALTER TABLE tickets_message ADD COLUMN is_found {bool} NOT NULL DEFAULT {false};
CREATE INDEX tickets_message_unfound ON tickets_message (workspace_id, id) WHERE NOT is_found;
