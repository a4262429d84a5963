-- All layers live in one database, so a model's name is its table's name, whatever its folder.
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema }}
{%- endmacro %}
