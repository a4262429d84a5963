-- Feeds live_freshness.
CREATE MATERIALIZED VIEW live_freshness_orders TO live_freshness
AS
SELECT channel, max(event_at) AS newest_event_at, max(ingested_at) AS newest_ingested_at
FROM log_orders
GROUP BY channel
