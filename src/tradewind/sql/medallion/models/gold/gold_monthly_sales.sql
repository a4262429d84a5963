-- gold_monthly_sales: one row per month and currency, from the currency's first month of sales to the newest month.
-- reads   gold_sales_metrics
-- key     month, currency
-- Months without sales have a row of zeros, so that growth always compares a month with the one before it.
{{ config(tags=['sales'], order_by=['month', 'currency']) }}

with days as (
    select * from {{ ref('gold_sales_metrics') }}
),

newest as (
    select
        {% if var("as_of") -%}
        toDate32('{{ var("as_of") }}')
        {%- else -%}
        {{ business_day(built_at()) }}
        {%- endif %} as as_of
),

by_month as (
    select
        toStartOfMonth(date) as month,
        currency,
        sum(days.revenue) as revenue,
        sum(days.gross_revenue) as gross_revenue,
        sum(days.refunded) as refunded,
        sum(days.gmv) as gmv,
        sum(days.orders) as orders,
        sum(days.units) as units,
        sum(days.cancelled_orders) as cancelled_orders,
        sum(days.revenue_converted) as converted_sum,
        countIf(isNull(days.revenue_converted)) as unconverted_days
    from days
    group by month, currency
),

-- One row per month from each currency's first one to the newest of all.
calendar as (
    select currency, addMonths(first_month, step) as month
    from (
        select currency, min(month) as first_month, (select max(month) from by_month) as last_month
        from by_month
        group by currency
    )
    array join range(toUInt64(dateDiff('month', first_month, last_month) + 1)) as step
),

dense as (
    select
        calendar.month as month,
        calendar.currency as currency,
        by_month.revenue as revenue,
        by_month.gross_revenue as gross_revenue,
        by_month.refunded as refunded,
        by_month.gmv as gmv,
        by_month.orders as orders,
        by_month.units as units,
        by_month.cancelled_orders as cancelled_orders,
        if(by_month.unconverted_days > 0, null, ifNull(by_month.converted_sum, 0)) as revenue_converted
    from calendar
    left join by_month on calendar.month = by_month.month and calendar.currency = by_month.currency
),

compared as (
    select
        dense.*,
        toUInt8(addMonths(month, 1) <= (select as_of from newest)) as is_whole,
        lagInFrame(toNullable(revenue)) over (
            partition by currency order by month rows between unbounded preceding and unbounded following
        ) as revenue_before
    from dense
),

grown as (
    select
        toDate32(month) as month,
        currency,
        is_whole,
        revenue,
        gross_revenue,
        refunded,
        orders,
        units,
        {{ ratio_of_money('revenue', 'orders') }} as average_order_value,
        gmv,
        cancelled_orders,
        '{{ var("reporting_currency") }}' as reporting_currency,
        revenue_converted,
        revenue_before as previous_revenue,
        if(
            is_whole = 1 and revenue_before > 0,
            toNullable(round(toFloat64(revenue - revenue_before) / toFloat64(revenue_before), 6)),
            null
        ) as revenue_growth,
        {{ built_at() }} as built_at
    from compared
)

select * from grown
