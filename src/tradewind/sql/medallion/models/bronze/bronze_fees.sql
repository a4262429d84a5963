-- bronze_fees: one row per fee, as it was told.
-- reads   landed.log_fees (append-only; repeated and late rows are normal)
{{ config(tags=['finance']) }}

select * from {{ source('landed', 'log_fees') }}
