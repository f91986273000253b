-- What people choose from in applications and surveys: programs, directions, regions, tracks, subjects.
CREATE TABLE catalog_item (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    code {text} NOT NULL,
    -- The code without spaces and case.
    code_key {text} NOT NULL,
    -- A JSON object, as text: its keys stay in the order in which they came, and its numbers as they were written.
    metadata {text} NOT NULL,
    -- What `metadata` says of the item's place among those of its kind.
    position {int} NOT NULL,
    -- The folded words of names and code.
    search_fold {text} NOT NULL,
    is_active {bool} NOT NULL,
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, code_key)
) {strict};
-- Lists of one kind and of all, read straight from the index.
CREATE INDEX catalog_item_list ON catalog_item (workspace_id, kind, position, id);
