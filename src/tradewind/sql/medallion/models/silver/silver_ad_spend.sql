-- silver_ad_spend: one row per day, channel and campaign that was advertised, as it was stated last.
-- reads   bronze_ad_spend
-- feeds   gold_acquisition, gold_channel_profit
-- key     spend_id
{{ config(tags=['marketing'], order_by=['day', 'spend_id']) }}

with latest as (
    select * from {{ ref('bronze_ad_spend') }}
    where {{ is_latest(ref('bronze_ad_spend'), 'spend_id', 'log_offset') }}
),

rates as (
    select currency, since, toNullable(rate) as fx_rate from {{ ref('silver_reporting_rates') }}
),

typed as (
    select
        latest.spend_id as spend_id,
        latest.day as day,
        latest.channel as channel,
        latest.campaign as campaign,
        cast(latest.amount as Decimal(38, 4)) as amount,
        toString(latest.currency) as currency,
        latest.clicks as clicks,
        latest.impressions as impressions,
        '{{ var("reporting_currency") }}' as reporting_currency,
        {{ converted('latest.amount', 'rates.fx_rate') }} as amount_converted,
        latest.event_at as event_at,
        latest.ingested_at as ingested_at,
        latest.log_offset as log_offset,
        {{ built_at() }} as built_at
    from latest
    asof left join rates on toString(latest.currency) = rates.currency and latest.day >= rates.since
)

select * from typed
