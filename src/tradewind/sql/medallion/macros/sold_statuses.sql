-- The statuses that count in revenue, as a list for IN.
{% macro sold_statuses() -%}
    ({%- for status in var("sold_statuses") %}'{{ status }}'{{ ", " if not loop.last }}{% endfor -%})
{%- endmacro %}
