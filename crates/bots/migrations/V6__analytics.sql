-- What is counted while people talk, a row for each conversation and day, step or wait: conversations never wait for each
-- other to be counted.
CREATE TABLE bots_day (
    workspace_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    day {date} NOT NULL,
    channel_id {id} NOT NULL,
    is_new {bool} NOT NULL,
    heard {bigint} NOT NULL,
    said {bigint} NOT NULL,
    answered {bigint} NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, day)
) {strict};
CREATE INDEX bots_day_channel ON bots_day (workspace_id, channel_id, day);

-- A step that a person came to in an errand (from one time at home to the next), and whether they got through it.
CREATE TABLE bots_visit (
    workspace_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    errand {bigint} NOT NULL,
    step {text} NOT NULL,
    flow {text} NOT NULL,
    day {date} NOT NULL,
    channel_id {id} NOT NULL,
    passed {bool} NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, errand, step)
) {strict};
CREATE INDEX bots_visit_channel ON bots_visit (workspace_id, channel_id, day, flow, step, passed);

-- How long a person waited for somebody of the staff.
CREATE TABLE bots_answer (
    workspace_id {id} NOT NULL,
    conversation_id {id} NOT NULL,
    asked_at_ms {instant} NOT NULL,
    channel_id {id} NOT NULL,
    day {date} NOT NULL,
    waited_ms {bigint} NOT NULL,
    author_id {id} NOT NULL,
    author_name {text} NOT NULL,
    PRIMARY KEY (workspace_id, conversation_id, asked_at_ms)
) {strict};
CREATE INDEX bots_answer_channel ON bots_answer (workspace_id, channel_id, day);
