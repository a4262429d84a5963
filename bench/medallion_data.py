"""A large store for the medallion, made inside the engine: all landed tables that the models read, from numbers().

A million orders of 2.5 lines over two years, two hundred thousand customers of very unequal appetite, five thousand
products with costs, four channels, refunds, payments, movements of the own shop's stock, fees and advertising. The same
rows at every run. `LANDED` is the one place of this SQL: whoever compares another engine reads the tables it fills.
"""

from __future__ import annotations

from datetime import datetime

from bench.store import DAYS, fill_warehouse
from tradewind.events.contracts import moment
from tradewind.warehouse.client import Warehouse

CUSTOMERS = 200_000
_ORDERS_PER_INSERT = 50_000

_CUSTOMERS = f"""
INSERT INTO log_customers
SELECT 1, concat('customer-', leftPad(toString(number), 7, '0')), 1, 'shop', toString(number),
    concat('c', toString(number), '@example.com'), concat('Customer ', toString(number)), '', 'DE', '', 'Berlin',
    if(number % 5 = 0, NULL, toDate32('1950-01-01') + toUInt32(number * 7919 % 20000)),
    toDateTime64({{now:String}}, 6, 'UTC') - toIntervalSecond(number * 311 % ({DAYS} * 86400)),
    now64(6), now64(6), 0, number
FROM numbers({CUSTOMERS})
"""

# The orders of bench.store, with a customer (one in ten is a guest), a region, a cost on most lines, shipping and fees.
_ORDERS = """
INSERT INTO log_orders
SELECT * REPLACE (
    if(log_offset % 10 = 0, '', concat('customer-', leftPad(toString(
        toUInt64({customers:UInt64} * pow(
            (sipHash64(log_offset, 'who') % 1000000) / 1000000, 2))), 7, '0'))) AS customer_id,
    concat(ship_country, '-', toString(log_offset % 8)) AS ship_region,
    arrayMap(line -> tuple(line.1, line.2, line.3, line.4, line.5, line.6, line.7, line.8, line.9, line.10,
        if(line.1 % 4 = 0, NULL, toDecimal64(line.6 / 2, 6))), lines) AS lines,
    if(log_offset % 3 = 0, toDecimal64('4.99', 4), toDecimal64(0, 4)) AS shipping,
    if(channel = 'shop', toDecimal64(0, 4), toDecimal64(round(toFloat64(revenue) / 10, 2), 4)) AS fees)
FROM orders_without_buyers
WHERE log_offset >= {start:UInt64} AND log_offset < {end:UInt64}
"""

_REFUNDS = """
INSERT INTO log_refunds
SELECT 1, concat('refund-', order_id), 1, channel, concat('refund-', order_id), order_id, customer_id,
    placed_at + toIntervalDay(9), currency, lines[1].10, 0, 0, lines[1].10, 1, ship_country, 'sent back',
    [tuple(1, lines[1].2, lines[1].3, lines[1].4, 1, lines[1].6, lines[1].10, 1)],
    arrayMap(grain -> tuple(grain, placed_at + toIntervalDay(9), channel, ship_country, currency,
        if(grain = 'order', '', lines[1].2), -1, -lines[1].10, lines[1].10, 0), ['order', 'product']),
    placed_at + toIntervalDay(9), ingested_at, 0, log_offset
FROM log_orders WHERE log_offset % 20 = 7
"""

_PAYMENTS = """
INSERT INTO log_payments
SELECT 1, concat('payment-', order_id), channel, order_id, order_id, order_number, 'card', 1, total, currency,
    'captured',     placed_at + toIntervalMinute(log_offset % 5000), placed_at, ingested_at, 0, log_offset
FROM log_orders
"""

_MOVEMENTS = """
INSERT INTO log_stock_movements
SELECT 1, concat(order_id, '-', toString(line.1)), line.2, 'main', -toInt64(line.5), 'sale', order_id,
    placed_at, placed_at, ingested_at, 0, log_offset * 4 + line.1
FROM log_orders ARRAY JOIN lines AS line
WHERE channel = 'shop'
"""

_RECEIPTS = f"""
INSERT INTO log_stock_movements
SELECT 1, concat('receipt-', toString(number)), concat('product-', leftPad(toString(number % 5000), 6, '0')), 'main',
    200, 'receipt', '', toDateTime64({{now:String}}, 6, 'UTC') - toIntervalDay({DAYS} - intDiv(number, 5000) * 30),
    now64(6), now64(6), 1, number
FROM numbers(120000)
"""

_REVIEWS = """
INSERT INTO log_reviews
SELECT 1, concat('review-', toString(number)), 'shop', concat('product-', leftPad(toString(number % 5000), 6, '0')), '',
    '',     1 + number * 7 % 5, '', '', now64(6), 'published', now64(6), now64(6), 0, number
FROM numbers(50000)
"""

_AD_SPEND = f"""
INSERT INTO log_ad_spend
SELECT 1, toString(number), toDate32(toDateTime64({{now:String}}, 6, 'UTC') - toIntervalDay(number % {DAYS})),
    ['shop', 'amazon'][1 + number % 2], 'spring', 25, 'EUR', 10, 1000, now64(6), now64(6), 0, number
FROM numbers({DAYS})
"""

LANDED = (_CUSTOMERS, _REFUNDS, _PAYMENTS, _MOVEMENTS, _RECEIPTS, _REVIEWS, _AD_SPEND)

_CHANGES = """
INSERT INTO log_orders
SELECT * REPLACE (version + 1 AS version, status AS previous_status, 'cancelled' AS status, 0 AS is_sold,
    arrayMap(e -> tuple(e.1, e.2, e.3, e.4, e.5, e.6, -e.7, -e.8, -e.9, -e.10), entries) AS entries,
    now64(6) AS event_at, now64(6) AS ingested_at, log_offset + 10000000 * {turn:UInt64} AS log_offset)
FROM (
    SELECT * FROM log_orders
    WHERE version = 1 AND log_offset < {among:UInt64} AND log_offset % {each:UInt64} = 0
)
"""


def fill(warehouse: Warehouse, *, orders: int, ends_at: datetime) -> int:
    """Lands the whole store; returns the number of order lines."""
    warehouse.command("DROP TABLE IF EXISTS orders_without_buyers SYNC")
    lines = fill_warehouse(warehouse, orders=orders, ends_at=ends_at)
    # The live views have had their entries; only the landed rows get their buyers.
    warehouse.command("RENAME TABLE log_orders TO orders_without_buyers")
    warehouse.command("CREATE TABLE log_orders AS orders_without_buyers")
    for start in range(0, orders, _ORDERS_PER_INSERT):
        parameters = {"start": start, "end": start + _ORDERS_PER_INSERT, "customers": CUSTOMERS}
        warehouse.command(_ORDERS, parameters)
    warehouse.command("DROP TABLE orders_without_buyers SYNC")
    for statement in LANDED:
        warehouse.command(statement, {"now": moment(ends_at)} if "{now:" in statement else None)
    return lines


def change_orders(warehouse: Warehouse, *, count: int, among: int, turn: int) -> int:
    """Cancels `count` orders evenly spread over the newest `among`; returns how many states landed."""
    warehouse.command(_CHANGES, {"among": among, "each": among // count, "turn": turn})
    (row,) = warehouse.query(
        "SELECT count() AS states FROM log_orders WHERE version = 2 AND log_offset >= 10000000 * {turn:UInt64}",
        {"turn": turn},
    )
    return int(row["states"])
