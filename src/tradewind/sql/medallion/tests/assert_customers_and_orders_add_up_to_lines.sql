-- Customers and guests together ordered what the lines say; orders bear the profit of their lines.
{{ config(tags=['gold', 'customers', 'finance']) }}

with lines as (
    select
        sumIf(toUInt64(is_first_line), isNotNull(customer_id)) as orders_of_customers,
        sum(toUInt64(is_first_line)) as orders
    from {{ ref('gold_sales_lines') }}
),

customers as (
    select sum(total_orders) as orders from {{ ref('gold_customer_metrics') }}
),

cohorts as (
    select sum(c.orders) as orders from {{ ref('customer_cohorts') }} as c where first_channel = ''
),

orders as (
    select countIf(is_counted = 1) as orders from {{ ref('gold_order_profit') }}
)

select lines.orders as of_lines, customers.orders as of_customers, cohorts.orders as of_cohorts, orders.orders as of_orders
from lines
cross join customers
cross join cohorts
cross join orders
where lines.orders_of_customers != customers.orders or customers.orders != cohorts.orders or lines.orders != orders.orders
