-- Feeds live_sales from orders.
CREATE MATERIALIZED VIEW live_sales_orders TO live_sales
AS
SELECT
    entry.grain AS grain,
    toDate32(entry.at, '{zone}') AS day,
    entry.at AS at,
    entry.currency AS currency,
    entry.channel AS channel,
    entry.country AS country,
    entry.product_id AS product_id,
    order_id,
    entry.units AS units,
    entry.revenue AS revenue,
    entry.refunded AS refunded,
    entry.orders AS orders
FROM log_orders
ARRAY JOIN entries AS entry
