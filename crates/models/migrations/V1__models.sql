-- Which provider a workspace asks. The key is sealed for this workspace and this address.
CREATE TABLE models_settings (
    workspace_id {id} NOT NULL PRIMARY KEY,
    provider {text} NOT NULL,
    base_url {text} NOT NULL,
    model {text} NOT NULL,
    sealed_key {bytes},
    -- Its last characters, by which people know it again.
    key_end {text},
    is_on {bool} NOT NULL,
    tokens_per_day {bigint} NOT NULL CHECK (tokens_per_day >= 0),
    input_price_microdollars {bigint} CHECK (input_price_microdollars >= 0),
    output_price_microdollars {bigint} CHECK (output_price_microdollars >= 0),
    CHECK ((sealed_key IS NULL) = (key_end IS NULL)),
    CHECK ((input_price_microdollars IS NULL) = (output_price_microdollars IS NULL))
) {strict};

-- What of a day's budget is gone: promised to calls that are under way or whose end nobody knows, and used by the others.
CREATE TABLE models_day (
    workspace_id {id} NOT NULL,
    day {date} NOT NULL,
    reserved_tokens {bigint} NOT NULL CHECK (reserved_tokens >= 0),
    used_tokens {bigint} NOT NULL CHECK (used_tokens >= 0),
    PRIMARY KEY (workspace_id, day)
) {strict};

-- One row a call. `begun`: it is under way; when that is long ago, nobody knows how it ended.
CREATE TABLE models_call (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    at_ms {instant} NOT NULL,
    day {date} NOT NULL,
    purpose {text} NOT NULL,
    subject_id {id},
    bot_id {id},
    label {text} NOT NULL,
    provider {text} NOT NULL,
    model {text} NOT NULL,
    state {text} NOT NULL,
    reserved_tokens {bigint} NOT NULL,
    input_tokens {bigint} NOT NULL,
    output_tokens {bigint} NOT NULL,
    is_estimated {bool} NOT NULL,
    cost_nanodollars {bigint},
    duration_ms {bigint},
    error {text},
    -- What the provider said of the error.
    said {text} NOT NULL,
    question {text} NOT NULL,
    answer {text} NOT NULL,
    tools {json} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};
CREATE INDEX models_call_day ON models_call (workspace_id, day, id);
CREATE INDEX models_call_subject ON models_call (workspace_id, subject_id, day);
CREATE INDEX models_call_at ON models_call (at_ms);
