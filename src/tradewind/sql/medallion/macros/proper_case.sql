-- A name that was typed all large or all small, with capitals where names have them; others stay as they are spelt.
{% macro proper_case(name) -%}
    if(
        trim({{ name }}) = upperUTF8(trim({{ name }})) or trim({{ name }}) = lowerUTF8(trim({{ name }})),
        initcapUTF8(trim({{ name }})),
        trim({{ name }})
    )
{%- endmacro %}
