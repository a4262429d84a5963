"""Reads the project's documents: fenced blocks, links, headings.

A block is run by its language. What cannot run is `text`, or says why not in a comment on the line above the
fence: `<!-- not run: it installs packages -->`. A second word after the language names a file that the block
is written to, for the blocks after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^(?P<indent> *)(?P<marks>`{3,}|~{3,})(?P<about>[^`]*)$")
REASON = re.compile(r"^ *<!-- not run: (?P<why>\S.{5,}?) *-->$")
LINK = re.compile(r"\[[^\]]*\]\((?P<there>[^)\s]+)\)|(?:src|srcset|href)=\"(?P<attribute>[^\"]+)\"")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$")


@dataclass(frozen=True)
class Block:
    """A fenced block and where it stands."""

    document: Path
    line: int
    language: str
    file: str | None
    text: str
    reason: str | None
    """Why it is not run."""

    @property
    def place(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def documents() -> list[Path]:
    examples = sorted((ROOT / "examples").glob("*/README.md"))
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *examples]


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks in order; a fence that is never closed is an error."""
    opened: re.Match[str] | None = None
    start, reason, before, inside = 0, None, "", list[str]()
    for number, line in enumerate(document.read_text().splitlines(), start=1):
        fence = FENCE.match(line)
        if opened is None:
            if fence:
                found = REASON.match(before)
                opened, start, reason, inside = fence, number, found["why"] if found else None, []
        elif fence and fence["marks"].startswith(opened["marks"]) and not fence["about"].strip():
            language, _, file = opened["about"].strip().partition(" ")
            text = "\n".join(text.removeprefix(opened["indent"]) for text in inside)
            yield Block(document, start, language, file.strip() or None, text, reason)
            opened = None
        else:
            inside.append(line)
        before = line
    assert opened is None, f"{document.relative_to(ROOT)}:{start}: this fence is never closed"


def prose(document: Path) -> list[tuple[int, str]]:
    """The lines outside of fenced blocks, with their numbers."""
    kept: list[tuple[int, str]] = []
    marks: str | None = None
    for number, line in enumerate(document.read_text().splitlines(), start=1):
        fence = FENCE.match(line)
        if marks is None and fence:
            marks = fence["marks"]
        elif marks is not None and fence and fence["marks"].startswith(marks) and not fence["about"].strip():
            marks = None
        elif marks is None:
            kept.append((number, line))
    return kept


def links(document: Path) -> Iterator[tuple[int, str]]:
    """Where the document leads to: links, pictures, and what HTML in it names."""
    for number, line in prose(document):
        for link in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            there = link["there"] or link["attribute"]
            yield from ((number, part.split()[0]) for part in there.split(","))


def anchors(document: Path) -> set[str]:
    """The names that headings can be linked by, as GitHub makes them."""
    found: set[str] = set()
    for _, line in prose(document):
        heading = HEADING.match(line)
        if heading:
            name = re.sub(r"[^\w\- ]", "", heading[1].lower()).replace(" ", "-")
            found.add(name)
    return found
