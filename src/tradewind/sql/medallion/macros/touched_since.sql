-- Groups of live figures that facts changed after the silver snapshot was taken: there the two sides may differ.
{% macro touched_since(landed, silver, grain) -%}
    select distinct
        {{ business_day('entry.at') }} as date, entry.channel as channel, entry.currency as currency,
        entry.product_id as product_id
    from {{ landed }}
    array join entries as entry
    left join (
        select log_partition, toNullable(toInt64(max(log_offset))) as seen from {{ silver }} group by log_partition
    ) as snapshot on log_partition = snapshot.log_partition
    where toInt64(log_offset) > ifNull(snapshot.seen, -1) and entry.grain = '{{ grain }}'
{%- endmacro %}
