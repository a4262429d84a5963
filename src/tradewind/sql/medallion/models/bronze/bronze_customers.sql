-- bronze_customers: one row per state of a customer, as it was told; personal data.
-- reads   landed.log_customers (append-only; repeated and late rows are normal)
{{ config(tags=['customers']) }}

select * from {{ source('landed', 'log_customers') }}
