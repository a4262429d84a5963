-- Feeds live_products.
CREATE MATERIALIZED VIEW live_products_states TO live_products
AS
SELECT product_id, sku, name, category, brand, kind, version
FROM log_products
