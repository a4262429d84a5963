-- The store's day of a moment.
{% macro business_day(moment) -%}
    toDate32({{ moment }}, '{{ var("timezone") }}')
{%- endmacro %}
