-- The search for names reads the index alone, from the last spoken on.
DROP INDEX bots_conversation_recent;
CREATE INDEX bots_conversation_recent ON bots_conversation (workspace_id, last_at_ms, search_fold, id);
