-- bronze_payments: one row per payment, as it was told.
-- reads   landed.log_payments (append-only; repeated and late rows are normal)
{{ config(tags=['sales']) }}

select * from {{ source('landed', 'log_payments') }}
