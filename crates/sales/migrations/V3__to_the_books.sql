-- How far an order has come: what went out, what was invoiced, credited and paid. The sums follow the documents below.
ALTER TABLE sales_order ADD COLUMN delivery_state {text} NOT NULL DEFAULT 'none'
    CHECK (delivery_state IN ('none', 'part', 'whole', 'closed'));
ALTER TABLE sales_order ADD COLUMN invoiced_tiyin {money} NOT NULL DEFAULT 0 CHECK (invoiced_tiyin >= 0);
ALTER TABLE sales_order ADD COLUMN credited_tiyin {money} NOT NULL DEFAULT 0 CHECK (credited_tiyin >= 0);
ALTER TABLE sales_order ADD COLUMN paid_tiyin {money} NOT NULL DEFAULT 0 CHECK (paid_tiyin >= 0);
ALTER TABLE sales_order_line ADD COLUMN delivered {quantity} NOT NULL DEFAULT 0 CHECK (delivered >= 0);
ALTER TABLE sales_order_line ADD COLUMN delivered_cost_tiyin {money} NOT NULL DEFAULT 0
    CHECK (delivered_cost_tiyin >= 0);
ALTER TABLE sales_order_line ADD COLUMN invoiced {quantity} NOT NULL DEFAULT 0 CHECK (invoiced >= 0);
ALTER TABLE sales_order_line ADD COLUMN returned {quantity} NOT NULL DEFAULT 0 CHECK (returned >= 0);
ALTER TABLE sales_order_line ADD COLUMN returned_cost_tiyin {money} NOT NULL DEFAULT 0
    CHECK (returned_cost_tiyin >= 0);

-- Goods that went out for an order. Written once; undone by a row of its own columns, never edited.
CREATE TABLE sales_delivery (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    order_id {id} NOT NULL,
    delivered_on {date} NOT NULL,
    cost_tiyin {money} NOT NULL,
    line_count {int} NOT NULL,
    note {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    undone_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, order_id) REFERENCES sales_order (workspace_id, id),
    CHECK (cost_tiyin >= 0)
) {strict};
CREATE INDEX sales_delivery_order ON sales_delivery (workspace_id, order_id, number);
CREATE INDEX sales_delivery_day ON sales_delivery (workspace_id, delivered_on, number);

CREATE TABLE sales_delivery_line (
    workspace_id {id} NOT NULL,
    delivery_id {id} NOT NULL,
    position {int} NOT NULL,
    order_line_id {id} NOT NULL,
    product_id {id} NOT NULL,
    warehouse_id {id} NOT NULL,
    quantity {quantity} NOT NULL,
    cost_tiyin {money} NOT NULL,
    PRIMARY KEY (workspace_id, delivery_id, position),
    FOREIGN KEY (workspace_id, delivery_id) REFERENCES sales_delivery (workspace_id, id),
    FOREIGN KEY (workspace_id, order_line_id) REFERENCES sales_order_line (workspace_id, id),
    FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id),
    FOREIGN KEY (workspace_id, warehouse_id) REFERENCES stock_warehouse (workspace_id, id),
    CHECK (quantity > 0),
    CHECK (cost_tiyin >= 0)
) {strict};
CREATE INDEX sales_delivery_line_order_line ON sales_delivery_line (workspace_id, order_line_id);

-- Invoices and the credit notes that take them back, in whole or in part. Numbers have no gap within a year and a kind.
CREATE TABLE sales_invoice (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    year {int} NOT NULL,
    number {bigint} NOT NULL,
    order_id {id} NOT NULL,
    customer_id {id},
    -- The invoice that a credit note takes back.
    credits_id {id},
    invoiced_on {date} NOT NULL,
    net_tiyin {money} NOT NULL,
    vat_tiyin {money} NOT NULL,
    total_tiyin {money} NOT NULL,
    -- Of these, for bringing the goods.
    fee_net_tiyin {money} NOT NULL,
    fee_vat_tiyin {money} NOT NULL,
    fee_total_tiyin {money} NOT NULL,
    fee_vat_basis_points {rate} NOT NULL,
    line_count {int} NOT NULL,
    -- What was paid of it, and what credit notes took back; both follow their documents.
    paid_tiyin {money} NOT NULL,
    credited_tiyin {money} NOT NULL,
    note {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, kind, year, number),
    FOREIGN KEY (workspace_id, order_id) REFERENCES sales_order (workspace_id, id),
    FOREIGN KEY (workspace_id, customer_id) REFERENCES contacts_contact (workspace_id, id),
    FOREIGN KEY (workspace_id, credits_id) REFERENCES sales_invoice (workspace_id, id),
    CHECK (kind IN ('invoice', 'credit_note')),
    CHECK ((kind = 'credit_note') = (credits_id IS NOT NULL)),
    CHECK (net_tiyin + vat_tiyin = total_tiyin),
    CHECK (fee_net_tiyin + fee_vat_tiyin = fee_total_tiyin),
    CHECK (net_tiyin >= 0),
    CHECK (vat_tiyin >= 0),
    CHECK (fee_net_tiyin >= 0 AND fee_net_tiyin <= net_tiyin),
    CHECK (fee_vat_tiyin >= 0 AND fee_vat_tiyin <= vat_tiyin),
    CHECK (paid_tiyin >= 0),
    CHECK (credited_tiyin >= 0),
    CHECK (paid_tiyin + credited_tiyin <= total_tiyin)
) {strict};
CREATE INDEX sales_invoice_order ON sales_invoice (workspace_id, order_id, year, number);
CREATE INDEX sales_invoice_customer ON sales_invoice (workspace_id, customer_id, year, number);
CREATE INDEX sales_invoice_day ON sales_invoice (workspace_id, kind, invoiced_on, number);
CREATE INDEX sales_invoice_credits ON sales_invoice (workspace_id, credits_id);
-- What customers owe reads the open ones alone.
CREATE INDEX sales_invoice_open ON sales_invoice (workspace_id, customer_id, year, number)
    WHERE kind = 'invoice' AND paid_tiyin + credited_tiyin < total_tiyin;

