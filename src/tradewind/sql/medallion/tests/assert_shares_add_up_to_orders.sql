-- The shares of the lines of an order add up to its shipping, and nothing is left over.
{{ config(tags=['silver', 'sales']) }}

with shares as (
    select order_id, sum(shipping_share) as shipping, sum(is_first_line) as firsts
    from {{ ref('silver_order_items') }}
    group by order_id
),

orders as (
    select order_id, shipping from {{ ref('silver_orders') }}
)

select orders.order_id as order_id, orders.shipping as told, shares.shipping as shared
from orders
inner join shares on orders.order_id = shares.order_id
where orders.shipping != shares.shipping or shares.firsts != 1
