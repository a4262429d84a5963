-- Keeps the rows of a landed relation that are the newest of their key: highest version, then latest in the log.
-- Two narrow reads of the relation instead of a sort of its wide rows. `among` bounds both to some of the keys.
{% macro is_latest(relation, key, version="log_offset", among="1") -%}
    {{ among }} and {{ place_of_state(version) }} in (
        select max({{ place_of_state(version) }})
        from {{ relation }}
        where {{ among }}
        group by {{ digest_of(key) }}
    )
{%- endmacro %}

-- Version and place in the log as one number, which orders states and names each: the engine compares numbers fast.
{% macro place_of_state(version) -%}
    bitShiftLeft(toUInt128({{ version }}), 64) + bitShiftLeft(toUInt128(log_offset), 16) + log_partition
{%- endmacro %}

-- A key as 16 bytes: a million of them take a quarter of the memory of the ids.
{% macro digest_of(key) -%}
    reinterpretAsUInt128(sipHash128({{ key }}))
{%- endmacro %}

-- The keys that have a state on one of the days that this build makes; all of them in a full build.
{% macro keys_of_touched_days(relation, key, moment) -%}
    {%- set days = touched(business_day(moment)) -%}
    {%- if is_partial() -%} {{ key }} in (select {{ key }} from {{ relation }} where {{ days }}) {%- else -%} 1 {%- endif -%}
{%- endmacro %}
