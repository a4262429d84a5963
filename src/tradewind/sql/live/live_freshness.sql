-- live_freshness: per channel the newest order or refund that the warehouse has seen.
CREATE TABLE live_freshness
(
    channel LowCardinality(String),
    newest_event_at SimpleAggregateFunction(max, DateTime64(6, 'UTC')),
    newest_ingested_at SimpleAggregateFunction(max, DateTime64(6, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY channel
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
