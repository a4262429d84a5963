-- live_channels: one row per sales channel, its latest state (read it with FINAL).
CREATE TABLE live_channels
(
    channel String,
    name String,
    kind LowCardinality(String),
    version UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (channel)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
