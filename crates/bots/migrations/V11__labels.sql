-- Labels and canned replies are one set for the desk and the inbox: they stand among the tables of tickets now. The old
-- tables are left for servers that still read them during an upgrade.
--postgres: SET LOCAL karvon.server = 'on';
INSERT INTO tickets_label (workspace_id, id, name, name_fold, tone, created_at_ms)
SELECT workspace_id, id, name, name_fold, tone, created_at_ms FROM bots_label WHERE TRUE ON CONFLICT DO NOTHING;
INSERT INTO tickets_canned_reply (workspace_id, id, shortcut, text_uz, text_ru, text_en, created_at_ms)
SELECT workspace_id, id, shortcut, text_uz, text_ru, text_en, created_at_ms FROM bots_canned_reply WHERE TRUE ON CONFLICT DO NOTHING;

-- A label that is taken away goes from every conversation.
--postgres: ALTER TABLE bots_conversation_label DROP CONSTRAINT bots_conversation_label_workspace_id_label_id_fkey;
--postgres: ALTER TABLE bots_conversation_label ADD FOREIGN KEY (workspace_id, label_id)
--postgres:     REFERENCES tickets_label (workspace_id, id) ON DELETE CASCADE;
--sqlite: ALTER TABLE bots_conversation_label RENAME TO bots_conversation_label_before;
--sqlite: DROP INDEX bots_conversation_label_of;
--sqlite: CREATE TABLE bots_conversation_label (
--sqlite:     workspace_id {id} NOT NULL,
--sqlite:     conversation_id {id} NOT NULL,
--sqlite:     label_id {id} NOT NULL,
--sqlite:     PRIMARY KEY (workspace_id, conversation_id, label_id),
--sqlite:     FOREIGN KEY (workspace_id, conversation_id) REFERENCES bots_conversation (workspace_id, id),
--sqlite:     FOREIGN KEY (workspace_id, label_id) REFERENCES tickets_label (workspace_id, id) ON DELETE CASCADE
--sqlite: ) STRICT;
--sqlite: INSERT INTO bots_conversation_label (workspace_id, conversation_id, label_id)
--sqlite: SELECT workspace_id, conversation_id, label_id FROM bots_conversation_label_before;
--sqlite: DROP TABLE bots_conversation_label_before;
--sqlite: CREATE INDEX bots_conversation_label_of ON bots_conversation_label (workspace_id, label_id, conversation_id);
