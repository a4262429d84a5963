"""Search finds the same products on both engines, whatever is typed, and knows of a change when it is committed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.commerce.catalogue import ANN, a_group, a_product, change, vary
from tests.spine import NOON
from tradewind.commerce.catalog import categories as tree
from tradewind.commerce.catalog.model import ProductStatus
from tradewind.commerce.catalog.products import archive_product, lock_product, update_product
from tradewind.commerce.catalog.search import Filters, SearchPage, rebuild, search_products
from tradewind.commerce.catalog.search.marking import excerpt, marked
from tradewind.commerce.catalog.search.words import distance, fold, words_of
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.commerce.catalog.upkeep import catch_up, state_token
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput


def search(store: Database, q: str, *, limit: int = 50, cursor: str | None = None, **filters: Any) -> SearchPage:
    facets = filters.pop("facets", False)
    with store.read() as tx:
        return search_products(tx, q, Filters(**filters), limit=limit, cursor=cursor, with_facets=facets)


def names(store: Database, q: str, **filters: Any) -> list[str]:
    page = search(store, q, **filters)
    with store.read() as tx:
        known: dict[str, str] = {row.id: row.name for row in tx.execute(text("SELECT id, name FROM products"))}
    return [known[hit.product_id] for hit in page.items]


def stock_up(store: Database, *told: tuple[str, str]) -> None:
    """Products by SKU and name."""
    with store.write() as tx:
        put_products(tx, [NewProduct(sku, name) for sku, name in told], now=NOON)


@pytest.fixture
def kitchen(store: Database) -> Database:
    with store.write() as tx:
        put_products(
            tx,
            [
                NewProduct("MUG-RED-01", "Red mug", category="Home / Kitchen", brand="Acme", description="For tea."),
                NewProduct("MUG-BLU-02", "Blue mug", category="Home / Kitchen", brand="Zenith"),
                NewProduct("KEY-1", "Keyboard", category="Office", brand="Acme", description="Red keys, blue letters"),
                NewProduct("CR-1", "Crème brûlée torch", category="Home / Kitchen"),
                NewProduct("MUGGLE", "Muggle handbook", category="Books"),
            ],
            now=NOON,
        )
    return store


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("mug", {"Red mug", "Blue mug", "Muggle handbook"}),
        ("mugs", {"Red mug", "Blue mug"}),
        ("red mug", {"Red mug"}),
        ("MUG red", {"Red mug"}),
        ("keyb", {"Keyboard"}),
        ("keybord", {"Keyboard"}),
        ("kyeboard", {"Keyboard"}),
        ("keyboardd", {"Keyboard"}),
        ("creme brulee", {"Crème brûlée torch"}),
        ("CRÈME", {"Crème brûlée torch"}),
        ("mug-red-01", {"Red mug"}),
        ("mugred01", {"Red mug"}),
        ("acme", {"Red mug", "Keyboard"}),
        ("kitchen", {"Red mug", "Blue mug", "Crème brûlée torch"}),
        ("tea", {"Red mug"}),
        ("xylophone", set()),
        ("red xylophone", set()),
        ("'\" OR NEAR( * : ) -- & | !", set()),
        ("mug 01", {"Red mug"}),
        ("02", {"Blue mug"}),
        ("03", set()),
    ],
)
def test_what_is_typed_finds_what_is_meant(kitchen: Database, asked: str, found: set[str]) -> None:
    assert set(names(kitchen, asked)) == found


def test_what_stands_in_the_name_comes_first_and_whole_words_before_beginnings(kitchen: Database) -> None:
    assert names(kitchen, "red")[0] == "Red mug"
    assert names(kitchen, "mug")[-1] == "Muggle handbook"
    assert names(kitchen, "keyboard") == ["Keyboard"]


def test_a_word_that_only_a_code_holds_is_found_and_not_corrected(store: Database) -> None:
    stock_up(store, ("HOODIE-XL", "Warm sweater"), ("SANDAL-BLUE", "SANDAL-BLUE"), ("S-1", "Hoodia plant"))
    assert names(store, "hoodie") == names(store, "HOODIE-XL") == names(store, "hoodi sweater") == ["Warm sweater"]
    assert names(store, "sandal-blue") == names(store, "blue") == ["SANDAL-BLUE"]
    assert search(store, "hoodie").corrected == {}


def test_a_correction_is_told(kitchen: Database) -> None:
    assert search(kitchen, "red keybord").corrected == {"keybord": ["keyboard"]}
    assert search(kitchen, "keyboard").corrected == {}
    assert search(kitchen, "xylophone").corrected == {"xylophone": []}


def test_without_a_word_all_products_come_the_newest_first(kitchen: Database) -> None:
    assert names(kitchen, " ")[0] == "Muggle handbook"
    assert len(names(kitchen, "?!")) == 5


def test_a_change_is_found_when_it_is_committed_and_not_before(store: Database) -> None:
    mug = a_product(store, name="Mug")

    def change_of_mind() -> None:
        with store.write() as tx:
            update_product(tx, lock_product(tx, mug), {"name": "Beaker"}, actor=ANN, now=NOON)
            raise KeyError(mug)

    with pytest.raises(KeyError):
        change_of_mind()
    assert names(store, "beaker") == []
    change(store, mug, name="Beaker")
    assert (names(store, "beaker"), search(store, "glass").items) == (["Beaker"], ())
    with store.write() as tx:
        home = tree.create_category(tx, "Glassware", actor=ANN, now=NOON)
    change(store, mug, category_id=home)
    assert names(store, "glassware") == ["Beaker"]
    with store.write() as tx:
        tree.rename_category(tx, home, "Porcelain", actor=ANN, now=NOON)
    assert (names(store, "porcelain"), names(store, "glassware")) == (["Beaker"], [])
    with store.write() as tx:
        archive_product(tx, lock_product(tx, mug), actor=ANN, now=NOON)
    assert (names(store, "beaker"), names(store, "beaker", statuses=())) == ([], ["Beaker"])


def test_a_group_is_found_by_its_variants_and_stands_for_them(store: Database) -> None:
    shirt = a_group(store)
    told = {"Size": "S", "Colour": "red"}
    vary(store, shirt, {"sku": "SH-77", "options": told, "price": Decimal(5), "barcode": "4006381333931"})
    for asked in ("sh-77", "4006381333931", "shirt red", "shirt"):
        assert names(store, asked) == ["Shirt"]
    page = search(store, "shirt", facets=True, attributes=(("Colour", "red"),))
    assert page.facets is not None
    assert page.facets.attributes == {"Colour": [("red", 1)], "Size": [("S", 1)]}
    assert page.facets.prices == {"EUR": (500, 500)}
    assert names(store, "shirt", attributes=(("Colour", "blue"),)) == []


def test_filters_narrow_down_and_facets_count_what_is_left(store: Database) -> None:
    with store.write() as tx:
        put_products(
            tx,
            [
                NewProduct(
                    f"MUG-{i}",
                    f"Mug {i}",
                    category=f"Home / Shelf {i % 2}",
                    brand=("Acme", "Zenith", None)[i % 3],
                    currency="EUR" if i % 4 else "USD",
                    price=Decimal(i),
                    attributes={"colour": ["red", "blue"][i % 2], "sizes": ["S", "M"], "dish washer": True},
                    status=ProductStatus.DRAFT if i == 11 else None,
                )
                for i in range(12)
            ],
            now=NOON,
        )
        shelf: str = tx.execute(text("SELECT id FROM categories WHERE path = 'Home / Shelf 1'")).scalar_one()
        home: str = tx.execute(text("SELECT id FROM categories WHERE path = 'Home'")).scalar_one()
    page = search(store, "mug", facets=True)
    assert page.facets is not None
    assert (page.facets.hits, page.facets.is_complete) == (11, True)
    assert page.facets.brands == [("Acme", 4), ("Zenith", 4)]
    assert page.facets.prices == {"EUR": (100, 1000), "USD": (0, 800)}
    assert page.facets.attributes == {
        "sizes": [("M", 11), ("S", 11)],
        "colour": [("red", 6), ("blue", 5)],
        "dish washer": [("yes", 11)],
    }
    assert [hits for _, hits in page.facets.categories] == [6, 5]
    assert len(names(store, "mug", category_id=home)) == 11
    assert set(names(store, "mug", category_id=shelf)) == {f"Mug {i}" for i in (1, 3, 5, 7, 9)}
    assert set(names(store, "", currency="EUR", lowest_minor=300, highest_minor=600)) == {"Mug 3", "Mug 5", "Mug 6"}
    assert set(names(store, "", brands=("Acme",), attributes=(("colour", "blue"),))) == {"Mug 3", "Mug 9"}
    both = (("colour", "blue"), ("colour", "red"), ("sizes", "S"))
    assert len(names(store, "", attributes=both)) == 11
    assert names(store, "mug", attributes=(("colour", "green"),)) == []


def test_pages_hold_every_hit_once(store: Database) -> None:
    stock_up(store, *((f"M{i}", f"Mug {'tall ' * (i % 3)}{i}") for i in range(25)))
    found: list[str] = []
    cursor = None
    while True:
        page = search(store, "mug", limit=7, cursor=cursor)
        found += [hit.product_id for hit in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert (len(found), len(set(found))) == (25, 25)


@pytest.mark.parametrize(("asked", "field"), [("x" * 201, "q"), ("a b c d e f g h i", "q")])
def test_a_question_that_is_too_long_is_refused(store: Database, asked: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        search(store, asked)
    assert refused.value.field == field


@pytest.mark.parametrize("cursor", ["x", "WzFd"[:-1], "Wy0xXQ", "WyJhIl0", "W3RydWVd"])
def test_a_cursor_that_is_not_ours_is_refused(store: Database, cursor: str) -> None:
    with pytest.raises(InvalidInput):
        search(store, "mug", cursor=cursor)


WORDS = st.sampled_from(["red", "mug", "mugs", "blue", "tea", "teapot", "blau", "größe", "ab12", "7", "日本"])
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


@settings(max_examples=20)
@given(told=st.lists(TEXTS, min_size=1, max_size=6), asked=st.lists(WORDS, min_size=1, max_size=2))
def test_search_finds_what_reading_every_name_finds(
    stores: Sequence[Database], told: list[str], asked: list[str]
) -> None:
    wanted = [fold(word) for word in asked]
    expected = {
        f"N{number}"
        for number, name in enumerate(told)
        if all(
            any(has.startswith(word) if len(word) > 1 else has == word for has in words_of(f"{name} N{number}"))
            for word in wanted
        )
    }
    for store in stores:
        with store.write() as tx:
            tx.execute(text("DELETE FROM price_history"))
            tx.execute(text("DELETE FROM products"))
            tx.execute(text("DELETE FROM search_words"))
        stock_up(store, *((f"N{number}", name) for number, name in enumerate(told)))
        page = search(store, " ".join(asked))
        with store.read() as tx:
            skus: dict[str, str] = {row.id: row.sku for row in tx.execute(text("SELECT id, sku FROM products"))}
        found = {skus[hit.product_id] for hit in page.items}
        # A word that no product holds may be taken for a slip of one that a product does.
        assert found == expected if not page.corrected else found >= expected


@pytest.fixture(scope="module")
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    import shutil

    path = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path_factory.mktemp("search") / "store.db")
    template = request.getfixturevalue("migrated_postgres")
    made = [Database(f"sqlite:///{path}"), Database(request.getfixturevalue("make_postgres")(template))]
    yield made
    for one in made:
        one.close()


def test_a_store_of_a_time_before_the_index_is_indexed_when_it_is_opened(kitchen: Database) -> None:
    with kitchen.write() as tx:
        for table in ("search_attributes", "search_products", "search_words"):
            tx.execute(text(f"DELETE FROM {table}"))
        tx.execute(text("UPDATE catalog_state SET token = 'unindexed'"))
    assert names(kitchen, "mug") == []
    catch_up(kitchen)
    assert len(names(kitchen, "mug")) == 3
    with kitchen.read() as tx:
        token = state_token(tx)
    assert token != "unindexed"
    catch_up(kitchen)
    with kitchen.read() as tx:
        assert state_token(tx) == token


def test_an_index_made_anew_finds_the_same(kitchen: Database) -> None:
    before = {asked: names(kitchen, asked) for asked in ("mug", "red", "keybord", "acme")}
    with kitchen.write() as tx:
        assert rebuild(tx) == 5
    assert {asked: names(kitchen, asked) for asked in before} == before


@pytest.mark.parametrize(
    ("left", "right", "slips"),
    [("mug", "mug", 0), ("mug", "mgu", 1), ("mug", "mugs", 1), ("mug", "hug", 1), ("mug", "ug", 1), ("ab", "ba", 1)],
)
def test_the_distance_of_two_words(left: str, right: str, slips: int) -> None:
    assert distance(left, right, 2) == distance(right, left, 2) == slips
    assert distance(left, right, slips - 1) is None


LETTERS = st.text("abc", max_size=6)


@given(LETTERS, LETTERS)
def test_the_distance_is_that_of_trying_everything(left: str, right: str) -> None:
    def tried(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        best = min(tried(i - 1, j) + 1, tried(i, j - 1) + 1, tried(i - 1, j - 1) + (left[i - 1] != right[j - 1]))
        if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
            best = min(best, tried(i - 2, j - 2) + 1)
        return best

    exact = tried(len(left), len(right))
    for bound in (0, 1, 2):
        assert distance(left, right, bound) == (exact if exact <= bound else None)


def test_marks_stand_around_hits_and_all_else_is_escaped() -> None:
    assert marked("Red <b>Mugs</b> & cups", ["mug"]) == "Red &lt;b&gt;<mark>Mugs</mark>&lt;/b&gt; &amp; cups"
    assert marked("Crème brûlée", ["creme"]) == "<mark>Crème</mark> brûlée"
    assert marked("Cup", ["mug"]) is None
    text_ = "word " * 100 + "mug " + "word " * 100
    shown = excerpt(text_, ["mug"])
    assert shown is not None
    assert shown.startswith("… word ")
    assert shown.endswith(" word …")
    assert "<mark>mug</mark>" in shown
    assert len(shown) < 300
    assert excerpt("mug", ["mug"]) == "<mark>mug</mark>"
