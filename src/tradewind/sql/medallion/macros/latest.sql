-- Keeps the rows of a landed relation that are the newest of their key: highest version, then latest in the log.
-- Two narrow reads of the relation instead of a sort of its wide rows.
{% macro is_latest(relation, key, version="log_offset") -%}
    (log_partition, log_offset) in (
        select argMax((log_partition, log_offset), ({{ version }}, log_offset))
        from {{ relation }}
        group by {{ key }}
    )
{%- endmacro %}
