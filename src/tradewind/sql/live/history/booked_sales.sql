-- What was booked before the project was there, as rows of booked_sales. Must say the same as live_shop/rows.py.
SELECT order_id, order_number, 'sale' AS kind, entry.product_id AS product_id, entry.channel AS store_id,
    entry.units AS units, entry.revenue AS amount, entry.currency AS currency, entry.at AS at
FROM log_orders
ARRAY JOIN entries AS entry
WHERE entry.grain = 'product'
UNION ALL
SELECT order_id, '' AS order_number, 'refund' AS kind, entry.product_id AS product_id, entry.channel AS store_id,
    entry.units AS units, entry.revenue AS amount, entry.currency AS currency, entry.at AS at
FROM log_refunds
ARRAY JOIN entries AS entry
WHERE entry.grain = 'product'
