CREATE TABLE auth_workspace (
    workspace_id {id} NOT NULL PRIMARY KEY,
    name {text} NOT NULL,
    slug {text} NOT NULL UNIQUE,
    lang {text} NOT NULL,
    zone {text} NOT NULL,
    tin {text},
    phone {text},
    address {text} NOT NULL,
    created_at_ms {instant} NOT NULL
) {strict};

CREATE TABLE auth_person (
    number {serial},
    id {id} NOT NULL UNIQUE,
    name {text} NOT NULL,
    email {text} UNIQUE,
    username {text} UNIQUE,
    search_key {text} NOT NULL,
    sort_key {text} NOT NULL,
    phone {text},
    lang {text} NOT NULL,
    theme {text} NOT NULL,
    password_hash {text} NOT NULL,
    password_set_at_ms {instant} NOT NULL,
    created_at_ms {instant} NOT NULL,
    CHECK (email IS NOT NULL OR username IS NOT NULL)
) {strict};

CREATE TABLE auth_role (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    name {text} NOT NULL,
    name_key {text} NOT NULL,
    permissions {json} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_key)
) {strict};

CREATE TABLE auth_membership (
    workspace_id {id} NOT NULL,
    person_id {id} NOT NULL REFERENCES auth_person (id),
    role_id {id} NOT NULL,
    state {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, person_id),
    FOREIGN KEY (workspace_id, role_id) REFERENCES auth_role (workspace_id, id)
) {strict};
CREATE INDEX auth_membership_person ON auth_membership (person_id, workspace_id);
CREATE INDEX auth_membership_role ON auth_membership (workspace_id, role_id);

CREATE TABLE auth_session (
    id {id} NOT NULL PRIMARY KEY,
    token_hash {bytes} NOT NULL UNIQUE,
    person_id {id} NOT NULL REFERENCES auth_person (id),
    at_workspace_id {id} NOT NULL,
    agent {text} NOT NULL,
    origin {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    seen_at_ms {instant} NOT NULL
) {strict};
CREATE INDEX auth_session_person ON auth_session (person_id, id);

CREATE TABLE auth_api_key (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    prefix {text} NOT NULL,
    secret_hash {bytes} NOT NULL UNIQUE,
    permissions {json} NOT NULL,
    made_by {id} NOT NULL REFERENCES auth_person (id),
    created_at_ms {instant} NOT NULL,
    expires_at_ms {instant},
    used_at_ms {instant},
    revoked_at_ms {instant},
    PRIMARY KEY (workspace_id, id)
) {strict};

CREATE TABLE auth_throttle (
    subject {text} NOT NULL PRIMARY KEY,
    attempts {int} NOT NULL,
    blocked_until_ms {instant} NOT NULL,
    touched_at_ms {instant} NOT NULL
) {strict};
CREATE INDEX auth_throttle_touched ON auth_throttle (touched_at_ms);
