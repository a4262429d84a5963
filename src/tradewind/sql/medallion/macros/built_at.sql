{# When this build began, as a moment in UTC: facts that were in the log by then are in what it builds. #}
{% macro built_at() -%}
    toDateTime64('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}', 6, 'UTC')
{%- endmacro %}
