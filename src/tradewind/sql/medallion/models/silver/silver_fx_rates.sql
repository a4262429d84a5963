-- silver_fx_rates: one row per pair of currencies and day, the rate stored last.
-- reads   bronze_fx_rates
-- key     base, quote, rate_date
{{ config(tags=['finance'], order_by=['base', 'quote', 'rate_date']) }}

with latest as (
    select * from {{ ref('bronze_fx_rates') }}
    where {{ is_latest(ref('bronze_fx_rates'), 'base, quote, day', 'log_offset') }}
),

typed as (
    select
        base,
        quote,
        day as rate_date,
        rate,
        source,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
