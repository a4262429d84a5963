"""Files that sinks write: their names from a template, their formats and compressions."""

from __future__ import annotations

import gzip
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import lz4.frame

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.quoting import identifier

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMATS: Final[Mapping[str, str]] = {"csv": "CSVWithNames", "ndjson": "JSONEachRow", "parquet": "Parquet"}
"""Of EXPORT_FORMAT, in the engine's words."""
COMPRESSIONS: Final[Mapping[str, str]] = {
    "none": "",
    "gzip": ".gz",
    "gz": ".gz",
    "zstd": ".zst",
    "zst": ".zst",
    "lz4": ".lz4",
}
_PLACEHOLDER = re.compile(
    r"\{\s*(?P<column>[A-Za-z_]\w*)\s*(?:,\s*(?P<quote>['\"])(?P<format>[^'\"\\]*)(?P=quote)\s*)?\}"
)
_UNSAFE = re.compile(r"[^\w.\-]+")


@dataclass(frozen=True, slots=True)
class FileName:
    """`sales_{store}_{day, '%Y-%m'}`: text, columns of the result, and dates of it in a form of their own."""

    texts: tuple[str, ...]
    """What stands before, between and behind the columns: one more than there are columns."""
    expressions: tuple[str, ...]
    """SQL that gives each column's text."""

    @classmethod
    def of(cls, template: str, columns: Sequence[str] | None) -> FileName:
        """Raises InvalidInput for a column that the result does not have; `columns` None: that is not known yet."""
        texts, expressions, end = [], [], 0
        for found in _PLACEHOLDER.finditer(template):
            column, form = found["column"], found["format"]
            if columns is not None and column not in columns:
                raise InvalidInput(f"EXPORT_FILE_TEMPLATE names {column}; the query gives {', '.join(columns)}.")
            texts.append(template[end : found.start()])
            name = identifier(column)
            expressions.append(f"toString({name})" if form is None else f"formatDateTime({name}, '{form}')")
            end = found.end()
        texts.append(template[end:])
        if any("{" in text or "}" in text for text in texts):
            raise InvalidInput(
                f"EXPORT_FILE_TEMPLATE is {template[:100]}. In braces stands a column: {{store}}, {{day, '%Y-%m'}}."
            )
        return cls(tuple(texts), tuple(expressions))

    def with_values(self, values: Sequence[str]) -> str:
        """The name of the file with these values. What would not do in a name becomes `_`."""
        safe = [_UNSAFE.sub("_", value).strip(".") or "_" for value in values]
        between = [part for pair in zip(self.texts, [*safe, ""], strict=True) for part in pair]
        return "".join(between).strip("/")


def suffix_of(form: str, compression: str) -> str:
    return f".{form}" + ("" if form == "parquet" else COMPRESSIONS[compression])


def packed(content: bytes, form: str, compression: str) -> bytes:
    """The content as it is stored; Parquet packs itself."""
    suffix = "" if form == "parquet" else COMPRESSIONS[compression]
    if suffix == ".gz":
        return gzip.compress(content, mtime=0)
    if suffix == ".zst":
        return bytes(zstd.compress(content))
    if suffix == ".lz4":
        return bytes(lz4.frame.compress(content))
    return content
