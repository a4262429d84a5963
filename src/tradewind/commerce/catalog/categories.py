"""The tree of categories. A path is the names from the root down, joined by ' / ', and always true.

Whoever changes the shape of the tree holds one lock: a rename and a move that meet would otherwise leave
paths that no parent has. Products say which category they are in; those of a renamed one are told anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, exists, func, literal, select, text, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog import upkeep
from tradewind.commerce.catalog.facts import tell, tell_categories
from tradewind.commerce.catalog.model import LONGEST_CATEGORY, Category, Product
from tradewind.commerce.catalog.search.finding import below
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

SEPARATOR = " / "
MOST_CATEGORIES = 5_000
"""What a tree shows at once; a shop has hundreds."""
_TREE_LOCK = 7_236_812
"""Advisory lock on PostgreSQL; SQLite has one writer anyway."""


class CategoryExists(Conflict):
    code = "category_exists"

    def __init__(self, path: str) -> None:
        super().__init__(f"There is a category '{path}' already. Choose another name or another parent.")


class CategoryInUse(Conflict):
    code = "category_in_use"

    def __init__(self, path: str, holds: str) -> None:
        super().__init__(f"The category '{path}' still holds {holds}. Move them first, then delete it.")


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A place in the tree. `products` are those directly in it that are not archived, variants apart."""

    category_id: str
    parent_id: str | None
    name: str
    path: str
    products: int


def category_tree(tx: Session) -> list[CategoryView]:
    """All categories in the order of their paths, at most 5,000."""
    shown = (Product.status != "archived") & Product.parent_id.is_(None)
    counted = (
        select(Product.category_id, func.count().label("products"))
        .where(shown)
        .group_by(Product.category_id)
        .subquery()
    )
    query = (
        select(Category, func.coalesce(counted.c.products, 0))
        .outerjoin(counted, counted.c.category_id == Category.id)
        .order_by(Category.path)
        .limit(MOST_CATEGORIES)
    )
    return [_view(row[0], row[1]) for row in tx.execute(query)]


def find_category(tx: Session, category_id: str) -> CategoryView:
    row = tx.get(Category, category_id)
    if row is None:
        raise NotFound(f"There is no category {category_id[:40]}.")
    shown = (Product.status != "archived") & Product.parent_id.is_(None)
    return _view(row, tx.scalar(select(func.count()).where(Product.category_id == category_id, shown)) or 0)


def category_id_of(tx: Session, id_or_path: str) -> str | None:
    """The id of a category that is named by its id or its path; None when there is none."""
    query = select(Category.id).where((Category.id == id_or_path) | (Category.path == id_or_path))
    return tx.scalar(query.limit(1))


def paths_of(tx: Session, category_ids: Iterable[str]) -> dict[str, str]:
    """The paths of these categories, by id."""
    return {
        row.id: row.path
        for part in chunks(sorted(set(category_ids)))
        for row in tx.execute(select(Category.id, Category.path).where(Category.id.in_(part)))
    }


def hold_category(tx: Session, category_id: str) -> None:
    """Makes sure that a category is there and stays until the end of the transaction; InvalidInput otherwise."""
    query = select(Category.id).where(Category.id == category_id).with_for_update(read=True)
    if tx.scalar(query) is None:
        raise InvalidInput(f"There is no category {category_id[:40]}.", field="category_id")


def ensure_categories(tx: Session, paths: set[str], *, now: datetime) -> dict[str, str]:
    """Ids by path, made where they are missing; 'Home / Kitchen' is a child of 'Home'."""
    found: dict[str, str] = {}
    for part in chunks(sorted(paths)):
        found |= {
            row.path: row.id for row in tx.execute(select(Category.path, Category.id).where(Category.path.in_(part)))
        }
    for path in sorted(paths - set(found)):
        parent, _, name = path.rpartition(SEPARATOR)
        parent_id = ensure_categories(tx, {parent}, now=now)[parent] if parent else None
        category = Category(id=new_id(), parent_id=parent_id, name=name, path=path)
        tx.add(category)
        tx.flush()
        tell_categories(tx, [category], now=now)
        upkeep.changed(tx)
        found[path] = category.id
    return found


def create_category(tx: Session, name: str, *, parent_id: str | None = None, actor: Actor, now: datetime) -> str:
    """A new category; returns its id. Raises CategoryExists."""
    hold_tree(tx)
    path = _path_for(tx, _checked(name), parent_id)
    category = Category(id=new_id(), parent_id=parent_id, name=_checked(name), path=path)
    tx.add(category)
    tx.flush()
    tell_categories(tx, [category], now=now)
    record(tx, actor, Change("category.create", category.id, None, {"path": path}), now=now)
    upkeep.changed(tx)
    return category.id


def rename_category(tx: Session, category_id: str, name: str, *, actor: Actor, now: datetime) -> None:
    """Gives another name; the paths of all below follow, and their products are told anew."""
    hold_tree(tx)
    category = _get(tx, category_id)
    _replace(tx, category, _checked(name), category.parent_id, actor=actor, now=now)


