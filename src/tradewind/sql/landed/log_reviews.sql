-- log_reviews: one row per state of a review of a product: written, published, rejected, blanked.
-- Append-only; written by the sink alone, from the log topic `reviews`.
CREATE TABLE IF NOT EXISTS log_reviews
(
    contract UInt8,
    review_id String,
    channel LowCardinality(String),
    product_id String,
    customer_id String,
    order_id String,
    rating UInt8,
    title String,
    comment String,
    reviewed_at DateTime64(6, 'UTC'),
    status LowCardinality(String) DEFAULT 'published',
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (product_id, reviewed_at, review_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
