-- live_sales: one row per signed entry in the sales figures; sums are right at every moment.
-- Grain `order` carries whole orders and refunds, grain `product` their parts. `day` is the business day.
CREATE TABLE live_sales
(
    grain LowCardinality(String),
    day Date32,
    at DateTime64(6, 'UTC'),
    currency LowCardinality(String),
    channel LowCardinality(String),
    country LowCardinality(String),
    product_id String,
    order_id String,
    units Int64,
    revenue Decimal(18, 4),
    refunded Decimal(18, 4),
    orders Int8
)
ENGINE = MergeTree
ORDER BY (grain, day, currency, channel, product_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
