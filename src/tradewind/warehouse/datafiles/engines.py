"""Reads ENGINE and ENGINE_*: of a data source, and in the classic dialect of a materialized node."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.lexing import Entry, unquoted
from tradewind.warehouse.datafiles.model import Column, Engine, Place
from tradewind.warehouse.datafiles.sql_text import (
    called_functions,
    plain_name,
    split_at_commas,
    without_outer_parentheses,
)

ENGINES = (
    "MergeTree",
    "ReplacingMergeTree",
    "SummingMergeTree",
    "AggregatingMergeTree",
    "CollapsingMergeTree",
    "VersionedCollapsingMergeTree",
    "Null",
)
_BY_LOWER = {name.lower(): name for name in ENGINES}

ENGINE_WORDS = (
    "ENGINE",
    "ENGINE_SORTING_KEY",
    "ENGINE_PARTITION_KEY",
    "ENGINE_PRIMARY_KEY",
    "ENGINE_SAMPLING_KEY",
    "ENGINE_TTL",
    "ENGINE_SETTINGS",
    "ENGINE_VER",
    "ENGINE_IS_DELETED",
    "ENGINE_COLUMNS",
    "ENGINE_SIGN",
    "ENGINE_VERSION",
)
ENGINE_ALIASES = {
    "SORTING_KEY": "ENGINE_SORTING_KEY",
    "PARTITION_KEY": "ENGINE_PARTITION_KEY",
    "PRIMARY_KEY": "ENGINE_PRIMARY_KEY",
    "SAMPLING_KEY": "ENGINE_SAMPLING_KEY",
    "TTL": "ENGINE_TTL",
}
_OF_ENGINE = {
    "ENGINE_VER": ("ReplacingMergeTree",),
    "ENGINE_IS_DELETED": ("ReplacingMergeTree",),
    "ENGINE_COLUMNS": ("SummingMergeTree",),
    "ENGINE_SIGN": ("CollapsingMergeTree", "VersionedCollapsingMergeTree"),
    "ENGINE_VERSION": ("VersionedCollapsingMergeTree",),
}
_NEEDS = {
    "CollapsingMergeTree": ("ENGINE_SIGN",),
    "VersionedCollapsingMergeTree": ("ENGINE_SIGN", "ENGINE_VERSION"),
}
_NEEDS_KEY = ("ReplacingMergeTree", "CollapsingMergeTree", "VersionedCollapsingMergeTree")

# Those that are no function of one row by another name as well: `max(a)` in a key can only be a mistake.
_AGGREGATE_FUNCTIONS = frozenset(
    """count sum avg min max any anyLast uniq uniqExact uniqCombined uniqHLL12 argMin argMax quantile quantiles median
    groupArray groupUniqArray stddevPop stddevSamp varPop varSamp topK countState sumState avgState minState maxState
    uniqState uniqExactState argMinState argMaxState anyState countMerge sumMerge avgMerge minMerge maxMerge uniqMerge
    countIf sumIf avgIf minIf maxIf uniqIf sumSimpleState anySimpleState minSimpleState maxSimpleState""".split()
)


def engine_of(entries: Mapping[str, Entry], columns: Sequence[Column], place: Place, findings: Findings) -> Engine:
    """The engine that the entries describe, by their directive. MergeTree if none is named."""

    def said(word: str) -> str | None:
        entry = entries.get(word)
        return (entry.text.strip() or None) if entry else None

    name = _name(entries.get("ENGINE"), findings)
    engine = Engine(
        name,
        sorting_key=said("ENGINE_SORTING_KEY"),
        partition_key=said("ENGINE_PARTITION_KEY"),
        primary_key=said("ENGINE_PRIMARY_KEY"),
        sampling_key=said("ENGINE_SAMPLING_KEY"),
        ttl=said("ENGINE_TTL"),
        ver=_for_engine("ENGINE_VER", entries, name, findings),
        is_deleted=_for_engine("ENGINE_IS_DELETED", entries, name, findings),
        columns=_for_engine("ENGINE_COLUMNS", entries, name, findings),
        sign=_for_engine("ENGINE_SIGN", entries, name, findings),
        version=_for_engine("ENGINE_VERSION", entries, name, findings),
        settings=_settings(entries.get("ENGINE_SETTINGS"), findings),
    )
    for word in _NEEDS.get(name, ()):
        if said(word) is None:
            findings.error(_place(entries, "ENGINE", place), f"{name} needs {word}.", f"Add `{word} column`.")
    if engine.is_deleted and not engine.ver:
        findings.error(entries["ENGINE_IS_DELETED"].place, "ENGINE_IS_DELETED needs ENGINE_VER.", "Add ENGINE_VER.")
    _check_sorting_key(engine, columns, entries, place, findings)
    _check_columns(engine, columns, entries, findings)
    return engine


def _place(entries: Mapping[str, Entry], word: str, otherwise: Place) -> Place:
    return entries[word].value_place if word in entries else otherwise


def _name(entry: Entry | None, findings: Findings) -> str:
    if entry is None or not entry.text:
        return "MergeTree"
    written = unquoted(entry.text)
    found = _BY_LOWER.get(written.lower())
    if found:
        return found
    if "(" in written and written.partition("(")[0].strip().lower() in _BY_LOWER:
        fix = "Write only its name here, and its arguments as ENGINE_VER, ENGINE_COLUMNS or ENGINE_SIGN."
    else:
        fix = did_you_mean(written, ENGINES) or f"Choose one of {', '.join(ENGINES)}."
    findings.error(entry.value_place, f"There is no engine {written[:80]}.", fix)
    return "MergeTree"


def _for_engine(word: str, entries: Mapping[str, Entry], engine: str, findings: Findings) -> str | None:
    """The value of a directive that only some engines have; ignored with a warning for the others."""
    entry = entries.get(word)
    if entry is None or not entry.text.strip():
        return None
    if engine not in _OF_ENGINE[word]:
        findings.warn(
            entry.place, f"{engine} has no {word}; it is ignored.", f"It is for {' and '.join(_OF_ENGINE[word])}."
        )
        return None
    return entry.text.strip()


_SETTING = re.compile(r"^([A-Za-z_]\w{0,100})\s*=\s*(\S.*)$", re.DOTALL)


def _settings(entry: Entry | None, findings: Findings) -> dict[str, str]:
    settings: dict[str, str] = {}
    if entry is None:
        return settings
    for part, _ in split_at_commas(unquoted(entry.text)):
        found = _SETTING.match(part)
        if found:
            settings[found[1]] = found[2].strip()
        elif part:
            findings.error(
                entry.value_place, f"`{part[:80]}` is no setting.", "Write `name=value`, with commas between settings."
            )
    return settings


def _check_sorting_key(
    engine: Engine, columns: Sequence[Column], entries: Mapping[str, Entry], place: Place, findings: Findings
) -> None:
    key = without_outer_parentheses(engine.sorting_key or "")
    if not key or key == "tuple()":
        if engine.name in _NEEDS_KEY:
            findings.error(
                _place(entries, "ENGINE_SORTING_KEY", _place(entries, "ENGINE", place)),
                f"{engine.name} needs a sorting key: rows with the same key are the same thing to it.",
                "Add `ENGINE_SORTING_KEY column, …`.",
            )
        return
    at = entries["ENGINE_SORTING_KEY"].value_place
    by_name = {column.name: column for column in columns}
    for part, _ in split_at_commas(key):
        name = plain_name(part)
        column = by_name.get(name) if name else None
        if column and column.accepts_null and engine.settings.get("allow_nullable_key", "0") not in ("1", "true"):
            findings.error(
                at,
                f"Column {column.name} can be NULL, so it cannot be in the sorting key.",
                f"Leave Nullable away, or write coalesce({column.name}, …) in the key.",
            )
        if column and column.type.startswith("AggregateFunction("):
            findings.error(
                at,
                f"Column {column.name} holds the state of an aggregate, so it cannot be in the sorting key.",
                "Sort by the columns that the query groups by.",
            )
        if name and engine.ver and name == plain_name(engine.ver):
            findings.error(
                at,
                f"Column {name} tells versions apart (ENGINE_VER), so it cannot be in the sorting key.",
                f"Remove {name} from the sorting key.",
            )
    for function in called_functions(key):
        if function in _AGGREGATE_FUNCTIONS:
            findings.error(
                at, f"{function}() sums up many rows, so it cannot be in the sorting key.", "Use columns of one row."
            )


def _check_columns(engine: Engine, columns: Sequence[Column], entries: Mapping[str, Entry], findings: Findings) -> None:
    """Columns named on their own must be there. Expressions are left for the engine to judge."""
    if not columns:
        return
    known = {column.name for column in columns}
    for word, text in (
        ("ENGINE_VER", engine.ver),
        ("ENGINE_IS_DELETED", engine.is_deleted),
        ("ENGINE_SIGN", engine.sign),
        ("ENGINE_VERSION", engine.version),
        ("ENGINE_COLUMNS", without_outer_parentheses(engine.columns or "")),
        ("ENGINE_SORTING_KEY", without_outer_parentheses(engine.sorting_key or "")),
        ("ENGINE_PARTITION_KEY", without_outer_parentheses(engine.partition_key or "")),
    ):
        for part, _ in split_at_commas(text or ""):
            name = plain_name(part)
            if name and name not in known and name.partition(".")[0] not in known and not name[0].isdigit():
                findings.error(
                    entries[word].value_place,
                    f"There is no column {name}, which {word} names.",
                    did_you_mean(name, known, "Name a column of the SCHEMA."),
                )
