"""Fixtures: which file of a project fills which data source in a build, and the rows in it.

Whatever a fixture is written in, its rows are handed out as NDJSON, as a client would send them: the same checks,
the same quarantine.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

import orjson

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.json_paths import At, Each, JsonPath, Member, Step
from tradewind.warehouse.datafiles.json_paths import parse as parse_path
from tradewind.warehouse.datafiles.model import Column, DataSource, Place, Project

FORMATS = ("ndjson", "csv", "sql")
"""By file ending; the first one that is there is taken."""


def is_fixture(path: PurePosixPath) -> bool:
    """Whether a file stands in a folder `fixtures` and has an ending that is read."""
    return "fixtures" in path.parts[:-1] and path.suffix.lstrip(".") in FORMATS


def fixtures_of(
    paths: Iterable[PurePosixPath], sources: Mapping[str, DataSource], findings: Findings
) -> dict[str, PurePosixPath]:
    """The file for each data source that has one: NDJSON before CSV before SQL, and the root before a subfolder."""
    chosen: dict[str, PurePosixPath] = {}
    by_alias = {source.alias: source.name for source in sources.values() if source.alias}

    def rank(path: PurePosixPath) -> tuple[int, int, str]:
        return FORMATS.index(path.suffix.lstrip(".")), len(path.parts), str(path)

    for path in sorted((path for path in paths if is_fixture(path)), key=rank):
        name = path.stem if path.stem in sources else by_alias.get(path.stem)
        if name is not None:
            chosen.setdefault(name, path)
        else:
            findings.warn(
                Place(str(path)),
                f"There is no data source {path.stem}, so this fixture fills nothing.",
                did_you_mean(path.stem, sources, "Name the file as its data source."),
            )
    return chosen


PIECE_BYTES = 4 * 1_048_576

RunSql = Callable[[str], bytes]
"""Runs a query and gives its rows as NDJSON, a key for each column."""


def rows_of(
    project: Project, files: Mapping[PurePosixPath, bytes], source: DataSource, run_sql: RunSql
) -> Iterator[bytes]:
    """The rows of a source's fixture as NDJSON, in pieces; nothing if it has none. Raises InvalidInput."""
    path = project.fixtures.get(source.name)
    if path is None:
        return
    content = files[path]
    if path.suffix == ".ndjson":
        yield from _pieces(content.removeprefix(b"\xef\xbb\xbf").splitlines())
    elif path.suffix == ".csv":
        yield from _pieces(_json(_document(source, row)) for row in _csv_rows(path, content, source))
    else:
        try:
            sql = content.decode("utf-8-sig").strip().rstrip(";").rstrip()
        except UnicodeDecodeError:
            raise InvalidInput(f"{path} is not UTF-8. Save it as UTF-8.", field="fixtures") from None
        if sql:
            rows = (orjson.loads(line) for line in run_sql(sql).splitlines() if line)
            yield from _pieces(_json(_document(source, row)) for row in rows)


def _json(document: Any) -> bytes:
    return orjson.dumps(document)


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and size + len(line) > PIECE_BYTES:
            yield b"\n".join(piece) + b"\n"
            piece, size = [], 0
        if line.strip():
            piece.append(line)
            size += len(line) + 1
    if piece:
        yield b"\n".join(piece) + b"\n"


