"""Files of rows: CSV, NDJSON or Parquet, read a piece at a time, so that a large one needs little memory."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Final

import msgspec

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.ingest.bodies import BodyTooLarge, zstd_file
from tradewind.warehouse.ingest.rows import Checked, RowChecker, UnreadableBody

FILE_FORMATS: Final = ("csv", "ndjson", "parquet")
_PIECE_BYTES = 4 * 1024**2
_LONGEST_LINE = 64 * 1024**2
_UNPACKED_AT_ONCE = 256 * 1024
_PARQUET_ROWS = 10_000
_LONGEST_CELL = 16 * 1024**2
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written; what is None is found out, or usual."""

    delimiter: str | None = None
    new_line: str | None = None
    escape: str | None = None

    def __post_init__(self) -> None:
        for name, value in (("dialect_delimiter", self.delimiter), ("dialect_escapechar", self.escape)):
            if value is not None and len(value) != 1:
                raise InvalidInput(f"{name} is one character.", field=name)


def format_of(name: str) -> str | None:
    """The format that a file's name tells, without what packed it."""
    stem = name.lower().removesuffix(".gz").removesuffix(".zst")
    ending = stem.rpartition(".")[2]
    return {"csv": "csv", "ndjson": "ndjson", "jsonl": "ndjson", "json": "ndjson", "parquet": "parquet"}.get(ending)


def checked_pieces(
    checker: RowChecker,
    file: IO[bytes],
    format_: str,
    *,
    most_bytes: int,
    import_id: str | None = None,
    dialect: Dialect | None = None,
) -> Iterator[Checked]:
    """The rows of a file, checked, some thousand at a time. Pieces before an error are good.

    Raises UnreadableBody, and BodyTooLarge for a file that is more than `most_bytes` once it is unpacked.
    """
    if format_ not in FILE_FORMATS:
        raise InvalidInput(f"The format '{format_[:40]}' is not known. Use csv, ndjson or parquet.", field="format")
    if format_ == "parquet":
        yield from _parquet(checker, file, import_id, most_bytes)
        return
    plain = _unpacked(file, most_bytes)
    try:
        if format_ == "ndjson":
            for piece in _whole_lines(plain):
                yield checker.ndjson(piece, import_id=import_id)
        else:
            yield from _csv(checker, plain, import_id, dialect or Dialect())
    except UnicodeDecodeError as broken:
        raise UnreadableBody(f"The file is not UTF-8: {broken}.") from broken
    except (OSError, EOFError) as broken:
        raise UnreadableBody(f"The file cannot be unpacked: {broken}.") from broken


class _Bounded(io.RawIOBase):
    """What comes out of a packed file, up to a bound: a small file may unpack to anything."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file = file
        self._most = most
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._file.read(len(buffer))
        self._read += len(piece)
        _check_size(self._read, self._most)
        buffer[: len(piece)] = piece
        return len(piece)


def _unpacked(file: IO[bytes], most: int) -> IO[bytes]:
    start = file.read(4)
    file.seek(0)
    packed = next((kind for magic, kind in _MAGIC.items() if start.startswith(magic)), None)
    if packed is None:
        return file
    plain: Any = gzip.GzipFile(fileobj=file, mode="rb") if packed == "gzip" else zstd_file(file)
    return io.BufferedReader(_Bounded(plain, most), _UNPACKED_AT_ONCE)


def _whole_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Pieces of a file that end where a line ends."""
    rest = b""
    while read := file.read(_PIECE_BYTES):
        piece = rest + read
        end = piece.rfind(b"\n") + 1
        if not end and len(piece) > _LONGEST_LINE:
            raise UnreadableBody(f"A line is longer than {_LONGEST_LINE // 1024**2} MB.")
        rest = piece[end:]
        if end:
            yield piece[:end]
    if rest:
        yield rest


def _csv(checker: RowChecker, file: IO[bytes], import_id: str | None, dialect: Dialect) -> Iterator[Checked]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = codecs.getreader("utf-8-sig")(file)
    lines: Iterator[str] = iter(reader)
    first = next(lines, None) if dialect.new_line in (None, "\n", "\r\n") else None
    if dialect.new_line not in (None, "\n", "\r\n"):
        lines = _lines_ending_with(io.TextIOWrapper(file, "utf-8-sig", newline=""), str(dialect.new_line))
        first = next(lines, None)
    if first is None:
        return
    options: dict[str, Any] = {"delimiter": dialect.delimiter or _delimiter(first, len(checker.source.columns))}
    if dialect.escape is not None:
        options |= {"escapechar": dialect.escape}
    yield from checker.csv(_chained(first, lines), import_id=import_id, **options)


