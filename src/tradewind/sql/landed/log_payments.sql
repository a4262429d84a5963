-- log_payments: one row per payment received.
-- Append-only; written by the sink alone, from the log topic `payments`.
CREATE TABLE IF NOT EXISTS log_payments
(
    contract UInt8,
    payment_id String,
    channel LowCardinality(String),
    external_id String,
    order_id String,
    order_reference String,
    method LowCardinality(String),
    installments UInt16,
    amount Decimal(18, 4),
    currency LowCardinality(String),
    status LowCardinality(String),
    paid_at Nullable(DateTime64(6, 'UTC')),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (event_at, payment_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
