CREATE TABLE context_audit_entry (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    at_ms {instant} NOT NULL,
    actor_kind {text} NOT NULL,
    actor_id {id},
    actor_name {text} NOT NULL,
    action {text} NOT NULL,
    entity {text} NOT NULL,
    entity_id {id} NOT NULL,
    before {json},
    after {json},
    origin {text} NOT NULL,
    PRIMARY KEY (workspace_id, id)
) {strict};
CREATE INDEX context_audit_entry_entity ON context_audit_entry (workspace_id, entity_id, id);

CREATE TABLE context_event (
    tx_number {txid},
    seq {serial},
    workspace_id {id} NOT NULL,
    name {text} NOT NULL,
    subject_id {id} NOT NULL,
    payload {json} NOT NULL,
    at_ms {instant} NOT NULL
) {strict};
