-- Tickets that are opened in a chat: where, and what the chat calls each message.

ALTER TABLE tickets_ticket ADD COLUMN chat_ref {text};

ALTER TABLE tickets_message ADD COLUMN chat_key {text};
ALTER TABLE tickets_message ADD COLUMN edited_at_ms {instant};
-- What a chat calls one message is said once, however often it comes.
CREATE UNIQUE INDEX tickets_message_chat_key ON tickets_message (workspace_id, chat_key) WHERE chat_key IS NOT NULL;
CREATE INDEX tickets_ticket_chat ON tickets_ticket (workspace_id, chat_ref) WHERE is_open;
