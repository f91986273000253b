CREATE TABLE context_counter (
    workspace_id {id} NOT NULL,
    series {text} NOT NULL,
    last_number {bigint} NOT NULL,
    PRIMARY KEY (workspace_id, series)
) {strict};

CREATE TABLE context_setting (
    workspace_id {id} NOT NULL,
    name {text} NOT NULL,
    value {json} NOT NULL,
    PRIMARY KEY (workspace_id, name)
) {strict};
