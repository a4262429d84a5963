-- observed_events: what visitors did, one row per event. Empty until a release of the live shop puts its own view here.
CREATE VIEW IF NOT EXISTS observed_events AS
SELECT
    '' AS event_id,
    toDateTime64(0, 3) AS timestamp,
    toLowCardinality('') AS type,
    '' AS session_id,
    '' AS visitor_id,
    '' AS customer_id,
    '' AS product_id,
    toLowCardinality('') AS channel,
    '' AS store_id,
    CAST(NULL AS Nullable(Decimal(18, 4))) AS price,
    '' AS currency,
    '' AS source,
    '' AS campaign,
    '' AS referrer,
    '' AS device
WHERE 0
