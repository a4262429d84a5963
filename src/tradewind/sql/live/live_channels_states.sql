-- Feeds live_channels.
CREATE MATERIALIZED VIEW live_channels_states TO live_channels
AS
SELECT channel, name, kind, version
FROM log_channels
