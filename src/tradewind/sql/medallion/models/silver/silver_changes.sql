-- silver_changes: one row per build and business day that facts touched, by what has to be made anew for it (stream);
-- and one per build and partition of the log, that says how far the build had read.
-- reads   bronze_orders, bronze_refunds, bronze_payments, bronze_stock_movements, bronze_fees, bronze_fx_rates, bronze_products
-- feeds   every model that is made day by day
-- The first build, and a full one, names every day there is.
{{ config(materialized='incremental', inserts_only=True, tags=['sales'], order_by=['stream', 'built_at']) }}

{%- set sources = {
    'orders': ref('bronze_orders'), 'refunds': ref('bronze_refunds'), 'payments': ref('bronze_payments'),
    'stock_movements': ref('bronze_stock_movements'), 'fees': ref('bronze_fees'), 'fx_rates': ref('bronze_fx_rates'),
    'products': ref('bronze_products')
} -%}
{%- set is_partial = is_incremental() -%}
{%- set ends = ends_of_log(sources) -%}
{%- set seen = seen_of_log() if is_partial else {} -%}
{%- set new = {} -%}
{%- for name in sources -%}
    {%- do new.update({name: new_in_log(ends.get(name, {}), seen.get(name, {})) if is_partial else '1'}) -%}
{%- endfor -%}
{%- set told_orders -%}
    (
        select order_id from {{ sources.orders }} where {{ new.orders }}
        union distinct
        select order_id from {{ sources.fees }}
        where order_id != '' and fee_id in (select fee_id from {{ sources.fees }} where {{ new.fees }})
    )
{%- endset -%}
{%- set of_touched_orders = 'order_id in ' ~ told_orders if is_partial else '1' -%}

with order_days as (
    select distinct {{ business_day('placed_at') }} as date from {{ sources.orders }} where {{ of_touched_orders }}
),

refund_days as (
    select distinct {{ business_day('refunded_at') }} as date from {{ sources.refunds }}
    where {{ 'refund_id in (select refund_id from ' ~ sources.refunds ~ ' where ' ~ new.refunds ~ ')' if is_partial else '1' }}
),

payment_days as (
    select distinct {{ business_day('ifNull(paid_at, event_at)') }} as date from {{ sources.payments }}
    where {{ 'payment_id in (select payment_id from ' ~ sources.payments ~ ' where ' ~ new.payments ~ ')' if is_partial else '1' }}
),

movement_days as (
    select distinct {{ business_day('occurred_at') }} as date from {{ sources.stock_movements }}
    where {{ 'movement_id in (select movement_id from ' ~ sources.stock_movements ~ ' where ' ~ new.stock_movements ~ ')' if is_partial else '1' }}
),
{% if is_partial %}
-- What stands beside a sale of another day: its refunds, its order, when it was paid.
beside as (
    select distinct {{ business_day('refunded_at') }} as date from {{ sources.refunds }}
    where order_id in {{ told_orders }}
    union distinct
    select distinct {{ business_day('placed_at') }} as date from {{ sources.orders }}
    where order_id in (
        select order_id from {{ sources.refunds }} where {{ new.refunds }} and order_id != ''
        union distinct
        select order_id from {{ sources.payments }} where {{ new.payments }} and order_id != ''
    )
),

-- A rate holds from its day until the next one of its pair.
rates as (
    select base, quote, day, leadInFrame(day, 1, toDate32('2299-12-31')) over (
        partition by base, quote order by day rows between unbounded preceding and unbounded following
    ) as until
    from (select distinct base, quote, day from {{ sources.fx_rates }})
    where (base, quote) in (select base, quote from {{ sources.fx_rates }} where {{ new.fx_rates }})
),

rerated as (
    select min(rates.day) as since, max(rates.until) as until from rates
    where (base, quote, day) in (select base, quote, day from {{ sources.fx_rates }} where {{ new.fx_rates }})
    group by base, quote, day
),

rated_days as (
    select distinct date from (
        select distinct {{ business_day('placed_at') }} as date from {{ sources.orders }} where {{ '1' if new.fx_rates != '0' else '0' }}
        union distinct
        select distinct {{ business_day('refunded_at') }} as date from {{ sources.refunds }} where {{ '1' if new.fx_rates != '0' else '0' }}
    ) as days
    cross join rerated
    where days.date >= rerated.since and days.date < rerated.until
    union distinct
    select distinct {{ business_day('orders.placed_at') }} as date
    from {{ sources.orders }} as orders
    inner join (
        select r.order_id as order_id from {{ sources.refunds }} as r cross join rerated
        where {{ business_day('r.refunded_at') }} >= rerated.since and {{ business_day('r.refunded_at') }} < rerated.until
            and {{ '1' if new.fx_rates != '0' else '0' }}
    ) as refunded on orders.order_id = refunded.order_id
),

-- Products that lie in another category, or have another SKU, than when they were last looked at.
moved_products as (
    select product_id from {{ sources.products }}
    where product_id in (select product_id from {{ sources.products }} where {{ new.products }})
    group by product_id
    having argMax((category, sku), version) != argMaxIf((category, sku), version, not ({{ new.products }}))
),

moved_days as (
    select distinct {{ business_day('placed_at') }} as date from {{ sources.orders }}
    where {{ '1' if new.products != '0' else '0' }}
        and hasAny(lines.product_id, (select groupArray(product_id) from moved_products))
    union distinct
    select distinct {{ business_day('refunded_at') }} as date from {{ sources.refunds }}
    where {{ '1' if new.products != '0' else '0' }}
        and hasAny(lines.product_id, (select groupArray(product_id) from moved_products))
),
{% endif %}
sales_days as (
    select date from order_days
    union distinct
    select date from refund_days
    {%- if is_partial %}
    union distinct
    select date from beside
    union distinct
    select date from rated_days
    union distinct
    select date from moved_days
    {%- endif %}
),

days as (
    select 'orders' as stream, date from order_days
    union all
    select 'refunds' as stream, date from refund_days
    union all
    select 'payments' as stream, date from payment_days
    union all
    select 'stock' as stream, date from movement_days
    union all
    select 'sales' as stream, date from sales_days
),

said as (
    select
        stream,
        toNullable(date) as date,
        cast(null as Nullable(UInt16)) as log_partition,
        cast(null as Nullable(UInt64)) as log_offset,
        {{ built_at() }} as built_at
    from days
    {%- for name, partitions in ends.items() %}
    {%- for partition, offset in partitions.items() %}
    {%- if seen.get(name, {}).get(partition) != offset %}
    union all
    select 'seen ' || '{{ name }}', null, toNullable(toUInt16({{ partition }})), toNullable(toUInt64({{ offset }})), {{ built_at() }}
    {%- endif %}
    {%- endfor %}
    {%- endfor %}
)

select * from said
