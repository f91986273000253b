CREATE TABLE bots_bot (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    name {text} NOT NULL,
    state {text} NOT NULL,
    version {bigint} NOT NULL,
    shop {json} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};

CREATE TABLE bots_version (
    workspace_id {id} NOT NULL,
    bot_id {id} NOT NULL,
    version {bigint} NOT NULL,
    source {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, bot_id, version),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots_bot (workspace_id, id)
) {strict};

-- A way by which people reach a bot. One of kind `simulator` a bot; of `telegram` one a token.
CREATE TABLE bots_channel (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    bot_id {id} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    account_id {bigint},
    username {text},
    token_sealed {bytes},
    intake {text},
    webhook_secret {text},
    next_update {bigint} NOT NULL DEFAULT 0,
    problem {text},
    lease_until_ms {instant} NOT NULL DEFAULT 0,
    fence {bigint} NOT NULL DEFAULT 0,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, bot_id) REFERENCES bots_bot (workspace_id, id)
) {strict};
-- One Telegram account is connected once on the whole server: two would steal each other's updates.
CREATE UNIQUE INDEX bots_channel_account ON bots_channel (kind, account_id)
    WHERE account_id IS NOT NULL AND state <> 'removed';
CREATE INDEX bots_channel_bot ON bots_channel (workspace_id, bot_id);

CREATE TABLE bots_conversation (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    channel_id {id} NOT NULL,
    chat_key {text} NOT NULL,
    person_name {text} NOT NULL,
    username {text},
    contact_id {id},
    lang {text},
    session {text} NOT NULL,
    resets {bigint} NOT NULL DEFAULT 0,
    first_seq {bigint} NOT NULL DEFAULT 0,
    blocked {bool} NOT NULL DEFAULT {false},
    created_at_ms {instant} NOT NULL,
    last_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, channel_id, chat_key),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES bots_channel (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id)
) {strict};
CREATE INDEX bots_conversation_recent ON bots_conversation (workspace_id, last_at_ms);

-- What was said, both ways; rows of `queued` are the outbox.
CREATE TABLE bots_message (
    seq {serial},
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    channel_id {id} NOT NULL,
    conversation_id {id},
    direction {text} NOT NULL,
    update_key {text},
    body {json} NOT NULL,
    outgoing {json},
    edits_id {id},
    state {text} NOT NULL,
    platform_message_id {bigint},
    attempts {int} NOT NULL DEFAULT 0,
    problem {text},
    created_at_ms {instant} NOT NULL,
    sent_at_ms {instant},
    FOREIGN KEY (workspace_id, channel_id) REFERENCES bots_channel (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX bots_message_update ON bots_message (workspace_id, channel_id, update_key)
    WHERE update_key IS NOT NULL;
CREATE INDEX bots_message_queue ON bots_message (workspace_id, channel_id, seq) WHERE state = 'queued';
CREATE INDEX bots_message_conversation ON bots_message (workspace_id, conversation_id, seq);
