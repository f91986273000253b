-- What the staff sorts tickets and conversations by, and answers that it gives often by a short word.
CREATE TABLE tickets_label (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    name {text} NOT NULL,
    name_fold {text} NOT NULL,
    tone {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, name_fold)
) {strict};

CREATE TABLE tickets_canned_reply (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    shortcut {text} NOT NULL,
    text_uz {text} NOT NULL,
    text_ru {text} NOT NULL,
    text_en {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, shortcut)
) {strict};
