"""A cart costs what docs/how-to/pricing.md says, and the parts of a price add up, in every currency."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bench.statements import heard
from tests.pricing import BY, Sums, a_cart, a_method, a_product, a_promotion, a_zone, codes_of, price
from tests.spine import NOON
from tradewind.commerce.booking import Booking, Origin
from tradewind.commerce.carts.errors import CartNotOrderable
from tradewind.commerce.carts.lines import CartItem
from tradewind.commerce.carts.ordering import check_orderable, order_from
from tradewind.commerce.carts.pricing import PricedCart, price_cart, shipping_options
from tradewind.commerce.carts.service import accept_prices, add_items, choose_shipping, create_cart, send_to
from tradewind.commerce.catalog.model import Product, ProductKind, ProductPrice, ProductStatus
from tradewind.commerce.orders.amounts import order_amounts
from tradewind.commerce.orders.model import Order, OrderItem
from tradewind.commerce.orders.service import book_orders
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.promotions.arithmetic import Goods, Offer, PromotionKind, best_bargain
from tradewind.commerce.promotions.conditions import Conditions
from tradewind.commerce.taxes import arithmetic as tax_arithmetic
from tradewind.commerce.taxes.arithmetic import Rate, Zone, taxes_on
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.core.money import part_of


@pytest.fixture
def shop(store: Database) -> Database:
    """The shop of the worked examples."""
    with store.write() as tx:
        a_product(tx, "MUG", "9.99", weight_grams=300)
        a_product(tx, "BOOK", "15.00", tax_class="reduced", weight_grams=500)
        a_zone(tx, "DE", standard="19", reduced="7")
        a_zone(tx, "US-CA", is_inside=False, shipping=None, standard="7.25")
        a_method(tx, "4.90", free_from=Decimal(50))
        a_promotion(tx, "TEN")
    return store


def a_shipped_cart(tx: Session, *items: tuple[str, int], method: str | None = None, **more: object) -> str:
    cart_id = a_cart(tx, *items, **more)  # type: ignore[arg-type]  # passed on as it is
    options = shipping_options(tx, cart_id, now=NOON)
    choose_shipping(tx, cart_id, method or options[0][0].method_id, **BY)
    return cart_id


def test_the_worked_example_with_prices_that_include_tax(shop: Database) -> None:
    with shop.write() as tx:
        cart_id = a_shipped_cart(tx, ("MUG", 3), ("BOOK", 1), codes=("ten",), country="DE")
    priced = price(shop, cart_id)
    assert [(line.gross_minor, line.discount_minor, line.tax_minor) for line in priced.lines] == [
        (2997, 300, 431),
        (1500, 150, 88),
    ]
    assert (priced.shipping_minor, priced.shipping_tax_minor) == (490, 78)
    assert (priced.subtotal_minor, priced.discount_minor, priced.tax_minor, priced.total_minor) == (
        4497,
        450,
        597,
        4537,
    )
    assert [(share.rate_ppm, share.net_minor, share.tax_minor) for share in priced.taxes] == [
        (190_000, 3187 - 509, 509),
        (70_000, 1350 - 88, 88),
    ]
    assert priced.problems == ()


def test_the_worked_example_with_prices_without_tax(shop: Database) -> None:
    with shop.write() as tx:
        cart_id = a_shipped_cart(tx, ("MUG", 3), ("BOOK", 1), country="US", region="CA")
    priced = price(shop, cart_id)
    assert [line.tax_minor for line in priced.lines] == [217, 109]
    assert (priced.shipping_tax_minor, priced.tax_minor, priced.total_minor) == (0, 326, 5313)
    assert not priced.prices_include_tax


def test_a_share_is_rounded_on_the_whole_sum_and_not_on_each_line(store: Database) -> None:
    with store.write() as tx:
        for sku in "ABCDE":
            a_product(tx, sku, "0.05")
        a_promotion(tx, "TEN")
        cart_id = a_cart(tx, *((sku, 1) for sku in "ABCDE"), codes=("TEN",))
    assert price(store, cart_id).discount_minor == 3


def test_shipping_is_free_from_a_worth_after_discounts(shop: Database) -> None:
    with shop.write() as tx:
        enough, less = (a_shipped_cart(tx, ("MUG", 5), ("BOOK", 1), country="DE", codes=c) for c in ((), ("TEN",)))
        exactly = a_shipped_cart(tx, ("BOOK", 4), country="DE", codes=("TEN",))
    assert price(shop, enough).shipping_minor == 0
    assert price(shop, less).shipping_minor == 0  # 64.95 - 6.50
    assert (price(shop, exactly).total_minor, price(shop, exactly).shipping_minor) == (5400, 0)
    with shop.write() as tx:
        below = a_shipped_cart(tx, ("BOOK", 3), ("MUG", 1), country="DE", codes=("TEN",))
    assert price(shop, below).shipping_minor == 490  # 54.99 - 5.50 is less than 50


def test_a_method_carries_from_a_weight_up_to_but_not_including_another(shop: Database) -> None:
    with shop.write() as tx:
        a_method(tx, "9.90", "DE", "US-CA", name="Heavy", min_grams=600, max_grams=900, position=-1)
        carts = {
            (grams, where): a_cart(tx, ("MUG", grams // 300), country=where[:2], region=where[3:] or None)
            for grams in (300, 600, 900)
            for where in ("DE", "FR", "US-CA", "US-NY")
        }
        found = {
            key: [option.name for option, _ in shipping_options(tx, cart_id, now=NOON)]
            for key, cart_id in carts.items()
        }
    heavy = {key for key, names in found.items() if "Heavy" in names}
    assert heavy == {(600, "DE"), (600, "US-CA")}
    assert found[600, "DE"] == ["Heavy", "Parcel 4.90"]


def test_what_was_chosen_and_no_longer_fits_is_said_and_costs_nothing(shop: Database) -> None:
    with shop.write() as tx:
        german = a_method(tx, "3.00", "DE")
        cart_id = a_cart(tx, ("MUG", 1), country="DE")
        assert codes_of(price_cart(tx, cart_id, now=NOON)) == ["shipping_not_chosen"]
        choose_shipping(tx, cart_id, german, **BY)
        assert price_cart(tx, cart_id, now=NOON).shipping_minor == 300
        send_to(tx, cart_id, "FR", **BY)
        priced = price_cart(tx, cart_id, now=NOON)
    assert (codes_of(priced), priced.shipping_minor) == (["shipping_not_available"], 0)
    with pytest.raises(CartNotOrderable):
        check_orderable(priced)


def test_services_alone_are_not_shipped(shop: Database) -> None:
    with shop.write() as tx:
        a_product(tx, "ADVICE", "30.00", kind=ProductKind.SERVICE, stock=0)
        cart_id = a_cart(tx, ("ADVICE", 1), country="DE")
    priced = price(shop, cart_id)
    assert (priced.is_shipped, priced.problems, priced.lines[0].available) == (False, (), None)


def test_prices_and_stock_are_looked_at_again(store: Database) -> None:
    with store.write() as tx:
        mug = a_product(tx, "MUG", "9.99", stock=5)
        gone = a_product(tx, "GONE", "1.00")
        cart_id = a_cart(tx, ("MUG", 5), ("GONE", 2))
        assert price_cart(tx, cart_id, now=NOON).problems == ()
        tx.execute(update(Product).where(Product.id == mug).values(price_minor=1099))
        tx.execute(update(Product).where(Product.id == gone).values(status=ProductStatus.ARCHIVED))
        add_items(tx, cart_id, [CartItem(1, product_id=a_product(tx, "TEE", "20.00", stock=0))], **BY)
    priced = price(store, cart_id)
    assert codes_of(priced) == ["price_changed", "not_available", "insufficient_stock"]
    assert (priced.subtotal_minor, priced.total_minor) == (5 * 1099 + 2000, 5 * 1099 + 2000)
    assert [line.is_sellable for line in priced.lines] == [True, False, True]
    with store.write() as tx:
        accept_prices(tx, cart_id, **BY)
    assert codes_of(price(store, cart_id)) == ["not_available", "insufficient_stock"]


def test_a_price_of_another_currency_is_never_taken_for_one_of_this(store: Database) -> None:
    with store.write() as tx:
        both, only_euro = a_product(tx, "BOTH", "10.00"), a_product(tx, "EURO", "10.00")
        tx.add(ProductPrice(product_id=both, currency="JPY", price_minor=1600, updated_at=NOON))
        cart_id = create_cart(tx, currency="JPY", items=[CartItem(2, product_id=both)], **BY)
        with pytest.raises(InvalidInput, match="no price in JPY"):
            add_items(tx, cart_id, [CartItem(1, product_id=only_euro)], **BY)
    assert price(store, cart_id).total_minor == 3200


def test_an_archived_group_takes_its_variants_off_the_shelf_and_lends_them_category_and_weight(store: Database) -> None:
    with store.write() as tx:
        group = a_product(tx, "TEE", "1.00", stock=0, category="Clothes / Tees", weight_grams=200)
        variant = a_product(tx, "TEE-M", "20.00")
        tx.execute(update(Product).where(Product.id == group).values(kind=ProductKind.GROUP))
        tx.execute(update(Product).where(Product.id == variant).values(parent_id=group))
        a_promotion(tx, "CLOTHES", conditions=Conditions(category_paths=("Clothes",)))
        cart_id = a_cart(tx, ("TEE-M", 2), codes=("CLOTHES",))
        priced = price_cart(tx, cart_id, now=NOON)
        assert (priced.discount_minor, priced.weight_grams) == (400, 400)
        with pytest.raises(InvalidInput, match="not sold"):
            a_cart(tx, ("TEE", 1))
        tx.execute(update(Product).where(Product.id == group).values(status=ProductStatus.ARCHIVED))
        assert codes_of(price_cart(tx, cart_id, now=NOON)) == ["not_available", "code_not_applicable"]


def test_a_cart_worth_more_than_we_book_is_refused_and_not_rounded(store: Database) -> None:
    with store.write() as tx:
        a_product(tx, "YACHT", "90000000.00")
        cart_id = a_cart(tx, ("YACHT", 1_000_000))
    with pytest.raises(InvalidInput, match="larger than any"):
        price(store, cart_id)


def test_an_unknown_cart_is_not_found(store: Database) -> None:
    with pytest.raises(NotFound):
        price(store, "nothing")


@pytest.mark.parametrize("lines", [5, 300])
def test_the_number_of_statements_does_not_grow_with_the_lines(store: Database, lines: int) -> None:
    with store.write() as tx:
        for number in range(lines):
            a_product(tx, f"P{number}", "1.00")
        a_promotion(tx, "TEN", customer_limit=1)
        a_zone(tx, "DE", standard="19")
        cart_id = a_cart(tx, *((f"P{number}", 1) for number in range(lines)), codes=("TEN",), country="DE")
    with heard(store) as statements:
        price(store, cart_id)
    assert len(statements) <= 11, statements


# --- the parts add up ---------------------------------------------------------------------------------------------

amounts = st.integers(min_value=0, max_value=10_000_000)
goods = st.lists(st.tuples(amounts, st.integers(1, 50)), min_size=1, max_size=12)


@st.composite
def offers(draw: st.DrawFn, lines: int) -> list[tuple[Offer, list[bool]]]:
    found = []
    for number in range(draw(st.integers(0, 5))):
        offer = Offer(
            id=f"{number}",
            kind=draw(st.sampled_from(PromotionKind)),
            percent_ppm=draw(st.integers(1, 1_000_000)),
            amount=draw(st.integers(1, 5_000_000)),
            buy=draw(st.integers(1, 4)),
            get=draw(st.integers(1, 3)),
            is_stackable=draw(st.booleans()),
            priority=draw(st.integers(-2, 2)),
        )
        found.append((offer, draw(st.lists(st.booleans(), min_size=lines, max_size=lines))))
    return found


@settings(max_examples=150)
@given(st.data())
def test_no_promotion_takes_more_than_there_is_and_the_buyer_gets_the_best(data: st.DataObject) -> None:
    lines = [Goods(*one) for one in data.draw(goods)]
    some = data.draw(offers(len(lines)))
    asked = data.draw(st.integers(0, 2_000))
    bargain = best_bargain(some, lines, lambda worth: 0 if worth >= 5_000_000 else asked)
    for index, line in enumerate(lines):
        assert 0 <= sum(taken.lines[index] for taken in bargain.taken) <= line.gross
    assert 0 <= sum(taken.shipping for taken in bargain.taken) <= bargain.shipping
    covered = {offer.id: covers for offer, covers in some}
    for taken in bargain.taken:
        assert all(is_for or not part for part, is_for in zip(taken.lines, covered[taken.offer_id], strict=True))
        assert taken.amount > 0
    exclusive = {offer.id for offer, _ in some if not offer.is_stackable}
    assert len(bargain.taken) == 1 or not exclusive & {taken.offer_id for taken in bargain.taken}

    def to_pay(one: object) -> int:
        found = best_bargain([one], lines, lambda worth: 0 if worth >= 5_000_000 else asked)  # type: ignore[list-item]
        return found.shipping - sum(taken.amount for taken in found.taken)

    best = bargain.shipping - sum(taken.amount for taken in bargain.taken)
    assert all(best <= to_pay(pair) for pair in some if not pair[0].is_stackable)


@settings(max_examples=150)
@given(
    lines=st.lists(st.tuples(amounts, st.sampled_from(["standard", "reduced", "none"])), max_size=12),
    shipping=st.integers(0, 100_000),
    standard=st.integers(0, 1_000_000),
    reduced=st.integers(0, 1_000_000),
    is_inside=st.booleans(),
)
def test_tax_adds_up_and_is_never_more_than_half_a_unit_off_per_rate(
    lines: list[tuple[int, str]], shipping: int, standard: int, reduced: int, is_inside: bool
) -> None:
    rates = {"standard": Rate("S", standard, is_on_shipping=True), "reduced": Rate("R", reduced)}
    taxes = taxes_on(Zone((), is_inside, rates), lines, shipping)
    assert taxes.total == sum(rate.tax for rate in taxes.rates)
    for (worth, _), tax in zip(lines, taxes.lines, strict=True):
        assert 0 <= tax <= worth
    for rate in taxes.rates:
        exact = Decimal(rate.taxed) * rate.ppm / 1_000_000
        # Inside a price the sum without tax is a whole number too, which moves the exact tax with it.
        assert abs(exact - rate.tax) <= (1 if is_inside else Decimal("0.5"))
    assert sum(rate.taxed for rate in taxes.rates) <= sum(worth for worth, _ in lines) + shipping


PLACES = {"EUR": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}


@pytest.mark.parametrize("currency", PLACES)
@pytest.mark.parametrize("is_inside", [True, False], ids=["inclusive", "exclusive"])
def test_an_order_made_of_a_cart_has_its_amounts_to_the_last_unit(
    store: Database, currency: str, *, is_inside: bool
) -> None:
    with store.write() as tx:
        for index, worth in enumerate((333, 1, 99_999, 1_205, 70)):
            told = str(worth * PLACES[currency])
            a_product(tx, f"P{index}", told, currency=currency, tax_class=("standard", "reduced", "free")[index % 3])
        a_zone(tx, "DE", is_inside=is_inside, shipping="standard", standard="19", reduced="7", free="0")
        a_method(tx, str(499 * PLACES[currency]), currency=currency)
        a_promotion(tx, "SEVEN", percent=Decimal("7.3"), is_stackable=True)
        a_promotion(tx, "OFF", "amount", amount=77 * PLACES[currency], currency=currency, is_stackable=True)
        a_promotion(tx, "THREE", "buy_x_get_y", buy=2, get=1, is_stackable=True)
        a_promotion(tx, "SHIP", "free_shipping", is_stackable=True)

    @settings(max_examples=12)
    @given(
        units=st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any),
        codes=st.sets(st.sampled_from(["SEVEN", "OFF", "THREE", "SHIP"])),
    )
    def adds_up(units: list[int], codes: set[str]) -> None:
        with store.write() as tx:
            items = [(f"P{index}", count) for index, count in enumerate(units) if count]
            cart_id = a_shipped_cart(tx, *items, codes=tuple(sorted(codes)), country="DE", currency=currency)
            priced = price_cart(tx, cart_id, now=NOON)
            _check_sums(priced)
            _check_order(tx, priced)

    adds_up()


def _check_sums(priced: PricedCart) -> None:
    assert Sums.of(priced) == Sums(priced.subtotal_minor, priced.discount_minor, priced.tax_minor, priced.total_minor)
    assert sum(p.amount_minor for p in priced.promotions) == priced.discount_minor + priced.shipping_discount_minor
    assert sum(p.shipping_minor for p in priced.promotions) == priced.shipping_discount_minor
    assert sum(share.tax_minor for share in priced.taxes) == priced.tax_minor
    net = priced.total_minor - priced.tax_minor
    untaxed = sum(line.total_minor for line in priced.lines if not line.tax_rate_ppm)
    assert sum(share.net_minor for share in priced.taxes) == net - untaxed


def _check_order(tx: Session, priced: PricedCart) -> None:
    check_orderable(priced)
    order, amounts = order_from(priced, order_number=priced.cart_id, placed_at=NOON, status=OrderStatus.PENDING)
    if any(line.tax_minor for line in priced.lines):
        # Told without its amounts, the order comes to the same: nothing is lost on the way.
        worked_out = order_amounts(order)
        assert replace(worked_out, lines=()) == replace(amounts, lines=())
    (outcome,) = book_orders(tx, [order], Booking(priced.channel_id, "shop", NOON, Origin.CHECKOUT), amounts=[amounts])
    assert outcome.error is None
    row = tx.scalars(select(Order).where(Order.id == outcome.id)).one()
    assert (row.total_minor, row.tax_minor, row.discount_minor, row.shipping_minor) == (
        priced.total_minor,
        priced.tax_minor,
        priced.discount_minor,
        priced.shipping_payable_minor,
    )
    items = tx.scalars(select(OrderItem).where(OrderItem.order_id == outcome.id).order_by(OrderItem.line_no)).all()
    assert [(i.total_minor, i.tax_minor) for i in items] == [(x.total_minor, x.tax_minor) for x in priced.lines]
    on_top = 0 if row.prices_include_tax else row.tax_minor
    assert row.total_minor == sum(item.total_minor for item in items) + row.shipping_minor + on_top


def test_an_order_of_which_only_the_shipping_is_taxed_keeps_its_tax_there(store: Database) -> None:
    with store.write() as tx:
        a_product(tx, "BOOK", "10.00", tax_class="free")
        a_zone(tx, "DE", standard="19", free="0")
        a_method(tx, "11.90")
        cart_id = a_shipped_cart(tx, ("BOOK", 1), country="DE")
        priced = price_cart(tx, cart_id, now=NOON)
        assert (priced.lines[0].tax_minor, priced.shipping_tax_minor, priced.total_minor) == (0, 190, 2190)
        _check_order(tx, priced)


def test_with_each_line_rounded_by_itself_the_parts_would_not_add_up(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the largest remainder is for."""
    with store.write() as tx:
        for sku in "ABC":
            a_product(tx, sku, "0.33")
        a_zone(tx, "DE", is_inside=False, standard="19")
        cart_id = a_cart(tx, *((sku, 1) for sku in "ABC"), country="DE")
    _check_sums(price(store, cart_id))
    assert [line.tax_minor for line in price(store, cart_id).lines] == [7, 6, 6]

    def rounded(total: int, weights: list[int]) -> list[int]:
        return [part_of(total, weight, sum(weights)) for weight in weights]

    monkeypatch.setattr(tax_arithmetic, "split", rounded)
    with pytest.raises(AssertionError):
        _check_sums(price(store, cart_id))
