{# Groups of live figures that facts changed after the build had looked how far the log goes: there the two sides may differ. #}
{% macro touched_since(landed, entity, grain) -%}
    select distinct
        {{ business_day('entry.at') }} as date, entry.channel as channel, entry.currency as currency,
        entry.product_id as product_id
    from {{ landed }}
    array join entries as entry
    left join (
        select assumeNotNull(c.log_partition) as log_partition, toNullable(toInt64(max(c.log_offset))) as seen
        from {{ ref('silver_changes') }} as c
        where stream = 'seen {{ entity }}' group by log_partition
    ) as snapshot on log_partition = snapshot.log_partition
    where toInt64(log_offset) > ifNull(snapshot.seen, -1) and entry.grain = '{{ grain }}'
{%- endmacro %}
