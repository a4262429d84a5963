"""From a path to readers: which file holds which table of the preset, and whether its columns fit.

A wrong preset is told with what is missing, what is there, and which preset would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tradewind.channels.files.fields import Holds
from tradewind.channels.files.preset import Preset, Table, shipped_presets
from tradewind.channels.files.problems import UnreadableFile, WrongColumns
from tradewind.channels.files.reading import SUFFIXES, Source, open_source
from tradewind.channels.files.tables import TableReader, find_file

_COLUMNS_SHOWN = 40


def open_tables(preset: Preset, path: Path) -> list[TableReader]:
    """A reader for each table of the preset. Raises UnreadableFile or WrongColumns, before anything is read."""
    if not path.exists():
        raise UnreadableFile(f"There is no file or folder {path}. Check the path.")
    if path.is_dir():
        return _open_folder(preset, path)
    needed = [name for name, table in preset.tables.items() if not table.is_optional]
    if len(needed) > 1:
        source = open_source(path, delimiter=preset.delimiter, encoding=preset.encoding)
        raise WrongColumns(
            f"The preset {preset.name} reads a folder with {', '.join(needed)}, and {path.name} is one file."
            f" Give the folder that it lies in.{_suggestion(source, preset)}"
        )
    return [_open(preset, needed[0], path)]


def _open_folder(preset: Preset, folder: Path) -> list[TableReader]:
    readers: list[TableReader] = []
    taken: set[Path] = set()
    for name, table in preset.tables.items():
        path = _only_file(folder) if len(preset.tables) == 1 else None
        path = path or find_file(folder, table, taken, SUFFIXES)
        if path is None and table.is_optional:
            continue
        if path is None:
            raise WrongColumns(_no_file(preset, name, table, folder))
        taken.add(path)
        reader = _open(preset, name, path)
        # A look-up that lacks its columns is a look-up that this version of the files does not need.
        if not (reader.missing and table.holds is Holds.LOOKUP):
            readers.append(reader)
    return readers


def _only_file(folder: Path) -> Path | None:
    found = _data_files(folder)
    return found[0] if len(found) == 1 else None


def _data_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and path.name.lower().endswith(SUFFIXES))


def _open(preset: Preset, name: str, path: Path) -> TableReader:
    source = open_source(path, delimiter=preset.delimiter, encoding=preset.encoding)
    reader = TableReader(name, preset.tables[name], source, preset)
    if reader.missing and preset.tables[name].holds is not Holds.LOOKUP:
        lacking = "; ".join(
            f"{missing.field.replace('_', ' ')} (looked for {_either(missing.looked_for)})"
            for missing in reader.missing
        )
        shown = ", ".join(column or "(no name)" for column in source.columns[:_COLUMNS_SHOWN])
        more = "" if len(source.columns) <= _COLUMNS_SHOWN else f" and {len(source.columns) - _COLUMNS_SHOWN} more"
        raise WrongColumns(
            f"{path.name} does not fit the preset {preset.name}: it has no column for {lacking}."
            f" Its columns are: {shown}{more}.{_suggestion(source, preset)}"
        )
    return reader


def _either(names: Sequence[str]) -> str:
    return " or ".join(f"'{name}'" for name in dict.fromkeys(names))


def _no_file(preset: Preset, name: str, table: Table, folder: Path) -> str:
    found = [path.name for path in _data_files(folder)]
    names = " or ".join(f"{stem}.csv" for stem in table.files) or name
    text = (
        f"{folder} holds no file for the table {name} of the preset {preset.name}"
        f" (looked for {names}, or .parquet, .tsv, .xlsx)."
    )
    if not found:
        return f"{text} There is no data file in it at all."
    if len(preset.tables) == 1:
        return f"{text} It holds {', '.join(found)}: give the path of the one to import."
    return f"{text} It holds {', '.join(found)}."


def _suggestion(source: Source, preset: Preset) -> str:
    """Which shipped presets this file has the columns for."""
    fitting = [
        other.name
        for other in shipped_presets()
        if other.name != preset.name
        and any(_fits(name, table, source, other) for name, table in other.tables.items() if table.is_telling)
    ]
    if fitting:
        choices = " or ".join(f"`tradewind import {name} …`" for name in fitting)
        return f" This file looks like {' or '.join(fitting)}: try {choices}."
    return " No shipped preset fits it: write one of your own, starting from `tradewind import --show generic`."


def _fits(name: str, table: Table, source: Source, preset: Preset) -> bool:
    return table.holds is not Holds.LINES and not TableReader(name, table, source, preset).missing
