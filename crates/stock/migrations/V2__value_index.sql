-- What all goods cost is a sum over every balance; it reads this index alone.
CREATE INDEX stock_balance_value ON stock_balance (workspace_id, value_tiyin) WHERE value_tiyin <> 0;
