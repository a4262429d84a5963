-- bronze_products: one row per state of a product, as it was told.
-- reads   landed.log_products (append-only; repeated and late rows are normal)
{{ config(tags=['catalog']) }}

select * from {{ source('landed', 'log_products') }}
