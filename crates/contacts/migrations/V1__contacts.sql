CREATE TABLE contacts_contact (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    name {text} NOT NULL,
    sort_key {text} NOT NULL,
    phone {text},
    lang {text} NOT NULL,
    kind {text} NOT NULL,
    tin {text},
    email {text},
    address {text},
    is_customer {bool} NOT NULL,
    is_supplier {bool} NOT NULL,
    -- What the contact may owe at most; none said is NULL.
    credit_limit_tiyin {money} CHECK (credit_limit_tiyin >= 0),
    note {text},
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    -- Deleted then; the row stays because documents name it.
    deleted_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number)
) {strict};
CREATE UNIQUE INDEX contacts_contact_phone ON contacts_contact (workspace_id, phone)
    WHERE phone IS NOT NULL AND deleted_at_ms IS NULL;
CREATE INDEX contacts_contact_name ON contacts_contact (workspace_id, sort_key, id) WHERE deleted_at_ms IS NULL;
CREATE INDEX contacts_contact_tin ON contacts_contact (workspace_id, tin)
    WHERE tin IS NOT NULL AND deleted_at_ms IS NULL;

-- The folded words of names, and ends of phones: `?q=` finds their beginnings.
CREATE TABLE contacts_word (
    workspace_id {id} NOT NULL,
    word {text} NOT NULL,
    contact_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, word, contact_id),
    FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts_contact (workspace_id, id)
--sqlite: ) STRICT, WITHOUT ROWID;
--postgres: );
CREATE INDEX contacts_word_contact ON contacts_word (workspace_id, contact_id);
