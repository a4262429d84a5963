-- log_fees: one row per statement of a fee that a channel or a provider took; said again, the last statement counts.
-- Kind `order` repeats what the order itself says.
-- Append-only; written by the sink alone, from the log topic `fees`.
CREATE TABLE IF NOT EXISTS log_fees
(
    contract UInt8,
    fee_id String,
    channel LowCardinality(String),
    order_id String,
    kind LowCardinality(String),
    amount Decimal(18, 4),
    currency LowCardinality(String),
    charged_at DateTime64(6, 'UTC'),
    external_id String DEFAULT '',
    sku String DEFAULT '',
    status LowCardinality(String) DEFAULT 'settled',
    raw_kind String DEFAULT '',
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (charged_at, fee_id)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
