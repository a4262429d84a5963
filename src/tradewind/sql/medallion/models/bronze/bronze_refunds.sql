-- bronze_refunds: one row per refund, as it was told.
-- reads   landed.log_refunds (append-only; repeated and late rows are normal)
{{ config(tags=['sales']) }}

select * from {{ source('landed', 'log_refunds') }}
