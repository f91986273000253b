CREATE TABLE ingest_import (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    -- What becomes of the good rows where some are bad.
    policy {text} NOT NULL,
    filename {text} NOT NULL,
    -- The file as it came: its bytes' hash, and whether the store of blobs has it (a command's file it has not).
    file_hash {text} NOT NULL,
    file_kept {bool} NOT NULL,
    -- The headings of the file's columns, which field each holds (null: none), its first rows.
    headings {json} NOT NULL,
    fields {json} NOT NULL,
    sample {json} NOT NULL,
    row_count {bigint} NOT NULL,
    good_count {bigint} NOT NULL,
    bad_count {bigint} NOT NULL,
    created_count {bigint} NOT NULL,
    changed_count {bigint} NOT NULL,
    same_count {bigint} NOT NULL,
    -- The stock receipt that came of it.
    receipt_id {id},
    -- The job that reads or applies it now, or did last.
    job_id {id},
    created_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    finished_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};
CREATE INDEX ingest_import_file ON ingest_import (workspace_id, file_hash);

-- The rows of a file, staged outside the books until they are applied.
CREATE TABLE ingest_row (
    workspace_id {id} NOT NULL,
    import_id {id} NOT NULL,
    row_number {bigint} NOT NULL,
    state {text} NOT NULL,
    -- The cells as they stand in the file, of a bad row.
    cells {json},
    -- What the row says, of a good row.
    entry {json},
    -- What is wrong with it, of a bad row.
    problems {json},
    PRIMARY KEY (workspace_id, import_id, row_number),
    FOREIGN KEY (workspace_id, import_id) REFERENCES ingest_import (workspace_id, id)
) {strict};
CREATE INDEX ingest_row_state ON ingest_row (workspace_id, import_id, state, row_number);
