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
        trim(latest.name) as name,
        nullIf(latest.category, '') as category,
        nullIf(replaceAll(latest.category, ' / ', ' > '), '') as category_path,
        nullIf(trim(latest.brand), '') as brand,
        status,
        currency,
        price,
        cast(price * toDecimal64('{{ 1 + var("tax_rate") }}', 6) as Nullable(Decimal(38, 4))) as price_with_tax,
        unit_cost,
        created_at,
        {{ business_day('created_at') }} as created_date,
        event_at,
        ingested_at,
        log_offset,
        {{ built_at() }} as built_at
    from latest
)

select * from typed
