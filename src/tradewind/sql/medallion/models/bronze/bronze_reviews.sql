-- bronze_reviews: one row per state of a review, as it was told.
-- reads   landed.log_reviews (append-only; repeated and late rows are normal)
{{ config(tags=['catalog']) }}

select * from {{ source('landed', 'log_reviews') }}
