-- bronze_product_categories: one row per state of a category, as it was told.
-- reads   landed.log_product_categories (append-only; repeated and late rows are normal)
{{ config(tags=['catalog']) }}

select * from {{ source('landed', 'log_product_categories') }}
