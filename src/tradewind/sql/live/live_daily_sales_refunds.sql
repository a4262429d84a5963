-- Feeds live_daily_sales from refunds.
CREATE MATERIALIZED VIEW live_daily_sales_refunds TO live_daily_sales
AS
SELECT
    entry.grain AS grain,
    toDate32(entry.at, '{zone}') AS day,
    entry.currency AS currency,
    entry.channel AS channel,
    entry.country AS country,
    entry.product_id AS product_id,
    sum(entry.units) AS units,
    sum(entry.revenue) AS revenue,
    sum(entry.refunded) AS refunded,
    sum(toInt64(entry.orders)) AS orders
FROM log_refunds
ARRAY JOIN entries AS entry
GROUP BY grain, day, currency, channel, country, product_id
