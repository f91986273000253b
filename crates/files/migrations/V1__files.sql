-- Which blobs a workspace has, of what kind, and who may see them. The bytes lie in the store, under their hash.
CREATE TABLE files_file (
    workspace_id {id} NOT NULL,
    hash {text} NOT NULL,
    media_type {text} NOT NULL,
    size_bytes {bigint} NOT NULL,
    -- The permission a member needs to see it; NULL is every member.
    permission {text},
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, hash)
) {strict};
