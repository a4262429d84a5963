-- forecast_runs of before rolls had no training run to name.
ALTER TABLE forecast_runs
    ADD COLUMN IF NOT EXISTS trained_run String DEFAULT ''
