-- The day that ages, recency and tenure are counted to: var as_of, today, or the newest business day in the data.
{% macro reference_date() -%}
    {%- if var("as_of") -%}
    toDate32('{{ var("as_of") }}')
    {%- elif var("reference_date") == "today" -%}
    {{ business_day(built_at()) }}
    {%- else -%}
    (
        select least(max(day), {{ business_day(built_at()) }}) from (
            select max(order_date) as day from {{ ref('silver_orders') }}
            union all
            select max(refund_date) as day from {{ ref('silver_refunds') }}
        )
    )
    {%- endif -%}
{%- endmacro %}
