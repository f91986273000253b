CREATE TABLE ingest_import (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    -- What becomes of the good rows where some are bad.
    policy {text} NOT NULL,
    filename {text} NOT NULL,
    -- The hash of the file's bytes, and whether the store of blobs has them (those of a command it has not).
    file_hash {text} NOT NULL,
    file_kept {bool} NOT NULL,
    -- The headings of the file's columns, which field each holds (empty: none), its first rows.
    headings {json} NOT NULL,
    fields {json} NOT NULL,
    sample {json} NOT NULL,
    row_count {bigint} NOT NULL,
    good_count {bigint} NOT NULL,
    bad_count {bigint} NOT NULL,
    created_count {bigint} NOT NULL,
    changed_count {bigint} NOT NULL,
    same_count {bigint} NOT NULL,
    -- The number of the stock receipt that came of it.
    receipt_number {bigint},
    -- Why it could not be applied as a whole.
    refusal {json},
    -- The job that reads or applies it now, or did last.
    job_id {id},
    created_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    finished_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};
CREATE INDEX ingest_import_file ON ingest_import (workspace_id, file_hash);

-- The rows of a file that wait or were refused, staged outside the books. A row that was applied is not here any more.
CREATE TABLE ingest_row (
    workspace_id {id} NOT NULL,
    import_id {id} NOT NULL,
    row_number {bigint} NOT NULL,
    is_bad {bool} NOT NULL,
    -- The cells as they stand in the file.
    cells {json} NOT NULL,
    -- What is wrong with it.
    problems {json} NOT NULL,
    PRIMARY KEY (workspace_id, import_id, row_number),
    FOREIGN KEY (workspace_id, import_id) REFERENCES ingest_import (workspace_id, id)
) {strict};
CREATE INDEX ingest_row_bad ON ingest_row (workspace_id, import_id, is_bad, row_number);
