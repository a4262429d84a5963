"""Lists and searches cost the same however many products there are: by index, in few statements."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.statements import heard
from tests.spine import NOON
from tradewind.commerce.catalog.search import Filters, search_products
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.catalog.store import ProductFilter, Sort, products_by_id, products_page
from tradewind.core.database import Database


def stock_up(store: Database, count: int) -> None:
    with store.write() as tx:
        told = [
            NewProduct(f"S{i}", f"Mug {i}", category="Home", brand="Acme", currency="EUR", price=Decimal(i + 1))
            for i in range(count)
        ]
        put_products(tx, told, now=NOON)
        put_products(tx, [NewProduct(one.sku, currency="EUR", price=Decimal("0.5")) for one in told], now=NOON)


@pytest.fixture
def on_sqlite(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """A store on the engine that plans alike for few rows and for many; PostgreSQL goes by how many there are."""
    made = Database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'store.db')}")
    yield made
    made.close()


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("with_variants", [False, True])
def test_a_list_is_read_in_the_order_of_an_index_and_never_sorted(
    on_sqlite: Database, sort: Sort, with_variants: bool
) -> None:
    stock_up(on_sqlite, 20)
    with heard(on_sqlite) as told, on_sqlite.read() as tx:
        chosen = ProductFilter(with_variants=with_variants)
        cursor = products_page(tx, chosen, sort=sort, limit=5).next_cursor
        products_page(tx, chosen, sort=sort, limit=5, cursor=cursor)
    pages = [one for one in told if "ORDER BY" in one[0] and "FROM products" in one[0]]
    assert len(pages) == 2
    for statement, parameters in pages:
        with on_sqlite.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        steps = " | ".join(str(row[-1]) for row in plan)
        assert "TEMP B-TREE" not in steps, steps
        assert "USING INDEX" in steps


def test_a_page_takes_as_many_statements_for_fifty_products_as_for_five(store: Database) -> None:
    stock_up(store, 60)

    def statements(limit: int) -> int:
        with heard(store) as told, store.read() as tx:
            assert len(products_page(tx, ProductFilter(), limit=limit).items) == limit
            page = search_products(tx, "mug", Filters(), limit=limit, with_facets=True)
            assert len(products_by_id(tx, [hit.product_id for hit in page.items])) == limit
        return len(told)

    assert statements(50) == statements(5)


def test_a_bulk_change_is_indexed_in_one_go(store: Database) -> None:
    with heard(store) as few:
        stock_up(store, 5)
    with store.write() as tx:
        tx.execute(text("DELETE FROM price_history"))
        tx.execute(text("DELETE FROM products"))
        tx.execute(text("DELETE FROM search_words"))
    with heard(store) as many:
        stock_up(store, 45)
    indexing = [len([one for one in told if "search_" in one[0]]) for told in (few, many)]
    assert indexing[0] == indexing[1]
