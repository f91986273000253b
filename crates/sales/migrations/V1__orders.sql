CREATE TABLE sales_order (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    status {text} NOT NULL,
    source {text} NOT NULL,
    customer_id {id},
    ordered_on {date} NOT NULL,
    prices_include_vat {bool} NOT NULL,
    -- Only sums were given and no lines; the VAT stands as it was given.
    amounts_only {bool} NOT NULL,
    discount_tiyin {money} NOT NULL,
    delivery_kind {text} NOT NULL,
    delivery_address {text} NOT NULL,
    delivery_place {text} NOT NULL,
    delivery_fee_tiyin {money} NOT NULL,
    net_tiyin {money} NOT NULL,
    vat_tiyin {money} NOT NULL,
    total_tiyin {money} NOT NULL,
    line_count {int} NOT NULL,
    note {text} NOT NULL,
    -- The conversation it came from, in the words of `bots`; messages about the order go there.
    chat_ref {text},
    cancel_reason {text} NOT NULL,
    -- Number, customer's name and phone, note: folded, for search.
    search_fold {text} NOT NULL,
    version {bigint} NOT NULL,
    created_at_ms {instant} NOT NULL,
    confirmed_at_ms {instant},
    cancelled_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, customer_id) REFERENCES contacts_contact (workspace_id, id),
    CHECK (status IN ('draft', 'new', 'confirmed', 'cancelled')),
    CHECK (source IN ('staff', 'chat', 'api')),
    CHECK (net_tiyin + vat_tiyin = total_tiyin),
    CHECK (net_tiyin >= 0),
    CHECK (vat_tiyin >= 0),
    CHECK (discount_tiyin >= 0),
    CHECK (delivery_fee_tiyin >= 0),
    CHECK ((status = 'cancelled') = (cancelled_at_ms IS NOT NULL))
) {strict};
CREATE INDEX sales_order_status ON sales_order (workspace_id, status, number);
CREATE INDEX sales_order_customer ON sales_order (workspace_id, customer_id, number);
CREATE INDEX sales_order_day ON sales_order (workspace_id, ordered_on, number);

CREATE TABLE sales_order_line (
    workspace_id {id} NOT NULL,
    order_id {id} NOT NULL,
    position {int} NOT NULL,
    id {id} NOT NULL,
    product_id {id} NOT NULL,
    quantity {quantity} NOT NULL,
    price_tiyin {money} NOT NULL,
    discount_basis_points {rate} NOT NULL,
    vat {text} NOT NULL,
    vat_basis_points {rate} NOT NULL,
    net_tiyin {money} NOT NULL,
    vat_tiyin {money} NOT NULL,
    total_tiyin {money} NOT NULL,
    PRIMARY KEY (workspace_id, order_id, position),
    UNIQUE (workspace_id, id),
    FOREIGN KEY (workspace_id, order_id) REFERENCES sales_order (workspace_id, id),
    FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id),
    CHECK (quantity > 0),
    CHECK (price_tiyin >= 0),
    CHECK (discount_basis_points >= 0 AND discount_basis_points <= 10000),
    CHECK (net_tiyin + vat_tiyin = total_tiyin)
) {strict};
CREATE INDEX sales_order_line_product ON sales_order_line (workspace_id, product_id);
