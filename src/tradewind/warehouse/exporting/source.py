"""What is exported, as the warehouse holds it: relations, their columns, a digest of their rows, and the rows in Arrow.

Rows come through the ClickHouse interface in blocks, so memory is bounded whatever the size of a table. Personal
data (columns that the project marks with `meta: {personal: true}`) stay behind: an erasure could not reach the
history of an exported table.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

import clickhouse_connect
import pyarrow as pa
import pyarrow.compute as pc
import yaml
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from tradewind.core.errors import InvalidInput, Unavailable
from tradewind.warehouse.client import plain_message
from tradewind.warehouse.medallion import PROJECT
from tradewind.warehouse.quoting import identifier

LAYERS = ("gold", "silver")
_BUILT_AT = "built_at"
_ROW_HASH = "_row_hash"
_READ_SECONDS = 3600
_ENUM = re.compile(r"\bEnum(?:8|16)\((?:'(?:[^'\\]|\\.)*' = -?\d+(?:, )?)+\)")
_AS_TEXT = re.compile(r"\b(?:UUID|IPv4|IPv6|FixedString\(\d+\))")
_MOMENT = re.compile(r"\bDateTime(?:64\(\d+(?:, '[^']*')?\)|\b(?:\('[^']*'\))?)")
_WITHOUT_COUNTERPART = re.compile(
    r"\b(?:\w*AggregateFunction|U?Int(?:128|256)|Dynamic|Variant|JSON|Object|Interval\w+)\b"
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is exported: its type in the warehouse, and the one it is sent as."""

    name: str
    type: str
    sent_as: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A silver or gold model that is built."""

    name: str
    layer: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What a relation holds: how many rows, and a digest of its columns and rows in any order.

    When it was built is not part of it: a build that changes nothing leaves the state as it was.
    """

    rows: int
    digest: str


class Warehouse:
    """The warehouse behind a ClickHouse interface."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @classmethod
    @contextmanager
    def open(cls, host: str, port: int, user: str, password: str, *, database: str, secure: bool) -> Iterator[Self]:
        """A connection for one export. Raises Unavailable when nobody answers, or not to this name and password."""
        with _plain_errors():
            client = clickhouse_connect.get_client(
                host=host,
                port=port,
                username=user,
                password=password,
                secure=secure,
                database=database,
                compress=False,
                send_receive_timeout=_READ_SECONDS,
                show_clickhouse_errors="scrub",
            )
        try:
            yield cls(client)
        finally:
            client.close()

    def relation(self, model: str, layer: str) -> Relation | None:
        """The relation of a model; None where it has not been built."""
        with _plain_errors():
            found = self._client.query(
                "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}"
                " AND default_kind NOT IN ('ALIAS', 'EPHEMERAL') ORDER BY position",
                parameters={"table": model},
            ).result_rows
        personal = personal_columns(model)
        columns = tuple(
            Column(name, type_, _sent_as(model, name, type_)) for name, type_ in found if name not in personal
        )
        return Relation(model, layer, columns) if columns else None

    def state(self, relation: Relation) -> State:
        """Reads the relation once, inside the engine."""
        with _plain_errors():
            ((rows, total),) = self._client.query(
                f"SELECT count(), sum({identifier(_ROW_HASH)}) FROM ({_select(relation)})"
            ).result_rows
        return _state(relation, rows, int(total or 0))

    @contextmanager
    def rows(self, relation: Relation) -> Iterator[Rows]:
        """The rows in Arrow, block by block, as of one moment."""
        with _plain_errors():
            settings = {"output_format_arrow_date_as_uint16": 0}
            stream: Any = self._client.raw_stream(_select(relation), fmt="ArrowStream", settings=settings)
            try:
                yield Rows(relation, pa.ipc.open_stream(stream))
            except pa.ArrowInvalid as broken:
                raise Unavailable(f"Reading {relation.name} broke off: {plain_message(str(broken))[:500]}") from broken
            finally:
                stream.close()


class Rows:
    """Blocks of rows on their way; `state` says, after the last one, what they were."""

    def __init__(self, relation: Relation, reader: pa.RecordBatchReader) -> None:
        self._relation = relation
        self._reader = reader
        self._rows = 0
        self._total = 0
        sent = [reader.schema.field(column.name) for column in relation.columns]
        self.schema = pa.schema([pa.field(field.name, _lake_type(field.type), field.nullable) for field in sent])

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._reader:
            self._rows += batch.num_rows
            self._total += _sum(batch.column(_ROW_HASH))
            yield _cast(self._relation, batch, self.schema)

    @property
    def state(self) -> State:
        return _state(self._relation, self._rows, self._total)


def models(layers: Sequence[str]) -> list[tuple[str, str]]:
    """Names and layers of the project's models, layer by layer. Raises InvalidInput for an unknown layer."""
    for layer in layers:
        if layer not in LAYERS:
            raise InvalidInput(
                f"There is no layer '{layer}' to export. Choose from {', '.join(LAYERS)}.", field="layer"
            )
    return [(path.stem, layer) for layer in layers for path in sorted((PROJECT / "models" / layer).rglob("*.sql"))]


