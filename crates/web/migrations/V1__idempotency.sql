CREATE TABLE web_idempotency (
    workspace_id {id} NOT NULL,
    actor {text} NOT NULL,
    idempotency_key {text} NOT NULL,
    request_hash {bytes} NOT NULL,
    answer {json} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, actor, idempotency_key)
) {strict};
CREATE INDEX web_idempotency_age ON web_idempotency (created_at_ms);
