-- An amount divided over lines so that the parts add up to it: each its share rounded down, the units that are left to
-- the largest remainders, the earlier line first among equals. `whole` is Int128, `weights` Array(Int128), none negative
-- and not all of them 0. Source: https://en.wikipedia.org/wiki/Largest_remainders_method
{% macro largest_remainder(whole, weights) -%}
    {#- Nothing to share is the rule: then there is nothing to reckon either. -#}
    {%- set shared = "if(" ~ whole ~ " = 0, [], " ~ weights ~ ")" -%}
    {%- set worth = "greatest(arraySum(" ~ shared ~ "), 1)" -%}
    {%- set parts = "arrayMap(weight -> intDiv(abs(" ~ whole ~ ") * weight, " ~ worth ~ "), " ~ shared ~ ")" -%}
    {%- set order = "arraySort((line, left) -> (-left, line), arrayEnumerate(" ~ shared ~ "), arrayMap(weight -> (abs("
        ~ whole ~ ") * weight) % " ~ worth ~ ", " ~ shared ~ "))" -%}
    if(
        {{ whole }} = 0,
        arrayMap(weight -> toInt128(0), {{ weights }}),
        arrayMap(
            (part, rank) -> sign({{ whole }}) * (part + (rank <= abs({{ whole }}) - arraySum({{ parts }}))),
            {{ parts }},
            arraySort((rank, line) -> line, arrayEnumerate({{ order }}), {{ order }})
        )
    )
{%- endmacro %}

-- How many minor units one unit of a currency has, by ISO 4217: 100 for EUR, 1 for JPY, 1000 for KWD.
{% macro minor_units(currency) -%}
    multiIf(
        {{ currency }} in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'), 1,
        {{ currency }} in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'), 1000,
        {{ currency }} = 'CLF', 10000,
        100
    )
{%- endmacro %}

-- An amount as a whole number of units, and how many of those make one of the currency: minor units, or ten-thousandths
-- for an amount that has more digits than its currency.
{% macro in_smallest_units(amount, minor_units) -%}
    if(
        toInt128(cast({{ amount }} as Decimal(38, 4)) * {{ minor_units }}) = cast({{ amount }} as Decimal(38, 4)) * {{ minor_units }},
        (toInt128(cast({{ amount }} as Decimal(38, 4)) * {{ minor_units }}), toUInt16({{ minor_units }})),
        (toInt128(cast({{ amount }} as Decimal(38, 4)) * 10000), toUInt16(10000))
    )
{%- endmacro %}
