"""SHARED_WITH: data sources that a workspace lets another one read, under the name `workspace.name`.

What is lent is looked up in the lender's live release, so a deploy or a rollback there changes or ends it at once.
Lenders are workspaces of their own: a branch lends nothing, and reads what its workspace may read. Nothing is lent
on, and the quarantine is not lent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from tradewind.warehouse.datafiles.ddl import SUFFIX_OF_QUARANTINE
from tradewind.warehouse.datafiles.model import Finding, Level, Project
from tradewind.warehouse.workspaces.apply import Side
from tradewind.warehouse.workspaces.files import Files
from tradewind.warehouse.workspaces.release import Loan, Use
from tradewind.warehouse.workspaces.store import Home

_TAKEN = re.compile(r"tinybird|system|information_schema|v[0-9]+_[0-9]+_[0-9]+", re.IGNORECASE)
"""What means something else before a dot in SQL."""


def may_lend(home: Home) -> bool:
    """Whether data sources of this workspace can be read in others at all."""
    is_own = home.parent_id is None and not home.is_built_in
    return is_own and home.live_release is not None and not _TAKEN.fullmatch(home.name)


def says_shared(files: Files) -> bool:
    """Whether any of the files may share something: most projects do not, and need not be read to know it."""
    return any(b"SHARED_WITH" in content.upper() for content in files.values())


def lent(lender: Home, side: Side, use: Use, borrower: str) -> dict[str, Loan]:
    """What one workspace shares with another, which is named."""
    found: dict[str, Loan] = {}
    for source in side.project.sources.values():
        table = side.physical(source.name)
        if borrower not in source.shared_with or table is None:
            continue
        name = f"{lender.name}.{source.name}"
        seen = replace(
            source,
            name=name,
            shared_from=lender.name,
            alias=None,
            tokens=(),
            shared_with=(),
            kafka=None,
            imports={},
            text="",
        )
        found[name] = Loan(seen, lender.database, table, use)
    return found


def with_loans(side: Side, loans: Mapping[str, Loan]) -> tuple[Project, dict[str, str]]:
    """A project and its tables as requests see them: with what is shared with it now, and nothing that is not.

    A build reads the empty table that stands for a data source of `vendor/` as long as nobody shares it.
    """
    hidden = {
        name for name, source in side.project.sources.items() if source.shared_from and (name in loans or side.has_ttl)
    }
    sources = {name: source for name, source in side.project.sources.items() if name not in hidden}
    for name, loan in loans.items():
        described = side.project.sources.get(name)
        sources[name] = replace(loan.source, text=described.text) if described else loan.source
    tables = {
        name: table for name, table in side.names.items() if name.removesuffix(SUFFIX_OF_QUARANTINE) not in hidden
    }
    return replace(side.project, sources=sources), tables


def about_sharing(
    home: Home, project: Project, shared: Collection[str], homes: Iterable[Home], *, for_build: bool
) -> list[Finding]:
    """What a deploy says of data sources that are shared with nobody who is there, and of those that nobody shares."""
    names = {one.name for one in homes if one.parent_id is None and not one.is_built_in}
    found = []
    for source in project.sources.values():
        for name in source.shared_with:
            if name not in names and home.parent_id is None:
                message = f"{source.name} is shared with {name}, and there is no such workspace here yet."
                found.append(Finding(Level.WARNING, source.place_of("SHARED_WITH"), message))
        if source.shared_from and source.name not in shared and not for_build:
            message = f"No workspace shares {source.name} with this one: until one does, it cannot be read."
            found.append(Finding(Level.WARNING, source.place, message))
    return found
