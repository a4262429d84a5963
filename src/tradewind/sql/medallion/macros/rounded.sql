-- An exact sum of money rounded once, to four decimals, half away from zero.
{% macro rounded(amount) -%}
    cast(({{ amount }} + if({{ amount }} < 0, -1, 1) * toDecimal128('0.00005', 5)) as Nullable(Decimal(38, 4)))
{%- endmacro %}
