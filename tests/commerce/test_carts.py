"""Carts: filled, merged, closed and forgotten, with nothing lost and nothing counted twice."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text, update

from bench.statements import heard
from tests.pricing import BY, a_cart, a_customer, a_method, a_product, a_promotion
from tests.spine import NOON, Shop, an_order, rows_of
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.carts import lines, service
from tradewind.commerce.carts.errors import CartClosed, CartFull, ProductNotSold
from tradewind.commerce.carts.lines import MAX_QUANTITY, CartItem, quantities_of
from tradewind.commerce.carts.loading import MAX_LINES, load_cart
from tradewind.commerce.carts.model import Cart, CartLine
from tradewind.commerce.carts.service import (
    CartStatus,
    Merged,
    accept_prices,
    add_item,
    add_items,
    apply_code,
    choose_shipping,
    clear_cart,
    create_cart,
    find_open_cart,
    mark_ordered,
    merge_carts,
    open_cart_of,
    remove_code,
    remove_item,
    send_to,
    set_email,
    set_quantity,
)
from tradewind.commerce.carts.store import CartSummary, carts_page
from tradewind.commerce.carts.sweeps import ABANDONED_AFTER, expire_carts, forget_carts, tell_abandoned
from tradewind.commerce.catalog.model import Product, ProductStatus
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.promotions.uses import release_uses, uses_by
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound, Unavailable
from tradewind.events import outbox

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def goods(store: Database) -> dict[str, str]:
    """Ids of three products by SKU."""
    with store.write() as tx:
        return {sku: a_product(tx, sku, "10.00") for sku in ("MUG", "TEE", "CAP")}


def contents(store: Database, cart_id: str) -> dict[str, int]:
    with store.read() as tx:
        query = select(Product.sku, CartLine.quantity).join(Product, Product.id == CartLine.product_id)
        return {sku or "": units for sku, units in tx.execute(query.where(CartLine.cart_id == cart_id))}


def told(store: Database) -> list[dict[str, Any]]:
    with store.read() as tx:
        facts = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in facts if fact.topic == "carts"]


def test_units_of_the_same_product_add_up(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        cart_id = a_cart(tx, ("MUG", 1), ("TEE", 2))
        add_item(tx, cart_id, goods["MUG"], 3, **BY)
        add_items(tx, cart_id, [CartItem(1, sku="CAP"), CartItem(1, product_id=goods["CAP"])], **BY)
        assert load_cart(tx, cart_id).version == 4
    assert contents(store, cart_id) == {"MUG": 4, "TEE": 2, "CAP": 2}
    with store.write() as tx:
        set_quantity(tx, cart_id, goods["MUG"], 7, **BY)
        remove_item(tx, cart_id, goods["TEE"], **BY)
    assert contents(store, cart_id) == {"MUG": 7, "CAP": 2}
    with store.write() as tx:
        entry = tx.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.before, entry.after) == ({goods["TEE"]: 2}, {goods["TEE"]: None})
        clear_cart(tx, cart_id, **BY)
    assert contents(store, cart_id) == {}


def test_what_cannot_be_bought_cannot_be_put_in(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        cart_id = a_cart(tx, ("MUG", 1))
        tx.execute(update(Product).where(Product.sku == "TEE").values(status=ProductStatus.DRAFT))
        tx.execute(update(Product).where(Product.sku == "CAP").values(price_minor=None))
        for sku in ("TEE", "CAP"):
            with pytest.raises(ProductNotSold):
                add_item(tx, cart_id, goods[sku], **BY)
        for item in (CartItem(1, sku="NONE"), CartItem(1, product_id="none"), CartItem(1)):
            with pytest.raises(NotFound):
                add_items(tx, cart_id, [item], **BY)
        for quantity in (0, -1, MAX_QUANTITY + 1):
            with pytest.raises(InvalidInput):
                add_item(tx, cart_id, goods["MUG"], quantity, **BY)
        with pytest.raises(CartFull):
            add_item(tx, cart_id, goods["MUG"], MAX_QUANTITY, **BY)
        with pytest.raises(NotFound):
            set_quantity(tx, cart_id, goods["TEE"], 1, **BY)
        with pytest.raises(NotFound):
            add_item(tx, "nothing", goods["MUG"], **BY)
    assert contents(store, cart_id) == {"MUG": 1}


def test_a_cart_holds_so_many_products_and_no_more(
    store: Database, goods: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_LINES == 500
    monkeypatch.setattr(lines, "MAX_LINES", 2)
    with store.write() as tx:
        cart_id = a_cart(tx, ("MUG", 1), ("TEE", 1))
        with pytest.raises(CartFull):
            add_item(tx, cart_id, goods["CAP"], **BY)
        add_item(tx, cart_id, goods["TEE"], **BY)


def test_a_customer_has_one_open_cart_per_channel(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        ada, bob = a_customer(tx, "ada@example.com"), a_customer(tx, "bob@example.com")
        first = open_cart_of(tx, ada, currency="EUR", **BY)
        assert open_cart_of(tx, ada, currency="USD", **BY) == first == find_open_cart(tx, ada, now=NOON)
        assert create_cart(tx, currency="EUR", customer_id=ada, items=[CartItem(1, sku="MUG")], **BY) == first
        assert open_cart_of(tx, bob, currency="EUR", **BY) != first
        assert rows_of(tx, Cart) == 2
        over = NOON + timedelta(days=30)
        assert find_open_cart(tx, ada, now=over) is None
        assert open_cart_of(tx, ada, currency="EUR", actor=SYSTEM, now=over) != first
        assert load_cart(tx, first).status == CartStatus.EXPIRED
        tx.execute(update(Customer).where(Customer.id == bob).values(merged_into_id=ada))
        assert find_open_cart(tx, bob, now=over) == find_open_cart(tx, ada, now=over)
        with pytest.raises(NotFound):
            open_cart_of(tx, "nobody", currency="EUR", **BY)
        with pytest.raises(NotFound):
            create_cart(tx, currency="EUR", channel="nowhere", **BY)


def at_once(store: Database, count: int, work: Any) -> None:
    """The same in so many threads, each repeated for as long as it is told to try again."""
    failures: list[Exception] = []

    def run(number: int) -> None:
        for _ in range(100):
            try:
                with store.write() as tx:
                    work(tx, number)
            except Unavailable:
                continue
            except Exception as failure:  # noqa: BLE001 (told to the test below)
                failures.append(failure)
            return

    threads = [threading.Thread(target=partial(run, number)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_callers_at_once_get_the_same_cart_and_lose_no_unit(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        ada = a_customer(tx)
        a_cart(tx)  # the channel is there

    def buy(tx: Any, number: int) -> None:
        cart_id = open_cart_of(tx, ada, currency="EUR", **BY)
        add_item(tx, cart_id, goods["MUG" if number % 2 else "TEE"], 1, **BY)

    at_once(store, 8, buy)
    with store.read() as tx:
        cart_id = find_open_cart(tx, ada, now=NOON)
        assert tx.scalar(select(func.count()).where(Cart.customer_id == ada)) == 1
    assert contents(store, cart_id or "") == {"MUG": 4, "TEE": 4}


@pytest.mark.parametrize(("holds", "units"), [(True, 3), (False, 2)], ids=["held", "not held"])
def test_a_change_waits_for_the_change_before_it(
    postgres: Database, monkeypatch: pytest.MonkeyPatch, *, holds: bool, units: int
) -> None:
    """Without the wait the second would add to what the first had found, and a unit would be lost."""
    with postgres.write() as tx:
        mug = a_product(tx, "MUG", "10.00")
        cart_id = a_cart(tx, ("MUG", 1))
    if not holds:
        monkeypatch.setattr(service, "_lock", service._find)

    def add() -> None:
        with postgres.write() as tx:
            add_item(tx, cart_id, mug, 1, **BY)

    second = threading.Thread(target=add)
    with postgres.write() as first:
        add_item(first, cart_id, mug, 1, **BY)
        second.start()
        for _ in range(1_000):
            with postgres.read() as looking:
                if looking.scalar(text(WAITING)):
                    break
            threading.Event().wait(0.01)
        else:
            raise AssertionError("the second never waited")
    second.join()
    assert contents(postgres, cart_id) == {"MUG": units}


def test_a_cart_becomes_one_order_only(store: Database, goods: dict[str, str]) -> None:
    orders = [outcome.id or "" for outcome in Shop.open(store).book(*(an_order(f"A-{i}") for i in range(8)))]
    with store.write() as tx:
        cart_id = a_cart(tx, ("MUG", 1))
    refused = []

    def order(tx: Any, number: int) -> None:
        try:
            mark_ordered(tx, cart_id, orders[number], now=NOON)
        except CartClosed:
            refused.append(number)

    at_once(store, 8, order)
    assert len(refused) == 7
    with store.write() as tx:
        cart = load_cart(tx, cart_id)
        assert (cart.status, cart.order_id in orders) == (CartStatus.ORDERED, True)
        for change in (
            partial(add_item, tx, cart_id, goods["MUG"]),
            partial(clear_cart, tx, cart_id),
            partial(send_to, tx, cart_id, "DE"),
            partial(accept_prices, tx, cart_id),
        ):
            with pytest.raises(CartClosed):
                change(**BY)


def test_a_guest_who_signs_in_finds_everything_in_one_cart(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        ada = a_customer(tx)
        method = a_method(tx)
        a_promotion(tx, "TEN")
        own = create_cart(tx, currency="EUR", customer_id=ada, items=[CartItem(2, sku="MUG")], **BY)
        guest = a_cart(tx, ("MUG", 1), ("TEE", 3), codes=("TEN",), country="US", region="CA", email="a@example.com")
        choose_shipping(tx, guest, method, **BY)
        assert merge_carts(tx, guest, ada, **BY) == Merged(own, ())
        assert merge_carts(tx, guest, ada, **BY) == Merged(own, ())
        cart = load_cart(tx, own)
        assert (cart.country, cart.region, cart.codes) == ("US", "CA", ("TEN",))
        assert (cart.email, cart.shipping_method_id) == ("a@example.com", method)
        assert load_cart(tx, guest).status == CartStatus.MERGED
        with pytest.raises(CartClosed):
            add_item(tx, guest, goods["CAP"], **BY)
        assert merge_carts(tx, own, ada, **BY) == Merged(own, ())
        with pytest.raises(CartClosed):
            merge_carts(tx, own, a_customer(tx, "bob@example.com"), **BY)
    assert contents(store, own) == {"MUG": 3, "TEE": 3}


def test_what_finds_no_room_at_a_merge_is_named_and_holds_up_nothing(
    store: Database, goods: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MAX_LINES", 2)
    with store.write() as tx:
        ada = a_customer(tx)
        own = create_cart(tx, currency="EUR", customer_id=ada, items=[CartItem(MAX_QUANTITY, sku="MUG")], **BY)
        guest = a_cart(tx, ("MUG", 1), ("TEE", 1))
        add = a_cart(tx, ("CAP", 1))
        assert merge_carts(tx, guest, ada, **BY) == Merged(own, (goods["MUG"],))
        assert merge_carts(tx, add, ada, **BY) == Merged(own, (goods["CAP"],))
    assert contents(store, own) == {"MUG": MAX_QUANTITY, "TEE": 1}


def test_merges_at_once_lose_nothing(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        ada = a_customer(tx)
        guests = [a_cart(tx, ("MUG", 1), ("TEE", 2)) for _ in range(4)]
    at_once(store, 8, lambda tx, number: merge_carts(tx, guests[number % 4], ada, **BY))
    with store.read() as tx:
        own = find_open_cart(tx, ada, now=NOON)
    assert contents(store, own or "") == {"MUG": 4, "TEE": 8}


def test_an_end_that_has_passed_counts_before_the_sweep_and_after(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        guest = a_cart(tx, ("MUG", 1))
        own = create_cart(tx, currency="EUR", customer_id=a_customer(tx), **BY)
    week, later = NOON + timedelta(days=7), NOON + timedelta(days=8)
    with store.write() as tx, pytest.raises(CartClosed, match="expired"):
        add_item(tx, guest, goods["MUG"], actor=SYSTEM, now=week)
    with store.write() as tx:
        add_item(tx, guest, goods["MUG"], actor=SYSTEM, now=week - timedelta(seconds=1))
        assert expire_carts(tx, now=later) == 0
        assert expire_carts(tx, now=week + timedelta(days=7)) == 1
        assert expire_carts(tx, now=week + timedelta(days=7)) == 0
        assert (load_cart(tx, guest).status, load_cart(tx, own).status) == (CartStatus.EXPIRED, CartStatus.OPEN)


def test_carts_that_became_nothing_are_deleted_and_others_stay(store: Database, goods: dict[str, str]) -> None:
    (order,) = Shop.open(store).book(an_order())
    with store.write() as tx:
        expired, ordered, merged = (a_cart(tx, ("MUG", 1)) for _ in range(3))
        mark_ordered(tx, ordered, order.id or "", now=NOON)
        own = merge_carts(tx, merged, a_customer(tx), **BY).cart_id
        assert expire_carts(tx, now=NOON + timedelta(days=10)) == 1
        assert forget_carts(tx, now=NOON + timedelta(days=90, seconds=-1)) == 0
        assert forget_carts(tx, now=NOON + timedelta(days=90)) == 1
        assert forget_carts(tx, now=NOON + timedelta(days=100)) == 1
        assert set(tx.scalars(select(Cart.id))) == {ordered, own}
        assert set(tx.scalars(select(CartLine.cart_id))) == {ordered, own}
    assert expired not in {ordered, own}


def test_a_cart_left_alone_is_told_once_per_idleness(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        cart_id = a_cart(tx, ("MUG", 2), ("TEE", 1), customer_id=a_customer(tx))
        a_cart(tx)  # nothing in it
    idle = NOON + ABANDONED_AFTER
    with store.write() as tx:
        assert tell_abandoned(tx, now=idle - timedelta(seconds=1)) == 0
        assert tell_abandoned(tx, now=idle) == 1
        assert tell_abandoned(tx, now=idle + timedelta(hours=9)) == 0
        add_item(tx, cart_id, goods["CAP"], actor=SYSTEM, now=idle + timedelta(hours=10))
        assert tell_abandoned(tx, now=idle + timedelta(hours=11)) == 0
        assert tell_abandoned(tx, now=idle + timedelta(hours=20)) == 1
    first, second = told(store)
    assert (first["cart_id"], first["event"], first["lines"], first["units"]) == (cart_id, "abandoned", 2, 3)
    assert (first["worth"], first["currency"], first["channel"]) == ("30.00", "EUR", "shop")
    assert (second["units"], second["worth"]) == (4, "40.00")
    assert "email" not in first


def test_sweeps_at_once_tell_each_cart_once(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        carts = {a_cart(tx, ("MUG", 1)) for _ in range(30)}
    later = NOON + timedelta(hours=5)
    for _ in range(2):
        at_once(store, 8, lambda tx, _: tell_abandoned(tx, now=later, limit=10))
    assert sorted(fact["cart_id"] for fact in told(store)) == sorted(carts)


def test_a_cart_too_dear_for_the_books_is_told_without_its_worth(store: Database) -> None:
    with store.write() as tx:
        a_product(tx, "YACHT", "9000000000000.00")
        a_cart(tx, ("YACHT", MAX_QUANTITY))
        assert tell_abandoned(tx, now=NOON + timedelta(hours=5)) == 1
    assert told(store)[0]["worth"] is None


def test_codes_places_and_addresses_are_checked(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        a_promotion(tx, "TEN")
        cart_id = a_cart(tx, ("MUG", 1), codes=("ten", "TEN "))
        version = load_cart(tx, cart_id).version
        apply_code(tx, cart_id, "ten", **BY)
        send_to(tx, cart_id, None, **BY)
        assert load_cart(tx, cart_id).version == version
        assert load_cart(tx, cart_id).codes == ("TEN",)
        remove_code(tx, cart_id, "ten", **BY)
        with pytest.raises(NotFound):
            remove_code(tx, cart_id, "ten", **BY)
        for wrong in ("Germany", "1"):
            with pytest.raises(InvalidInput):
                send_to(tx, cart_id, wrong, **BY)
        for wrong in ("nobody", "a b@example.com", "@example.com", "a@b\nBcc: c@d", "x" * 400):
            with pytest.raises(InvalidInput):
                set_email(tx, cart_id, wrong, **BY)
        with pytest.raises(NotFound):
            choose_shipping(tx, cart_id, "nothing", **BY)
        set_email(tx, cart_id, "ada@example.com", **BY)
        audited = tx.scalars(select(AuditEntry).where(AuditEntry.subject_id == cart_id)).all()
    assert not any("ada@example.com" in str((entry.before, entry.after)) for entry in audited)


def test_pages_show_each_cart_once_the_last_changed_first(store: Database, goods: dict[str, str]) -> None:
    with store.write() as tx:
        made = [a_cart(tx, ("MUG", number + 1)) for number in range(5)]
        add_item(tx, made[1], goods["TEE"], 2, actor=SYSTEM, now=NOON + timedelta(minutes=1))
        seen: list[CartSummary] = []
        cursor = None
        while True:
            page = carts_page(tx, limit=2, cursor=cursor)
            seen += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        assert [cart.cart_id for cart in seen] == [made[1], made[4], made[3], made[2], made[0]]
        assert [(cart.lines, cart.units) for cart in seen][:2] == [(2, 4), (1, 5)]
        tell_abandoned(tx, now=NOON + timedelta(hours=9), limit=3)
        assert len(carts_page(tx, limit=9, is_abandoned=True).items) == 3
        assert carts_page(tx, limit=9, status=CartStatus.ORDERED).items == []


def test_a_cart_is_what_was_put_in_less_what_was_taken_out(store: Database, goods: dict[str, str]) -> None:
    steps = st.lists(
        st.tuples(st.sampled_from(["add", "set", "clear", "merge"]), st.sampled_from(sorted(goods)), st.integers(0, 5)),
        max_size=12,
    )
    with store.write() as tx:
        ada = a_customer(tx)

    @settings(max_examples=15)
    @given(steps)
    def holds(taken: list[tuple[str, str, int]]) -> None:
        model: dict[str, int] = {}
        with store.write() as tx:
            tx.execute(delete(CartLine))
            tx.execute(delete(Cart))
            cart_id = open_cart_of(tx, ada, currency="EUR", **BY)
            for step, sku, units in taken:
                if step == "clear":
                    clear_cart(tx, cart_id, **BY)
                    model = {}
                elif step == "set" and sku in model:
                    set_quantity(tx, cart_id, goods[sku], units, **BY)
                    model[sku] = units
                elif step == "merge" and units:
                    merge_carts(tx, a_cart(tx, (sku, units)), ada, **BY)
                    model[sku] = model.get(sku, 0) + units
                elif units:
                    add_item(tx, cart_id, goods[sku], units, **BY)
                    model[sku] = model.get(sku, 0) + units
                model = {name: count for name, count in model.items() if count}
                assert quantities_of(tx, cart_id) == {goods[name]: count for name, count in model.items()}

    holds()


def test_no_look_up_reads_every_cart(migrated_sqlite: Path, tmp_path: Path) -> None:
    """Of a million carts each of these reads a few, by an index made for it."""
    store = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'store.db')}")
    with heard(store) as said, store.write() as tx:
        ada = a_customer(tx)
        a_cart(tx)
        before = len(said)
        open_cart_of(tx, ada, currency="EUR", **BY)
        find_open_cart(tx, ada, now=NOON)
        expire_carts(tx, now=NOON)
        tell_abandoned(tx, now=NOON)
        forget_carts(tx, now=NOON)
        some: list[dict[str, Any]] = [{}, {"status": CartStatus.OPEN}, {"customer_id": ada}]
        for chosen in some:
            carts_page(tx, limit=2, **chosen)
        release_uses(tx, "nothing")
        uses_by(tx, ["nothing"], ada)
        asked = [one for one in said[before:] if one[0].startswith(("SELECT", "UPDATE", "DELETE"))]
        plans = {
            statement: [row[3] for row in tx.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
            for statement, values in asked
        }
    store.close()
    assert len(plans) > 10
    large = ("SCAN carts", "SCAN cart_items", "SCAN promotion_uses")
    for statement, plan in plans.items():
        assert not [step for step in plan if step.startswith(large) and "INDEX" not in step], (statement, plan)
