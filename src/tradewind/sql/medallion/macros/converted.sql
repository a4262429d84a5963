-- An amount in the reporting currency, exact (scale 4 + 12); NULL where no rate is stored. Round sums, not their parts.
{% macro converted(amount, rate="fx_rate") -%}
    cast({{ amount }} as Decimal(38, 4)) * cast({{ rate }} as Nullable(Decimal(38, 12)))
{%- endmacro %}
