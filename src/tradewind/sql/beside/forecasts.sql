-- forecasts: the forecasts of products day by day, as every run wrote them; one row per run, product, channel and day.
CREATE VIEW IF NOT EXISTS forecasts AS
SELECT
    run_id,
    origin AS origin_date,
    name AS product_id,
    channel,
    origin + horizon AS target_date,
    toUInt16(horizon) AS horizon,
    day_mean AS mean,
    bands[indexOf(levels, 0.025)][horizon] AS q025,
    bands[indexOf(levels, 0.1)][horizon] AS q10,
    bands[indexOf(levels, 0.5)][horizon] AS q50,
    bands[indexOf(levels, 0.9)][horizon] AS q90,
    bands[indexOf(levels, 0.975)][horizon] AS q975,
    model,
    engine,
    version AS model_version,
    flags
FROM forecast_series
ARRAY JOIN mean AS day_mean, arrayEnumerate(mean) AS horizon
WHERE scope = 'product'
