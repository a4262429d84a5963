-- silver_reporting_rates: one row per currency and day since when a rate into the reporting currency holds.
-- reads   silver_fx_rates
-- feeds   daily_sales_summary, gold_sales_metrics
-- key     currency, since
{{ config(tags=['finance'], order_by=['currency', 'since']) }}

with stored as (
    select base, quote, rate_date, rate from {{ ref('silver_fx_rates') }}
),

direct as (
    select base as currency, rate_date as since, cast(rate as Decimal(38, 12)) as rate, 0 as is_inverse
    from stored
    where quote = '{{ var("reporting_currency") }}' and base != '{{ var("reporting_currency") }}'
),

-- Only for currencies that nobody prices directly.
inverse as (
    select quote as currency, rate_date as since, cast(toDecimal256(1, 24) / rate as Decimal(38, 12)) as rate, 1 as is_inverse
    from stored
    where base = '{{ var("reporting_currency") }}' and quote not in (select currency from direct)
),

own as (
    select '{{ var("reporting_currency") }}' as currency, toDate32('1900-01-01') as since, toDecimal128(1, 12) as rate, 0 as is_inverse
),

every_rate as (
    select toString(currency) as currency, since, rate, toUInt8(is_inverse) as is_inverse, {{ built_at() }} as built_at from own
    union all
    select toString(currency), since, rate, toUInt8(is_inverse), {{ built_at() }} from direct
    union all
    select toString(currency), since, rate, toUInt8(is_inverse), {{ built_at() }} from inverse
)

select * from every_rate
