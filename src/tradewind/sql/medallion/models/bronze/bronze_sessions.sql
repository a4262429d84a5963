-- bronze_sessions: one row per event of a visitor, as it was observed.
-- reads   observed.observed_events (at least once; repeated and late rows are normal)
{{ config(tags=['marketing']) }}

select * from {{ source('observed', 'observed_events') }}
