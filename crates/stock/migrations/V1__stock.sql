CREATE TABLE stock_warehouse (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    name {text} NOT NULL,
    -- The name as search and uniqueness see it.
    name_fold {text} NOT NULL,
    is_default {bool} NOT NULL,
    may_be_negative {bool} NOT NULL,
    active {bool} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, name_fold),
    CHECK (active OR NOT is_default)
) {strict};
CREATE UNIQUE INDEX stock_warehouse_default ON stock_warehouse (workspace_id) WHERE is_default;

-- One row for each product in each warehouse where it ever was. Writers lock it before they change it.
CREATE TABLE stock_balance (
    workspace_id {id} NOT NULL,
    warehouse_id {id} NOT NULL,
    product_id {id} NOT NULL,
    on_hand {quantity} NOT NULL,
    reserved {quantity} NOT NULL,
    value_tiyin {money} NOT NULL,
    -- How many moves it is the sum of.
    moves {bigint} NOT NULL,
    -- The warehouse's word, kept here so that the database itself can hold the row to it.
    may_be_negative {bool} NOT NULL,
    PRIMARY KEY (workspace_id, warehouse_id, product_id),
    FOREIGN KEY (workspace_id, warehouse_id) REFERENCES stock_warehouse (workspace_id, id),
    FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id),
    CHECK (may_be_negative OR on_hand >= 0),
    CHECK (reserved >= 0),
    CHECK (may_be_negative OR reserved <= on_hand),
    -- The remainder of an average goes out with the last unit, and a value has the sign of its quantity.
    CHECK (on_hand <> 0 OR value_tiyin = 0),
    CHECK (on_hand < 0 OR value_tiyin >= 0),
    CHECK (on_hand > 0 OR value_tiyin <= 0)
) {strict};
CREATE INDEX stock_balance_product ON stock_balance (workspace_id, product_id);

-- What changed a balance, one row a change, never edited and never deleted.
CREATE TABLE stock_move (
    workspace_id {id} NOT NULL,
    warehouse_id {id} NOT NULL,
    product_id {id} NOT NULL,
    -- The place among the moves of its balance, from 1 without a gap.
    ordinal {bigint} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    quantity {quantity} NOT NULL,
    value_tiyin {money} NOT NULL,
    on_hand_after {quantity} NOT NULL,
    value_after_tiyin {money} NOT NULL,
    -- The document it comes from.
    source_id {id} NOT NULL,
    moved_on {date} NOT NULL,
    at_ms {instant} NOT NULL,
    note {text} NOT NULL,
    PRIMARY KEY (workspace_id, warehouse_id, product_id, ordinal),
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, warehouse_id, product_id)
        REFERENCES stock_balance (workspace_id, warehouse_id, product_id),
    CHECK (kind IN ('opening', 'receipt', 'adjustment', 'delivery', 'return', 'revaluation')),
    CHECK (quantity <> 0 OR kind = 'revaluation'),
    CHECK (ordinal > 0)
) {strict};
CREATE INDEX stock_move_product ON stock_move (workspace_id, product_id, at_ms);
CREATE INDEX stock_move_source ON stock_move (workspace_id, source_id);
CREATE INDEX stock_move_time ON stock_move (workspace_id, at_ms);

--sqlite: CREATE TRIGGER stock_move_never_updated BEFORE UPDATE ON stock_move BEGIN SELECT RAISE(ABORT, 'a stock move is never changed'); END;
--sqlite: CREATE TRIGGER stock_move_never_deleted BEFORE DELETE ON stock_move BEGIN SELECT RAISE(ABORT, 'a stock move is never deleted'); END;
--postgres: CREATE FUNCTION stock_move_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a stock move is never changed and never deleted'; END $$;
--postgres: CREATE TRIGGER stock_move_append_only BEFORE UPDATE OR DELETE ON stock_move FOR EACH ROW EXECUTE FUNCTION stock_move_is_append_only();
--postgres: CREATE TRIGGER stock_move_not_emptied BEFORE TRUNCATE ON stock_move FOR EACH STATEMENT EXECUTE FUNCTION stock_move_is_append_only();

-- What stands promised to the lines of an order, from which warehouse.
CREATE TABLE stock_reservation (
    workspace_id {id} NOT NULL,
    source_id {id} NOT NULL,
    line_id {id} NOT NULL,
    warehouse_id {id} NOT NULL,
    product_id {id} NOT NULL,
    quantity {quantity} NOT NULL,
    reserved_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, source_id, line_id, warehouse_id),
    FOREIGN KEY (workspace_id, warehouse_id, product_id)
        REFERENCES stock_balance (workspace_id, warehouse_id, product_id),
    CHECK (quantity > 0)
) {strict};
CREATE INDEX stock_reservation_balance ON stock_reservation (workspace_id, warehouse_id, product_id);

CREATE TABLE stock_receipt (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    warehouse_id {id} NOT NULL,
    supplier_id {id},
    received_on {date} NOT NULL,
    status {text} NOT NULL,
    note {text} NOT NULL,
    total_tiyin {money} NOT NULL,
    line_count {int} NOT NULL,
    version {bigint} NOT NULL,
    created_at_ms {instant} NOT NULL,
    posted_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, warehouse_id) REFERENCES stock_warehouse (workspace_id, id),
    FOREIGN KEY (workspace_id, supplier_id) REFERENCES contacts_contact (workspace_id, id),
    CHECK (status IN ('draft', 'posted')),
    CHECK ((status = 'posted') = (posted_at_ms IS NOT NULL))
) {strict};

CREATE TABLE stock_receipt_line (
    workspace_id {id} NOT NULL,
    receipt_id {id} NOT NULL,
    position {int} NOT NULL,
    product_id {id} NOT NULL,
    quantity {quantity} NOT NULL,
    unit_cost_tiyin {money} NOT NULL,
    value_tiyin {money} NOT NULL,
    PRIMARY KEY (workspace_id, receipt_id, position),
    FOREIGN KEY (workspace_id, receipt_id) REFERENCES stock_receipt (workspace_id, id),
    FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id),
    CHECK (quantity > 0),
    CHECK (unit_cost_tiyin >= 0),
    CHECK (value_tiyin >= 0)
) {strict};
