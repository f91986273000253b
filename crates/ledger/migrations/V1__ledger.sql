-- One row for each workspace that has books. Whoever posts or closes a month holds it until the end of the
-- transaction: numbers have no gap, and nothing is posted into a month while it is being closed.
CREATE TABLE ledger_book (
    workspace_id {id} NOT NULL,
    last_number {bigint} NOT NULL,
    -- The last closed month, as 202611; all before it are closed too.
    closed_through {int},
    PRIMARY KEY (workspace_id)
) {strict};

CREATE TABLE ledger_account (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    code {text} NOT NULL,
    kind {text} NOT NULL,
    name_uz {text} NOT NULL,
    name_ru {text} NOT NULL,
    name_en {text} NOT NULL,
    -- Groups only gather others.
    postable {bool} NOT NULL,
    -- Of the standard chart, or the workspace's own.
    standard {bool} NOT NULL,
    active {bool} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, code),
    CHECK (kind IN ('active', 'passive', 'contra', 'transit', 'off_balance'))
) {strict};

-- Which account a role stands for, where the workspace chose another than NSBU's.
CREATE TABLE ledger_role (
    workspace_id {id} NOT NULL,
    role {text} NOT NULL,
    account_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, role),
    FOREIGN KEY (workspace_id, account_id) REFERENCES ledger_account (workspace_id, id)
) {strict};

-- The closed months, with who closed them.
CREATE TABLE ledger_period (
    workspace_id {id} NOT NULL,
    month {int} NOT NULL,
    closed_at_ms {instant} NOT NULL,
    closed_by {text} NOT NULL,
    PRIMARY KEY (workspace_id, month)
) {strict};

-- Entries. Inserting one seals it: its lines are there already, and the database counts them.
CREATE TABLE ledger_entry (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    entry_on {date} NOT NULL,
    -- What it is about: a message with its arguments, or a person's own words.
    memo_key {text} NOT NULL,
    memo_args {json} NOT NULL,
    memo {text} NOT NULL,
    memo_fold {text} NOT NULL,
    -- The document it comes from, and which of that document's entries it is.
    source_kind {text} NOT NULL,
    source_id {id} NOT NULL,
    source_number {bigint},
    purpose {text} NOT NULL,
    reverses_id {id},
    line_count {int} NOT NULL,
    -- The sum of its debits.
    total_tiyin {money} NOT NULL,
    posted_by {text} NOT NULL,
    posted_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    UNIQUE (workspace_id, source_kind, source_id, purpose),
    UNIQUE (workspace_id, reverses_id),
    FOREIGN KEY (workspace_id, reverses_id) REFERENCES ledger_entry (workspace_id, id),
    CHECK (line_count > 0),
    CHECK (total_tiyin > 0)
) {strict};
CREATE INDEX ledger_entry_day ON ledger_entry (workspace_id, entry_on, number);
CREATE INDEX ledger_entry_total ON ledger_entry (workspace_id, total_tiyin);

CREATE TABLE ledger_line (
    workspace_id {id} NOT NULL,
    entry_id {id} NOT NULL,
    position {int} NOT NULL,
    account_id {id} NOT NULL,
    -- Debit above zero, credit below.
    amount_tiyin {money} NOT NULL,
    -- Accounts off the balance stand alone: their lines have no other side.
    off_balance {bool} NOT NULL,
    -- Of the entry, so that an account is read by day without it.
    number {bigint} NOT NULL,
    entry_on {date} NOT NULL,
    -- Whom and what it is about; ids of other domains.
    contact_id {id},
    product_id {id},
    warehouse_id {id},
    note {text} NOT NULL,
    PRIMARY KEY (workspace_id, entry_id, position),
    FOREIGN KEY (workspace_id, account_id) REFERENCES ledger_account (workspace_id, id),
    CHECK (amount_tiyin <> 0)
) {strict};
CREATE INDEX ledger_line_account ON ledger_line (workspace_id, account_id, entry_on, number, position);
CREATE INDEX ledger_line_day ON ledger_line (workspace_id, entry_on, account_id, amount_tiyin);
CREATE INDEX ledger_line_contact ON ledger_line (workspace_id, contact_id, account_id, amount_tiyin) WHERE contact_id IS NOT NULL;
CREATE INDEX ledger_line_product ON ledger_line (workspace_id, product_id, account_id, amount_tiyin) WHERE product_id IS NOT NULL;
--postgres: ALTER TABLE ledger_line ADD FOREIGN KEY (workspace_id, entry_id) REFERENCES ledger_entry (workspace_id, id) DEFERRABLE INITIALLY DEFERRED;

