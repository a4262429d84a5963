-- What every row of a table by day depends on: tables keep it as their comment.
{% macro made_with() -%}
    {%- set parts = [var('reporting_currency'), var('timezone'), 'sold: ' ~ (var('sold_statuses') | join(' '))] -%}
    {{ return((parts | join(', ')) | replace("'", '') | replace('\\', '')) }}
{%- endmacro %}

-- Whether the table was made with what this build is asked for. Where not, keeping days of it would mix currencies.
-- A model asks for every part of it: the engine is asked the first time.
{% macro is_made_alike() -%}
    {%- set ask -%}
        select comment from system.tables where database = '{{ this.schema }}' and name = '{{ this.identifier }}'
    {%- endset -%}
    {%- set known = load_result('made with') -%}
    {%- set told = known.table if known else run_query(ask) -%}
    {%- do store_result('made with', 'told', told) -%}
    {{ return(told.rows | length == 1 and told.rows[0][0] == made_with()) }}
{%- endmacro %}
