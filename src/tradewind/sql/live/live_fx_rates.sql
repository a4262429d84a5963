-- live_fx_rates: one row per pair and day, the rate stored last (read it with FINAL).
CREATE TABLE live_fx_rates
(
    day Date32,
    base LowCardinality(String),
    quote LowCardinality(String),
    rate Decimal(38, 12),
    log_offset UInt64
)
ENGINE = ReplacingMergeTree(log_offset)
ORDER BY (base, quote, day)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
