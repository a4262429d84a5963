-- live_products: one row per product, its latest state (read it with FINAL).
CREATE TABLE live_products
(
    product_id String,
    sku String,
    name String,
    category LowCardinality(String),
    brand LowCardinality(String),
    kind LowCardinality(String),
    version UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (product_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
