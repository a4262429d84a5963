-- log_refunds: one row per refund: money given back, with or without goods.
-- Append-only; written by the sink alone, from the log topic `refunds`.
CREATE TABLE IF NOT EXISTS log_refunds
(
    contract UInt8,
    refund_id String,
    version UInt32,
    channel LowCardinality(String),
    external_id String,
    order_id String,
    customer_id String,
    refunded_at DateTime64(6, 'UTC'),
    currency LowCardinality(String),
    items Decimal(18, 4),
    shipping Decimal(18, 4),
    tax Decimal(18, 4),
    amount Decimal(18, 4),
    units Int64,
    ship_country LowCardinality(String),
    reason String,
    lines Array(Tuple(
        line_no UInt16,
        product_id String,
        sku String,
        name String,
        quantity Int64,
        unit_price Decimal(18, 6),
        amount Decimal(18, 4),
        is_restocked UInt8
    )),
    entries Array(Tuple(
        grain String,
        at DateTime64(6, 'UTC'),
        channel String,
        country String,
        currency String,
        product_id String,
        units Int64,
        revenue Decimal(18, 4),
        refunded Decimal(18, 4),
        orders Int8
    )),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (refunded_at, refund_id, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
