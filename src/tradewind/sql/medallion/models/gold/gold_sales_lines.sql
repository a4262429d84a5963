-- gold_sales_lines: one row per line of a sold order (kind sale) and per line of a refund (kind refund).
-- reads   silver_order_items, silver_orders, silver_refund_items, silver_refunds, silver_payments, silver_products, silver_reporting_rates
-- feeds   gold_daily_sales, gold_payment_days, gold_order_profit, gold_customer_metrics, gold_product_performance, customer_cohorts
-- key     kind, order_id, refund_id, line_no; made day by day (date)
-- An order or refund without lines has one line 0 that carries what it bears whole, so that sums hold.
{{ config(
    materialized='by_day', stream='sales', day='date', sliced=true, partition_by='toYYYYMM(date)',
    tags=['sales', 'finance'], order_by=['date', 'at', 'product_id']
) }}

with sold_lines as (
    select * from {{ ref('silver_order_items') }}
    where is_sold = 1 and {{ touched('order_date') }}
),

-- Orders and refunds whose fact names no line.
bare_orders as (
    select * from {{ ref('silver_orders') }}
    where is_sold = 1 and {{ touched('order_date') }}
        and (log_partition, log_offset) in (select log_partition, log_offset from {{ ref('bronze_orders') }} where empty(lines))
),

bare_refunds as (
    select * from {{ ref('silver_refunds') }}
    where {{ touched('refund_date') }}
        and (log_partition, log_offset) in (select log_partition, log_offset from {{ ref('bronze_refunds') }} where empty(lines))
),

refunded_lines as (
    select
        refund_id, line_no, order_id, customer_id, channel, refunded_at, refund_date, toString(currency) as currency,
        ship_country, product_id, sku, quantity, amount, tax_share, shipping_share
    from {{ ref('silver_refund_items') }}
    where {{ touched('refund_date') }}
    union all
    select
        refund_id, toUInt32(0), order_id, customer_id, channel, refunded_at, refund_date, toString(currency),
        ship_country, '', '', toInt64(0), cast(0 as Decimal(18, 4)), tax, shipping
    from bare_refunds
),

-- What a unit of a product cost in the order that is refunded: the mean of its lines, unknown where one of them is.
costs as (
    select
        order_id,
        product_id,
        if(
            countIf(isNull(unit_cost)) > 0, null,
            toNullable(round(sum(cast(ifNull(unit_cost, 0) as Decimal(38, 10)) * quantity) / sum(quantity), 6))
        ) as unit_cost
    from {{ ref('silver_order_items') }}
    where order_id in (select order_id from refunded_lines where isNotNull(order_id))
    group by order_id, product_id
),

refunded_orders as (
    select order_id, order_number, order_date, customer_id, ship_region, ship_city, is_counted
    from {{ ref('silver_orders') }}
    where order_id in (select order_id from refunded_lines where isNotNull(order_id))
),

payments as (
    select {{ digest_of('assumeNotNull(p.order_id)') }} as of_order, min(payment_date) as paid_date
    from {{ ref('silver_payments') }} as p
    where isNotNull(p.order_id) and status = 'captured' and amount > 0
        {%- if is_partial() or is_sliced() %}
        and p.order_id in (select order_id from sold_lines union distinct select order_id from bare_orders)
        {%- endif %}
    group by of_order
),

rates as (
    select currency, since, toNullable(rate) as fx_rate from {{ ref('silver_reporting_rates') }}
),

products as (
    select product_id, category from {{ ref('silver_products') }}
),

sales as (
    select
        s.order_date as date,
        s.placed_at as at,
        'sale' as kind,
        toNullable(s.order_id) as order_id,
        toNullable(s.order_number) as order_number,
        toNullable(s.order_date) as order_date,
        cast(null as Nullable(String)) as refund_id,
        line_no,
        customer_id,
        channel,
        ship_country as country,
        ship_region as region,
        ship_city as city,
        product_id,
        sku,
        toString(currency) as currency,
        quantity as units,
        cast(revenue as Decimal(38, 4)) as gross_revenue,
        cast(0 as Decimal(38, 4)) as refunded,
        cast(discount as Decimal(38, 4)) as discount,
        cast(tax as Decimal(38, 4)) as tax,
        cast(shipping_share as Decimal(38, 4)) as shipping_share,
        cast(fees_share as Decimal(38, 4)) as fees_share,
        cast(unit_cost as Nullable(Decimal(38, 6))) as unit_cost,
        is_counted,
        toUInt8(is_counted and is_first_line) as is_first_line
    from sold_lines as s
    union all
    select
        order_date, placed_at, 'sale', toNullable(order_id), toNullable(order_number), toNullable(order_date), null,
        toUInt32(0), customer_id, channel, ship_country, ship_region, ship_city, '', '', toString(currency), toInt64(0),
        cast(0 as Decimal(38, 4)), cast(0 as Decimal(38, 4)), cast(discount as Decimal(38, 4)), cast(tax as Decimal(38, 4)),
        cast(shipping as Decimal(38, 4)), cast(fees as Decimal(38, 4)),
        cast(0 as Nullable(Decimal(38, 6))), is_counted, is_counted
    from bare_orders
),

