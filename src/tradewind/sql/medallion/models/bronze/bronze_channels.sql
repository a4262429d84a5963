-- bronze_channels: one row per state of a sales channel, as it was told.
-- reads   landed.log_channels (append-only; repeated and late rows are normal)
{{ config(tags=['sales']) }}

select * from {{ source('landed', 'log_channels') }}
