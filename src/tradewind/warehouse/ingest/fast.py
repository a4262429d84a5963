"""The fast way through a body: its lines decoded straight into typed records, and written out again by column.

A type's reader here takes only what the column's rule takes too, and writes what the engine reads as the rule would
have put it. What it refuses may still be right: then the rule decides, row by row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import starmap
from operator import attrgetter
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tradewind.warehouse.datafiles.model import DataSource
from tradewind.warehouse.ingest.paths import Path, parse_path
from tradewind.warehouse.ingest.rules import integer_range
from tradewind.warehouse.ingest.types import Type, enumeration, parse_type

_INT64_MOST = 2**63 - 1
_USUAL_MOMENT = re.compile(
    r"(?:19|20|21|22)[0-9]{2}-[01][0-9]-[0-3][0-9][T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z?"
).fullmatch
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}").fullmatch
_encode_lines = msgspec.json.Encoder(decimal_format="number").encode_lines

Test = Callable[[Any], object]
"""Whether a decoded value fits, where its reader alone cannot say so."""


class NotFast(Exception):
    """This source's schema, or this body, needs its rows looked at one by one."""


@dataclass(frozen=True, slots=True)
class _Reader:
    type: Any
    test: Test | None = None


class FastRows:
    """Readers for one source. Raises NotFast when a column needs what only its rule can do."""

    def __init__(self, source: DataSource) -> None:
        tree: dict[str, Any] = {}
        self._tests: list[tuple[Callable[[Any], Any], Test]] = []
        places: list[str] = []
        self._count = 0
        is_identity = True
        for column in source.columns:
            path = parse_path(column.json_path) if column.json_path else Path((column.name,))
            if path.is_whole_row or not path.is_plain:
                raise NotFast
            type_ = parse_type(column.full_type)
            if type_.name.startswith("AggregateFunction"):
                raise NotFast
            reader = _reader(type_)
            is_required = column.default is None and not (column.is_nullable or type_.is_nullable)
            takes_null = column.is_nullable or type_.is_nullable
            place = self._plant(tree, path.members, reader, is_required=is_required, takes_null=takes_null)
            places.append(place)
            if reader.test is not None:
                self._tests.append((attrgetter(place), reader.test))
            is_identity = is_identity and path.members == (column.name,)
        record = _record(tree)
        self._line = msgspec.json.Decoder(record)
        self._many = msgspec.json.Decoder(list[record])  # type: ignore[valid-type]
        self._by_column: Callable[[Sequence[Any]], Iterable[Any]] | None = None
        if not is_identity:
            self._by_column = _by_column([column.name for column in source.columns], places)

    def lines(self, body: bytes) -> tuple[bytes, int]:
        """The rows of NDJSON as canonical lines, and how many. Raises NotFast, or msgspec's DecodeError."""
        try:
            records = self._line.decode_lines(body)
        except msgspec.ValidationError:
            raise NotFast from None
        return self._written(records)

    def documents(self, body: bytes) -> tuple[bytes, int]:
        """The same of a JSON array of objects."""
        try:
            records = self._many.decode(body)
        except msgspec.ValidationError:
            raise NotFast from None
        return self._written(records)

    def _written(self, records: list[Any]) -> tuple[bytes, int]:
        for value_of, fits in self._tests:
            for value in map(value_of, records):
                if value is not UNSET and value is not None and not fits(value):
                    raise NotFast
        return _encode_lines(self._by_column(records) if self._by_column else records), len(records)

    def _plant(
        self, tree: dict[str, Any], members: tuple[str, ...], reader: _Reader, *, is_required: bool, takes_null: bool
    ) -> str:
        """Puts a column into the tree of members; the place of its value, as attributes."""
        attributes = []
        for member in members[:-1]:
            branch = tree.setdefault(member, (f"c{self._next()}", {}))
            if not isinstance(branch[1], dict):
                raise NotFast  # one column takes the object, another one something in it
            attributes.append(branch[0])
            tree = branch[1]
        if members[-1] in tree:
            raise NotFast  # two columns of one value
        name = f"c{self._next()}"
        type_ = reader.type | None if takes_null else reader.type
        tree[members[-1]] = (name, type_ if is_required else type_ | UnsetType, is_required)
        return ".".join([*attributes, name])

    def _next(self) -> int:
        self._count += 1
        return self._count


