-- bronze_ad_spend: one row per statement of what a campaign cost on a day, as it was told.
-- reads   landed.log_ad_spend (append-only; repeated and late rows are normal)
{{ config(tags=['marketing']) }}

select * from {{ source('landed', 'log_ad_spend') }}
