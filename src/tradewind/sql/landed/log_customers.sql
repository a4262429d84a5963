-- log_customers: one row per state of a customer: the only landed table with personal data.
-- Append-only; written by the sink alone, from the log topic `customers`.
CREATE TABLE IF NOT EXISTS log_customers
(
    contract UInt8,
    customer_id String,
    version UInt32,
    channel LowCardinality(String),
    external_id String,
    email String,
    name String,
    phone String,
    country LowCardinality(String),
    region LowCardinality(String),
    city String,
    birth_date Nullable(Date32),
    created_at DateTime64(6, 'UTC'),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (customer_id, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
