"""Products, variants and categories: what may be said of them, and who is told of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.commerce.catalogue import ANN, a_group, a_product, change, product, product_facts, vary
from tests.spine import NOON, rows_of
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.catalog import categories as tree
from tradewind.commerce.catalog.model import Category, Product, ProductKind
from tradewind.commerce.catalog.products import OptionsTaken, SkuTaken, archive_product, lock_product
from tradewind.commerce.catalog.upkeep import state_token
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound


def category(store: Database, name: str, parent_id: str | None = None) -> str:
    with store.write() as tx:
        return tree.create_category(tx, name, parent_id=parent_id, actor=ANN, now=NOON)


def paths(store: Database) -> list[str]:
    with store.read() as tx:
        return [one.path for one in tree.category_tree(tx)]


def test_a_change_raises_the_version_is_told_and_stands_in_the_audit_log(store: Database) -> None:
    mug = a_product(store)
    assert change(store, mug, name="Cup", brand=" Acme ") is True
    assert change(store, mug, name="Cup", brand="Acme") is False
    row = product(store, mug)
    assert (row.name, row.brand, row.version) == ("Cup", "Acme", 2)
    assert [(fact["version"], fact["name"]) for fact in product_facts(store)] == [(1, "Mug"), (2, "Cup")]
    with store.read() as tx:
        created, changed = tx.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        assert (created.action, created.before, changed.action) == ("product.create", None, "product.update")
        assert (changed.before, changed.after) == ({"name": "Mug", "brand": None}, {"name": "Cup", "brand": "Acme"})


def test_every_change_of_the_catalogue_gives_it_another_name(store: Database) -> None:
    def token() -> str:
        with store.read() as tx:
            return state_token(tx)

    seen = [token()]
    mug = a_product(store)
    seen.append(token())
    change(store, mug, name="Cup")
    seen.append(token())
    category(store, "Home")
    seen.append(token())
    change(store, mug, name="Cup")
    assert len(set(seen)) == 4
    assert token() == seen[-1]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sku": " "}, "sku"),
        ({"name": " "}, "name"),
        ({"price": Decimal(-1)}, "price"),
        ({"currency": None}, "price"),
        ({"currency": "USD"}, "price"),
        ({"currency": None, "price": Decimal(1)}, "currency"),
        ({"category_id": "none"}, "category_id"),
        ({"options": {"Size": "M"}}, "options"),
        ({"attributes": {"a": {"b": 1}}}, "attributes"),
        ({"attributes": {"": "b"}}, "attributes"),
        ({"attributes": {"a": float("nan")}}, "attributes"),
        ({"tax_class": "Very Reduced"}, "tax_class"),
        ({"weight_grams": -1}, "weight_grams"),
        ({"description": "a\0b"}, "description"),
    ],
)
def test_a_product_that_cannot_be_is_refused_and_nothing_changes(
    store: Database, values: dict[str, Any], field: str
) -> None:
    mug = a_product(store)
    with pytest.raises(InvalidInput) as refused:
        change(store, mug, **values)
    assert refused.value.field == field
    assert product(store, mug).version == 1


def test_a_sku_belongs_to_one_product(store: Database) -> None:
    a_product(store)
    cup = a_product(store, "CUP")
    with pytest.raises(SkuTaken):
        a_product(store)
    with pytest.raises(SkuTaken):
        change(store, cup, sku="MUG")


def test_a_variant_takes_from_its_group_what_it_does_not_say(store: Database) -> None:
    home = category(store, "Home")
    shirt = a_group(store)
    change(store, shirt, brand="Acme", category_id=home)
    one, two = vary(
        store,
        shirt,
        {"sku": "S-RED", "options": {"Colour": "red", "Size": "S"}, "price": Decimal(20)},
        {"sku": "M-RED", "options": {"Colour": "red", "Size": "M"}, "name": "Big shirt"},
    )
    row = product(store, one)
    assert (row.name, row.brand, row.category_id, row.currency, row.price_minor) == (
        "Shirt – S / red",
        "Acme",
        home,
        "EUR",
        2000,
    )
    assert product(store, two).name == "Big shirt"
    change(store, two, brand="Other")
    change(store, shirt, brand="Better")
    assert (product(store, one).brand, product(store, two).brand) == ("Better", "Other")


@pytest.mark.parametrize(
    "options", [{"Size": "S"}, {"Size": "XL", "Colour": "red"}, {"Size": "S", "Colour": "red", "Fit": "slim"}, {}]
)
def test_a_variant_has_one_allowed_value_for_each_option(store: Database, options: dict[str, str]) -> None:
    shirt = a_group(store)
    with pytest.raises(InvalidInput) as refused:
        vary(store, shirt, {"sku": "A", "options": options})
    assert refused.value.field == "options"


def test_options_are_unique_in_a_group_and_a_call_adds_all_or_none(store: Database) -> None:
    shirt = a_group(store)
    (red,) = vary(store, shirt, {"sku": "A", "options": {"Size": "S", "Colour": "red"}})
    (blue,) = vary(store, shirt, {"sku": "B", "options": {"Size": "S", "Colour": "blue"}})
    with pytest.raises(OptionsTaken):
        vary(
            store,
            shirt,
            {"sku": "C", "options": {"Size": "M", "Colour": "blue"}},
            {"sku": "D", "options": {"Colour": "red", "Size": "S"}},
        )
    with pytest.raises(OptionsTaken):
        change(store, blue, options={"Size": "S", "Colour": "red"})
    with pytest.raises(InvalidInput, match="red"):
        change(store, shirt, options={"Size": ["S", "M"], "Colour": ["blue"]})
    with pytest.raises(InvalidInput, match="is not a group"):
        vary(store, red, {"sku": "E", "options": {}})
    with store.read() as tx:
        assert rows_of(tx, Product) == 3


def test_archiving_a_group_archives_its_variants_once(store: Database) -> None:
    shirt = a_group(store)
    (red,) = vary(store, shirt, {"sku": "A", "options": {"Size": "S", "Colour": "red"}})
    for _ in range(2):
        with store.write() as tx:
            archive_product(tx, lock_product(tx, shirt), actor=ANN, now=NOON)
    versions = [(product(store, one).status, product(store, one).version) for one in (shirt, red)]
    assert versions == [("archived", 3), ("archived", 2)]
    told = [(fact["sku"], fact["status"]) for fact in product_facts(store)]
    assert told[-3:] == [("A", "active"), ("SHIRT", "archived"), ("A", "archived")]


def test_a_renamed_category_takes_all_below_it_along_and_products_are_told_anew(store: Database) -> None:
    home = category(store, "Home")
    kitchen = category(store, "Kitchen", home)
    category(store, "Homeware")
    mugs = category(store, "Mugs", kitchen)
    a_product(store, category_id=mugs)
    with store.write() as tx:
        tree.rename_category(tx, home, "House", actor=ANN, now=NOON)
    assert paths(store) == ["Homeware", "House", "House / Kitchen", "House / Kitchen / Mugs"]
    assert [(f["version"], f["category"]) for f in product_facts(store)] == [
        (1, "Home / Kitchen / Mugs"),
        (2, "House / Kitchen / Mugs"),
    ]
    with store.write() as tx:
        tree.move_category(tx, kitchen, None, actor=ANN, now=NOON)
    assert paths(store) == ["Homeware", "House", "Kitchen", "Kitchen / Mugs"]


def test_a_category_cannot_hang_below_itself_nor_take_a_path_that_is_taken(store: Database) -> None:
    home = category(store, "Home")
    kitchen = category(store, "Kitchen", home)
    category(store, "Bath", home)
    with store.write() as tx, pytest.raises(InvalidInput) as refused:
        tree.move_category(tx, home, kitchen, actor=ANN, now=NOON)
    assert refused.value.field == "parent_id"
    with pytest.raises(tree.CategoryExists), store.write() as tx:
        tree.rename_category(tx, kitchen, "Bath", actor=ANN, now=NOON)
    with pytest.raises(InvalidInput), store.write() as tx:
        tree.rename_category(tx, kitchen, "A / B", actor=ANN, now=NOON)
    assert paths(store) == ["Home", "Home / Bath", "Home / Kitchen"]


def test_only_an_empty_category_is_deleted(store: Database) -> None:
    home = category(store, "Home")
    kitchen = category(store, "Kitchen", home)
    mug = a_product(store, category_id=kitchen)
    for full in (home, kitchen):
        with pytest.raises(tree.CategoryInUse), store.write() as tx:
            tree.delete_category(tx, full, actor=ANN, now=NOON)
    change(store, mug, category_id=None)
    with store.write() as tx:
        tree.delete_category(tx, kitchen, actor=ANN, now=NOON)
    assert paths(store) == ["Home"]
    with pytest.raises(NotFound), store.write() as tx:
        tree.delete_category(tx, kitchen, actor=ANN, now=NOON)


NAMES = st.sampled_from(["a", "b", "ab", "c"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("create"), NAMES, st.integers(-1, 5)),
        st.tuples(st.just("rename"), NAMES, st.integers(0, 5)),
        st.tuples(st.just("move"), st.integers(0, 5), st.integers(-1, 5)),
        st.tuples(st.just("delete"), NAMES, st.integers(0, 5)),
    ),
    max_size=12,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_to_the_tree_each_path_is_its_parents_with_its_name(
    store: Database, steps: list[tuple[str, Any, int]]
) -> None:
    with store.write() as tx:
        tx.query(Category).update({"parent_id": None})
        tx.query(Category).delete()
    made: list[str] = []

    def pick(place: int) -> str | None:
        return made[place % len(made)] if made and place >= 0 else None

    for what, first, second in steps:
        try:
            with store.write() as tx:
                if what == "create":
                    made.append(tree.create_category(tx, first, parent_id=pick(second), actor=ANN, now=NOON))
                elif (chosen := pick(first if what == "move" else second)) is not None:
                    if what == "rename":
                        tree.rename_category(tx, chosen, first, actor=ANN, now=NOON)
                    elif what == "move":
                        tree.move_category(tx, chosen, pick(second), actor=ANN, now=NOON)
                    else:
                        tree.delete_category(tx, chosen, actor=ANN, now=NOON)
                        made.remove(chosen)
        except (InvalidInput, Conflict):
            continue
        with store.read() as tx:
            columns = (Category.id, Category.parent_id, Category.name, Category.path)
            rows = {row.id: row for row in tx.execute(select(*columns))}
        for row in rows.values():
            parent = f"{rows[row.parent_id].path} / " if row.parent_id else ""
            assert row.path == parent + row.name


def test_a_group_needs_no_sku_and_its_options_are_lists(store: Database) -> None:
    assert product(store, a_product(store, None, "Shirt", kind=ProductKind.GROUP)).sku is None
    with pytest.raises(InvalidInput):
        a_product(store, "G", kind=ProductKind.GROUP, options={"Size": "S"})
