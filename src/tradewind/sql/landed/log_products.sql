-- log_products: one row per state of a product.
-- Append-only; written by the sink alone, from the log topic `products`.
CREATE TABLE IF NOT EXISTS log_products
(
    contract UInt8,
    product_id String,
    version UInt32,
    parent_id Nullable(String),
    kind LowCardinality(String),
    sku String,
    name String,
    category LowCardinality(String),
    brand LowCardinality(String),
    status LowCardinality(String),
    currency LowCardinality(String),
    price Nullable(Decimal(18, 4)),
    unit_cost Nullable(Decimal(18, 6)),
    created_at DateTime64(6, 'UTC'),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (product_id, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
