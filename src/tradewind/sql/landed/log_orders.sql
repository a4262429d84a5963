-- log_orders: one row per state of an order, as it was told: bookings and every change.
-- Append-only; written by the sink alone, from the log topic `orders`.
CREATE TABLE IF NOT EXISTS log_orders
(
    contract UInt8,
    order_id String,
    version UInt32,
    channel LowCardinality(String),
    order_number String,
    external_id String,
    customer_id String,
    placed_at DateTime64(6, 'UTC'),
    status LowCardinality(String),
    previous_status LowCardinality(String),
    is_sold UInt8,
    fulfillment_status LowCardinality(String),
    payment_status LowCardinality(String),
    currency LowCardinality(String),
    subtotal Decimal(18, 4),
    discount Decimal(18, 4),
    shipping Decimal(18, 4),
    tax Decimal(18, 4),
    other Decimal(18, 4),
    fees Decimal(18, 4),
    total Decimal(18, 4),
    revenue Decimal(18, 4),
    units Int64,
    prices_include_tax UInt8,
    ship_country LowCardinality(String),
    ship_region LowCardinality(String),
    ship_city String,
    is_test UInt8,
    is_replacement UInt8,
    origin LowCardinality(String),
    lines Array(Tuple(
        line_no UInt16,
        product_id String,
        sku String,
        name String,
        quantity Int64,
        unit_price Decimal(18, 6),
        discount Decimal(18, 4),
        tax Decimal(18, 4),
        total Decimal(18, 4),
        revenue Decimal(18, 4),
        unit_cost Nullable(Decimal(18, 6))
    )),
    entries Array(Tuple(
        grain String,
        at DateTime64(6, 'UTC'),
        channel String,
        country String,
        currency String,
        product_id String,
        units Int64,
        revenue Decimal(18, 4),
        refunded Decimal(18, 4),
        orders Int8
    )),
    event_at DateTime64(6, 'UTC'),
    ingested_at DateTime64(6, 'UTC'),
    log_partition UInt16,
    log_offset UInt64
)
ENGINE = MergeTree
ORDER BY (placed_at, order_id, version)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1