def move_category(tx: Session, category_id: str, parent_id: str | None, *, actor: Actor, now: datetime) -> None:
    """Hangs a category, with all below it, under another one or, with None, at the root."""
    hold_tree(tx)
    category = _get(tx, category_id)
    if parent_id is not None and parent_id in below(tx, category_id):
        raise InvalidInput("A category cannot be put below itself.", field="parent_id")
    _replace(tx, category, category.name, parent_id, actor=actor, now=now)


def delete_category(tx: Session, category_id: str, *, actor: Actor, now: datetime) -> None:
    """Removes an empty category; CategoryInUse when products (archived ones too) or categories are in it."""
    hold_tree(tx)
    # Waits for whoever is just putting a product here: see hold_category.
    category = tx.scalar(select(Category).where(Category.id == category_id).with_for_update())
    if category is None:
        raise NotFound(f"There is no category {category_id[:40]}.")
    if tx.scalar(select(exists().where(Category.parent_id == category_id))):
        raise CategoryInUse(category.path, "other categories")
    if tx.scalar(select(exists().where(Product.category_id == category_id))):
        raise CategoryInUse(category.path, "products")
    tell_categories(tx, [category], now=now, is_deleted=True)
    tx.delete(category)
    tx.flush()
    record(tx, actor, Change("category.delete", category_id, {"path": category.path}, None), now=now)
    upkeep.changed(tx)


def _replace(tx: Session, category: Category, name: str, parent_id: str | None, *, actor: Actor, now: datetime) -> None:
    if (name, parent_id) == (category.name, category.parent_id):
        return
    old, new = category.path, _path_for(tx, name, parent_id)
    tree = below(tx, category.id)
    _check_depth(tx, tree, longer_by=len(new) - len(old))
    # The row itself first, then all below it: what follows the old path stays as it is.
    category.name, category.parent_id, category.path = name, parent_id, new
    tx.flush()
    for part in chunks([one for one in tree if one != category.id]):
        followed = literal(new) + func.substr(Category.path, len(old) + 1, type_=String)
        tx.execute(
            update(Category).where(Category.id.in_(part)).values(path=followed),
            execution_options={"synchronize_session": False},
        )
    for part in chunks(tree):
        again = select(Category).where(Category.id.in_(part)).execution_options(populate_existing=True)
        tell_categories(tx, tx.scalars(again).all(), now=now)
    _tell_products(tx, tree, now=now)
    record(tx, actor, Change("category.update", category.id, {"path": old}, {"path": new}), now=now)
    upkeep.changed(tx)


def _tell_products(tx: Session, categories: Sequence[str], *, now: datetime) -> None:
    """Facts carry the path, so the products below have to be told again, each with a version of its own."""
    ids = [
        product_id
        for part in chunks(categories)
        for product_id in tx.scalars(select(Product.id).where(Product.category_id.in_(part)))
    ]
    for part in chunks(sorted(ids)):
        tx.execute(
            update(Product).where(Product.id.in_(part)).values(version=Product.version + 1, updated_at=now),
            execution_options={"synchronize_session": False},
        )
        again = select(Product).where(Product.id.in_(part)).execution_options(populate_existing=True)
        tell(tx, *tx.scalars(again), now=now)
        upkeep.changed(tx, part)


def hold_tree(tx: Session) -> None:
    """Nobody else changes the tree until the transaction ends."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _TREE_LOCK})


def _get(tx: Session, category_id: str) -> Category:
    found = tx.get(Category, category_id, populate_existing=True)
    if found is None:
        raise NotFound(f"There is no category {category_id[:40]}.")
    return found


def _checked(name: str) -> str:
    trimmed = " ".join(name.split())
    if not trimmed or "/" in trimmed.split(" "):
        raise InvalidInput(
            "A category needs a name, without ' / ' in it: that parts the names of a path.", field="name"
        )
    check_text(trimmed, LONGEST_CATEGORY, field="name", of="the category")
    return trimmed


def _path_for(tx: Session, name: str, parent_id: str | None) -> str:
    path = name
    if parent_id is not None:
        parent = tx.scalar(select(Category.path).where(Category.id == parent_id))
        if parent is None:
            raise InvalidInput(f"There is no category {parent_id[:40]} to be the parent.", field="parent_id")
        path = parent + SEPARATOR + name
    if len(path) > LONGEST_CATEGORY:
        raise InvalidInput(f"The path '{path[:60]}…' would be longer than {LONGEST_CATEGORY} characters.", field="name")
    if tx.scalar(select(exists().where(Category.path == path))):
        raise CategoryExists(path)
    return path


def _check_depth(tx: Session, tree: Sequence[str], *, longer_by: int) -> None:
    longest = max(
        (tx.scalar(select(func.max(func.length(Category.path))).where(Category.id.in_(part))) or 0)
        for part in chunks(tree)
    )
    if longest + longer_by > LONGEST_CATEGORY:
        raise InvalidInput(
            f"A category below would get a path longer than {LONGEST_CATEGORY} characters. Use a shorter name.",
            field="name",
        )


def _view(row: Category, products: int) -> CategoryView:
    return CategoryView(row.id, row.parent_id, row.name, row.path, products)
