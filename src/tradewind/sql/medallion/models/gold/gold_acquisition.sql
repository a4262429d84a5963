-- gold_acquisition: one row per month and channel with advertising or new customers: what a new customer cost.
-- reads   silver_ad_spend, gold_customer_metrics
-- key     month, channel
{{ config(tags=['marketing', 'customers'], order_by=['month', 'channel']) }}

with spend as (
    select
        toStartOfMonth(day) as month,
        toString(channel) as channel,
        sum(amount_converted) as amount,
        countIf(isNull(amount_converted)) as unconverted,
        sum(ifNull(clicks, 0)) as clicks,
        sum(ifNull(impressions, 0)) as impressions
    from {{ ref('silver_ad_spend') }}
    group by month, channel
),

won as (
    select assumeNotNull(cohort_month) as month, ifNull(first_channel, '') as channel, count() as customers
    from {{ ref('gold_customer_metrics') }}
    where isNotNull(cohort_month)
    group by month, channel
),

places as (
    select month, channel from spend
    union distinct
    select toStartOfMonth(month) as month, channel from won
),

figured as (
    select
        toDate32(places.month) as month,
        places.channel as channel,
        {{ rounded('spend.amount') }} as ad_spend,
        spend.unconverted as unconverted_statements,
        spend.clicks as clicks,
        spend.impressions as impressions,
        won.customers as new_customers,
        if(won.customers = 0 or isNull(spend.amount), null, {{ ratio_of_money('ifNull(spend.amount, 0)', 'won.customers') }}) as cac,
        '{{ var("reporting_currency") }}' as reporting_currency,
        {{ built_at() }} as built_at
    from places
    left join spend on places.month = spend.month and places.channel = spend.channel
    left join won on places.month = won.month and places.channel = won.channel
)

select * from figured
