-- A file on its way into a campaign's roster.
CREATE TABLE surveys_import (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    campaign_id {id} NOT NULL,
    state {text} NOT NULL,
    filename {text} NOT NULL,
    -- The hash of the file's bytes in the store of blobs.
    file_hash {text} NOT NULL,
    -- Whether students whom the file does not name are deactivated.
    deactivates_missing {bool} NOT NULL,
    row_count {bigint} NOT NULL,
    created_count {bigint} NOT NULL,
    updated_count {bigint} NOT NULL,
    unchanged_count {bigint} NOT NULL,
    deactivated_count {bigint} NOT NULL,
    -- Everything that is wrong, counted; the first of it is kept.
    wrong_count {bigint} NOT NULL,
    problems {json} NOT NULL,
    -- Why the file as a whole could not be taken.
    refusal {json},
    job_id {id},
    created_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    finished_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, campaign_id) REFERENCES surveys_campaign (workspace_id, id)
) {strict};
CREATE INDEX surveys_import_list ON surveys_import (workspace_id, campaign_id, created_at_ms, id);

-- Rows of a file that were found right and wait outside of the roster until all of them go in at once.
CREATE TABLE surveys_import_row (
    workspace_id {id} NOT NULL,
    import_id {id} NOT NULL,
    student_fold {text} NOT NULL,
    -- The id that the row has in the roster where the student is new there.
    id {id} NOT NULL,
    student_external_id {text} NOT NULL,
    program_id {id} NOT NULL,
    -- Nothing where the file does not say it: what stands in the roster stays.
    course_year {int},
    is_active {bool} NOT NULL,
    metadata {text},
    PRIMARY KEY (workspace_id, import_id, student_fold),
    FOREIGN KEY (workspace_id, import_id) REFERENCES surveys_import (workspace_id, id)
) {strict};
