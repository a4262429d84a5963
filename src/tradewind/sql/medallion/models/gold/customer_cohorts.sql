-- customer_cohorts: one row per month of first orders, month since then, and channel of the first order ('' is all).
-- reads   gold_customer_metrics, gold_sales_lines
-- key     cohort_month, period, first_channel
-- Dense: a cohort has a row for every month up to the newest one, also where nobody came back.
{{ config(tags=['customers'], order_by=['first_channel', 'cohort_month', 'period']) }}

with members as (
    select customer_id, assumeNotNull(metrics.cohort_month) as cohort_month, ifNull(first_channel, '') as own_channel
    from {{ ref('gold_customer_metrics') }} as metrics
    where isNotNull(metrics.cohort_month)
),

months as (
    select
        assumeNotNull(lines.customer_id) as customer_id,
        toStartOfMonth(date) as month,
        sum(toUInt64(is_first_line)) as orders,
        sum(revenue_converted) as revenue
    from {{ ref('gold_sales_lines') }} as lines
    where isNotNull(lines.customer_id)
    group by customer_id, month
),

active as (
    select
        members.cohort_month as cohort_month,
        dateDiff('month', members.cohort_month, months.month) as period,
        arrayJoin(arrayDistinct(['', members.own_channel])) as first_channel,
        countIf(months.orders > 0) as customers,
        sum(months.orders) as orders,
        sum(months.revenue) as revenue
    from months
    inner join members on months.customer_id = members.customer_id
    where months.month >= members.cohort_month
    group by cohort_month, period, first_channel
),

-- Asked of the lines: the engine would sum all months a second time.
newest as (
    select toStartOfMonth(max(date)) as month from {{ ref('gold_sales_lines') }} where isNotNull(customer_id)
),

sizes as (
    select cohort_month, arrayJoin(arrayDistinct(['', own_channel])) as first_channel, count() as cohort_size
    from members
    group by cohort_month, first_channel
),

calendar as (
    select cohort_month, first_channel, cohort_size, toInt64(step) as period
    from sizes
    array join range(toUInt64(dateDiff('month', cohort_month, (select month from newest)) + 1)) as step
),

dense as (
    select
        calendar.cohort_month as cohort_month,
        calendar.period as period,
        calendar.first_channel as first_channel,
        calendar.cohort_size as cohort_size,
        active.customers as customers,
        active.orders as orders,
        ifNull(active.revenue, 0) as exact_revenue
    from calendar
    left join active on calendar.cohort_month = active.cohort_month
        and calendar.period = active.period and calendar.first_channel = active.first_channel
),

figured as (
    select
        cohort_month,
        toUInt32(period) as period,
        first_channel,
        cohort_size,
        customers,
        orders,
        {{ rounded('exact_revenue') }} as revenue,
        round(customers / cohort_size, 6) as retention,
        {{ ratio_of_money('sum(exact_revenue) over (partition by first_channel, cohort_month order by period)', 'cohort_size') }} as revenue_per_customer_to_date,
        '{{ var("reporting_currency") }}' as reporting_currency,
        {{ built_at() }} as built_at
    from dense
)

select * from figured
