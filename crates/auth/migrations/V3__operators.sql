ALTER TABLE auth_person ADD COLUMN operator_since_ms {instant};

ALTER TABLE auth_workspace ADD COLUMN suspended_at_ms {instant};
ALTER TABLE auth_workspace ADD COLUMN suspended_why {text} NOT NULL DEFAULT '';

ALTER TABLE auth_session ADD COLUMN as_person_id {id};
ALTER TABLE auth_session ADD COLUMN as_workspace_id {id};
ALTER TABLE auth_session ADD COLUMN as_reason {text} NOT NULL DEFAULT '';
ALTER TABLE auth_session ADD COLUMN as_until_ms {instant};
