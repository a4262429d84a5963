-- What the catalogue was before the project was there, as rows of catalog_products.
SELECT product_id, version, parent_id, kind, sku, name, category, brand, status, currency, price, created_at
FROM log_products
