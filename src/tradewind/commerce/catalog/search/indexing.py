"""The index of products, made anew for whatever changed. A group and its variants are one document.

`search_words` only grows: a word that no product holds any more merely fails to be corrected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, or_, select, text
from sqlalchemy.orm import Session

from tradewind.commerce.booking import chunks
from tradewind.commerce.catalog.model import Category, Product, ProductStatus
from tradewind.commerce.catalog.search.engines import Texts, attributes, documents, engine_of, known_words
from tradewind.commerce.catalog.search.words import code_words, is_learned, words_of
from tradewind.core.bulk import insert_rows

MOST_BODY_WORDS = 4_000
"""Of a description, at the most; and of all other texts of a group with many variants."""
_COLUMNS = (
    Product.id,
    Product.parent_id,
    Product.sku,
    Product.barcode,
    Product.name,
    Product.description,
    Product.brand,
    Product.category_id,
    Product.options,
    Product.attributes,
    Product.status,
    Product.currency,
    Product.price_minor,
    Category.path,
)


def reindex(tx: Session, product_ids: Iterable[str]) -> None:
    """Brings the documents of these products up to date, in the caller's transaction."""
    words: set[str] = set()
    for part in chunks(sorted(set(product_ids))):
        known = tx.execute(select(Product.id, Product.parent_id).where(Product.id.in_(part)))
        owners = sorted({row.parent_id or row.id for row in known})
        if groups := [owner for owner in owners if owner not in part]:
            # Two writers of two variants of one group: the second has to see what the first one did.
            tx.execute(select(Product.id).where(Product.id.in_(groups)).order_by(Product.id).with_for_update())
        # Documents of products that have become variants, or are gone, go too.
        tx.execute(delete(attributes).where(attributes.c.product_id.in_([*part, *owners])))
        tx.execute(delete(documents).where(documents.c.product_id.in_([*part, *owners])))
        words |= _add(tx, owners)
    _learn(tx, words)


def rebuild(tx: Session) -> int:
    """Makes the whole index anew; returns how many products it looked at."""
    tx.execute(delete(attributes))
    tx.execute(delete(documents))
    count = 0
    words: set[str] = set()
    for part in chunks(list(tx.scalars(select(Product.id).where(Product.parent_id.is_(None)).order_by(Product.id)))):
        words |= _add(tx, part)
        count += len(part)
    _learn(tx, words)
    return count


def _add(tx: Session, owners: Sequence[str]) -> set[str]:
    """Adds the documents of products that are no variants; returns the words in them."""
    query = select(*_COLUMNS).outerjoin(Category, Category.id == Product.category_id)
    found = tx.execute(query.where(or_(Product.id.in_(owners), Product.parent_id.in_(owners))).order_by(Product.id))
    variants: dict[str, list[Any]] = defaultdict(list)
    heads: dict[str, Any] = {}
    for row in found:
        if row.parent_id is None:
            heads[row.id] = row
        else:
            variants[row.parent_id].append(row)
    engine = engine_of(tx)
    rows: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    words: set[str] = set()
    for head in heads.values():
        children = [row for row in variants[head.id] if row.status != ProductStatus.ARCHIVED]
        values = _attributes(
            [head.attributes, *(row.attributes for row in children), *(row.options for row in children)]
        )
        texts = _texts(head, children, values)
        words.update(texts.title, texts.maker, texts.section, texts.body)
        rows.append(_document(head, children) | engine.columns(texts))
        told += [{"product_id": head.id, "name": name, "value": value} for name, value in values]
    insert_rows(tx, documents, rows)
    insert_rows(tx, attributes, told)
    return words


def _texts(head: Any, children: Sequence[Any], values: Sequence[tuple[str, str]]) -> Texts:
    # A product that nobody has named yet is called by its SKU, which is indexed anyway.
    names = words_of(head.name) if head.name != head.sku else []
    own = set(names)
    body = [word for row in children for word in words_of(row.name) if word not in own]
    body += [word for _, value in values for word in words_of(value)]
    codes = code_words(head.sku, head.barcode, *(code for row in children for code in (row.sku, row.barcode)))
    return Texts(
        code=list(dict.fromkeys(codes))[:MOST_BODY_WORDS],
        title=names,
        maker=words_of(head.brand or ""),
        section=words_of(head.path or ""),
        body=list(dict.fromkeys(body))[:MOST_BODY_WORDS] + words_of(head.description)[:MOST_BODY_WORDS],
    )


def _document(head: Any, children: Sequence[Any]) -> dict[str, Any]:
    """What results are filtered by. A group costs what its cheapest variant in the group's own currency does."""
    currency = head.currency or next((row.currency for row in children if row.price_minor is not None), None)
    prices = [row.price_minor for row in children if row.price_minor is not None and row.currency == currency]
    own = head.price_minor if head.price_minor is not None else min(prices, default=None)
    return {
        "product_id": head.id,
        "status": head.status,
        "category_id": head.category_id,
        "brand": head.brand,
        "currency": currency,
        "price_minor": own,
    }


def _attributes(told: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Names with their values as texts, each pair once."""
    pairs = {
        (str(name)[:64], shown[:200])
        for values in told
        for name, value in (values or {}).items()
        for shown in _shown(value)
    }
    return sorted(pairs)


def _shown(value: Any) -> list[str]:
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, list):
        return [text for item in value for text in _shown(item)]
    return [] if value is None or isinstance(value, dict) else [str(value)]


def _learn(tx: Session, words: set[str]) -> None:
    """Keeps words that are new. In order, so that two writers of the same words wait for each other and no more."""
    wanted = sorted(word for word in words if is_learned(word))
    column = known_words.c.word
    for part in chunks(wanted):
        known: set[str] = set(tx.scalars(select(column).where(column.in_(part))))
        fresh = [{"word": word} for word in part if word not in known]
        if fresh:
            tx.execute(text("INSERT INTO search_words (word) VALUES (:word) ON CONFLICT DO NOTHING"), fresh)
