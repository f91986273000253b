-- Questions to the assistant, and what answered them.
ALTER TABLE bots_day ADD COLUMN asked {bigint} NOT NULL DEFAULT 0;
ALTER TABLE bots_day ADD COLUMN by_model {bigint} NOT NULL DEFAULT 0;
ALTER TABLE bots_day ADD COLUMN by_knowledge {bigint} NOT NULL DEFAULT 0;
ALTER TABLE bots_day ADD COLUMN by_small_talk {bigint} NOT NULL DEFAULT 0;
