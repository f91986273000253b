-- Rates that a workspace set itself. The law's own are in the program, and stand where no row begins later.
CREATE TABLE tax_vat_rate (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    starts_on {date} NOT NULL,
    rate_basis_points {rate} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, starts_on),
    CHECK (rate_basis_points >= 0 AND rate_basis_points <= 10000)
) {strict};
