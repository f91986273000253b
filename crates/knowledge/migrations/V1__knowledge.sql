CREATE TABLE knowledge_document (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    kind {text} NOT NULL,
    -- What it is called; the question of a pair.
    title {text} NOT NULL,
    -- The title folded, for the list's search.
    title_key {text} NOT NULL,
    -- Other ways to ask a pair's question.
    wordings {json} NOT NULL,
    -- The answer of a pair, a text as it was pasted; empty for a file.
    body {text} NOT NULL,
    filename {text},
    format {text},
    file_hash {text},
    state {text} NOT NULL,
    -- Why a file could not be read.
    problem {text},
    is_on {bool} NOT NULL,
    passage_count {bigint} NOT NULL,
    changed_by {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    changed_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};

CREATE TABLE knowledge_passage (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    document_id {id} NOT NULL,
    -- Its place in the document, from 1.
    position {bigint} NOT NULL,
    -- The page of a PDF on which it begins.
    page {bigint},
    heading {text},
    body {text} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, document_id, position),
    FOREIGN KEY (workspace_id, document_id) REFERENCES knowledge_document (workspace_id, id)
) {strict};

-- How often what a workspace knows has changed: an index made at another number is made anew.
CREATE TABLE knowledge_revision (
    workspace_id {id} NOT NULL,
    revision {bigint} NOT NULL,
    PRIMARY KEY (workspace_id)
) {strict};
