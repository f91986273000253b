ALTER TABLE auth_person ADD COLUMN email_confirmed_at_ms {instant};

CREATE TABLE auth_link (
    id {id} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    token_hash {bytes} UNIQUE,
    person_id {id} REFERENCES auth_person (id),
    email {text} NOT NULL,
    content {json},
    created_at_ms {instant} NOT NULL,
    expires_at_ms {instant} NOT NULL
) {strict};
CREATE INDEX auth_link_person ON auth_link (person_id, kind);
CREATE INDEX auth_link_expires ON auth_link (expires_at_ms);

CREATE TABLE auth_invitation (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    token_hash {bytes} UNIQUE,
    email {text},
    name {text} NOT NULL,
    role_id {id} NOT NULL,
    lang {text} NOT NULL,
    invited_by {id} REFERENCES auth_person (id),
    mailed {bool} NOT NULL,
    created_at_ms {instant} NOT NULL,
    sent_at_ms {instant} NOT NULL,
    expires_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, email),
    FOREIGN KEY (workspace_id, role_id) REFERENCES auth_role (workspace_id, id)
) {strict};
CREATE INDEX auth_invitation_role ON auth_invitation (workspace_id, role_id);
CREATE INDEX auth_invitation_email ON auth_invitation (email);

-- Who was asked to join by an address that had a sign-in is invited as everybody else; a week begins anew.
INSERT INTO auth_invitation (workspace_id, id, token_hash, email, name, role_id, lang, invited_by, mailed,
    created_at_ms, sent_at_ms, expires_at_ms)
SELECT m.workspace_id, m.person_id, NULL, p.email, '', m.role_id, p.lang, NULL, {false},
    m.created_at_ms, m.created_at_ms, m.created_at_ms + 604800000
FROM auth_membership m JOIN auth_person p ON p.id = m.person_id
WHERE m.state = 'invited' AND p.email IS NOT NULL;
DELETE FROM auth_membership WHERE state = 'invited';
