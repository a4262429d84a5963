-- forecast_runs: one row per step of a training run: it began, it is served, or it failed and why.
-- Written by whoever trains. What is served is the newest run over all products (kind `all`) that reached `served`, or the
-- newest that rolled its models forward (`daily`), and for single products the newest run of theirs (`product`) after the
-- training. A run that failed changes nothing. `trained_run` is the one whose models were used.
CREATE TABLE IF NOT EXISTS forecast_runs
(
    run_id String,
    at DateTime64(6, 'UTC'),
    status LowCardinality(String),
    kind LowCardinality(String),
    model LowCardinality(String),
    version String,
    origin Date32,
    horizon UInt16,
    series UInt32,
    seconds Float64,
    message String,
    trained_run String DEFAULT ''
)
ENGINE = MergeTree
ORDER BY (run_id, at)
TTL toDateTime(at) + INTERVAL 800 DAY
SETTINGS non_replicated_deduplication_window = 1000
