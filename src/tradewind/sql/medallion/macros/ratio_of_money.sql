-- Money ÷ count, to four decimals, half away from zero; NULL where there is nothing to divide by.
{% macro ratio_of_money(amount, count) -%}
    if(
        {{ count }} = 0,
        null,
        toNullable(cast(
            (cast({{ amount }} as Decimal(38, 8)) / if({{ count }} = 0, 1, {{ count }})
                + if({{ amount }} < 0, -1, 1) * toDecimal128('0.00005', 8))
            as Decimal(38, 4)
        ))
    )
{%- endmacro %}
