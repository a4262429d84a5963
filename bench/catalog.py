"""A catalogue of 100,000 products over HTTP: how long a page of a list and a search take.

Every question is another one, so that nothing is answered from memory. Beside them: what SQLite itself needs
for fifty rows of the same table in the order of an index, and for the ids of the same full-text match.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.machine import Figure, measure, median, percentile
from bench.server import Server, a_server
from tradewind.commerce.catalog.service import NewProduct, put_products
from tradewind.core.settings import load_settings
from tradewind.platform import Platform

TARGET_P95_MS = 40.0
SHELVES = 400
BRANDS = 200
_BATCH = 5_000
_LOOKS = "red blue green steel wooden large small soft classic modern light heavy round square slim smart".split()
_THINGS = "mug lamp chair table keyboard bottle shirt jacket shoe knife pan clock mirror pillow notebook camera".split()
_SYLLABLES = "ka lo mi ter ban dor fel gri hus jan ol per qui ros sta tum vel wex yon zar".split()


def run(*, quick: bool) -> list[Figure]:
    count, questions = (10_000, 40) if quick else (100_000, 200)
    names = _names()
    with tempfile.TemporaryDirectory(prefix="tradewind-bench-") as folder:
        data_dir = Path(folder) / "data"
        with a_server(data_dir) as server:
            password = server.password or ""  # made at the first start, told once
        platform = Platform(load_settings(data_dir=data_dir), purpose="A benchmark")
        began = time.perf_counter()
        for batch in _products(count, names):
            with platform.database.write() as tx:
                put_products(tx, batch, now=datetime.now(UTC))
        loaded = count / (time.perf_counter() - began)
        platform.settle()
        platform.close()
        bare = _bare(data_dir / "tradewind.db", names, questions)
        with a_server(data_dir) as server:
            server.sign_in(password)
            lists = _asked(server, "/api/v1/products", _lists(questions))
            searches = _asked(server, "/api/v1/products/search", _searches(names, questions))
            counted = _asked(
                server, "/api/v1/products/search", [one | {"facets": "true"} for one in _searches(names, questions)]
            )
    note = f"{count} products, {questions} different questions"
    return [
        _figure("product list over HTTP", lists, bare["list"], "bare SQLite page", note),
        _figure("product search over HTTP", searches, bare["match"], "bare FTS5 match", note),
        _figure("product search with facets", counted, bare["match"], "bare FTS5 match", note),
        Figure("put_products, batches of 5,000", loaded, "products/s", note="with prices, history, index and facts"),
    ]


def _figure(name: str, taken: Sequence[float], bare: Sequence[float], limit_name: str, note: str) -> Figure:
    return Figure(
        f"{name}, p95",
        percentile(taken, 0.95) * 1000,
        "ms",
        TARGET_P95_MS,
        is_better="lower",
        limit=percentile(bare, 0.95) * 1000,
        limit_name=limit_name,
        note=f"p50 {median(taken) * 1000:.1f} ms; {note}",
    )


def _names() -> list[str]:
    chance = random.Random(7)
    return sorted({"".join(chance.choices(_SYLLABLES, k=3)) for _ in range(5_000)})


def _products(count: int, names: Sequence[str]) -> Iterator[list[NewProduct]]:
    chance = random.Random(1)
    for start in range(0, count, _BATCH):
        yield [
            NewProduct(
                f"SKU-{number:06}",
                f"{chance.choice(names).title()} {chance.choice(_LOOKS)} {chance.choice(_THINGS)}",
                category=f"Home / Section {number % 40} / Shelf {number % SHELVES}",
                brand=f"Brand {number % BRANDS}",
                currency="EUR",
                price=Decimal(chance.randint(100, 99_999)) / 100,
                description=" ".join(chance.choices([*names, *_LOOKS, *_THINGS], k=40)),
                attributes={"colour": chance.choice(_LOOKS), "size": chance.choice("SML")},
            )
            for number in range(start, min(start + _BATCH, count))
        ]


def _lists(questions: int) -> list[dict[str, Any]]:
    """Pages in every order, of everything, of a shelf, of a section and of a brand; no two the same."""
    orders = ("newest", "name", "price", "-price", "changed")
    kinds: list[dict[str, Any]] = []
    for turn in range(questions):
        choices: list[dict[str, Any]] = [
            {"limit": 50 - turn % 40},
            {"category": f"Home / Section {turn % 40} / Shelf {turn % SHELVES}"},
            {"category": f"Home / Section {turn % 40}"},
            {"brand": f"Brand {turn % BRANDS}"},
        ]
        narrowed = choices[turn % len(choices)]
        kinds.append(narrowed | {"sort": orders[turn % 5], "variants": "true" if turn % 7 == 0 else "false"})
    return kinds


def _searches(names: Sequence[str], questions: int) -> list[dict[str, Any]]:
    """A rare word, a common one, two of them, the beginning of one, and one mistyped."""
    asked = []
    for turn in range(questions):
        name, look, thing = names[turn * 7 % len(names)], _LOOKS[turn % 16], _THINGS[turn % 15]
        words = (name, f"{look} {thing}", f"{thing} {name[:3]}", name[:4], f"{name[:-2]}x{name[-2:]}", thing)[turn % 6]
        asked.append({"q": words, "limit": 20 + turn // 6 % 30})
    return asked


def _asked(server: Server, address: str, questions: Sequence[dict[str, Any]]) -> list[float]:
    taken = []
    for question in [*questions[:3], *questions]:
        began = time.perf_counter()
        server.client.get(address, params=question).raise_for_status()
        taken.append(time.perf_counter() - began)
    return taken[3:]


def _bare(store: Path, names: Sequence[str], questions: int) -> dict[str, list[float]]:
    """The engine alone, from the same file."""
    found: dict[str, list[float]] = {"list": [], "match": []}
    connection = sqlite3.connect(store)
    words = [str(question["q"]).split() for question in _searches(names, questions)]
    page = "SELECT * FROM products ORDER BY name, id LIMIT 50 OFFSET ?"
    match = "SELECT rowid FROM search_texts WHERE search_texts MATCH ? ORDER BY rank LIMIT 20"
    for turn in range(questions):
        began = time.perf_counter()
        connection.execute(page, (turn,)).fetchall()
        found["list"].append(time.perf_counter() - began)
        began = time.perf_counter()
        connection.execute(match, (" AND ".join(f'"{word}"*' for word in words[turn]),)).fetchall()
        found["match"].append(time.perf_counter() - began)
    connection.close()
    return found


if __name__ == "__main__":
    measure(run)
