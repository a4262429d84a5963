-- What moved before the project was there, as rows of stock_changes.
SELECT movement_id, product_id, location, delta, reason, reference, occurred_at
FROM log_stock_movements
