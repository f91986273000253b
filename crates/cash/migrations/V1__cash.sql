-- Tills and bank accounts. What lies in one stands in its row, which whoever moves money locks by changing it.
CREATE TABLE cash_register (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    name {text} NOT NULL,
    -- The name as search and uniqueness see it.
    name_fold {text} NOT NULL,
    kind {text} NOT NULL,
    is_default {bool} NOT NULL,
    -- A bank account with an overdraft.
    may_be_negative {bool} NOT NULL,
    active {bool} NOT NULL,
    balance_tiyin {money} NOT NULL,
    -- How many transactions it is the sum of.
    transactions {bigint} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, name_fold),
    CHECK (kind IN ('cash', 'bank')),
    CHECK (may_be_negative OR balance_tiyin >= 0),
    -- Nobody takes out of a till what does not lie in it.
    CHECK (kind = 'bank' OR NOT may_be_negative),
    -- Fifty trillion so'm, as an account of the ledger turns over in a month at most.
    CHECK (balance_tiyin BETWEEN -5000000000000000 AND 5000000000000000),
    CHECK (active OR NOT is_default),
    CHECK (active OR balance_tiyin = 0),
    CHECK (transactions >= 0)
) {strict};
CREATE UNIQUE INDEX cash_register_default ON cash_register (workspace_id, kind) WHERE is_default;

-- What changed a balance, one row a change, never edited and never deleted.
CREATE TABLE cash_transaction (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    register_id {id} NOT NULL,
    -- The place among the transactions of its register, from 1 without a gap.
    ordinal {bigint} NOT NULL,
    flow {text} NOT NULL,
    -- Why money moved; the words grow with the documents that move it.
    kind {text} NOT NULL,
    amount_tiyin {money} NOT NULL,
    balance_after_tiyin {money} NOT NULL,
    contact_id {id},
    -- The document it comes from; itself where a person moved the money.
    source_kind {text} NOT NULL,
    source_id {id} NOT NULL,
    source_number {bigint},
    reverses_id {id},
    moved_on {date} NOT NULL,
    note {text} NOT NULL,
    -- Note and numbers, as search sees them.
    note_fold {text} NOT NULL,
    recorded_by {text} NOT NULL,
    at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, register_id, ordinal),
    UNIQUE (workspace_id, reverses_id),
    FOREIGN KEY (workspace_id, register_id) REFERENCES cash_register (workspace_id, id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id),
    FOREIGN KEY (workspace_id, reverses_id) REFERENCES cash_transaction (workspace_id, id),
    CHECK (flow IN ('in', 'out')),
    CHECK (amount_tiyin > 0),
    CHECK (ordinal > 0)
) {strict};
CREATE INDEX cash_transaction_register ON cash_transaction (workspace_id, register_id, number);
CREATE INDEX cash_transaction_day ON cash_transaction (workspace_id, moved_on, number);
CREATE INDEX cash_transaction_source ON cash_transaction (workspace_id, source_kind, source_id);
CREATE INDEX cash_transaction_contact ON cash_transaction (workspace_id, contact_id, number) WHERE contact_id IS NOT NULL;

--sqlite: CREATE TRIGGER cash_transaction_never_updated BEFORE UPDATE ON cash_transaction BEGIN SELECT RAISE(ABORT, 'a cash transaction is never changed'); END;
--sqlite: CREATE TRIGGER cash_transaction_never_deleted BEFORE DELETE ON cash_transaction BEGIN SELECT RAISE(ABORT, 'a cash transaction is never deleted'); END;
--postgres: CREATE FUNCTION cash_transaction_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a cash transaction is never changed and never deleted'; END $$;
--postgres: CREATE TRIGGER cash_transaction_append_only BEFORE UPDATE OR DELETE ON cash_transaction FOR EACH ROW EXECUTE FUNCTION cash_transaction_is_append_only();
--postgres: CREATE TRIGGER cash_transaction_not_emptied BEFORE TRUNCATE ON cash_transaction FOR EACH STATEMENT EXECUTE FUNCTION cash_transaction_is_append_only();
