-- What a chat on a site shows, and which sites may show it; the channel's row says whose it is.
CREATE TABLE bots_web_chat (
    workspace_id {id} NOT NULL,
    channel_id {id} NOT NULL,
    public_key {text} NOT NULL,
    title {text} NOT NULL,
    greeting {text} NOT NULL,
    colour {text} NOT NULL,
    side {text} NOT NULL,
    origins {json} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, channel_id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES bots_channel (workspace_id, id)
) {strict};
-- A key names one chat of the whole server.
CREATE UNIQUE INDEX bots_web_chat_key ON bots_web_chat (public_key);

-- Somebody at a site. Their browser keeps a token, and here is its hash only.
CREATE TABLE bots_visitor (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    channel_id {id} NOT NULL,
    token_hash {text} NOT NULL,
    name {text} NOT NULL,
    lang {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, channel_id) REFERENCES bots_channel (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX bots_visitor_token ON bots_visitor (workspace_id, channel_id, token_hash);
