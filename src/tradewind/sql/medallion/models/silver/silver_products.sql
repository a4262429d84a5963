-- silver_products: one row per product, its latest known state.
-- reads   bronze_products
-- key     product_id
{{ config(tags=['catalog'], order_by=['product_id']) }}

with latest as (
    select * from {{ ref('bronze_products') }}
    where {{ is_latest(ref('bronze_products'), 'product_id', 'version') }}
),

typed as (
    select
        product_id,
        version,
        parent_id,
        kind,
        nullIf(sku, '') as sku,
        name,
        nullIf(category, '') as category,
        nullIf(brand, '') as brand,
        status,
        currency,
        price,
        unit_cost,
        created_at,
        event_at,
        ingested_at,
        log_offset
    from latest
)

select * from typed
