-- bronze_fx_rates: one row per exchange rate, as it was stored.
-- reads   landed.log_fx_rates (append-only; repeated and late rows are normal)
{{ config(tags=['finance']) }}

select * from {{ source('landed', 'log_fx_rates') }}
