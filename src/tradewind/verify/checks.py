"""The list of checks: what is compared with what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradewind.core.database import Database
from tradewind.verify import landed, ledger
from tradewind.verify.books import BookCheck, book_checks
from tradewind.verify.report import Checked, Difference, label
from tradewind.verify.sums import Sums
from tradewind.warehouse.client import Warehouse

_BY_DAY = ("day", "channel", "currency")


@dataclass(frozen=True, slots=True)
class Check:
    """Two ways to the same figures, by group."""

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    expected: Callable[[], Sums]
    found: Callable[[], Sums]

    def look(self) -> Checked:
        """Asks both sides."""
        expected, found = self.expected(), self.found()
        totals = {
            name: sum((values[place] for values in expected.values()), Decimal(0))
            for place, name in enumerate(self.measures)
        }
        return Checked(self.name, len(expected), totals, list(self._differences(expected, found)))

    def _differences(self, expected: Sums, found: Sums) -> Iterator[Difference]:
        nothing = (Decimal(0),) * len(self.measures)
        for key in sorted({*expected, *found}):
            pairs = zip(self.measures, expected.get(key, nothing), found.get(key, nothing), strict=True)
            for measure, mine, theirs in pairs:
                if mine != theirs:
                    yield Difference(self.name, label(self.keys, key), measure, mine, theirs)


def all_checks(database: Database, warehouse: Warehouse, zone: ZoneInfo) -> list[BookCheck | Check]:
    """Every check that can be made now; gold only where it is as new as what it was built from.

    `zone` is where the store's business days are cut.
    """

    def rows(sql: str, keys: int) -> Callable[[], Sums]:
        return lambda: landed.sums(warehouse, sql, keys)

    checks: list[BookCheck | Check] = [*book_checks(database)]
    checks += [
        Check(query.name, query.keys, query.measures, query.bound_to(database), rows(sql, len(query.keys)))
        for query, sql in (
            (ledger.ORDERS, landed.ORDERS),
            (ledger.ORDER_ITEMS, landed.ORDER_ITEMS),
            (ledger.REFUNDS, landed.REFUNDS),
            (ledger.PAYMENTS, landed.PAYMENTS),
            (ledger.STOCK_MOVEMENTS, landed.STOCK_MOVEMENTS),
            (ledger.PRODUCTS, landed.PRODUCTS),
            (ledger.CUSTOMERS, landed.CUSTOMERS),
            (ledger.REVIEWS, landed.REVIEWS),
        )
    ]
    checks += [
        Check(
            "live sales",
            _BY_DAY,
            ledger.SALES_MEASURES,
            lambda: ledger.sales(database),
            rows(landed.LIVE_SALES_OF_ORDERS, 3),
        ),
        Check(
            "live sales of products",
            _BY_DAY,
            ("units", "revenue", "refunded"),
            lambda: {key: values[1:] for key, values in ledger.sales(database).items() if any(values[1:])},
            rows(landed.LIVE_SALES_OF_PRODUCTS, 3),
        ),
        Check(
            "live sales per business day",
            _BY_DAY,
            ledger.SALES_MEASURES,
            lambda: ledger.sales_per_business_day(database, zone),
            rows(landed.LIVE_BUSINESS_DAYS, 3),
        ),
        Check(
            "live figures per business day",
            ("grain", *_BY_DAY),
            ledger.SALES_MEASURES,
            rows(landed.LIVE_ENTRIES_PER_BUSINESS_DAY, 4),
            rows(landed.LIVE_PER_BUSINESS_DAY, 4),
        ),
        Check(
            "facts landed once",
            ("table",),
            ("rows",),
            rows(landed.DISTINCT_ROWS, 1),
            rows(landed.ALL_ROWS, 1),
        ),
    ]
    if landed.has_live_shop(warehouse):
        checks += [
            Check(
                "live shop sales",
                _BY_DAY,
                ("units", "revenue"),
                lambda: {key: values[1:3] for key, values in ledger.sales(database).items() if any(values[1:3])},
                rows(landed.LIVE_SHOP_SALES, 3),
            ),
            Check(
                "live shop stock",
                ledger.STOCK.keys,
                ledger.STOCK.measures,
                ledger.STOCK.bound_to(database),
                rows(landed.LIVE_SHOP_STOCK, 1),
            ),
        ]
    if landed.gold_is_current(warehouse):
        checks.append(
            Check(
                "gold daily_sales_summary",
                _BY_DAY,
                ("units", "revenue"),
                rows(landed.LIVE_FOR_GOLD, 3),
                rows(landed.GOLD, 3),
            )
        )
    return [*checks, *_gold_checks(database, warehouse, zone)]


def _gold_checks(database: Database, warehouse: Warehouse, zone: ZoneInfo) -> Iterator[Check]:
    """The ledger against gold: each of the store's days, in the orders' currencies and in the one of the reports."""

    def rows(sql: str) -> Callable[[], Sums]:
        return lambda: landed.sums(warehouse, sql, len(_BY_DAY))

    def sales() -> Sums:
        return ledger.sales_per_business_day(database, zone)

    for table in ("gold_sales_metrics", "gold_daily_sales"):
        if not landed.gold_is_current(warehouse, table):
            continue

        def converted(table: str = table) -> Sums:
            rates = ledger.Rates.read(database, landed.reporting_currency(warehouse, table))
            return rates.converted(sales())

        yield Check(table, _BY_DAY, ledger.SALES_MEASURES, sales, rows(landed.gold_sales(table)))
        yield Check(
            f"{table} converted", _BY_DAY, ("revenue", "refunded"), converted, rows(landed.gold_converted(table))
        )
