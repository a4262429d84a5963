-- silver_product_categories: one row per category, its latest known state; deleted ones too.
-- reads   bronze_product_categories
-- key     category_id
{{ config(tags=['catalog'], order_by=['category_id']) }}

with latest as (
    select * from {{ ref('bronze_product_categories') }}
    where {{ is_latest(ref('bronze_product_categories'), 'category_id', 'version') }}
),

typed as (
    select
        category_id,
        version,
        parent_id,
        name,
        path,
        toUInt8(length(splitByString(' > ', path))) as depth,
        status,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
