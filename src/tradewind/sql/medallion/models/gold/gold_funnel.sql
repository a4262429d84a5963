-- gold_funnel: one row per business day and channel with visits: how many went how far.
-- reads   silver_sessions
-- key     date, channel
{{ config(tags=['marketing'], order_by=['date', 'channel']) }}

with visits as (
    select * from {{ ref('silver_sessions') }}
),

counted as (
    select
        session_date as date,
        channel,
        count() as sessions,
        sum(toUInt64(has_viewed)) as viewed,
        sum(toUInt64(has_carted)) as carted,
        sum(toUInt64(has_checked_out)) as checked_out,
        sum(toUInt64(has_bought)) as bought,
        toNullable(round(bought / sessions, 6)) as conversion_rate,
        {{ built_at() }} as built_at
    from visits
    group by date, channel
)

select * from counted
