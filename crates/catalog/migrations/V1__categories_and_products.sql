CREATE TABLE catalog_category (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    parent_id {id},
    position {int} NOT NULL,
    name_uz {text} NOT NULL,
    name_ru {text},
    name_en {text},
    -- The folded Uzbek name: one name of a category under one parent, however it is spelt.
    name_key {text} NOT NULL,
    created_at_ms {instant} NOT NULL,
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, parent_id) REFERENCES catalog_category (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX catalog_category_top ON catalog_category (workspace_id, name_key) WHERE parent_id IS NULL;
CREATE UNIQUE INDEX catalog_category_under ON catalog_category (workspace_id, parent_id, name_key)
    WHERE parent_id IS NOT NULL;

CREATE TABLE catalog_product (
    workspace_id {id} NOT NULL,
    id {id} NOT NULL,
    number {bigint} NOT NULL,
    code {text} NOT NULL,
    -- The code without spaces and case.
    code_key {text} NOT NULL,
    name_uz {text} NOT NULL,
    name_ru {text},
    name_en {text},
    -- Where the product stands in a list by name, in each language.
    sort_uz {text} NOT NULL,
    sort_ru {text} NOT NULL,
    sort_en {text} NOT NULL,
    category_id {id},
    brand {text},
    unit {text} NOT NULL,
    purchase_price_tiyin {money} NOT NULL CHECK (purchase_price_tiyin >= 0),
    sale_price_tiyin {money} NOT NULL CHECK (sale_price_tiyin >= 0),
    old_price_tiyin {money} CHECK (old_price_tiyin >= 0),
    minimum_thousandths {quantity} NOT NULL CHECK (minimum_thousandths >= 0),
    barcode {text},
    mxik {text},
    vat {text} NOT NULL,
    description_uz {text},
    description_ru {text},
    image_hash {text},
    thumbnail_hash {text},
    created_at_ms {instant} NOT NULL,
    updated_at_ms {instant} NOT NULL,
    -- Off sale since then.
    deactivated_at_ms {instant},
    -- Deleted then; the row stays because documents name it.
    deleted_at_ms {instant},
    PRIMARY KEY (workspace_id, id),
    UNIQUE (workspace_id, number),
    FOREIGN KEY (workspace_id, category_id) REFERENCES catalog_category (workspace_id, id)
) {strict};
CREATE UNIQUE INDEX catalog_product_code ON catalog_product (workspace_id, code_key) WHERE deleted_at_ms IS NULL;
CREATE UNIQUE INDEX catalog_product_barcode ON catalog_product (workspace_id, barcode)
    WHERE barcode IS NOT NULL AND deleted_at_ms IS NULL;
-- Lists in each order, read straight from the index.
CREATE INDEX catalog_product_uz ON catalog_product (workspace_id, sort_uz, id) WHERE deleted_at_ms IS NULL;
CREATE INDEX catalog_product_ru ON catalog_product (workspace_id, sort_ru, id) WHERE deleted_at_ms IS NULL;
CREATE INDEX catalog_product_en ON catalog_product (workspace_id, sort_en, id) WHERE deleted_at_ms IS NULL;
CREATE INDEX catalog_product_price ON catalog_product (workspace_id, sale_price_tiyin, id)
    WHERE deleted_at_ms IS NULL;
CREATE INDEX catalog_product_category ON catalog_product (workspace_id, category_id, sort_uz, id)
    WHERE deleted_at_ms IS NULL;
-- Counts of what is on sale, and the few that are not.
CREATE INDEX catalog_product_on_sale ON catalog_product (workspace_id, category_id)
    WHERE deactivated_at_ms IS NULL AND deleted_at_ms IS NULL;
CREATE INDEX catalog_product_off_sale ON catalog_product (workspace_id, id)
    WHERE deactivated_at_ms IS NOT NULL AND deleted_at_ms IS NULL;

-- The folded words of names, brand, code and barcode: `?q=` finds their beginnings.
CREATE TABLE catalog_product_word (
    workspace_id {id} NOT NULL,
    word {text} NOT NULL,
    product_id {id} NOT NULL,
    PRIMARY KEY (workspace_id, word, product_id),
    FOREIGN KEY (workspace_id, product_id) REFERENCES catalog_product (workspace_id, id)
--sqlite: ) STRICT, WITHOUT ROWID;
--postgres: );
CREATE INDEX catalog_product_word_product ON catalog_product_word (workspace_id, product_id);
