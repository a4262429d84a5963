"""A `.datasource` file with another SCHEMA, DESCRIPTION or TTL, the rest of it as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.findings import Findings
from tradewind.warehouse.datafiles.lexing import entries_of, lines_of
from tradewind.warehouse.datafiles.sources import DIALECT

_OF_THE_LAST_CHANGE = ("FORWARD_QUERY", "BACKFILL")
"""They say how rows came into the table as it is: left in, they would be taken for how rows come into the next one."""


def block_of(word: str, text: str) -> list[str]:
    """A directive with its text below it, indented, so that no line of it begins another directive.

    Raises InvalidInput for a template: files may name secrets, and who sends a text may not be allowed to see them.
    """
    if "{{" in text:
        raise InvalidInput("A template has its place in files that are deployed, not here.", field=word.lower())
    lines = [f"    {line.strip()}" for line in text.strip().splitlines()]
    return [f"{word} >", *lines, ""] if lines else []


def altered(text: str, changes: Mapping[str, str]) -> str:
    """The file with these directives in place of its own; one whose text is empty is gone."""
    blocks = {word: block_of(word, told) for word, told in changes.items()}
    lines = lines_of(text)
    entries = entries_of(text, "", DIALECT, Findings())
    starts = [*(entry.place.line - 1 for entry in entries), len(lines)]
    made = lines[: starts[0]]
    for entry, (start, end) in zip(entries, pairwise(starts), strict=True):
        if entry.word in changes:
            made += blocks.pop(entry.word, [])
        if entry.word in changes or entry.word in _OF_THE_LAST_CHANGE:
            made += [line for line in lines[start + 1 : end] if line.startswith("#")]
        else:
            made += lines[start:end]
    description = blocks.pop("DESCRIPTION", [])
    added = [line for block in blocks.values() for line in block]
    return "\n".join([*description, *made, *([""] if added else []), *added]).rstrip("\n") + "\n"
