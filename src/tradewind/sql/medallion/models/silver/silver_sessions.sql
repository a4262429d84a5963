-- silver_sessions: one row per visit, with how far it went.
-- reads   bronze_sessions
-- feeds   gold_funnel
-- key     session_id
-- An event that was sent twice counts once, because a step is counted once per visit.
{{ config(tags=['marketing'], order_by=['session_date', 'session_id']) }}

with visits as (
    select
        session_id,
        min(timestamp) as first_event_at,
        max(timestamp) as last_event_at,
        argMin(channel, timestamp) as first_channel,
        argMin(source, timestamp) as first_source,
        argMin(campaign, timestamp) as first_campaign,
        anyIf(visitor_id, visitor_id != '') as visitor,
        argMaxIf(customer_id, timestamp, customer_id != '') as customer,
        max(type in ('view', 'cart', 'checkout', 'sale')) as has_viewed,
        max(type in ('cart', 'checkout', 'sale')) as has_carted,
        max(type in ('checkout', 'sale')) as has_checked_out,
        max(type = 'sale') as has_bought
    from {{ ref('bronze_sessions') }}
    where session_id != ''
    group by session_id
),

typed as (
    select
        session_id,
        {{ business_day('first_event_at') }} as session_date,
        first_event_at as started_at,
        last_event_at as ended_at,
        first_channel as channel,
        nullIf(first_source, '') as source,
        nullIf(first_campaign, '') as campaign,
        nullIf(visitor, '') as visitor_id,
        nullIf(customer, '') as customer_id,
        toUInt8(has_viewed) as has_viewed,
        toUInt8(has_carted) as has_carted,
        toUInt8(has_checked_out) as has_checked_out,
        toUInt8(has_bought) as has_bought,
        {{ built_at() }} as built_at
    from visits
)

select * from typed
