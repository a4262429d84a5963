"""Reads `.datasource` files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tradewind.warehouse.datafiles.directives import (
    Reading,
    choice,
    last_of_each,
    schedule_of,
    tags_of,
    tokens_of,
    truth,
    version_alias,
)
from tradewind.warehouse.datafiles.engines import ENGINE_ALIASES, ENGINE_WORDS, engine_of
from tradewind.warehouse.datafiles.findings import Findings
from tradewind.warehouse.datafiles.lexing import Dialect, Entry, Takes
from tradewind.warehouse.datafiles.model import Column, DataSource, KafkaSource, Permission, Place
from tradewind.warehouse.datafiles.schema import columns_of, indexes_of
from tradewind.warehouse.datafiles.sql_text import outer_words

KAFKA_WORDS = (
    "KAFKA_CONNECTION_NAME",
    "KAFKA_TOPIC",
    "KAFKA_GROUP_ID",
    "KAFKA_AUTO_OFFSET_RESET",
    "KAFKA_STORE_RAW_VALUE",
    "KAFKA_STORE_HEADERS",
    "KAFKA_KEY_FORMAT",
    "KAFKA_VALUE_FORMAT",
)
_KAFKA_GONE = ("KAFKA_TARGET_PARTITIONS", "KAFKA_KEY_AVRO_DESERIALIZATION", "KAFKA_STORE_BINARY_HEADERS")
IMPORT_WORDS = (
    "IMPORT_CONNECTION_NAME",
    "IMPORT_SCHEDULE",
    "IMPORT_BUCKET_URI",
    "IMPORT_FORMAT",
    "IMPORT_FROM_TIMESTAMP",
    "IMPORT_TABLE_ARN",
    "IMPORT_EXPORT_BUCKET",
    "PG_CONNECTION_NAME",
    "PG_TABLE",
)
_IMPORT_CLASSIC = (
    "IMPORT_SERVICE",
    "IMPORT_EXTERNAL_DATASOURCE",
    "IMPORT_QUERY",
    "IMPORT_STRATEGY",
    "EXPORT_SERVICE",
)
_SETTINGS_HINT = "Write ENGINE_SETTINGS."

DIALECT = Dialect(
    ".datasource file",
    {
        **dict.fromkeys(("TOKEN", "BACKFILL", "VERSION", "SOURCE", "INCLUDE"), Takes.VALUE),
        **dict.fromkeys((*KAFKA_WORDS, *_KAFKA_GONE, *IMPORT_WORDS, *_IMPORT_CLASSIC), Takes.VALUE),
        **dict.fromkeys(("DESCRIPTION", "SCHEMA", "INDEXES", "SHARED_WITH", "TAGS", "IMPORT_QUERY"), Takes.EITHER),
        **dict.fromkeys(ENGINE_WORDS, Takes.EITHER),
        "FORWARD_QUERY": Takes.BLOCK,
    },
    aliases={"INDICES": "INDEXES", **ENGINE_ALIASES},
    hints={
        "SETTINGS": _SETTINGS_HINT,
        "NODE": "Nodes belong into a .pipe file.",
        "SQL": "SQL belongs into a .pipe file.",
        "TYPE": "TYPE belongs into a .pipe or a .connection file.",
    },
)

_KAFKA_COLUMNS = (
    ("__value", "String"),
    ("__topic", "LowCardinality(String)"),
    ("__partition", "Int16"),
    ("__offset", "Int64"),
    ("__timestamp", "DateTime"),
    ("__key", "String"),
)
_KAFKA_HEADERS = ("__headers", "Map(String, String)")


def source_of(name: str, entries: Sequence[Entry], text: str, file: str, reading: Reading) -> DataSource:
    """The data source that a file's entries describe; what is wrong with it is found."""
    findings = reading.findings
    place = Place(file)
    by_word = last_of_each(entries, ("TOKEN", "TAGS", "DESCRIPTION"), findings)
    before = len(findings.found)
    columns = _columns(by_word, place, findings)
    is_sound = len(findings.found) == before
    kafka = _kafka(by_word, findings)
    imports = _imports(by_word, findings)
    columns = _with_implicit(columns, kafka, "IMPORT_TABLE_ARN" in by_word, place)
    if "SOURCE" in by_word:
        findings.warn(by_word["SOURCE"].place, "SOURCE is no longer used and ignored.", "Remove it.")
    skip_backfill = "BACKFILL" in by_word and choice(by_word["BACKFILL"], ("skip",), findings) == "skip"
    indexes = by_word.get("INDEXES")
    return DataSource(
        name=name,
        place=place,
        columns=columns,
        engine=engine_of(by_word, columns if is_sound else (), place, findings),
        description=by_word["DESCRIPTION"].text if "DESCRIPTION" in by_word else "",
        indexes=indexes_of(indexes.block, findings) if indexes is not None and indexes.block is not None else (),
        tokens=tuple(tokens_of(entries, (Permission.APPEND, Permission.READ), "data source", reading)),
        tags=tuple(tags_of([entry for entry in entries if entry.word == "TAGS"])),
        forward_query=_forward_query(by_word.get("FORWARD_QUERY"), findings),
        skip_backfill=skip_backfill,
        shared_with=_shared_with(by_word.get("SHARED_WITH"), findings),
        alias=version_alias(name, by_word.get("VERSION"), reading),
        kafka=kafka,
        imports=imports,
        text=text,
    )


