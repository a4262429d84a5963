-- log_carts: one row per thing that happened to a cart: it was abandoned.
-- Append-only; written by the sink alone, from the log topic `carts`.
CREATE TABLE IF NOT EXISTS log_carts
(
    contract UInt8,
    cart_id String,
    version UInt32,
    event LowCardinality(String),
    channel LowCardinality(String),
    customer_id String,
    currency LowCardinality(String),
    lines UInt32,
    units Int64,
    worth Nullable(Decimal(18, 4)),
    changed_at DateTime64(6, 'UTC'),
    happened_at DateTime64(6, 'UTC'),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (happened_at, cart_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
