-- What a conversation is found by: the person's name and the name on the platform, folded. Rows from before are found by
-- the search itself until the person writes again.
ALTER TABLE bots_conversation ADD COLUMN search_fold {text} NOT NULL DEFAULT '';
CREATE INDEX bots_conversation_unfolded ON bots_conversation (workspace_id, last_at_ms) WHERE search_fold = '';
