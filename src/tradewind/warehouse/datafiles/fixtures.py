"""Fixtures: which file of a project fills which data source in a build."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.model import DataSource, Place

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
