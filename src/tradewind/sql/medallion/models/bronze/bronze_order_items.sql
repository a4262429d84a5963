-- bronze_order_items: one row per line of a state of an order, as it was told.
-- reads   landed.log_orders (append-only; repeated and late rows are normal)
{{ config(tags=['sales']) }}

select
    order_id,
    version,
    line.line_no as line_no,
    line.product_id as product_id,
    line.sku as sku,
    line.name as name,
    line.quantity as quantity,
    line.unit_price as unit_price,
    line.discount as discount,
    line.tax as tax,
    line.total as total,
    line.revenue as revenue,
    line.unit_cost as unit_cost,
    event_at,
    ingested_at,
    log_partition,
    log_offset
from {{ source('landed', 'log_orders') }}
array join lines as line
