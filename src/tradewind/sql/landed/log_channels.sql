-- log_channels: one row per state of a sales channel.
-- Append-only; written by the sink alone, from the log topic `channels`.
CREATE TABLE IF NOT EXISTS log_channels
(
    contract UInt8,
    channel_id String,
    version UInt32,
    channel LowCardinality(String),
    name String,
    kind LowCardinality(String),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (channel_id, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