def _columns(by_word: Mapping[str, Entry], place: Place, findings: Findings) -> tuple[Column, ...]:
    entry = by_word.get("SCHEMA")
    if entry is None:
        findings.error(place, "A data source needs a SCHEMA.", "Add `SCHEMA >` and its columns on the next lines.")
        return ()
    block = entry.as_block()
    before = len(findings.found)
    columns = columns_of(block, findings)
    if not columns and len(findings.found) == before:
        findings.error(entry.place, "This SCHEMA has no columns.", "Write them below it: `name` Type, one a line.")
    return columns


def _with_implicit(
    columns: tuple[Column, ...], kafka: KafkaSource | None, is_dynamodb: bool, place: Place
) -> tuple[Column, ...]:
    """With the columns that a connector adds without the SCHEMA saying so."""
    wanted: list[tuple[str, str]] = []
    if kafka is not None:
        wanted = [*_KAFKA_COLUMNS, *([_KAFKA_HEADERS] if kafka.store_headers else [])]
    if is_dynamodb:
        wanted.append(("_timestamp", "DateTime64(3)"))
    known = {column.name for column in columns}
    added = tuple(
        Column(name, type_name, default=_empty(type_name), place=place)
        for name, type_name in wanted
        if name not in known
    )
    return columns + added


def _empty(type_name: str) -> str | None:
    """A row that comes another way than through the connector has nothing there."""
    return "now64(3)" if type_name == "DateTime64(3)" else f"defaultValueOfTypeName('{type_name}')"


def _kafka(by_word: Mapping[str, Entry], findings: Findings) -> KafkaSource | None:
    for word in _KAFKA_GONE:
        if word in by_word:
            findings.warn(by_word[word].place, f"{word} is not used and ignored.", "Remove it.")
    said = [word for word in KAFKA_WORDS if word in by_word]
    if not said:
        return None
    missing = [
        word
        for word in ("KAFKA_CONNECTION_NAME", "KAFKA_TOPIC", "KAFKA_GROUP_ID")
        if word not in by_word or not by_word[word].value.strip()
    ]
    if missing:
        first = by_word[missing[0]] if missing[0] in by_word else by_word[said[0]]
        findings.error(
            first.place,
            f"A Kafka data source needs {' and '.join(missing)}.",
            f"Add `{missing[0]} value`.",
        )
        return None
    reset = by_word.get("KAFKA_AUTO_OFFSET_RESET")
    offset_reset = choice(reset, ("latest", "earliest"), findings) if reset and reset.value else None
    return KafkaSource(
        connection=by_word["KAFKA_CONNECTION_NAME"].value,
        topic=by_word["KAFKA_TOPIC"].value,
        group_id=by_word["KAFKA_GROUP_ID"].value,
        offset_reset=offset_reset or "latest",
        store_raw_value="KAFKA_STORE_RAW_VALUE" in by_word and truth(by_word["KAFKA_STORE_RAW_VALUE"], findings),
        store_headers="KAFKA_STORE_HEADERS" in by_word and truth(by_word["KAFKA_STORE_HEADERS"], findings),
        key_format=by_word["KAFKA_KEY_FORMAT"].value or None if "KAFKA_KEY_FORMAT" in by_word else None,
        value_format=by_word["KAFKA_VALUE_FORMAT"].value or None if "KAFKA_VALUE_FORMAT" in by_word else None,
    )


