"""Searching: words in, products out, with the counts that a shopper narrows down by.

All words have to be found, each whole or as the beginning of one; a word that is known nowhere is taken for a
slip and corrected. Of more than 5,000 matches 5,000 are ranked, on SQLite the newest, so that no search is slow.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from tradewind.commerce.catalog.model import Category, ProductStatus
from tradewind.commerce.catalog.search.engines import Match, Word, attributes, documents, engine_of, known_words
from tradewind.commerce.catalog.search.words import corrections, is_correctable, most_slips, words_of
from tradewind.core.errors import InvalidInput
from tradewind.core.paging import decode_cursor, encode_cursor

LONGEST_TEXT = 200
MOST_WORDS = 8
RANKED = 5_000
"""Matches that are put in order."""
COUNTED = 1_000
"""Of them, the best are counted for the facets."""
DEEPEST = 10_000
"""Results behind this place are not shown: nobody looks there, and each page is ranked anew."""
_CHOICES = 20


@dataclass(frozen=True, slots=True)
class Filters:
    """Which products; an empty choice means all. Prices are minor units of `currency`, both ends included."""

    category_id: str | None = None
    """This category and all below it."""
    brands: tuple[str, ...] = ()
    statuses: tuple[str, ...] = (ProductStatus.ACTIVE,)
    currency: str | None = None
    lowest_minor: int | None = None
    highest_minor: int | None = None
    attributes: tuple[tuple[str, str], ...] = ()
    """Name and value; of one name any value will do, of several names each has to fit."""


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A hit: a product that is no variant."""

    product_id: str


