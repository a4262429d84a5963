-- silver_customers: one row per customer, the latest known state, in one spelling; personal data.
-- reads   bronze_customers
-- feeds   gold_customer_metrics, gold_customer_analytics
-- key     customer_id
-- A view: what a person asks to be forgotten is gone from it as soon as that has landed.
{{ config(materialized='view', tags=['customers']) }}

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
        nullIf(lower(trim(latest.email)), '') as email,
        nullIf({{ proper_case('latest.name') }}, '') as name,
        nullIf(trim(latest.phone), '') as phone,
        nullIf(upper(trim(latest.country)), '') as country,
        nullIf(trim(latest.region), '') as region,
        nullIf({{ proper_case('latest.city') }}, '') as city,
        birth_date,
        created_at,
        {{ business_day('created_at') }} as created_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
