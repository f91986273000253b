-- A session is held by a cookie ('page') or by tokens ('token'); the hash is then that of the present refresh token.
ALTER TABLE auth_session ADD COLUMN kind {text} NOT NULL DEFAULT 'page';

CREATE TABLE auth_used_refresh (
    token_hash {bytes} NOT NULL PRIMARY KEY,
    session_id {id} NOT NULL REFERENCES auth_session (id) ON DELETE CASCADE,
    used_at_ms {instant} NOT NULL
) {strict};
CREATE INDEX auth_used_refresh_session ON auth_used_refresh (session_id);
CREATE INDEX auth_used_refresh_used ON auth_used_refresh (used_at_ms);

ALTER TABLE auth_api_key ADD COLUMN kind {text} NOT NULL DEFAULT 'api_key';