@dataclass(frozen=True, slots=True)
class Facets:
    """How the best hits (up to 1,000) spread; the most frequent values first, up to 20 of each kind."""

    hits: int
    is_complete: bool
    """Whether all hits were counted, and not only the best."""
    categories: Sequence[tuple[str, int]]
    """Ids of categories, with the number of hits in the very category."""
    brands: Sequence[tuple[str, int]]
    prices: Mapping[str, tuple[int, int]]
    """The lowest and the highest price in minor units, by currency."""
    attributes: Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class SearchPage:
    items: Sequence[FoundProduct]
    next_cursor: str | None
    corrected: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Words that nothing holds, with those that were looked for in their place."""
    beginnings: Sequence[str] = ()
    """What the hits hold: words of theirs begin with these."""
    facets: Facets | None = None


def search_products(
    tx: Session, text: str, filters: Filters, *, limit: int, cursor: str | None = None, with_facets: bool = False
) -> SearchPage:
    """The products that fit, the best first; without a word in the text, the newest.

    Raises InvalidInput for a text of more than 200 characters or 8 words. When products change between two
    pages, one may show twice or not at all: results have no order that outlives a change.
    """
    words = _asked(text)
    offset = _offset(cursor)
    wanted, corrected = _understood(tx, words)
    beginnings = [word.text for group in wanted for word in group]
    if words and len(wanted) < len(words):
        return SearchPage((), None, corrected, beginnings, _no_facets() if with_facets else None)
    match = engine_of(tx).match(wanted) if wanted else None
    hits = _ranked(tx, match, filters)
    counted = tx.execute(hits.limit(COUNTED + 1)).all() if with_facets else None
    last = offset + limit
    if counted is not None and last < len(counted):
        page = counted[offset : last + 1]
    else:
        page = tx.execute(hits.limit(limit + 1).offset(offset)).all()
    return SearchPage(
        items=[FoundProduct(row.product_id) for row in page[:limit]],
        next_cursor=encode_cursor([last]) if len(page) > limit and last < DEEPEST else None,
        corrected=corrected,
        beginnings=beginnings,
        facets=None if counted is None else _facets(tx, counted),
    )


def _asked(text: str) -> list[str]:
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(f"A search has up to {LONGEST_TEXT} characters.", field="q")
    words = list(dict.fromkeys(words_of(text)))
    if len(words) > MOST_WORDS:
        raise InvalidInput(f"A search has up to {MOST_WORDS} words; this one has {len(words)}.", field="q")
    return words


def _offset(cursor: str | None) -> int:
    if cursor is None:
        return 0
    (offset,) = decode_cursor(cursor, 1)
    if not isinstance(offset, int) or isinstance(offset, bool) or not 0 <= offset <= DEEPEST:
        raise InvalidInput("This cursor is not one of ours. Start again without it.", field="cursor")
    return offset


def _understood(tx: Session, words: Sequence[str]) -> tuple[list[list[Word]], dict[str, Sequence[str]]]:
    """What is looked for in place of each word. A word that is known nowhere and looks like no other is left out."""
    wanted: list[list[Word]] = []
    corrected: dict[str, Sequence[str]] = {}
    for word in words:
        if not is_correctable(word) or _is_known(tx, word):
            wanted.append([Word(word, is_beginning=len(word) > 1)])
            continue
        others = corrections(word, engine_of(tx).similar(tx, word, slips=most_slips(word)))
        corrected[word] = others
        if others:
            wanted.append([Word(other, is_beginning=False) for other in others])
    return wanted, corrected


def _is_known(tx: Session, word: str) -> bool:
    """Whether a word of some product begins so. Words of SKUs are not kept as others are: the index itself is asked."""
    column = known_words.c.word
    after = word[:-1] + chr(ord(word[-1]) + 1)
    if tx.scalar(select(column).where(column >= word, column < after).limit(1)) is not None:
        return True
    match = engine_of(tx).match([[Word(word, is_beginning=True)]])
    return tx.scalar(select(documents.c.id).select_from(match.source).where(match.where).limit(1)) is not None


def _ranked(tx: Session, match: Match | None, filters: Filters) -> Select[*tuple[Any, ...]]:
    """Hits with what facets need to know of them, the best first."""
    found = documents.c
    shown = (found.id, found.product_id, found.category_id, found.brand, found.currency, found.price_minor)
    conditions = _conditions(tx, filters)
    if match is None:
        return select(*shown).where(*conditions).order_by(found.id.desc())
    some = select(*shown, match.rank.label("rank")).select_from(match.source).where(match.where, *conditions)
    if match.newest is not None:
        some = some.order_by(match.newest.desc())
    ranked = some.limit(RANKED).subquery("ranked")
    return select(ranked).order_by(ranked.c.rank, ranked.c.id.desc())


def _conditions(tx: Session, filters: Filters) -> list[ColumnElement[bool]]:
    found = documents.c
    conditions: list[ColumnElement[bool]] = []
    if filters.statuses:
        conditions.append(found.status.in_([str(status) for status in filters.statuses]))
    if filters.category_id is not None:
        conditions.append(found.category_id.in_(below(tx, filters.category_id)))
    if filters.brands:
        conditions.append(found.brand.in_(filters.brands))
    if filters.currency is not None:
        conditions.append(found.currency == filters.currency)
    if filters.lowest_minor is not None:
        conditions.append(found.price_minor >= filters.lowest_minor)
    if filters.highest_minor is not None:
        conditions.append(found.price_minor <= filters.highest_minor)
    for name in dict.fromkeys(name for name, _ in filters.attributes):
        values = [value for other, value in filters.attributes if other == name]
        having = select(attributes.c.product_id).where(attributes.c.name == name, attributes.c.value.in_(values))
        conditions.append(found.product_id.in_(having))
    return conditions


def below(tx: Session, category_id: str) -> list[str]:
    """The ids of a category and of all below it. Told to the planners as ids, whose numbers of products they know."""
    tree = select(Category.id).where(Category.id == category_id).cte("below", recursive=True)
    children = select(Category.id).where(Category.parent_id == tree.c.id)
    return list(tx.scalars(select(tree.union_all(children).c.id)))


def _facets(tx: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> Facets:
    # By place and not by name: a thousand rows are read for one answer.
    counted: list[tuple[Any, ...]] = [row[1:6] for row in rows[:COUNTED]]
    prices: dict[str, tuple[int, int]] = {}
    for _, _, _, currency, price in counted:
        if price is not None and currency is not None:
            low, high = prices.get(currency, (price, price))
            prices[currency] = (min(low, price), max(high, price))
    return Facets(
        hits=len(counted),
        is_complete=len(rows) <= COUNTED,
        categories=_most_frequent(Counter(one[1] for one in counted)),
        brands=_most_frequent(Counter(one[2] for one in counted)),
        prices=prices,
        attributes=_attributes(tx, [one[0] for one in counted]),
    )


def _attributes(tx: Session, product_ids: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """The attributes that most of these products have, with their most frequent values."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    held = select(attributes.c.name, attributes.c.value, func.count().label("hits"))
    held = held.where(engine_of(tx).among(attributes.c.product_id, product_ids))
    for row in tx.execute(held.group_by(attributes.c.name, attributes.c.value)):
        counts[row.name][row.value] = row.hits
    widest = sorted(counts, key=lambda name: (-counts[name].total(), name))[:_CHOICES]
    return {name: _most_frequent(counts[name]) for name in widest}


def _most_frequent(counts: Counter[Any]) -> list[tuple[str, int]]:
    known = [(value, hits) for value, hits in counts.items() if value is not None]
    return sorted(known, key=lambda item: (-item[1], item[0]))[:_CHOICES]


def _no_facets() -> Facets:
    return Facets(0, True, (), (), {}, {})


__all__ = ["Facets", "Filters", "FoundProduct", "SearchPage", "below", "search_products"]
