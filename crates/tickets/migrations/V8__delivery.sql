-- Why an answer did not arrive with whoever asked.
ALTER TABLE tickets_message ADD COLUMN undelivered {text};