def _chained(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _delimiter(line: str, columns: int) -> str:
    """The character that parts a line into as many cells as there are columns, or the one that is there most often."""
    found = {mark: len(next(csv.reader([line], delimiter=mark), [])) for mark in ",;\t|"}
    exact = [mark for mark, count in found.items() if count == columns]
    return exact[0] if exact else max(found, key=lambda mark: found[mark])


def _lines_ending_with(file: io.TextIOWrapper, ending: str) -> Iterator[str]:
    rest = ""
    while read := file.read(_PIECE_BYTES):
        *lines, rest = (rest + read).split(ending)
        yield from lines
    if rest:
        yield rest


def _parquet(checker: RowChecker, file: IO[bytes], import_id: str | None, most: int) -> Iterator[Checked]:
    import pyarrow.parquet as pq
    from pyarrow.lib import ArrowException

    try:
        packed = pq.ParquetFile(file)
        told = sum(packed.metadata.row_group(n).total_byte_size for n in range(packed.metadata.num_row_groups))
        _check_size(told, most)
        # Texts stay in their dictionaries: a value that is written once may stand in millions of rows.
        texts = [column.path for column in packed.schema if column.physical_type == "BYTE_ARRAY"]
        file.seek(0)
        size = 0
        for batch in pq.ParquetFile(file, read_dictionary=texts).iter_batches(batch_size=_PARQUET_ROWS):
            _check_size(size + sum(map(_text_bytes, batch.columns)), most)
            rows = b"\n".join(_encode(row) for row in batch.to_pylist())
            size += len(rows)
            _check_size(size, most)
            yield checker.ndjson(rows, import_id=import_id)
    except (ArrowException, OSError) as broken:
        raise UnreadableBody(f"The file is not Parquet: {broken}.") from broken


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise BodyTooLarge(f"The file is larger than {most // 1024**2} MB once it is unpacked. Send parts.")


def _text_bytes(array: Any) -> int:
    """What the texts of a column take once each row has its own, those inside lists and records too."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(array, pa.DictionaryArray):
        return pc.sum(pc.take(pc.binary_length(array.dictionary), array.indices)).as_py() or 0
    if pa.types.is_struct(array.type):
        return sum(map(_text_bytes, array.flatten()))
    if pa.types.is_list(array.type) or pa.types.is_large_list(array.type) or pa.types.is_map(array.type):
        return _text_bytes(array.values if pa.types.is_map(array.type) else array.flatten())
    return 0


def _encode(row: dict[str, Any]) -> bytes:
    return msgspec.json.encode(row, enc_hook=str)


def guess_columns(file: IO[bytes], format_: str, most_rows: int = 1000) -> list[dict[str, Any]]:
    """Columns that a sample of a file could have: path, type, whether it may be null, and a value of it."""
    rows = _sample(file, format_, most_rows)
    names: dict[str, list[Any]] = {}
    for row in rows:
        for name in row:
            names.setdefault(name, [])
    for row in rows:
        for name, values in names.items():
            values.append(row.get(name))
    columns = []
    for name, values in names.items():
        present = [value for value in values if value is not None]
        columns.append(
            {
                "path": f"$.{name}" if format_ == "ndjson" else "",
                "name": _column_name(name),
                "recommended_type": _guess(present),
                "present_pct": round(len(present) / len(values), 4) if values else 0,
                "nullable": len(present) < len(values),
                "sample": present[0] if present else None,
            }
        )
    return columns


def schema_text(columns: list[dict[str, Any]]) -> str:
    """The guessed columns as lines of a SCHEMA."""
    return ",\n".join(
        f"    `{c['name']}` "
        + (f"Nullable({c['recommended_type']})" if c["nullable"] else c["recommended_type"])
        + (f" `json:{c['path']}`" if c["path"] else "")
        for c in columns
    )


def _sample(file: IO[bytes], format_: str, most_rows: int) -> list[dict[str, Any]]:
    if format_ not in FILE_FORMATS:
        raise InvalidInput(f"The format '{format_[:40]}' is not known. Use csv, ndjson or parquet.", field="format")
    if format_ == "parquet":
        import pyarrow.parquet as pq
        from pyarrow.lib import ArrowException

        try:
            batch = next(pq.ParquetFile(file).iter_batches(batch_size=most_rows), None)
        except (ArrowException, OSError) as broken:
            raise UnreadableBody(f"The file is not Parquet: {broken}.") from broken
        return [] if batch is None else [msgspec.json.decode(_encode(row)) for row in batch.to_pylist()]
    text = _unpacked(file, 2 * _PIECE_BYTES).read(_PIECE_BYTES).decode("utf-8-sig", "replace")
    lines = text.splitlines()[:most_rows]
    if format_ == "csv":
        delimiter = _delimiter(lines[0], 0) if lines else ","
        return [
            {name: _cell(cell) for name, cell in row.items() if name is not None}
            for row in csv.DictReader(lines, delimiter=delimiter)
        ]
    try:
        rows = [msgspec.json.decode(line) for line in lines if line.strip()]
    except msgspec.DecodeError as broken:
        raise UnreadableBody(f"The sample is not NDJSON: {broken}.") from broken
    return [row for row in rows if isinstance(row, dict)]


def _cell(cell: str) -> Any:
    for read in (int, float):
        try:
            return read(cell)
        except (ValueError, TypeError):
            continue
    return cell or None


def _guess(values: list[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return "Bool"
    if kinds == {int}:
        fits = all(-(2**31) <= value < 2**31 for value in values)
        return "Int32" if fits else "Int64" if all(-(2**63) <= v < 2**63 for v in values) else "Int256"
    if kinds and kinds <= {int, float}:
        return "Float64"
    if kinds == {list}:
        inner = [element for value in values for element in value if element is not None]
        return f"Array({_guess(inner)})"
    if kinds == {str} and all(_is_moment(value) for value in values):
        return "DateTime64(3)" if any("." in value for value in values) else "DateTime"
    return "String"


def _is_moment(text: str) -> bool:
    from tradewind.warehouse.ingest.moments import Moments

    return len(text) >= 16 and Moments().year(text) is not None


def _column_name(name: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter == "_" else "_" for letter in name)
    return kept if kept and not kept[0].isdigit() else f"c_{kept}"
