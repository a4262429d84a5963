-- log_ad_spend: one row per statement of what a campaign cost on a day; said again, the last statement counts.
-- Append-only; written by the sink alone, from the log topic `ad_spend`.
CREATE TABLE IF NOT EXISTS log_ad_spend
(
    contract UInt8,
    spend_id String,
    day Date32,
    channel LowCardinality(String),
    campaign String,
    amount Decimal(18, 4),
    currency LowCardinality(String),
    clicks Nullable(UInt64),
    impressions Nullable(UInt64),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (day, spend_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