def _by_column(columns: list[str], places: list[str]) -> Callable[[Sequence[Any]], Iterable[Any]]:
    """Turns decoded records into records that are named by column."""
    names = [f"c{i}" for i in range(len(columns))]
    record = msgspec.defstruct(
        "Row", [(name, Any, UNSET) for name in names], rename=dict(zip(names, columns, strict=True)), gc=False
    )
    values = attrgetter(*places) if len(places) > 1 else (lambda r, one=attrgetter(places[0]): (one(r),))
    return lambda records: list(starmap(record, map(values, records)))


def _record(tree: dict[str, Any]) -> Any:
    """The class of records that a tree of members describes; one without anything required may be absent."""
    fields: list[Any] = []
    renamed: dict[str, str] = {}
    for member, branch in tree.items():
        renamed[branch[0]] = member
        if isinstance(branch[1], dict):
            inner = _record(branch[1])
            if any(not isinstance(leaf[1], dict) and leaf[2] for leaf in branch[1].values()):
                fields.append((branch[0], inner))
            else:
                try:
                    inner()
                except TypeError:  # something further inside is required
                    fields.append((branch[0], inner))
                else:
                    fields.append((branch[0], inner, msgspec.field(default_factory=inner)))
        elif branch[2]:
            fields.append((branch[0], branch[1]))
        else:
            fields.append((branch[0], branch[1], UNSET))
    return msgspec.defstruct("Record", fields, rename=renamed, kw_only=True, gc=False)


def _reader(type_: Type) -> _Reader:  # noqa: C901, PLR0911, PLR0912 (one line per family of types)
    """The reader of a type; raises NotFast for one that has none."""
    name = type_.name
    bounds = integer_range(name)
    if bounds is not None:
        low, high = bounds
        if high <= _INT64_MOST:
            number: Any = Annotated[int, Meta(ge=low, le=high)]
            return _Reader(number | bool if name == "UInt8" else number)
        if name == "UInt64":
            return _Reader(Annotated[int, Meta(ge=0)], lambda value: value < 2**64)
    elif name == "Float64":
        return _Reader(float)
    elif name == "Float32":
        return _Reader(Annotated[float, Meta(ge=-3.4028234663852886e38, le=3.4028234663852886e38)])
    elif name.startswith("Decimal("):
        pass
    elif name == "Decimal":
        return _decimal(type_.number(0, 10), type_.number(1, 0))
    elif name == "String":
        return _Reader(str)
    elif name == "Bool":
        return _Reader(bool)
    elif name == "Date":
        return _Reader(date, lambda value: 1970 <= value.year <= 2148)
    elif name == "Date32":
        return _Reader(date, lambda value: 1900 <= value.year <= 2299)
    elif name == "DateTime":
        return _Reader(datetime, lambda value: 1970 < value.year <= 2105)
    elif name == "DateTime64":
        return _Reader(str, _is_usual_moment)
    elif name == "UUID":
        return _Reader(str, _UUID)
    elif name.startswith("Enum"):
        return _Reader(Literal[tuple(enumeration(type_))])
    elif name == "Array":
        return _Reader(list[_plain(type_.inner())])  # type: ignore[misc]
    elif name == "Map" and type_.inner().name == "String":
        return _Reader(dict[str, _plain(type_.inner(1))])  # type: ignore[misc]
    raise NotFast


def _plain(type_: Type) -> Any:
    """The reader's type of what stands inside a list or a map."""
    reader = _reader(type_)
    if reader.test is not None:
        raise NotFast
    return reader.type | None if type_.is_nullable else reader.type


def _decimal(precision: int, scale: int) -> _Reader:
    def fits(value: Decimal) -> bool:
        exponent = value.as_tuple().exponent
        return exponent.__class__ is int and exponent >= -scale and value.adjusted() < precision - scale  # type: ignore[operator]

    return _Reader(Decimal, fits)


def _is_usual_moment(text: str) -> bool:
    if not _USUAL_MOMENT(text):
        return False
    try:
        datetime.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