def _imports(by_word: Mapping[str, Entry], findings: Findings) -> dict[str, str]:
    """IMPORT_* and PG_* in lower case, checked for what belongs together."""
    words = [word for word in by_word if word in IMPORT_WORDS or word in _IMPORT_CLASSIC]
    if not words:
        return {}
    is_classic = any(word in by_word for word in _IMPORT_CLASSIC)
    imports = {word.lower(): by_word[word].text for word in words}
    if "IMPORT_FORMAT" in by_word:
        imports["import_format"] = imports["import_format"].lower()
    if not is_classic:
        _check_together(by_word, findings)
    schedule = by_word.get("IMPORT_SCHEDULE")
    if schedule is not None and schedule.value:
        schedule_of(schedule, ("@once", "@on-demand", "@auto"), findings)
    findings.warn(
        by_word[words[0]].place,
        f"{words[0]} and what goes with it are kept, but nothing is imported: "
        "Tradewind has no connector to that service.",
        "The data source works; send rows to /v0/events, or append a file.",
    )
    return imports


def _check_together(by_word: Mapping[str, Entry], findings: Findings) -> None:
    if "IMPORT_TABLE_ARN" in by_word or "IMPORT_EXPORT_BUCKET" in by_word:
        needed: tuple[str, ...] = ("IMPORT_CONNECTION_NAME", "IMPORT_TABLE_ARN", "IMPORT_EXPORT_BUCKET")
    elif "PG_CONNECTION_NAME" in by_word or "PG_TABLE" in by_word:
        needed = ("PG_CONNECTION_NAME", "PG_TABLE")
    else:
        needed = ("IMPORT_CONNECTION_NAME", "IMPORT_BUCKET_URI", "IMPORT_SCHEDULE")
    said = next(by_word[word] for word in (*needed, *IMPORT_WORDS) if word in by_word)
    for word in needed:
        if word not in by_word or not by_word[word].value:
            findings.error(said.place, f"{said.word} needs {word} beside it.", f"Add `{word} value`.")


def _shared_with(entry: Entry | None, findings: Findings) -> tuple[str, ...]:
    if entry is None:
        return ()
    names = [name.strip().strip("\"'") for name in re.split(r"[,\n]", entry.text)]
    names = list(dict.fromkeys(name for name in names if name))
    if not names:
        findings.error(entry.place, "SHARED_WITH names no workspace.", "Name at least one, or remove it.")
    return tuple(names)


def _forward_query(entry: Entry | None, findings: Findings) -> str | None:
    if entry is None or entry.block is None:
        return None
    text = entry.block.prose.rstrip(";").rstrip()
    words = outer_words(text)
    if not words or words[0].text.upper() not in ("SELECT", "WITH"):
        findings.error(
            entry.place,
            "FORWARD_QUERY is not a SELECT.",
            "Write `SELECT old_column AS new_column, …`, without FROM.",
        )
        return None
    if any(word.text.upper() == "FROM" for word in words):
        findings.error(
            entry.place,
            "FORWARD_QUERY has a FROM; it always reads the table as it was before.",
            "Remove FROM and what follows it.",
        )
        return None
    return text
