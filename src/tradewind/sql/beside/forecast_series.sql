-- forecast_series: one row per run and series: a product, a category or all, over one channel or all (channel '').
-- `mean` is units per day from the day after `origin`; `bands` are quantiles per day at `levels`, one list per level;
-- `sums` are quantiles of the total over the first `sum_days` days, one list per number of days.
CREATE TABLE IF NOT EXISTS forecast_series
(
    run_id String,
    scope LowCardinality(String),
    name String,
    channel LowCardinality(String),
    origin Date32,
    demand_class LowCardinality(String),
    mean Array(Float64),
    levels Array(Float64),
    bands Array(Array(Float64)),
    sum_days Array(UInt16),
    sums Array(Array(Float64)),
    model LowCardinality(String),
    engine LowCardinality(String),
    version String,
    flags Array(LowCardinality(String)),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (scope, channel, name, run_id)
TTL toDateTime(written_at) + INTERVAL 400 DAY
SETTINGS non_replicated_deduplication_window = 1000
