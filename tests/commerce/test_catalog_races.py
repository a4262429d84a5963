"""Several writers of the catalogue at once: nobody's change is lost, and nothing comes to be twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import Select, select, text

from tests.commerce.catalogue import ANN, a_group, a_product, change, product, vary
from tests.spine import NOON, rows_of
from tradewind.commerce.catalog import categories as tree
from tradewind.commerce.catalog.model import Category, PriceChange, Product
from tradewind.commerce.catalog.prices import set_price
from tradewind.commerce.catalog.products import lock_product
from tradewind.commerce.catalog.search import Filters, search_products
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound, Unavailable

THREADS = 8


def at_once(work: Callable[[int], object], times: int = THREADS) -> Counter[str]:
    """Does the work in threads that begin together; how often it went well or was refused, by the error's name."""
    gate = threading.Barrier(THREADS)

    def attempt(number: int) -> str:
        if number < THREADS:
            gate.wait(10)
        for _ in range(50):
            try:
                work(number)
                return "done"
            except Unavailable:
                continue  # "try again", it says
            except (Conflict, InvalidInput, NotFound) as refused:
                return type(refused).__name__
        return "never"

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(attempt, range(times)))


def chain(store: Database, product_id: str) -> Sequence[tuple[int | None, int | None]]:
    with store.read() as tx:
        query = select(PriceChange).where(PriceChange.product_id == product_id).order_by(PriceChange.id)
        return [(row.old_minor, row.new_minor) for row in tx.scalars(query)]


def reprice(store: Database, mug: str) -> None:
    """Forty changes of one price, by both ways there are."""

    def work(number: int) -> None:
        with store.write() as tx:
            if number % 2:
                set_price(tx, lock_product(tx, mug), "EUR", Decimal(number + 100), actor=ANN, now=NOON)
            else:
                put_products(tx, [NewProduct("MUG", currency="EUR", price=Decimal(number + 100))], now=NOON)

    assert at_once(work, 40) == {"done": 40}


def is_unbroken(steps: Sequence[tuple[int | None, int | None]]) -> bool:
    return all(before[1] == after[0] for before, after in pairwise(steps))


def test_every_price_follows_the_one_before(store: Database) -> None:
    mug = a_product(store)
    reprice(store, mug)
    steps = chain(store, mug)
    assert len(steps) == 41
    assert is_unbroken(steps)
    row = product(store, mug)
    assert (row.version, row.price_minor) == (41, steps[-1][1])


def test_without_its_lock_the_history_would_have_holes(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: with rows read as if nobody else changed them, changes are lost."""
    monkeypatch.setattr(Select, "with_for_update", lambda self, **_: self)
    mug = a_product(postgres)
    for _ in range(5):
        reprice(postgres, mug)
        if not is_unbroken(chain(postgres, mug)) or product(postgres, mug).version != len(chain(postgres, mug)):
            return
    raise AssertionError("no change was lost, although nothing was locked")


def test_a_sku_comes_to_be_once(store: Database) -> None:
    assert at_once(lambda _: a_product(store)) == {"done": 1, "SkuTaken": THREADS - 1}
    with store.read() as tx:
        assert rows_of(tx, Product) == 1


def test_options_are_taken_once(store: Database) -> None:
    shirt = a_group(store)
    told: Any = {"Size": "S", "Colour": "red"}
    done = at_once(lambda number: vary(store, shirt, {"sku": f"S-{number}", "options": told}))
    assert done == {"done": 1, "OptionsTaken": THREADS - 1}


def test_a_product_never_lies_in_a_category_that_is_gone(store: Database) -> None:
    for turn in range(5):
        with store.write() as tx:
            category = tree.create_category(tx, f"C{turn}", actor=ANN, now=NOON)

        def work(number: int, category: str = category, turn: int = turn) -> None:
            if number % 2:
                a_product(store, f"P-{turn}-{number}", category_id=category)
            else:
                with store.write() as tx:
                    tree.delete_category(tx, category, actor=ANN, now=NOON)

        done = at_once(work)
        with store.read() as tx:
            inside = tx.scalars(select(Product.id).where(Product.category_id == category)).all()
            is_there = tx.get(Category, category) is not None
        assert is_there == bool(inside)
        assert done["done"] == (len(inside) if is_there else 1)


def test_the_tree_stays_one_whoever_renames_and_moves(store: Database) -> None:
    with store.write() as tx:
        made = [tree.create_category(tx, f"C{number}", actor=ANN, now=NOON) for number in range(6)]

    def work(number: int) -> None:
        with store.write() as tx:
            one, other = made[number % 6], made[number * 5 % 6]
            if number % 3:
                tree.move_category(tx, one, other, actor=ANN, now=NOON)
            else:
                tree.rename_category(tx, one, f"N{number}", actor=ANN, now=NOON)

    at_once(work, 40)
    with store.read() as tx:
        columns = (Category.id, Category.parent_id, Category.name, Category.path)
        rows = {row.id: row for row in tx.execute(select(*columns))}
    for row in rows.values():
        assert row.path == (f"{rows[row.parent_id].path} / " if row.parent_id else "") + row.name


def test_a_groups_document_holds_what_all_writers_said(store: Database) -> None:
    shirt = a_group(store)
    sizes = [
        {"sku": f"V{i}", "options": {"Size": size, "Colour": colour}}
        for i, (size, colour) in enumerate([("S", "red"), ("M", "red"), ("S", "blue"), ("M", "blue")])
    ]
    variants = vary(store, shirt, *sizes)
    words = ["alpha", "bravo", "cinder", "dolphin", "ember", "falcon", "granite", "harbour"]

    def work(number: int) -> None:
        change(store, variants[number % 4], attributes={f"a{number // 4}": words[number % 8], "n": number})

    assert at_once(work, 16) == {"done": 16}
    with store.read() as tx:
        held = [word for row in tx.execute(select(Product.attributes)) for word in row.attributes.values()]
        assert tx.scalar(text("SELECT count(*) FROM search_products")) == 1
        for word in words:
            hits = search_products(tx, word, Filters(), limit=5)
            assert len(hits.items) == (1 if word in held or hits.corrected.get(word) else 0)