refunds as (
    select
        r.refund_date as date,
        r.refunded_at as at,
        'refund' as kind,
        r.order_id as order_id,
        nullIf(o.order_number, '') as order_number,
        if(o.order_id = '', null, toNullable(o.order_date)) as order_date,
        toNullable(r.refund_id) as refund_id,
        r.line_no as line_no,
        ifNull(r.customer_id, o.customer_id) as customer_id,
        r.channel as channel,
        r.ship_country as country,
        o.ship_region as region,
        o.ship_city as city,
        r.product_id as product_id,
        r.sku as sku,
        r.currency as currency,
        -r.quantity as units,
        cast(0 as Decimal(38, 4)) as gross_revenue,
        cast(r.amount as Decimal(38, 4)) as refunded,
        cast(0 as Decimal(38, 4)) as discount,
        cast(-r.tax_share as Decimal(38, 4)) as tax,
        cast(-r.shipping_share as Decimal(38, 4)) as shipping_share,
        cast(0 as Decimal(38, 4)) as fees_share,
        if(r.quantity = 0, toNullable(cast(0 as Decimal(38, 6))), cast(c.unit_cost as Nullable(Decimal(38, 6)))) as unit_cost,
        o.is_counted as is_counted,
        toUInt8(0) as is_first_line
    from refunded_lines as r
    left join refunded_orders as o on ifNull(r.order_id, '') = o.order_id
    left join costs as c on ifNull(r.order_id, '') = c.order_id and r.product_id = c.product_id
),

lines as (
    select * from sales
    union all
    select * from refunds
),

converted as (
    select
        lines.date as date,
        lines.at as at,
        lines.kind as kind,
        lines.order_id as order_id,
        lines.order_number as order_number,
        lines.order_date as order_date,
        lines.refund_id as refund_id,
        lines.line_no as line_no,
        lines.customer_id as customer_id,
        lines.channel as channel,
        lines.country as country,
        lines.region as region,
        lines.city as city,
        lines.product_id as product_id,
        lines.sku as sku,
        products.category as category,
        lines.currency as currency,
        lines.units as units,
        lines.gross_revenue - lines.refunded as revenue,
        lines.gross_revenue as gross_revenue,
        lines.refunded as refunded,
        lines.discount as discount,
        lines.tax as tax,
        lines.shipping_share as shipping_share,
        lines.fees_share as fees_share,
        lines.unit_cost as unit_cost,
        lines.unit_cost * lines.units as cost,
        '{{ var("reporting_currency") }}' as reporting_currency,
        rates.fx_rate as fx_rate,
        {{ converted('lines.gross_revenue - lines.refunded', 'rates.fx_rate') }} as revenue_converted,
        {{ converted('lines.gross_revenue', 'rates.fx_rate') }} as gross_revenue_converted,
        {{ converted('lines.refunded', 'rates.fx_rate') }} as refunded_converted,
        cast(lines.unit_cost * lines.units as Nullable(Decimal(38, 6))) * cast(rates.fx_rate as Nullable(Decimal(38, 12))) as cost_converted,
        {{ converted('lines.fees_share', 'rates.fx_rate') }} as fees_converted,
        lines.is_counted as is_counted,
        lines.is_first_line as is_first_line,
        if(payments.of_order = 0, null, toNullable(payments.paid_date)) as paid_date,
        {{ built_at() }} as built_at
    from lines
    asof left join rates on lines.currency = rates.currency and lines.date >= rates.since
    left join products on lines.product_id = products.product_id
    left join payments on {{ digest_of("if(lines.kind = 'sale', assumeNotNull(lines.order_id), '-')") }} = payments.of_order
)

select * from converted
