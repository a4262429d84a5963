-- A table by business day, in partitions of a month (config: day, the column that says the day).
-- A build of many days takes some months at a time (config: sliced, for what reads tables by day), so that its memory
-- does not grow with the store. A partial build makes anew the days that facts touched, keeps the other days of their
-- months as they are, and swaps those months: who reads sees the old or the new month, and a build that fails changes
-- nothing.
{% materialization by_day, adapter='clickhouse' %}
    {%- set is_partial = is_partial() -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set fresh = this.incorporate(path={"identifier": this.identifier ~ "__fresh"}, type='table') -%}
    {%- set day = config.require('day') -%}
    {{ run_hooks(pre_hooks) }}
    {% do run_query("drop table if exists " ~ fresh ~ " sync") %}

    {% if not is_partial %}
        {% call statement('shape') %}
            {{ create_table_or_empty(False, fresh, sql, False) }}
        {% endcall %}
        {% for first, last in slices() %}
            {% call statement('main') %}
                {{ clickhouse__insert_into(fresh, of_slice(sql, first, last), False) }}
            {% endcall %}
        {% endfor %}
        {% if existing is none %}
            {% do run_query("rename table " ~ fresh ~ " to " ~ target_relation) %}
        {% elif existing.is_view %}
            {% do adapter.drop_relation(existing) %}
            {% do run_query("rename table " ~ fresh ~ " to " ~ target_relation) %}
        {% else %}
            {% do run_query("exchange tables " ~ fresh ~ " and " ~ target_relation) %}
        {% endif %}
        {% do run_query("alter table " ~ target_relation ~ " modify comment '" ~ made_with() ~ "'") %}
    {% else %}
        {%- set touched = touched_days() -%}
        {%- set months = [] -%}
        {%- for row in run_query("select distinct toYYYYMM(date) as month from (" ~ touched ~ ") order by month").rows -%}
            {%- do months.append(row[0] | int) -%}
        {%- endfor -%}
        {% if months | length == 0 %}
            {% call statement('main') %} select 1 {% endcall %}
        {% else %}
            {%- set columns = adapter.get_columns_in_relation(target_relation) | map(attribute='quoted') | join(', ') -%}
            {% do run_query("create table " ~ fresh ~ " as " ~ target_relation) %}
            {% for first, last in slices_of(months) %}
                {% call statement('main') %}
                    insert into {{ fresh }} ({{ columns }})
                    select {{ columns }} from (
                        {{ of_slice(sql, first, last) }}
                    )
                    {{ adapter.get_model_query_settings(model) }}
                {% endcall %}
            {% endfor %}
            {% call statement('kept') %}
                insert into {{ fresh }} ({{ columns }})
                select {{ columns }} from {{ target_relation }}
                where toYYYYMM({{ day }}) in ({{ months | join(', ') }}) and {{ day }} not in ({{ touched }})
                {{ adapter.get_model_query_settings(model) }}
            {% endcall %}
            {% call statement('swap') %}
                alter table {{ target_relation }}
                {%- for month in months %}
                replace partition id '{{ month }}' from {{ fresh }}{{ "," if not loop.last }}
                {%- endfor %}
                settings allow_replace_partition_from_empty_source = 1
            {% endcall %}
        {% endif %}
    {% endif %}
    {% do run_query("drop table if exists " ~ fresh ~ " sync") %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

-- Whether this build makes only the days that were touched: the table is there, made with the same currency and zone,
-- and nobody asked for all of it.
{% macro is_partial() %}
    {%- if not execute or model.config.materialized != 'by_day' or should_full_refresh() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ return(existing is not none and not existing.is_view and is_made_alike()) }}
{% endmacro %}

-- The days that facts touched since this table was last written (config: stream, one of silver_changes).
{% macro touched_days() -%}
    select assumeNotNull(changes.date) as date from {{ ref('silver_changes') }} as changes
    where stream = '{{ config.require("stream") }}' and isNotNull(changes.date)
        and changes.built_at > (select max(built_at) from {{ this }})
{%- endmacro %}

-- Bounds a part of a model to the days that this build makes: all in a full one, slice by slice.
{% macro touched(day) -%}
    {#- A unit test is a full build, and has no changes; all others depend on them. -#}
    {%- set days = touched_days() if model.resource_type == 'model' else none -%}
    {%- set conditions = [] -%}
    {%- if is_partial() -%} {%- do conditions.append(day ~ " in (" ~ days ~ ")") -%} {%- endif -%}
    {%- if is_sliced() -%}
        {%- do conditions.append(day ~ " >= " ~ slice_start() ~ " and " ~ day ~ " <= " ~ slice_end()) -%}
    {%- endif -%}
    {{ conditions | join(" and ") or "1" }}
{%- endmacro %}

-- Whether a build of many days makes this model slice by slice.
{% macro is_sliced() -%}
    {{ return(model.resource_type == 'model' and config.get('sliced', false)) }}
{%- endmacro %}

-- Where a slice begins and ends: all of time in the text of a model, days of the slice in what is run.
{% macro slice_start() -%} toDate32('1900-01-01' /* start of the slice */) {%- endmacro %}
{% macro slice_end() -%} toDate32('2299-12-31' /* end of the slice */) {%- endmacro %}

-- The text of a model for the days of one slice.
{% macro of_slice(sql, first, last) -%}
    {{ return(sql | replace(slice_start(), "toDate32('" ~ first ~ "')") | replace(slice_end(), "toDate32('" ~ last ~ "')")) }}
{%- endmacro %}

-- The slices of a partial build, of which these months were touched: few of them are made at once, as they mostly are.
{% macro slices_of(months) -%}
    {%- if months | length <= 2 -%} {{ return([['1900-01-01', '2299-12-31']]) }} {%- endif -%}
    {%- set found = [] -%}
    {%- for first, last in slices() -%}
        {%- set begins = (first | replace('-', ''))[:6] | int -%}
        {%- set ends = (last | replace('-', ''))[:6] | int -%}
        {%- for month in months if begins <= month and month <= ends -%}
            {%- if loop.first -%} {%- do found.append([first, last]) -%} {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

-- The slices of a full build, [first day, last day]: as many months as have var orders_at_once states of orders.
{% macro slices() -%}
    {%- set found = namespace(first='1900-01-01', slices=[], held=0) -%}
    {%- if is_sliced() -%}
        {#- By its name: how much there is of something is no reason for a table to come from it. -#}
        {%- set months -%}
            select toString(month), toString(month - 1), count() from (
                select toStartOfMonth({{ business_day('placed_at') }}) as month from {{ target.schema }}.log_orders
            ) group by month order by month
        {%- endset -%}
        {%- for month, day_before, states in run_query(months).rows -%}
            {%- if found.held > 0 and found.held + states > var('orders_at_once') -%}
                {%- do found.slices.append([found.first, day_before]) -%}
                {%- set found.first = month -%}
                {%- set found.held = 0 -%}
            {%- endif -%}
            {%- set found.held = found.held + states -%}
        {%- endfor -%}
    {%- endif -%}
    {%- do found.slices.append([found.first, '2299-12-31']) -%}
    {{ return(found.slices) }}
{%- endmacro %}
