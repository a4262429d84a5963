-- How far the log has landed: {entity: {partition: highest offset}}. What is not built yet has landed nothing, so that
-- the pages of the tables can be written before the first build.
{% macro ends_of_log(sources) -%}
    {%- set found = {} -%}
    {%- set built = {} -%}
    {%- if execute -%}
        {%- for name, relation in sources.items() if load_relation(relation) is not none -%}
            {%- do built.update({name: relation}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if built -%}
        {%- set ask -%}
            {%- for name, relation in built.items() %}
            select '{{ name }}' as name, log_partition, max(log_offset) as log_offset from {{ relation }} group by log_partition
            {{ "union all" if not loop.last }}
            {%- endfor %}
        {%- endset -%}
        {%- for row in run_query(ask).rows -%}
            {%- do found.setdefault(row[0], {}).update({row[1] | int: row[2] | int}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

-- How far former builds had read, in the same form.
{% macro seen_of_log() -%}
    {%- set found = {} -%}
    {%- if execute -%}
        {%- set ask -%}
            select stream, log_partition, max(log_offset) from {{ this }}
            where stream like 'seen %' group by stream, log_partition
        {%- endset -%}
        {%- for row in run_query(ask).rows -%}
            {%- do found.setdefault(row[0][5:], {}).update({row[1] | int: row[2] | int}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(found) }}
{%- endmacro %}

-- The condition for facts beyond what was seen: '0' where there are none.
{% macro new_in_log(ends, seen) -%}
    {%- set conditions = [] -%}
    {%- for partition, offset in ends.items() -%}
        {%- if partition not in seen -%}
            {%- do conditions.append("log_partition = " ~ partition) -%}
        {%- elif seen[partition] < offset -%}
            {%- do conditions.append("(log_partition = " ~ partition ~ " and log_offset > " ~ seen[partition] ~ ")") -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return("(" ~ conditions | join(" or ") ~ ")" if conditions else "0") }}
{%- endmacro %}
