CREATE TABLE jobs_job (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    payload {json} NOT NULL,
    state {text} NOT NULL,
    unique_key {text},
    run_at_ms {instant} NOT NULL,
    attempts {int} NOT NULL DEFAULT 0,
    max_attempts {int} NOT NULL,
    lease_until_ms {instant} NOT NULL DEFAULT 0,
    fence {bigint} NOT NULL DEFAULT 0,
    progress_done {bigint} NOT NULL DEFAULT 0,
    progress_total {bigint} NOT NULL DEFAULT 0,
    cancel_requested {bool} NOT NULL DEFAULT {false},
    result {json},
    error {text},
    created_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    finished_at_ms {instant},
    PRIMARY KEY (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX jobs_job_unique ON jobs_job (workspace_id, unique_key)
    WHERE unique_key IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX jobs_job_due ON jobs_job (run_at_ms, id) WHERE state = 'queued';
CREATE INDEX jobs_job_leased ON jobs_job (lease_until_ms) WHERE state = 'running';

CREATE TABLE jobs_cursor (
    consumer {text} NOT NULL PRIMARY KEY,
    seq {bigint} NOT NULL
) {strict};

CREATE TABLE jobs_schedule (
    name {text} NOT NULL PRIMARY KEY,
    next_at_ms {instant} NOT NULL
) {strict};
