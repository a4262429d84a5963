"""What is booked moves the live shop: its grid, its counters and its filters, each fact once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.spine import NOON, a_line, an_order, some_orders, value
from tests.warehouse.live_shop.shop import MOMENT, LiveStore, a_live_store, price_of
from tradewind.commerce.catalog.facts import tell
from tradewind.commerce.catalog.model import Product
from tradewind.commerce.inventory.model import StockMovement
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.refunds import NewRefund, NewRefundLine, book_refunds
from tradewind.core.errors import TradewindError, Unavailable
from tradewind.core.ids import new_id
from tradewind.events.contracts import Fact, Topic
from tradewind.platform import Access
from tradewind.verify import is_clean, verify
from tradewind.warehouse.live_shop.project import SHOWN, fill_from_history, project_files
from tradewind.warehouse.live_shop.rows import lines_of
from tradewind.warehouse.live_shop.service import NAME, LiveShop

TRENDING = "Trending 🔥"


@pytest.fixture
def store(data_dir: Path, chdb_path: Path) -> Iterator[LiveStore]:
    with a_live_store(data_dir, chdb_path) as made:
        yield made


def sale(number: str, **units: int) -> Any:
    """An order of half past twelve less five minutes."""
    lines = [a_line(sku, count, "10.00") for sku, count in units.items()]
    return an_order(number, *lines, placed_at=MOMENT - timedelta(minutes=5))


def refund(number: str, sku: str, quantity: int, *, is_restocked: bool) -> NewRefund:
    line = NewRefundLine(sku, quantity, Decimal("10.00"), is_restocked=is_restocked)
    return NewRefund(number, MOMENT - timedelta(minutes=1), "EUR", (line,))


def is_sound(store: LiveStore) -> bool:
    """Whether the live shop's sums are the ledger's."""
    platform = store.platform
    platform.settle()
    checks = verify(Access(platform.database, platform.warehouse, lambda: None, None))
    names = {check.name for check in checks}
    assert {"live shop sales", "live shop stock"} <= names
    assert is_clean(checks), [str(difference) for check in checks for difference in check.differences]
    return True


def test_stock_status_is_in_stock_above_100_almost_out_above_0_else_out(store: LiveStore) -> None:
    store.stock(FULL=101, EDGE=100, LAST=1, GONE=0)
    grid = store.by_sku()
    assert {sku: (row["available"], row["stock_status"]) for sku, row in grid.items()} == {
        "FULL": (101, 0),
        "EDGE": (100, 1),
        "LAST": (1, 1),
        "GONE": (0, 2),
    }
    assert grid["EDGE"]["price"] == price_of("EDGE")
    assert [row["sku"] for row in store.grid()] == ["LAST", "FULL", "EDGE"], "by price, without what is out of stock"


def test_a_sale_a_cancellation_a_refund_and_a_delivery_each_move_the_grid(store: LiveStore) -> None:
    store.stock(MUG=102)
    assert store.by_sku()["MUG"]["stock_status"] == 0

    store.shop.book(sale("A-1", MUG=3), sale("A-2", MUG=2))
    mug = store.by_sku()["MUG"]
    assert (mug["available"], mug["hits"], mug["stock_status"], mug["rank_status"]) == (97, 5, 1, TRENDING)

    cancelled = an_order(
        "A-1", a_line("MUG", 3, "10.00"), placed_at=MOMENT - timedelta(minutes=5), status=OrderStatus.CANCELLED
    )
    store.shop.book(cancelled)
    mug = store.by_sku()["MUG"]
    assert (mug["available"], mug["hits"]) == (100, 2)

    with store.platform.database.write() as tx:
        book_refunds(tx, [refund("R-1", "MUG", 1, is_restocked=True)], store.shop.booking)
    mug = store.by_sku()["MUG"]
    assert (mug["available"], mug["hits"]) == (101, 2), "what is taken back was sold within the hour all the same"
    (total,) = store.ask("live_sales")
    assert (total["sales"], total["units"], total["revenue"]) == (0, 1, Decimal(10))

    store.stock(MUG=9)
    assert store.by_sku()["MUG"]["available"] == 110
    assert is_sound(store)


def test_trending_are_the_first_three_that_are_in_stock_and_sell(store: LiveStore) -> None:
    store.stock(A=200, B=200, C=50, D=50, E=300, F=5)
    store.shop.book(sale("A-1", A=1, B=4, C=9, D=20, F=5))
    grid = store.by_sku(ranking="1")
    # E has stock and sells nothing; F sold out; of C and D, both almost out, D sells more.
    assert {sku for sku, row in grid.items() if row["rank_status"] == TRENDING} == {"B", "A", "D"}
    assert [*grid][:5] == ["B", "A", "E", "D", "C"], "by stock status, then by hits"
    assert grid["F"]["stock_status"] == 2


def test_hits_are_sales_of_the_last_hour(store: LiveStore) -> None:
    store.stock(MUG=500)
    for number, minutes in (("A-1", 59), ("A-2", 61), ("A-3", 600)):
        store.shop.book(an_order(number, a_line("MUG", 1, "10.00"), placed_at=MOMENT - timedelta(minutes=minutes)))
    assert store.by_sku()["MUG"]["hits"] == 1
    assert {row["sku"]: row["hits"] for row in store.ask("product_grid", MOMENT + timedelta(hours=1))} == {"MUG": 0}


def test_the_grid_shows_what_can_be_bought_of_a_category(store: LiveStore) -> None:
    store.stock(BOWL=5, PEN=5, SPOON=5)
    assert [row["sku"] for row in store.grid(category="Kitchen")] == ["BOWL"]
    assert len(store.grid(category="all")) == 3
    assert [row["sku"] for row in store.grid(page_size="1", offset="1")] == [row["sku"] for row in store.grid()][1:2]
    with store.platform.database.write() as tx:
        pen = tx.scalars(select(Product).where(Product.sku == "PEN")).one()
        pen.status, pen.version = "archived", pen.version + 1
        tell(tx, pen, now=NOON)
    assert {row["sku"] for row in store.grid()} == {"BOWL", "SPOON"}


def test_filters_begin_with_all(store: LiveStore) -> None:
    store.stock(BOWL=5, PEN=5)
    store.shop.book(sale("A-1", PEN=1))
    store.platform.settle()

    def choices(**values: str) -> list[str]:
        return [row["value"] for row in store.ask("ui_filters", **values)]

    assert choices(filter="product") == ["All", "Bowl", "Pen"]
    assert choices(filter="product", category="Kitchen") == ["All", "Bowl"]
    assert choices(filter="category") == ["All", "Kitchen", "Office"]
    assert choices(filter="store") == ["All", "shop"]
    assert choices(filter="value") == ["sales", "carts", "views"]
    for wrong in ("", "price"):
        with pytest.raises(
            TradewindError, match=r"filter \(String\) query param is required and must be product, value"
        ):
            store.ask("ui_filters", filter=wrong)


def test_counters_are_by_minute_product_and_store(store: LiveStore) -> None:
    store.stock(MUG=500, PEN=500)
    store.shop.book(sale("A-1", MUG=3, PEN=1), sale("A-2", MUG=2))
    store.shop.book(an_order("A-3", a_line("MUG", 1, "7.50"), placed_at=MOMENT - timedelta(minutes=3)))
    store.shop.book(an_order("A-4", a_line("MUG", 1, "700"), placed_at=MOMENT, currency="JPY"))
    store.platform.settle()

    rows = [
        (
            row["minute"][11:16],
            row["product_name"],
            row["store_id"],
            row["currency"],
            row["sales"],
            row["units"],
            row["revenue"],
        )
        for row in store.ask("live_sales_by_minute")
    ]
    assert rows == [
        ("12:30", "Mug", "shop", "JPY", 1, 1, 700),
        ("12:27", "Mug", "shop", "EUR", 1, 1, Decimal("7.5")),
        ("12:25", "Mug", "shop", "EUR", 2, 5, 50),
        ("12:25", "Pen", "shop", "EUR", 1, 1, 10),
    ]
    assert len(store.ask("live_sales_by_minute", minutes="4")) == 2
    assert store.ask("live_sales_by_minute", store="nowhere") == []

    def sums(by: str) -> list[tuple[Any, ...]]:
        return [
            (row["product_name"], row["store_id"], row["currency"], row["sales"], row["units"], row["revenue"])
            for row in store.ask("live_sales", by=by)
        ]

    assert sums("all") == [("", "", "JPY", 1, 1, 700), ("", "", "EUR", 4, 7, Decimal("67.5"))]
    assert sums("store")[1] == ("", "shop", "EUR", 4, 7, Decimal("67.5"))
    assert sums("product")[1:] == [("Mug", "", "EUR", 3, 6, Decimal("57.5")), ("Pen", "", "EUR", 1, 1, 10)]
    assert sums("product_and_store")[2] == ("Pen", "shop", "EUR", 1, 1, 10)
    assert [(row["minute"][11:16], row["count"]) for row in store.ask("live_activity")] == [
        ("12:30", 1),
        ("12:27", 1),
        ("12:25", 3),
    ]


def test_what_was_booked_before_it_was_there_is_in_it(data_dir: Path, chdb_path: Path) -> None:
    """Deployed to a shop that has sold for years, it says what it would have said had it always been there."""

    def sell(store: LiveStore, part: str) -> None:
        store.stock(MUG=300, PEN=300)
        store.shop.book(*some_orders(30, prefix=part), sale(f"{part}-now", MUG=2, PEN=1))
        with store.platform.database.write() as tx:
            book_refunds(tx, [refund(f"{part}-R", "MUG", 1, is_restocked=True)], store.shop.booking)
        store.platform.settle()

    def told(store: LiveStore) -> list[Any]:
        rows = store.platform.warehouse.query(
            f"SELECT * EXCEPT (order_id, product_id) FROM {store.platform.live_shop.release.table('booked_sales')}"
            " ORDER BY ALL"
        )
        grid = {sku: {k: v for k, v in row.items() if k != "product_id"} for sku, row in store.by_sku().items()}
        return [rows, grid]

    with a_live_store(data_dir / "old", chdb_path, is_open=False) as late:
        sell(late, "A")
        with pytest.raises(Unavailable, match="is not deployed"):
            late.ask("product_grid")
        late.platform.live_shop.open()
        sell(late, "B")
        found = told(late)
        assert is_sound(late)
    with a_live_store(data_dir / "new", chdb_path) as early:
        sell(early, "A")
        sell(early, "B")
        assert told(early) == found
    assert len(found[0]) > 60


def test_a_first_deploy_that_died_before_it_was_live_is_made_anew(data_dir: Path, chdb_path: Path) -> None:
    with a_live_store(data_dir, chdb_path, is_open=False) as store:
        store.stock(MUG=300)
        store.shop.book(sale("A-1", MUG=2))
        workspaces = store.platform.workspaces
        store.platform.settle()
        dead = workspaces.deploy(workspaces.built_in(NAME, "tradewind_live"), project_files(), promote=False)
        fill_from_history(store.platform.warehouse, workspaces.release(workspaces.built_in(NAME, ""), dead.number or 0))

        store.platform.live_shop.open()
        store.shop.book(sale("A-2", MUG=1))
        mug = store.by_sku()["MUG"]
        assert (mug["available"], mug["hits"]) == (297, 3)
        assert store.platform.live_shop.release.number == (dead.number or 0) + 1
        assert is_sound(store)


def test_verify_names_what_the_live_shop_counts_wrong(store: LiveStore) -> None:
    platform = store.platform
    store.stock(MUG=50)
    store.shop.book(sale("A-1", MUG=2))
    assert is_sound(store)
    release = platform.live_shop.release
    for source in ("product_stock", "sales_by_minute"):
        table = release.table(source)
        platform.warehouse.command(f"INSERT INTO {table} SELECT * FROM {table}")
    checks = verify(Access(platform.database, platform.warehouse, lambda: None, None))
    found = {check.name: [(d.measure, int(d.expected), int(d.found)) for d in check.differences] for check in checks}
    assert {name: told for name, told in found.items() if told} == {
        "live shop stock": [("units", 48, 96)],
        "live shop sales": [("units", 2, 4), ("revenue", 20, 40)],
    }


def test_it_is_deployed_once_and_again_only_when_its_files_differ(store: LiveStore) -> None:
    platform = store.platform
    store.stock(MUG=5)
    store.shop.book(sale("A-1", MUG=2))
    assert store.by_sku()["MUG"]["available"] == 3
    first = platform.live_shop.release
    platform.live_shop.open()
    assert platform.live_shop.release is first

    path = PurePosixPath("datasources/product_stock.datasource")
    changed = dict(project_files())
    changed[path] = changed[path].replace(
        b'SORTING_KEY "product_id"', b'SORTING_KEY "product_id"\nENGINE_SETTINGS "index_granularity=4096"'
    )
    grid = PurePosixPath("pipes/product_grid.pipe")
    changed[grid] = changed[grid].replace("Trending 🔥".encode(), b"Hot")
    newer = LiveShop(
        platform.warehouse,
        platform.workspaces,
        platform.serving.queries,
        log=platform.log,
        ledger=platform.ledger,
        sink=platform.sink,
        ingest=platform.ingest,
        files=changed,
    )
    newer.open()
    assert newer.release.number == first.number + 1
    assert newer.release.tables["product_stock"] != first.tables["product_stock"]
    store.shop.book(sale("A-2", MUG=1))
    mug = store.by_sku()["MUG"]
    assert (mug["available"], mug["hits"], mug["rank_status"]) == (2, 3, "Hot"), (
        "what was there stays, what comes is added"
    )
    assert is_sound(store), "the plain views stand for the new tables"


def test_a_project_that_cannot_be_deployed_leaves_the_live_one(store: LiveStore) -> None:
    platform = store.platform
    before = platform.live_shop.release
    grid = PurePosixPath("pipes/product_grid.pipe")
    broken = dict(project_files()) | {grid: project_files()[grid].replace(b"FROM offered", b"FROM nothing")}
    shop = LiveShop(
        platform.warehouse,
        platform.workspaces,
        platform.serving.queries,
        log=platform.log,
        ledger=platform.ledger,
        sink=platform.sink,
        ingest=platform.ingest,
        files=broken,
    )
    shop.open()
    assert shop.release is before
    store.stock(MUG=5)
    assert [row["sku"] for row in store.grid()] == ["MUG"]


def test_facts_told_again_from_an_older_place_are_not_counted_twice(store: LiveStore) -> None:
    """A process that dies before it hears that its rows are kept asks for the place again, and goes on behind them."""
    store.stock(MUG=50)
    store.shop.book(*(sale(f"A-{n}", MUG=1) for n in range(10)))
    platform = store.platform
    platform.relay.drain()
    platform.sink.drain()
    feed, release = platform.live_shop.feed, platform.live_shop.release
    assert feed.drain(release) > 0
    assert feed.drain(release) == 0
    feed.begin(dict.fromkeys(feed.positions(), 0), release.number)
    assert feed.drain(release) == 0, "the place only moves on"
    assert store.by_sku()["MUG"]["available"] == 40
    assert is_sound(store)


def test_the_log_keeps_what_it_was_not_told_yet(store: LiveStore) -> None:
    platform = store.platform
    platform.settle()
    before = platform.passed()
    store.stock(MUG=50)
    store.shop.book(sale("A-1", MUG=1))
    platform.relay.drain()
    platform.sink.drain()
    orders = next(partition for partition in platform.log.partitions() if partition.topic == Topic.ORDERS)
    assert platform.sink.positions()[orders] == platform.log.end(orders) == 1
    assert platform.passed()[orders] == before.get(orders, 0) == 0
    platform.live_shop.drain()
    assert platform.passed()[orders] == 1


def test_a_fact_that_makes_no_row_goes_to_quarantine_and_keeps_nobody_waiting(store: LiveStore) -> None:
    platform = store.platform
    store.stock(MUG=50)
    platform.settle()
    place = platform.log.sequence("test")
    broken = Fact(Topic.ORDERS, "x", NOON, b'{"order_id": "x", "entries": "none"}')
    platform.log.append([broken], producer="test", sequence=(1, 1), after=place)
    store.shop.book(sale("A-1", MUG=1))
    platform.live_shop.drain()
    platform.settle()
    platform.ingest.settle()
    table = platform.live_shop.release.table("booked_sales_quarantine")
    assert value(platform.warehouse, f"SELECT count() FROM {table}") == 1
    assert "Expected `array`" in value(platform.warehouse, f"SELECT c__error[1] FROM {table}")
    assert store.by_sku()["MUG"]["hits"] == 1


def test_observed_events_are_shop_events_under_a_name_that_stays(store: LiveStore) -> None:
    platform = store.platform
    release = platform.live_shop.release
    event = b'{"event_id":"e1","timestamp":"2026-03-10 12:29:00.125","type":"view","product_id":"p1","price":"9.99"}\n'
    counts = platform.ingest.append(release, "shop_events", event + event.replace(b"e1", b"e2"), wait=True)
    assert (counts.successful, counts.quarantined) == (2, 0)
    rows = platform.warehouse.query("SELECT * FROM observed_events ORDER BY event_id")
    assert [*rows[0]] == (
        "event_id timestamp type session_id visitor_id customer_id product_id channel store_id price currency source"
        " campaign referrer device"
    ).split()
    assert [(row["event_id"], row["type"], row["price"]) for row in rows] == [
        ("e1", "view", Decimal("9.99")),
        ("e2", "view", Decimal("9.99")),
    ]
    assert {row["count"] for row in store.ask("live_activity", value="views")} == {2}
    assert store.ask("live_activity", value="carts") == []
    assert set(SHOWN) <= {row["name"] for row in platform.warehouse.query("SELECT name FROM system.tables")}


def test_an_order_that_only_changed_its_status_makes_no_row() -> None:
    assert lines_of(Topic.ORDERS, b'{"order_id": "o", "entries": []}') == b""


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    trade=st.lists(
        st.tuples(
            st.sampled_from(["sell", "cancel", "refund", "receive", "lose"]),
            st.sampled_from(["MUG", "PEN", "CUP"]),
            st.integers(1, 9),
        ),
        max_size=12,
    )
)
def test_whatever_is_booked_and_taken_back_is_summed_as_in_the_ledger(
    store: LiveStore, trade: list[tuple[str, str, int]]
) -> None:
    database = store.platform.database
    for step, (what, sku, units) in enumerate(trade):
        number = f"{new_id()}-{step}"
        if what in ("receive", "lose"):
            store.stock(**{sku: units if what == "receive" else -units})
        elif what == "refund":
            with database.write() as tx:
                book_refunds(tx, [refund(number, sku, units, is_restocked=bool(units % 2))], store.shop.booking)
        else:
            store.shop.book(sale(number, **{sku: units}))
            if what == "cancel":
                line = a_line(sku, units, "10.00")
                at = MOMENT - timedelta(minutes=5)
                store.shop.book(an_order(number, line, placed_at=at, status=OrderStatus.CANCELLED))
    shown = {row["product_id"]: row["available"] for row in store.by_sku().values()}
    with database.read() as tx:
        sums = select(StockMovement.product_id, func.sum(StockMovement.delta)).group_by(StockMovement.product_id)
        moved = {product: int(units) for product, units in tx.execute(sums)}
    assert {product: shown.get(product, 0) for product in moved} == moved
    assert is_sound(store)