CREATE TABLE sales_invoice_line (
    workspace_id {id} NOT NULL,
    invoice_id {id} NOT NULL,
    position {int} NOT NULL,
    order_line_id {id} NOT NULL,
    product_id {id} NOT NULL,
    quantity {quantity} NOT NULL,
    price_tiyin {money} NOT NULL,
    discount_basis_points {rate} NOT NULL,
    vat {text} NOT NULL,
    vat_basis_points {rate} NOT NULL,
    net_tiyin {money} NOT NULL,
    vat_tiyin {money} NOT NULL,
    total_tiyin {money} NOT NULL,
    PRIMARY KEY (workspace_id, invoice_id, position),
    FOREIGN KEY (workspace_id, invoice_id) REFERENCES sales_invoice (workspace_id, id),
    FOREIGN KEY (workspace_id, order_line_id) REFERENCES sales_order_line (workspace_id, id),
    FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id),
    CHECK (quantity > 0),
    CHECK (net_tiyin >= 0),
    CHECK (vat_tiyin >= 0),
    CHECK (net_tiyin + vat_tiyin = total_tiyin)
) {strict};
CREATE INDEX sales_invoice_line_product ON sales_invoice_line (workspace_id, product_id);

-- Money of customers, and money given back to them.
CREATE TABLE sales_payment (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    kind {text} NOT NULL,
    number {bigint} NOT NULL,
    order_id {id},
    customer_id {id},
    register_id {id} NOT NULL,
    -- The register's own row of it.
    transaction_id {id} NOT NULL,
    amount_tiyin {money} NOT NULL,
    -- What of it pays invoices, and what was given back; the rest is an advance.
    allocated_tiyin {money} NOT NULL,
    refunded_tiyin {money} NOT NULL,
    paid_on {date} NOT NULL,
    note {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    reversed_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, order_id) REFERENCES sales_order (workspace_id, id),
    FOREIGN KEY (workspace_id, customer_id) REFERENCES contacts_contact (workspace_id, id),
    CHECK (kind IN ('payment', 'refund')),
    CHECK (order_id IS NOT NULL OR customer_id IS NOT NULL),
    CHECK (amount_tiyin > 0),
    CHECK (allocated_tiyin >= 0),
    CHECK (refunded_tiyin >= 0),
    CHECK (allocated_tiyin + refunded_tiyin <= amount_tiyin)
) {strict};
CREATE INDEX sales_payment_order ON sales_payment (workspace_id, order_id, number);
CREATE INDEX sales_payment_customer ON sales_payment (workspace_id, customer_id, number);
CREATE INDEX sales_payment_day ON sales_payment (workspace_id, paid_on, number);

CREATE TABLE sales_allocation (
    workspace_id {id} NOT NULL,
    invoice_id {id} NOT NULL,
    payment_id {id} NOT NULL,
    amount_tiyin {money} NOT NULL,
    PRIMARY KEY (workspace_id, invoice_id, payment_id),
    FOREIGN KEY (workspace_id, invoice_id) REFERENCES sales_invoice (workspace_id, id),
    FOREIGN KEY (workspace_id, payment_id) REFERENCES sales_payment (workspace_id, id),
    CHECK (amount_tiyin >= 0)
) {strict};
CREATE INDEX sales_allocation_payment ON sales_allocation (workspace_id, payment_id);