def _csv_rows(path: PurePosixPath, content: bytes, source: DataSource) -> Iterator[dict[str, Any]]:
    """Rows by column. The first line is a header if it names columns; without one columns come in their order."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(f"{path} is not UTF-8. Save it as UTF-8.", field="fixtures") from None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    names = [column.name for column in source.columns]
    order: Sequence[str] | None = None
    try:
        for cells in reader:
            if not cells:
                continue
            if order is None:
                header = [cell.strip() for cell in cells]
                is_header = any(cell in names for cell in header)
                order = _order_of(header, names) if is_header else names
                if is_header:
                    continue
            yield {
                column.name: _value(column, cell)
                for name, cell in zip(order, cells, strict=False)
                if (column := source.column(name)) is not None and not (cell == "" and _stays_default(column))
            }
    except csv.Error as wrong:
        raise InvalidInput(f"{path}, line {reader.line_num}: {wrong}.", field="fixtures") from wrong


def _order_of(header: Sequence[str], names: Sequence[str]) -> list[str]:
    """The columns that the cells stand for. One that was renamed since is known by its position, if all are there."""
    if len(header) != len(names):
        return list(header)
    return [cell if cell in names or name in header else name for cell, name in zip(header, names, strict=True)]


def _delimiter(text: str) -> str:
    """What separates the cells of the first line: a comma, or what it has more of."""
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=first.count)


def _stays_default(column: Column) -> bool:
    """An empty cell of anything but text says nothing: NULL, or the column's default."""
    return column.accepts_null or column.default is not None or not _is_text(column.type)


def _is_text(type_name: str) -> bool:
    return re.match(r"(?:LowCardinality\(|SimpleAggregateFunction\(\w+, ?)?(?:Fixed)?String", type_name) is not None


_WHOLE = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def _value(column: Column, cell: str) -> Any:
    """A cell as JSON would have it; what does not fit the column's type stays text, and is refused by name later."""
    inner = re.sub(r"^(?:LowCardinality|Nullable|SimpleAggregateFunction)\((?:\w+, ?)?(?:Nullable\()?", "", column.type)
    if cell == "\\N" and column.accepts_null:
        return None
    if re.match(r"U?Int\d", inner) and _WHOLE.fullmatch(cell):
        return _exact(cell)
    if re.match(r"Float|Decimal|BFloat", inner) and _NUMBER.fullmatch(cell):
        return _exact(cell)
    if inner.startswith("Bool") and cell.lower() in ("true", "false", "1", "0"):
        return cell.lower() in ("true", "1")
    if re.match(r"Array|Map|Tuple|Nested|JSON|Object|Variant|Dynamic", inner):
        for written in (cell, cell.replace("'", '"')):
            try:
                return orjson.loads(written)
            except ValueError:
                continue
    return cell


def _exact(digits: str) -> orjson.Fragment:
    """A number with its own digits: it may be longer than a float or a 64-bit integer holds."""
    sign = "-" if digits.startswith("-") else ""
    whole, point, rest = digits.lstrip("+-").partition(".")
    return orjson.Fragment(sign + (whole.lstrip("0") or "0") + (point + rest if rest[:1].isdigit() else rest))


def _document(source: DataSource, row: Mapping[str, Any]) -> Any:
    """A row as a JSON document in which each column's path finds its value."""
    document: Any = {}
    for name, value in row.items():
        column = source.column(name)
        if column is None:
            continue
        path = parse_path(column.json_path) if column.json_path is not None else JsonPath((Member(name),))
        if path.is_whole_document:
            whole = _parsed(value)
            document = whole | document if isinstance(whole, dict) else document or whole
        else:
            document = _put(document, path.steps, value)
    return document


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except ValueError:
        return value


def _put(there: Any, steps: Sequence[Step], value: Any) -> Any:
    """What stands there, with the value put where the steps lead."""
    if not steps:
        return value
    match steps[0]:
        case Member(name):
            members = there if isinstance(there, dict) else {}
            return {**members, name: _put(members.get(name), steps[1:], value)}
        case Each():
            values = value if isinstance(value, list) else [value]
            items = there if isinstance(there, list) else []
            items = items + [None] * (len(values) - len(items))
            return [
                _put(item, steps[1:], values[number]) if number < len(values) else item
                for number, item in enumerate(items)
            ]
        case At(index):
            items = there if isinstance(there, list) else []
            items = items + [None] * (index + 1 - len(items))
            return [_put(item, steps[1:], value) if number == index else item for number, item in enumerate(items)]
