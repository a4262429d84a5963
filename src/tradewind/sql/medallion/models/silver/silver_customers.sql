-- silver_customers: one row per customer, the latest known state.
-- reads   bronze_customers
-- key     customer_id
{{ config(tags=['customers'], order_by=['customer_id']) }}

with latest as (
    select * from {{ ref('bronze_customers') }}
    where {{ is_latest(ref('bronze_customers'), 'customer_id', 'version') }}
),

typed as (
    select
        customer_id,
        version,
        channel,
        external_id,
        nullIf(email, '') as email,
        nullIf(name, '') as name,
        nullIf(phone, '') as phone,
        nullIf(country, '') as country,
        nullIf(region, '') as region,
        nullIf(city, '') as city,
        birth_date,
        created_at,
        event_at,
        ingested_at,
        log_offset
    from latest
)

select * from typed
