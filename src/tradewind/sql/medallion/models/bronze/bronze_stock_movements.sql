-- bronze_stock_movements: one row per movement of units at a location, as it was told.
-- reads   landed.log_stock_movements (append-only; repeated and late rows are normal)
{{ config(tags=['inventory']) }}

select * from {{ source('landed', 'log_stock_movements') }}
