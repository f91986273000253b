CREATE TABLE mail_letter (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    recipient {text} NOT NULL,
    subject {text} NOT NULL,
    sealed {bytes},
    state {text} NOT NULL,
    attempts {int} NOT NULL,
    error {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    expires_at_ms {instant},
    ended_at_ms {instant},
    PRIMARY KEY (workspace_id, id)
) {strict};
CREATE INDEX mail_letter_created ON mail_letter (created_at_ms);
