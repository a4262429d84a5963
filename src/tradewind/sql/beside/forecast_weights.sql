-- forecast_weights: how much each model counts in `auto`, by demand class and block of horizons, and why.
CREATE TABLE IF NOT EXISTS forecast_weights
(
    run_id String,
    demand_class LowCardinality(String),
    horizon LowCardinality(String),
    model LowCardinality(String),
    weight Float64,
    verdict LowCardinality(String),
    written_at DateTime64(6, 'UTC') DEFAULT now64(6)
)
ENGINE = MergeTree
ORDER BY (run_id, demand_class, horizon, model)
TTL toDateTime(written_at) + INTERVAL 800 DAY
SETTINGS non_replicated_deduplication_window = 1000
