-- forecast_scores: what the back-test of a run measured: one row per model, group of series and block of horizons.
-- `part` says what the group is cut by (all, class, channel, category); a figure that is not defined there is NULL.
CREATE TABLE IF NOT EXISTS forecast_scores
(
    run_id String,
    model LowCardinality(String),
    part LowCardinality(String),
    name String,
    horizon LowCardinality(String),
    series UInt32,
    windows UInt16,
    units Float64,
    wape Nullable(Float64),
    naive_wape Nullable(Float64),
    floor_wape Nullable(Float64),
    mase Nullable(Float64),
    rmsse Nullable(Float64),
    wql Nullable(Float64),
    bias Nullable(Float64),
    coverage_80 Nullable(Float64),
    coverage_95 Nullable(Float64),
    upper_90 Nullable(Float64),
    upper_975 Nullable(Float64),
    mape Nullable(Float64),
    mape_excluded Nullable(Float64),
    r2 Nullable(Float64),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (run_id, part, name, model)
TTL toDateTime(written_at) + INTERVAL 800 DAY
SETTINGS non_replicated_deduplication_window = 1000
