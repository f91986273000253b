-- How many products stand in each category (the nil id: in none), on sale and off. Kept with every write of a product, so
-- that a list and the tree need not count a hundred thousand rows.
CREATE TABLE catalog_count (
    workspace_id {id} NOT NULL,
    category_id {id} NOT NULL,
    on_sale {bool} NOT NULL,
    products {bigint} NOT NULL CHECK (products >= 0),
    PRIMARY KEY (workspace_id, category_id, on_sale)
--sqlite: ) STRICT, WITHOUT ROWID;
--postgres: );
-- The rows of every workspace are counted once.
--postgres: SET LOCAL karvon.server = 'on';
INSERT INTO catalog_count (workspace_id, category_id, on_sale, products)
--sqlite: SELECT workspace_id, COALESCE(category_id, x'00000000000000000000000000000000'), deactivated_at_ms IS NULL, COUNT(*)
--postgres: SELECT workspace_id, COALESCE(category_id, CAST('00000000-0000-0000-0000-000000000000' AS uuid)), deactivated_at_ms IS NULL, COUNT(*)
    FROM catalog_product WHERE deleted_at_ms IS NULL GROUP BY 1, 2, 3;

-- A search knows from the words alone what is on sale.
ALTER TABLE catalog_product_word ADD COLUMN on_sale {bool} NOT NULL DEFAULT {true};
UPDATE catalog_product_word SET on_sale = {false}
    WHERE EXISTS (SELECT 1 FROM catalog_product p WHERE p.workspace_id = catalog_product_word.workspace_id
        AND p.id = catalog_product_word.product_id AND p.deactivated_at_ms IS NOT NULL);
--postgres: SET LOCAL karvon.server = 'off';

-- Whether a product has a word with a beginning is asked of the index alone.
DROP INDEX catalog_product_word_product;
CREATE INDEX catalog_product_word_product ON catalog_product_word (workspace_id, product_id, word);
