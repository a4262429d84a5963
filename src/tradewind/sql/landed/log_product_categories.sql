-- log_product_categories: one row per state of a category: made, renamed, moved, deleted.
-- Append-only; written by the sink alone, from the log topic `product_categories`.
CREATE TABLE IF NOT EXISTS log_product_categories
(
    contract UInt8,
    category_id String,
    version UInt64,
    parent_id Nullable(String),
    name String,
    path String,
    status LowCardinality(String),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (category_id, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
