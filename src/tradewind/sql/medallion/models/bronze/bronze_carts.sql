-- bronze_carts: one row per thing that happened to a cart, as it was told.
-- reads   landed.log_carts (append-only; repeated and late rows are normal)
{{ config(tags=['sales']) }}

select * from {{ source('landed', 'log_carts') }}
