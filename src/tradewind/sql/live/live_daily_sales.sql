-- live_daily_sales: sales per business day, currency, channel, country and product, up to the second.
-- Grain `order` (product_id empty) counts whole orders; grain `product` says what was in them.
CREATE TABLE live_daily_sales
(
    grain LowCardinality(String),
    day Date32,
    currency LowCardinality(String),
    channel LowCardinality(String),
    country LowCardinality(String),
    product_id String,
    units Int64,
    revenue Decimal(38, 4),
    refunded Decimal(38, 4),
    orders Int64
)
ENGINE = SummingMergeTree((units, revenue, refunded, orders))
ORDER BY (grain, day, currency, channel, country, product_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
