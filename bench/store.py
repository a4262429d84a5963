"""A large store, made inside the engine: orders go into the landed table, and the live views do what they always do.

Two years of orders of one to four lines, five thousand products of very unequal success, four channels, twenty
countries, a tenth of the orders in a second currency with monthly rates. The same numbers at every run. Each line of
an order picks from a quarter of the products of its own: no product stands in an order twice, which counts it once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tradewind.events.contracts import moment
from tradewind.warehouse.client import Warehouse

PRODUCTS = 5_000
DAYS = 730
LINES_PER_ORDER = 2.5
_ORDERS_PER_INSERT = 40_000

_CHANNELS = "['shop', 'amazon', 'shopify', 'walmart']"
_COUNTRIES = "['DE','FR','NL','AT','BE','IT','ES','PL','SE','DK','CZ','PT','IE','FI','HU','RO','GR','CH','GB','US']"

_ORDERS = f"""
INSERT INTO log_orders
WITH
    toDateTime64({{now:String}}, 6, 'UTC') AS ends_at,
    toUInt64(1 + number % 4) AS line_count,
    ends_at - toIntervalSecond(intDiv({DAYS} * 86400 * number, {{orders:UInt64}})) AS at,
    {_CHANNELS}[1 + sipHash64(number, 'channel') % 7 % 4] AS channel_code,
    {_COUNTRIES}[1 + toUInt64(20 * pow((sipHash64(number, 'country') % 1000) / 1000, 2))] AS ship_to,
    if(sipHash64(number, 'currency') % 10 = 0, 'USD', 'EUR') AS money,
    arrayMap(i -> i + 4 * toUInt64({PRODUCTS} / 4 * pow((sipHash64(number, i) % 100000) / 100000, 3)),
        range(line_count)) AS picks,
    arrayMap(p -> toDecimal64(5 + p % 90, 4) + toDecimal64('0.99', 4), picks) AS prices,
    arrayMap(p -> concat('product-', leftPad(toString(p), 6, '0')), picks) AS ids,
    concat('order-', leftPad(toString(number), 8, '0')) AS order_key,
    arraySum(prices) AS worth
SELECT
    1 AS contract, order_key AS order_id, 1 AS version, channel_code AS channel, toString(number) AS order_number,
    toString(number) AS external_id, '' AS customer_id, at AS placed_at, 'delivered' AS status, '' AS previous_status,
    1 AS is_sold, 'fulfilled' AS fulfillment_status, 'paid' AS payment_status, money AS currency,
    worth AS subtotal, 0 AS discount, 0 AS shipping, 0 AS tax, 0 AS other, 0 AS fees, worth AS total, worth AS revenue,
    line_count AS units, 0 AS prices_include_tax, ship_to AS ship_country, '' AS ship_region, '' AS ship_city,
    0 AS is_test, 0 AS is_replacement, 'import' AS origin,
    arrayMap((i, id, price) -> tuple(i, id, id, id, 1, price, 0, 0, price, price, NULL),
        arrayEnumerate(ids), ids, prices) AS lines,
    arrayConcat(
        [tuple('order', at, channel_code, ship_to, money, '', toInt64(line_count), worth, toDecimal64(0, 4), 1)],
        arrayMap((id, price) -> tuple('product', at, channel_code, ship_to, money, id, toInt64(1), price,
            toDecimal64(0, 4), 1), ids, prices)
    ) AS entries,
    at AS event_at, ends_at AS ingested_at, 0 AS log_partition, number AS log_offset
FROM numbers({{start:UInt64}}, {{count:UInt64}})
"""


def fill_warehouse(warehouse: Warehouse, *, orders: int, ends_at: datetime) -> int:
    """Lands that many orders; returns the number of their lines."""
    warehouse.command(
        f"""
        INSERT INTO log_products
        SELECT 1, concat('product-', leftPad(toString(number), 6, '0')), 1, NULL, 'good',
            concat('SKU-', toString(number)), concat('Product ', toString(number)),
            concat('Category ', toString(number % 20)), 'Brand', 'active', 'EUR', NULL, NULL,
            now64(6), now64(6), now64(6), 0, number
        FROM numbers({PRODUCTS})
        """
    )
    warehouse.command(
        "INSERT INTO log_channels SELECT 1, code, 1, code, upper(code), 'shop', now64(6), now64(6), 0,"
        f" rowNumberInAllBlocks() FROM (SELECT arrayJoin({_CHANNELS}) AS code)"
    )
    first = (ends_at - timedelta(DAYS + 40)).date()
    warehouse.command(
        "INSERT INTO log_fx_rates SELECT 1, toDate32({first:String}) + 30 * number, 'USD', 'EUR',"
        " toDecimal128(0.9, 12) + toDecimal128(number % 7, 12) / 100, 'bench', now64(6), now64(6), 0, number"
        " FROM numbers(26)",
        {"first": first.isoformat()},
    )
    for start in range(0, orders, _ORDERS_PER_INSERT):
        parameters = {
            "now": moment(ends_at),
            "orders": orders,
            "start": start,
            "count": min(_ORDERS_PER_INSERT, orders - start),
        }
        warehouse.command(_ORDERS, parameters)
    (row,) = warehouse.query("SELECT sum(length(lines)) AS lines FROM log_orders")
    return int(row["lines"])
