-- log_stock_movements: one row per movement of units at a location: the ledger of stock.
-- Append-only; written by the sink alone, from the log topic `stock_movements`.
CREATE TABLE IF NOT EXISTS log_stock_movements
(
    contract UInt8,
    movement_id String,
    product_id String,
    location LowCardinality(String),
    delta Int64,
    reason LowCardinality(String),
    reference String,
    occurred_at DateTime64(6, 'UTC'),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (product_id, occurred_at, movement_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
