-- gold_builds: one row per build of the gold tables: what became of it, and why models failed.
-- Written by whoever builds; a failed model keeps the table it had.
CREATE TABLE IF NOT EXISTS gold_builds
(
    began_at DateTime64(6, 'UTC'),
    seconds Float64,
    kind LowCardinality(String),
    status LowCardinality(String),
    models UInt32,
    failed Array(String),
    messages Array(String),
    digest String
)
ENGINE = MergeTree
ORDER BY began_at
TTL toDateTime(began_at) + INTERVAL 90 DAY
