"""Formats of answers: what the engine calls them, and the content type that clients go by."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.warehouse.serving.errors import QueryRefused

_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"
_CSV = "text/csv; charset=utf-8"
_NDJSON = "application/x-ndjson; charset=utf-8"
_BINARY = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    content_type: str


# Clients read text/plain, CSV and NDJSON as text, and JSON as a document.
_FORMATS = {
    format_.name.lower(): format_
    for format_ in (
        *(Format(name, _JSON) for name in ("JSON", "JSONStrings", "JSONCompact", "JSONCompactStrings", "JSONColumns")),
        Format("JSONEachRow", _NDJSON),
        Format("NDJSON", _NDJSON),
        Format("JSONLines", _NDJSON),
        Format("JSONCompactEachRow", _NDJSON),
        *(Format(name, _CSV) for name in ("CSV", "CSVWithNames", "CSVWithNamesAndTypes")),
        *(
            Format(name, _TEXT)
            for name in """TSV TSVRaw TSVWithNames TSVWithNamesAndTypes TabSeparated TabSeparatedRaw
            TabSeparatedWithNames TabSeparatedWithNamesAndTypes Pretty PrettyCompact PrettyCompactNoEscapes
            PrettyNoEscapes PrettySpace PrettySpaceNoEscapes Vertical Values Markdown""".split()
        ),
        Format("Parquet", "application/vnd.apache.parquet"),
        *(
            Format(name, _BINARY)
            for name in ("Native", "RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes")
        ),
        Format("Prometheus", "text/plain; version=0.0.4; charset=utf-8"),
    )
}
_OF_ENDPOINTS = {
    "json": "JSON",
    # With a header line, as clients of the format have come to expect; `csvwithnames` says so.
    "csv": "CSVWithNames",
    "csvwithnames": "CSVWithNames",
    "ndjson": "JSONEachRow",
    "parquet": "Parquet",
    "prometheus": "Prometheus",
}

DEFAULT = _FORMATS["tabseparated"]
"""Of /v0/sql without a FORMAT: text, not JSON."""


def of_sql(name: str | None) -> Format:
    """The format that a query names. Raises QueryRefused."""
    if name is None:
        return DEFAULT
    found = _FORMATS.get(name.lower())
    if found is None:
        known = ", ".join(format_.name for format_ in _FORMATS.values())
        raise QueryRefused(f"There is no format '{name[:50]}' here. Formats are {known}.", engine_code=73)
    return found


def of_endpoint(extension: str) -> Format | None:
    """The format of `NAME.extension`; None when there is none."""
    name = _OF_ENDPOINTS.get(extension)
    return None if name is None else _FORMATS[name.lower()]


ENDPOINT_EXTENSIONS = tuple(_OF_ENDPOINTS)
