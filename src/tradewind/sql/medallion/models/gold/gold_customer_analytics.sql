-- gold_customer_analytics: one row per customer, with who they are; personal data.
-- reads   gold_customer_metrics, silver_customers
-- key     customer_id
-- A view: names are those of the newest state of the customer, so an erased person's are gone at once.
{{ config(materialized='view', tags=['customers']) }}

with metrics as (
    select * from {{ ref('gold_customer_metrics') }}
),

people as (
    select customer_id, name, email, city from {{ ref('silver_customers') }}
),

joined as (
    select
        metrics.customer_id as customer_id,
        people.name as name,
        people.email as email,
        people.city as city,
        {%- for column in ['country', 'age', 'age_group', 'created_at', 'tenure_days', 'customer_lifetime_stage',
            'first_order_date', 'last_order_date', 'recency_days', 'total_orders', 'total_units', 'gross_revenue',
            'refunded', 'total_revenue', 'avg_order_value', 'recency_score', 'frequency_score', 'monetary_score',
            'rfm_score', 'customer_segment', 'acquisition_cost', 'customer_lifetime_value', 'predicted_lifetime_value',
            'predicted_days', 'first_channel', 'first_country', 'cohort_month', 'unconverted_orders',
            'reporting_currency', 'as_of_date', 'built_at'] %}
        metrics.{{ column }} as {{ column }}{{ "," if not loop.last }}
        {%- endfor %}
    from metrics
    left join people on metrics.customer_id = people.customer_id
)

select * from joined
