-- bronze_orders: one row per state of an order, as it was told.
-- reads   landed.log_orders (append-only; repeated and late rows are normal)
{{ config(tags=['sales']) }}

select * from {{ source('landed', 'log_orders') }}
