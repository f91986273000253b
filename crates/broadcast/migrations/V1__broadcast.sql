-- One message to many people of one channel.
CREATE TABLE broadcast_broadcast (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    bot_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    name {text} NOT NULL,
    state {text} NOT NULL,
    content {json} NOT NULL,
    people {json} NOT NULL,
    default_lang {text} NOT NULL,
    -- The platform's id of the picture or film, once it has it.
    file_id {text},
    -- Up to which conversation the people are written down, and whether all of them are.
    listed_to_id {id},
    is_listed {bool} NOT NULL DEFAULT {false},
    due_at_ms {instant},
    created_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    started_at_ms {instant},
    ended_at_ms {instant},
    problem {text},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};
CREATE INDEX broadcast_broadcast_work ON broadcast_broadcast (workspace_id, channel_id, state)
    WHERE state IN ('scheduled', 'running');

-- One row a person: nobody gets the same twice. `sending`: a sender has it since `at_ms` under the channel's lease
-- `fence`, and nobody knows yet whether it arrived.
CREATE TABLE broadcast_recipient (
    workspace_id {id} NOT NULL,
    broadcast_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    person_id {id} NOT NULL,
    chat {bigint} NOT NULL,
    lang {text} NOT NULL,
    name {text} NOT NULL,
    state {text} NOT NULL,
    fence {bigint} NOT NULL DEFAULT 0,
    problem {text},
    at_ms {instant},
    PRIMARY KEY (workspace_id, broadcast_id, conversation_id),
    FOREIGN KEY (workspace_id, broadcast_id) REFERENCES broadcast_broadcast (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX broadcast_recipient_person ON broadcast_recipient (workspace_id, broadcast_id, person_id);
CREATE INDEX broadcast_recipient_state ON broadcast_recipient (workspace_id, broadcast_id, state, conversation_id);
