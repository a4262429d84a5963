-- log_fx_rates: one row per exchange rate as it was stored: one base is worth rate quote from that day on.
-- Append-only; written by the sink alone, from the log topic `fx_rates`.
CREATE TABLE IF NOT EXISTS log_fx_rates
(
    contract UInt8,
    day Date32,
    base LowCardinality(String),
    quote LowCardinality(String),
    rate Decimal(38, 12),
    source LowCardinality(String),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (base, quote, day, log_offset)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