-- What an account turned over in a month: kept at posting, always the sum of its lines.
CREATE TABLE ledger_balance (
    workspace_id {id} NOT NULL,
    account_id {id} NOT NULL,
    month {int} NOT NULL,
    debit_tiyin {money} NOT NULL,
    credit_tiyin {money} NOT NULL,
    lines {bigint} NOT NULL,
    PRIMARY KEY (workspace_id, account_id, month),
    FOREIGN KEY (workspace_id, account_id) REFERENCES ledger_account (workspace_id, id),
    -- So low that the months of a century fit into one sum.
    CHECK (debit_tiyin BETWEEN 0 AND 5000000000000000),
    CHECK (credit_tiyin BETWEEN 0 AND 5000000000000000)
) {strict};

--sqlite: CREATE TRIGGER ledger_entry_sealed BEFORE INSERT ON ledger_entry BEGIN
--sqlite:   SELECT RAISE(ABORT, 'an entry that does not balance') WHERE (SELECT COALESCE(SUM(amount_tiyin), 0) FROM ledger_line WHERE workspace_id = NEW.workspace_id AND entry_id = NEW.id AND NOT off_balance) <> 0;
--sqlite:   SELECT RAISE(ABORT, 'an entry whose lines are not as it says') WHERE (SELECT COUNT(*) FROM ledger_line WHERE workspace_id = NEW.workspace_id AND entry_id = NEW.id AND number = NEW.number AND entry_on = NEW.entry_on) <> NEW.line_count OR (SELECT COUNT(*) FROM ledger_line WHERE workspace_id = NEW.workspace_id AND entry_id = NEW.id) <> NEW.line_count;
--sqlite:   SELECT RAISE(ABORT, 'an entry in a closed month') WHERE EXISTS (SELECT 1 FROM ledger_period WHERE workspace_id = NEW.workspace_id AND month = CAST(substr(NEW.entry_on, 1, 4) || substr(NEW.entry_on, 6, 2) AS INTEGER));
--sqlite: END;
--sqlite: CREATE TRIGGER ledger_entry_never_updated BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
--sqlite: CREATE TRIGGER ledger_entry_never_deleted BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
--sqlite: CREATE TRIGGER ledger_line_of_sealed BEFORE INSERT ON ledger_line WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE workspace_id = NEW.workspace_id AND id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'an entry takes no more lines'); END;
--sqlite: CREATE TRIGGER ledger_line_never_updated BEFORE UPDATE ON ledger_line BEGIN SELECT RAISE(ABORT, 'a line is never changed'); END;
--sqlite: CREATE TRIGGER ledger_line_never_deleted BEFORE DELETE ON ledger_line BEGIN SELECT RAISE(ABORT, 'a line is never deleted'); END;

--postgres: CREATE FUNCTION ledger_entry_seal() RETURNS trigger LANGUAGE plpgsql AS $$
--postgres: DECLARE balance numeric; lines bigint; own bigint;
--postgres: BEGIN
--postgres:   SELECT COALESCE(SUM(amount_tiyin) FILTER (WHERE NOT off_balance), 0), COUNT(*), COUNT(*) FILTER (WHERE number = NEW.number AND entry_on = NEW.entry_on)
--postgres:     INTO balance, lines, own FROM ledger_line WHERE workspace_id = NEW.workspace_id AND entry_id = NEW.id;
--postgres:   IF balance <> 0 THEN RAISE EXCEPTION 'an entry that does not balance'; END IF;
--postgres:   IF lines <> NEW.line_count OR own <> NEW.line_count THEN RAISE EXCEPTION 'an entry whose lines are not as it says'; END IF;
--postgres:   IF EXISTS (SELECT 1 FROM ledger_period WHERE workspace_id = NEW.workspace_id AND month = extract(year FROM NEW.entry_on) * 100 + extract(month FROM NEW.entry_on)) THEN RAISE EXCEPTION 'an entry in a closed month'; END IF;
--postgres:   RETURN NEW;
--postgres: END $$;
--postgres: CREATE TRIGGER ledger_entry_sealed BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_entry_seal();
--postgres: CREATE FUNCTION ledger_line_of_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
--postgres: BEGIN
--postgres:   IF EXISTS (SELECT 1 FROM ledger_entry WHERE workspace_id = NEW.workspace_id AND id = NEW.entry_id) THEN RAISE EXCEPTION 'an entry takes no more lines'; END IF;
--postgres:   RETURN NEW;
--postgres: END $$;
--postgres: CREATE TRIGGER ledger_line_of_sealed BEFORE INSERT ON ledger_line FOR EACH ROW EXECUTE FUNCTION ledger_line_of_sealed();
--postgres: CREATE FUNCTION ledger_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'what is posted is never changed and never deleted'; END $$;
--postgres: CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_is_sealed();
--postgres: CREATE TRIGGER ledger_line_append_only BEFORE UPDATE OR DELETE ON ledger_line FOR EACH ROW EXECUTE FUNCTION ledger_is_sealed();
--postgres: CREATE TRIGGER ledger_entry_not_emptied BEFORE TRUNCATE ON ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_sealed();
--postgres: CREATE TRIGGER ledger_line_not_emptied BEFORE TRUNCATE ON ledger_line FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_sealed();
