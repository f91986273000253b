-- Somebody is asked to answer at the desk: whoever opens the link first becomes that agent.
CREATE TABLE tickets_invitation (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    -- SHA-256 of the key; the key itself is kept nowhere.
    key_hash {bytes} NOT NULL,
    is_head {bool} NOT NULL,
    -- The ids of the categories.
    categories {json} NOT NULL,
    lang {text} NOT NULL,
    invited_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    expires_at_ms {instant} NOT NULL,
    revoked_at_ms {instant},
    accepted_at_ms {instant},
    accepted_by {id},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, key_hash),
    FOREIGN KEY (workspace_id, accepted_by) REFERENCES tickets_agent (workspace_id, id),
    CHECK ((accepted_at_ms IS NULL) = (accepted_by IS NULL))
) {strict};
CREATE INDEX tickets_invitation_newest ON tickets_invitation (workspace_id, created_at_ms);
CREATE INDEX tickets_invitation_agent ON tickets_invitation (workspace_id, accepted_by) WHERE accepted_by IS NOT NULL;
