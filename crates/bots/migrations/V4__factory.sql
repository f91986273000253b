-- Versions say who published them and why; one bot has one draft at most, and a count of what was done to it, by which
-- two people who edit at once are told apart.
ALTER TABLE bots_version ADD COLUMN published_by {text} NOT NULL DEFAULT '';
ALTER TABLE bots_version ADD COLUMN note {text} NOT NULL DEFAULT '';
ALTER TABLE bots_version ADD COLUMN from_version {bigint};
ALTER TABLE bots_bot ADD COLUMN draft_revision {bigint} NOT NULL DEFAULT 0;

CREATE TABLE bots_draft (
    workspace_id {id} NOT NULL,
    bot_id {id} NOT NULL,
    revision {bigint} NOT NULL,
    base_version {bigint} NOT NULL,
    source {text} NOT NULL,
    problems {bigint} NOT NULL,
    changed_by {text} NOT NULL,
    changed_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, bot_id),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots_bot (workspace_id, id)
) {strict};

-- The chat that staff is told in, and when a paused bot last said that it rests.
ALTER TABLE bots_bot ADD COLUMN staff_conversation_id {id};
ALTER TABLE bots_conversation ADD COLUMN rested_at_ms {instant} NOT NULL DEFAULT 0;

-- What a bot has heard of late; and what is erased with it.
CREATE INDEX bots_message_recent ON bots_message (workspace_id, channel_id, direction, created_at_ms);
