"""Where tables come from, read from the SQL that makes them: the graph is what the texts say, not a copy of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import yaml

_REFERENCE = re.compile(r"""(?:ref\(\s*['"](\w+)['"]\s*\)|source\(\s*['"]\w+['"]\s*,\s*['"](\w+)['"]\s*\))""")
_FED = re.compile(r"MATERIALIZED VIEW \w+ TO (\w+)")
_READ = re.compile(r"^FROM (\w+)", re.MULTILINE)
_MACRO = re.compile(r"\{%-?\s*(?:macro|materialization)\s+(\w+).*?end(?:macro|materialization)", re.DOTALL)
_LAYERS = ("bronze", "silver", "gold")


@dataclass(frozen=True, slots=True)
class Table:
    """A table or view with those that it reads, and the first sentence of its text."""

    name: str
    kind: str
    reads: tuple[str, ...]
    description: str | None
    tests: tuple[str, ...] = ()


@cache
def tables() -> MappingProxyType[str, Table]:
    """Every landed and live table and every model, by name."""
    sql = files("tradewind") / "sql"
    found = {table.name: table for table in (*_landed(sql), *_live(sql), *_models(sql / "medallion"))}
    return MappingProxyType(found)


def upstream(*names: str) -> list[Table]:
    """These tables and all that they are made of, the sources first."""
    known, ordered = tables(), dict[str, Table]()

    def visit(name: str) -> None:
        if name in ordered or name not in known:
            return
        for source in known[name].reads:
            visit(source)
        ordered[name] = known[name]

    for name in names:
        visit(name)
    return list(ordered.values())


def _landed(sql: Traversable) -> Iterator[Table]:
    for text in (*_texts(sql / "landed"), *_texts(sql / "beside")):
        yield Table(_name(text), "landed", (), _about(text))


def _live(sql: Traversable) -> Iterator[Table]:
    texts = list(_texts(sql / "live"))
    reads: dict[str, set[str]] = {}
    for text in texts:
        if fed := _FED.search(text):
            reads.setdefault(fed[1], set()).update(_READ.findall(text))
    for text in texts:
        if not _FED.search(text):
            name = _name(text)
            yield Table(name, "live", tuple(sorted(reads.get(name, ()))), _about(text))


def _models(project: Traversable) -> Iterator[Table]:
    guards, macros = _guards(project), _macros(project)
    for layer in _LAYERS:
        for file in sorted((project / "models" / layer).iterdir(), key=lambda f: f.name):
            if file.name.endswith(".sql"):
                text, name = file.read_text(), file.name.removesuffix(".sql")
                called = [body for macro, body in macros.items() if re.search(rf"\b{macro}\(", text)]
                reads = {model or source for part in (text, *called) for model, source in _REFERENCE.findall(part)}
                yield Table(
                    name, layer, tuple(sorted(reads - {name})), _about(text), tuple(sorted(guards.get(name, ())))
                )


def _macros(project: Traversable) -> dict[str, str]:
    """The texts of macros by name: what they read, whoever calls them reads."""
    texts = "\n".join(_texts(project / "macros"))
    return {found[1]: found[0] for found in _MACRO.finditer(texts)}


def _guards(project: Traversable) -> dict[str, set[str]]:
    """The tests by the model that they guard."""
    found: dict[str, set[str]] = {}
    for layer in _LAYERS:
        for file in (project / "models" / layer).iterdir():
            if file.name.endswith((".yml", ".yaml")):
                _read_guards(yaml.safe_load(file.read_text()) or {}, found)
    for file in (project / "tests").iterdir():
        if file.name.endswith(".sql"):
            for model, _ in _REFERENCE.findall(file.read_text()):
                found.setdefault(model, set()).add(file.name.removesuffix(".sql"))
    return found


def _read_guards(document: dict[str, Any], found: dict[str, set[str]]) -> None:
    for model in document.get("models") or ():
        mine = found.setdefault(model["name"], set())
        mine.update(_test_names(model))
        for column in model.get("columns") or ():
            mine.update(f"{test}({column['name']})" for test in _test_names(column))
    for test in document.get("unit_tests") or ():
        found.setdefault(test["model"], set()).add(str(test["name"]))


def _test_names(node: dict[str, Any]) -> Iterator[str]:
    for test in [*(node.get("data_tests") or ()), *(node.get("tests") or ())]:
        yield test if isinstance(test, str) else str(next(iter(test)))


def _texts(folder: Traversable) -> Iterator[str]:
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(".sql"):
            yield file.read_text()


def _name(text: str) -> str:
    """A table's own: its file begins with `-- name: what it is`."""
    return text.removeprefix("-- ").partition(":")[0]


def _about(text: str) -> str | None:
    first = text.partition("\n")[0]
    return first.partition(": ")[2] or None if first.startswith("-- ") else None