@cache
def personal_columns(model: str, project: Path = PROJECT) -> frozenset[str]:
    """The columns that the project marks as personal data."""
    for path in (project / "models").rglob(f"{model}.yml"):
        for told in yaml.safe_load(path.read_text())["models"]:
            if told["name"] == model:
                return frozenset(
                    column["name"]
                    for column in told.get("columns", ())
                    if column.get("config", {}).get("meta", {}).get("personal")
                )
    return frozenset()


def _sent_as(model: str, name: str, type_: str) -> str:
    """The type that Arrow and the open formats know: moments to the microsecond in UTC, names instead of numbers."""
    sent = _AS_TEXT.sub("String", _ENUM.sub("String", _MOMENT.sub("DateTime64(6, 'UTC')", type_)))
    unknown = _WITHOUT_COUNTERPART.search(sent)
    if unknown is not None:
        raise InvalidInput(
            f"{model}.{name} is of type {unknown[0]}, which open tables do not know. Cast it in the model."
        )
    return sent


def _select(relation: Relation) -> str:
    """The relation's columns as they are sent, and a hash of each row."""
    sent = ", ".join(
        identifier(column.name)
        if column.type == column.sent_as
        else f"CAST({identifier(column.name)}, {_text(column.sent_as)}) AS {identifier(column.name)}"
        for column in relation.columns
    )
    hashed = ", ".join(identifier(column.name) for column in relation.columns if column.name != _BUILT_AT)
    return (
        f"SELECT *, cityHash64(tuple({hashed})) AS {identifier(_ROW_HASH)}"
        f" FROM (SELECT {sent} FROM {identifier(relation.name)})"
    )


def _text(type_: str) -> str:
    return "'" + type_.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _state(relation: Relation, rows: int, total: int) -> State:
    told = [[column.name, column.sent_as] for column in relation.columns]
    signed = json.dumps([told, rows, total % 2**64])
    return State(rows, hashlib.sha256(signed.encode()).hexdigest()[:32])


def _sum(hashes: pa.Array) -> int:
    """The sum of 64-bit numbers, without losing what does not fit."""
    low = pc.sum(pc.bit_wise_and(hashes, pa.scalar(2**32 - 1, pa.uint64()))).as_py() or 0
    high = pc.sum(pc.shift_right(hashes, pa.scalar(32, pa.uint64()))).as_py() or 0
    return int(low) + (int(high) << 32)


def _cast(relation: Relation, batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    try:
        return pa.RecordBatch.from_arrays([batch.column(f.name).cast(f.type) for f in schema], schema=schema)
    except pa.ArrowInvalid as unfit:
        raise InvalidInput(f"A value of {relation.name} is too large for open tables: {unfit}") from unfit


def _lake_type(type_: pa.DataType) -> pa.DataType:
    """The type that Delta and Parquet readers share: signed integers, decimals of at most 38 digits."""
    signed = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64(), pa.uint64(): pa.int64()}
    if type_ in signed:
        return signed[type_]
    if pa.types.is_decimal256(type_):
        return pa.decimal128(38, type_.scale)
    if pa.types.is_list(type_):
        return pa.list_(_lake_field(type_.value_field))
    if pa.types.is_map(type_):
        return pa.map_(_lake_type(type_.key_type), _lake_field(type_.item_field))
    if pa.types.is_struct(type_):
        return pa.struct([_lake_field(field) for field in type_])
    return type_


def _lake_field(field: pa.Field) -> pa.Field:
    return pa.field(field.name, _lake_type(field.type), field.nullable)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except ClickHouseError as refused:
        raise Unavailable(f"The warehouse does not answer: {plain_message(str(refused))}") from refused
