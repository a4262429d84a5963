"""What SQLite and PostgreSQL each have for text, behind one shape: how a document is kept, matched and ranked.

SQLite has FTS5 with bm25 and a trigram index over the known words; PostgreSQL a tsvector with weights and
pg_trgm. Both get words that `words.py` made, so that they find the same products; the order among equally
good ones may differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, FromClause

_TABLES = MetaData()

documents = Table(
    "search_products",
    _TABLES,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("product_id", String(26)),
    Column("status", String(16)),
    Column("category_id", String(26)),
    Column("brand", String(200)),
    Column("currency", String(3)),
    Column("price_minor", BigInteger),
    *(Column(name, Text) for name in ("code", "title", "maker", "section", "body")),
    Column("document", TSVECTOR().with_variant(Text, "sqlite")),
    Column("head", TSVECTOR().with_variant(Text, "sqlite")),
)
attributes = Table(
    "search_attributes",
    _TABLES,
    Column("product_id", String(26)),
    Column("name", String(64)),
    Column("value", String(200)),
)
_texts = table("search_texts", column("rowid", Integer))
known_words = Table("search_words", _TABLES, Column("id", Integer), Column("word", String(64)))

CANDIDATES = 200
"""Known words looked at for one that may be mistyped."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of a product, by how much they tell of it."""

    code: Sequence[str]
    title: Sequence[str]
    maker: Sequence[str]
    section: Sequence[str]
    body: Sequence[str]


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is looked for: as it is, or as the beginning of one."""

    text: str
    is_beginning: bool = True


Wanted = Sequence[Sequence[Word]]
"""Each group has to be found, by any of its words."""


@dataclass(frozen=True, slots=True)
class Match:
    """A question to the index: what to select from, where the documents match, and their order, the best first."""

    source: FromClause
    where: ColumnElement[bool]
    rank: ColumnElement[float]
    """The smaller the better."""
    newest: ColumnElement[Any] | None
    """What is ranked first where there are too many; None: as they come."""


class Engine(Protocol):
    """One of the two."""

    def columns(self, texts: Texts) -> dict[str, Any]:
        """What a row of `search_products` holds of the texts."""
        ...

    def match(self, wanted: Wanted) -> Match: ...

    def among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        """Whether the column is one of many values, which travel as one."""
        ...

    def similar(self, tx: Session, word: str, *, slips: int) -> list[str]:
        """Known words that look like this one, the most similar first."""
        ...


def engine_of(tx: Session) -> Engine:
    return _SQLITE if tx.get_bind().dialect.name == "sqlite" else _POSTGRESQL


class _Sqlite:
    def columns(self, texts: Texts) -> dict[str, Any]:
        return {name: " ".join(getattr(texts, name)) for name in Texts.__slots__}

    def match(self, wanted: Wanted) -> Match:
        query = " AND ".join("(" + " OR ".join(_fts_terms(words)) + ")" for words in wanted)
        return Match(
            source=documents.join(_texts, _texts.c.rowid == documents.c.id),
            where=literal_column("search_texts").op("MATCH", is_comparison=True)(literal(query)),
            rank=literal_column("bm25(search_texts, 8.0, 10.0, 4.0, 3.0, 1.0)"),
            newest=_texts.c.rowid,
        )

    def among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        each = func.json_each(orjson.dumps(list(values)).decode()).table_valued("value")
        return column.in_(select(each.c.value))

    def similar(self, tx: Session, word: str, *, slips: int) -> list[str]:
        padded = f"  {word} "
        parts = {padded[start : start + 3] for start in range(len(padded) - 2)}
        query = text(
            "SELECT w.word FROM search_trigrams JOIN search_words w ON w.id = search_trigrams.rowid"
            " WHERE search_trigrams MATCH :parts AND length(w.word) BETWEEN :least AND :most"
            " ORDER BY bm25(search_trigrams) LIMIT :limit"
        )
        asked = {"parts": " OR ".join(f'"{part}"' for part in sorted(parts)), "limit": CANDIDATES}
        bounds = {"least": len(word) - slips, "most": len(word) + slips}
        return list(tx.scalars(query, asked | bounds))


def _fts_terms(words: Sequence[Word]) -> list[str]:
    """The word itself counts beside what begins with it, so that a whole word ranks before a longer one."""
    return [term for word in words for term in ([f'"{word.text}"'] + [f'"{word.text}"*'] * word.is_beginning)]


def _vector(texts: Texts, names: Iterable[str]) -> str:
    """The words with their places and weights, as PostgreSQL writes a tsvector."""
    places: dict[str, list[str]] = {}
    number = 0
    for name in names:
        for word in getattr(texts, name):
            number += 1
            known = places.setdefault(word, [])
            if len(known) < _MOST_PLACES:
                known.append(f"{number}{_WEIGHTS[name]}")
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())


_WEIGHTS = {"code": "A", "title": "A", "maker": "B", "section": "C", "body": "D"}
_MOST_PLACES = 8
"""Of one word in a document: more of them would not rank it better."""


class _Postgresql:
    def columns(self, texts: Texts) -> dict[str, Any]:
        # Thousands of whole documents are too much to rank while somebody waits: the head alone is.
        return {"document": _vector(texts, _WEIGHTS), "head": _vector(texts, "code title maker section".split())}

    def match(self, wanted: Wanted) -> Match:
        asked = " & ".join("(" + " | ".join(_ts_terms(words)) + ")" for words in wanted)
        query = cast(literal(asked), TSQUERY)
        weights: ColumnElement[Any] = literal_column("CAST('{0.1, 0.3, 0.4, 1.0}' AS real[])")
        return Match(
            source=documents,
            where=documents.c.document.op("@@", is_comparison=True)(query),
            # 1: a longer text has to hold more to count as much.
            rank=-func.ts_rank(weights, documents.c.head, query, 1),
            # Asked for the newest, the planner walks back through all products rather than into the index.
            newest=None,
        )

    def among(self, column: ColumnElement[str], values: Sequence[str]) -> ColumnElement[bool]:
        return column == func.any(cast(list(values), ARRAY(String)))

    def similar(self, tx: Session, word: str, *, slips: int) -> list[str]:
        # Two swapped letters leave a short word little in common with what was meant.
        tx.execute(select(func.set_config("pg_trgm.similarity_threshold", "0.1", True)))
        query = text(
            "SELECT word FROM search_words WHERE word % :word AND length(word) BETWEEN :least AND :most"
            " ORDER BY similarity(word, :word) DESC, word LIMIT :limit"
        )
        bounds = {"least": len(word) - slips, "most": len(word) + slips, "limit": CANDIDATES}
        return list(tx.scalars(query, {"word": word} | bounds))


def _ts_terms(words: Sequence[Word]) -> list[str]:
    return [term for word in words for term in ([f"'{word.text}'"] + [f"'{word.text}':*"] * word.is_beginning)]


_SQLITE: Engine = _Sqlite()
_POSTGRESQL: Engine = _Postgresql()
