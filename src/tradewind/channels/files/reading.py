"""Files as rows of texts, whatever their format: CSV, TSV, Parquet and XLSX, the text ones gzipped too.

Reading is streamed. A number of a Parquet or XLSX file becomes the shortest text that means the same
number, so that a price is what people see and not what the machine stores. A file that is cut off, or is
not what it claims, is refused as a whole, before anything is booked.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from tradewind.channels.files.problems import UnreadableFile

Cells = Sequence[str | None]
BATCH = 5_000
SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".parquet", ".pq", ".xlsx", ".csv.gz", ".tsv.gz", ".txt.gz")

_BLOCK = 1 << 20
_DELIMITERS = (",", ";", "\t", "|")
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\x0b\x0c\x1b")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the number a person sees beside it, its cells, and what is wrong with the record itself."""

    number: int
    cells: Cells
    flaw: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file that can be read, with its columns. `first_row` is the number of the first record."""

    path: Path
    format: str
    columns: tuple[str, ...]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    rows_expected: int | None = None

    def batches(self) -> Iterator[list[Row]]:
        """All records, in batches; raises UnreadableFile where the file ends before it should."""
        match self.format:
            case "parquet":
                yield from _parquet_batches(self)
            case "xlsx":
                yield from _xlsx_batches(self)
            case _:
                yield from _text_batches(self)


def fingerprint(path: Path) -> str:
    """SHA-256 of the file's content."""
    with _openable(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_source(path: Path, *, delimiter: str | None, encoding: str | None) -> Source:
    """Finds out what a file is and which columns it has. Raises UnreadableFile when it is none of ours."""
    with _openable(path), path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise UnreadableFile(f"{path.name} is empty: there is nothing in it, not even a header. Export it again.")
    if head.startswith(b"PAR1"):
        return _open_parquet(path)
    if head.startswith(b"PK"):
        return _open_xlsx(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(f"{path.name} is an old Excel file (.xls). Save it as .xlsx or .csv.")
    return _open_text(path, delimiter, encoding)


@contextmanager
def _openable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as missing:
        raise UnreadableFile(f"There is no file {path}. Check the path.") from missing
    except IsADirectoryError as folder:
        raise UnreadableFile(f"{path} is a folder. Give the path of one file.") from folder
    except PermissionError as closed:
        raise UnreadableFile(f"{path} may not be read by this user. Change its permissions.") from closed


# --- Text: CSV and TSV ----------------------------------------------------------------------------------------------


def _open_text(path: Path, delimiter: str | None, encoding: str | None) -> Source:
    encoding = encoding or _sniff_encoding(path)
    with _readable(path), _open_characters(path, encoding) as file:
        header = file.readline()
        while header and not header.strip():
            header = file.readline()
    if not header.strip():
        raise UnreadableFile(f"{path.name} is empty: there is nothing in it, not even a header. Export it again.")
    delimiter = delimiter if delimiter and delimiter in header else _sniff_delimiter(header)
    source = Source(path, "text", (), encoding, delimiter)
    with _readable(path), _open_characters(path, encoding) as file:
        for cells in csv.reader(file, delimiter=delimiter, strict=True):
            if any(cell.strip() for cell in cells):
                return _with_columns(source, [cell.strip() for cell in cells])
    raise UnreadableFile(f"{path.name} has no header.")


def _with_columns(source: Source, columns: list[str], rows: int | None = None) -> Source:
    while columns and not columns[-1]:
        columns.pop()
    seen: set[str] = set()
    for column in columns:
        if column and column.casefold() in seen:
            raise UnreadableFile(
                f"{source.path.name} has two columns named '{column}'."
                " Rename one of them, so that it is clear which is meant."
            )
        seen.add(column.casefold())
    return Source(source.path, source.format, tuple(columns), source.encoding, source.delimiter, source.sheet, rows)


def _text_batches(source: Source) -> Iterator[list[Row]]:
    width = len(source.columns)
    with _readable(source.path), _open_characters(source.path, source.encoding or "utf-8") as file:
        reader = csv.reader(file, delimiter=source.delimiter or ",", strict=True)
        batch: list[Row] = []
        header_passed = False
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                if not header_passed:
                    header_passed = any(cell.strip() for cell in cells)
                    continue
                texts = [cell.strip() or None for cell in cells]
                if len(texts) == width:
                    batch.append(Row(number, texts))
                elif any(texts):
                    batch.append(_ragged(number, texts, width))
                if len(batch) >= BATCH:
                    yield batch
                    batch = []
        except csv.Error as broken:
            raise UnreadableFile(
                f"{source.path.name}, row {number + 1}: a quoted value is not closed as it should be ({broken})."
                " The file may be cut off: export it again; or write a quote inside a value as two quotes."
            ) from broken
    if batch and batch[-1].flaw and len(batch[-1].cells) < width and not _ends_with_newline(source):
        raise UnreadableFile(
            f"{source.path.name} is cut off: row {batch[-1].number} ends in the middle, after {len(batch[-1].cells)} of"
            f" {width} columns. Export or download it again."
        )
    if batch:
        yield batch


def _ragged(number: int, texts: list[str | None], width: int) -> Row:
    if len(texts) > width and not any(texts[width:]):
        return Row(number, texts[:width])
    hint = "A value that contains the delimiter needs quotes." if len(texts) > width else "A delimiter is missing."
    return Row(number, texts, f"The row has {len(texts)} cells where the header has {width}. {hint}")


def _ends_with_newline(source: Source) -> bool:
    if source.path.suffix == ".gz" or _is_gzip(source.path):
        return False
    with source.path.open("rb") as file:
        file.seek(-2, io.SEEK_END)
        return b"\n" in file.read(2) or b"\r" in file.read(2)


def _is_gzip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _open_bytes(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if _is_gzip(path) else path.open("rb")  # type: ignore[return-value]


def _open_characters(path: Path, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(_open_bytes(path), encoding=encoding, newline="")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turns what decoders say of a broken file into a sentence about the file."""
    try:
        yield
    except EOFError as cut:
        raise UnreadableFile(
            f"{path.name} is cut off: the gzip archive ends before its content does. Download it again."
        ) from cut
    except (gzip.BadGzipFile, zlib.error) as broken:
        raise UnreadableFile(f"{path.name} is a damaged gzip archive ({broken}). Download it again.") from broken
    except UnicodeError as wrong:
        raise UnreadableFile(
            f"{path.name} is not text in the encoding expected ({wrong})."
            " Save it as UTF-8, or set `encoding` in the preset."
        ) from wrong


def _sniff_encoding(path: Path) -> str:
    """UTF-8 where the whole file is valid in it, UTF-16 where a mark or the zeros say so, else Windows' Western."""
    with _readable(path), _open_bytes(path) as file:
        head = file.read(1 << 16)
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        if head.startswith(b"\xef\xbb\xbf"):
            return "utf-8-sig"
        if b"\0" in head:
            pairs = len(head) // 2 or 1
            if head[1::2].count(0) > 0.6 * pairs:
                return "utf-16-le"
            if head[0::2].count(0) > 0.6 * pairs:
                return "utf-16-be"
        if len(head.translate(None, _CONTROLS)) < 0.99 * len(head):
            raise UnreadableFile(
                f"{path.name} is not a table: it holds binary data, not text, Parquet or XLSX."
                " Give the exported file itself."
            )
        decoder = io.IncrementalNewlineDecoder(_utf8(), translate=False)
        block = head
        try:
            while block:
                decoder.decode(block)
                block = file.read(_BLOCK)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252" if not _has_unused_cp1252(head) else "latin-1"
    return "utf-8"


def _utf8() -> Any:
    import codecs

    return codecs.getincrementaldecoder("utf-8")()


def _has_unused_cp1252(head: bytes) -> bool:
    return any(code in head for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D))


def _sniff_delimiter(header: str) -> str:
    counts = {delimiter: header.count(delimiter) for delimiter in _DELIMITERS}
    best = max(counts, key=lambda delimiter: counts[delimiter])
    return best if counts[best] else ","


# --- Parquet --------------------------------------------------------------------------------------------------------


def _open_parquet(path: Path) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            columns, rows = list(file.schema_arrow.names), file.metadata.num_rows
    except (pa.ArrowInvalid, OSError) as broken:
        raise UnreadableFile(
            f"{path.name} is cut off or damaged: it begins like Parquet, but its end cannot be read"
            f" ({_first_line(broken)}). Copy or download it again."
        ) from broken
    return _with_columns(Source(path, "parquet", ()), columns, rows)


def _parquet_batches(source: Source) -> Iterator[list[Row]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(source.path) as file:
            for part in file.iter_batches(batch_size=BATCH):
                columns = [_texts(column, pa) for column in part.columns]
                batch = [Row(number + index, cells) for index, cells in enumerate(zip(*columns, strict=True), start=1)]
                number += len(batch)
                yield batch
    except (pa.ArrowException, OSError) as broken:
        raise UnreadableFile(
            f"{source.path.name} is damaged after row {number} ({_first_line(broken)}). Copy or download it again."
        ) from broken


def _texts(column: Any, pa: Any) -> list[str | None]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return [text.strip() or None if text is not None else None for text in column.to_pylist()]
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    return [_text(value) for value in column.to_pylist()]


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0].strip().rstrip(".")


# --- XLSX -----------------------------------------------------------------------------------------------------------


def _open_xlsx(path: Path) -> Source:
    with _workbook(path) as book:
        sheet = book.worksheets[0] if book.worksheets else None
        first = next(sheet.iter_rows(values_only=True), None) if sheet is not None else None
        if sheet is None or first is None or not any(value is not None for value in first):
            raise UnreadableFile(f"{path.name} is empty: its first sheet has no header in its first row.")
        columns = [_text(value) or "" for value in first]
        return _with_columns(Source(path, "xlsx", (), sheet=sheet.title), columns)


def _xlsx_batches(source: Source) -> Iterator[list[Row]]:
    width = len(source.columns)
    with _workbook(source.path) as book:
        batch: list[Row] = []
        for number, values in enumerate(book[source.sheet].iter_rows(min_row=2, values_only=True), start=2):
            texts = [_text(value) for value in values[:width]]
            if not any(texts):
                continue
            batch.append(Row(number, texts + [None] * (width - len(texts))))
            if len(batch) >= BATCH:
                yield batch
                batch = []
        if batch:
            yield batch


@contextmanager
def _workbook(path: Path) -> Iterator[Any]:
    from xml.etree.ElementTree import ParseError

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, EOFError, zlib.error, ParseError, ValueError) as broken:
        raise UnreadableFile(
            f"{path.name} is not a whole .xlsx workbook: it is cut off, damaged, or another kind of archive"
            f" ({_first_line(broken)}). Save or download it again."
        ) from broken


def _text(value: Any) -> str | None:  # noqa: PLR0911 (one per type)
    """The shortest text that means the same; None for nothing."""
    match value:
        case None:
            return None
        case str():
            return value.strip() or None
        case bool():
            return "true" if value else "false"
        case float():
            if value != value:  # noqa: PLR0124 (not a number is not equal to itself)
                return None
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case Decimal():
            return format(value, "f")
        case bytes():
            return value.decode("utf-8", errors="replace").strip() or None
    return str(value)
