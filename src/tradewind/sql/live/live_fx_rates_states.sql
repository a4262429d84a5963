-- Feeds live_fx_rates.
CREATE MATERIALIZED VIEW live_fx_rates_states TO live_fx_rates
AS
SELECT day, base, quote, rate, log_offset
FROM log_fx_rates
