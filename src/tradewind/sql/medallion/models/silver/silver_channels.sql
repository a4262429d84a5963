-- silver_channels: one row per sales channel, its latest known state.
-- reads   bronze_channels
-- key     channel_id
{{ config(tags=['sales'], order_by=['channel']) }}

with latest as (
    select * from {{ ref('bronze_channels') }}
    where {{ is_latest(ref('bronze_channels'), 'channel_id', 'version') }}
),

typed as (
    select
        channel_id,
        version,
        channel,
        name,
        kind,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
