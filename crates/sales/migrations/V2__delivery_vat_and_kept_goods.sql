-- The VAT of the delivery fee, which is no line's; and whether the goods are kept from the beginning, as a checkout's.
ALTER TABLE sales_order ADD COLUMN delivery_vat_tiyin {money} NOT NULL DEFAULT 0;
ALTER TABLE sales_order ADD COLUMN kept_at_once {bool} NOT NULL DEFAULT FALSE;
UPDATE sales_order SET kept_at_once = TRUE WHERE source = 'chat';
UPDATE sales_order SET delivery_vat_tiyin = vat_tiyin - COALESCE((
    SELECT CAST(SUM(l.vat_tiyin) AS BIGINT) FROM sales_order_line l
    WHERE l.workspace_id = sales_order.workspace_id AND l.order_id = sales_order.id), 0)
WHERE NOT amounts_only AND delivery_fee_tiyin > 0;
