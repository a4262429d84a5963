"""Cuts a datafile into directives: `WORD value`, or `WORD >` and the block of lines below it.

The same for `.datasource`, `.pipe` and `.connection`; what a directive means is not known here.
Lines end in LF or CRLF. A block ends at the next line that begins, in its first column, with a directive of
this kind of file; nothing else ends it, so SQL need not be indented.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from itertools import accumulate
from textwrap import dedent

from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.types import KNOWN_TYPES


class Takes(Enum):
    """What may follow a directive."""

    VALUE = "a value on the same line"
    BLOCK = "a block: `>` and the text on the lines below it"
    EITHER = "a value or a block"


@dataclass(frozen=True, slots=True)
class Dialect:
    """The directives of one kind of file."""

    kind: str
    """As people call it: `.pipe` file."""
    words: Mapping[str, Takes]
    aliases: Mapping[str, str]
    """Other spellings, with the one that is meant."""
    hints: Mapping[str, str]
    """What to say about directives that do not belong here."""

    def canonical(self, word: str) -> str | None:
        upper = word.upper()
        upper = self.aliases.get(upper, upper)
        return upper if upper in self.words else None


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line, quotes kept; `start` and `end` count characters from 0."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class BlockLine:
    number: int
    text: str


@dataclass(frozen=True)
class Block:
    """The kept lines of a block: without blank lines and without those that begin with `#`."""

    file: str
    lines: tuple[BlockLine, ...]

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def prose(self) -> str:
        """The text moved to the left margin, without white space at its ends."""
        return dedent(self.text).strip()

    def place(self, offset: int) -> Place:
        """Where a character of `text` stands in the file."""
        at = max(0, bisect_right(self._starts, offset) - 1)
        return Place(self.file, self.lines[at].number, min(offset - self._starts[at], len(self.lines[at].text)) + 1)

    @cached_property
    def _starts(self) -> list[int]:
        """Where in `text` each line begins."""
        return [0, *accumulate(len(line.text) + 1 for line in self.lines)][: max(1, len(self.lines))]


@dataclass(frozen=True, slots=True)
class Entry:
    """One directive with what it was given."""

    word: str
    """Upper case, the spelling that is meant."""
    written: str
    place: Place
    value: str = ""
    """One line, without the quotes around it."""
    value_place: Place = field(default=Place(""))
    arguments: tuple[str, ...] = ()
    """The words of the value, each without its quotes."""
    block: Block | None = None

    @property
    def text(self) -> str:
        """What was said, on the same line or below it."""
        return self.value if self.block is None else self.block.prose

    def as_block(self) -> Block:
        """What was said as a block, even if it stands on the directive's own line."""
        return self.block or Block(
            self.place.file, (BlockLine(self.place.line, " " * (self.value_place.column - 1) + self.value),)
        )


def lines_of(text: str) -> list[str]:
    return [line.removesuffix("\r") for line in text.split("\n")]


def words_of(line: str) -> list[Word] | None:
    """The words of a line as a shell would see them, up to a `#`; None if a quotation is left open.

    A quotation begins only where a word begins, so `toDate('a b')` is two words, and `don't` is one.
    """
    words: list[Word] = []
    at = 0
    while at < len(line):
        character = line[at]
        if character.isspace():
            at += 1
        elif character == "#":
            break
        elif character in "'\"":
            close = line.find(character, at + 1)
            if close < 0:
                return None
            words.append(Word(line[at : close + 1], at, close + 1))
            at = close + 1
        else:
            end = at
            while end < len(line) and not line[end].isspace() and line[end] != "#":
                end += 1
            words.append(Word(line[at:end], at, end))
            at = end
    return words


def unquoted(text: str) -> str:
    """The text without one pair of quotes around all of it."""
    if len(text) >= 2 and text[0] in "'\"" and text[-1] == text[0] and text[0] not in text[1:-1]:
        return text[1:-1]
    return text


def entries_of(
    text: str, file: str, dialect: Dialect, findings: Findings, environment: Mapping[str, str] | None = None
) -> list[Entry]:
    """The directives of a file in order. What cannot be understood is found, and left out."""
    return _Reader(lines_of(text), file, dialect, findings, environment or {}).read()


_WITHOUT_PROSE = ("SCHEMA", "INDEXES")
_SHOUTED = re.compile(r"[A-Z][A-Z_]{2,}>?$")
_VARIABLE = re.compile(r"\$\{(\w{1,200})\}")


class _Reader:
    def __init__(
        self, lines: list[str], file: str, dialect: Dialect, findings: Findings, environment: Mapping[str, str]
    ) -> None:
        self._lines = lines
        self._file = file
        self._dialect = dialect
        self._findings = findings
        self._environment = environment
        self._next = 0

    def read(self) -> list[Entry]:
        entries: list[Entry] = []
        while self._next < len(self._lines):
            number, line = self._next + 1, self._lines[self._next]
            self._next += 1
            entry = self._entry(number, line)
            if entry is not None:
                entries.append(entry)
        return entries

    def _entry(self, number: int, line: str) -> Entry | None:
        words = words_of(line)
        if words is None:  # An apostrophe in prose: the value is the rest of the line as it stands.
            stripped = line.strip()
            start = len(line) - len(line.lstrip())
            first = stripped.split(None, 1)[0]
            words = [Word(first, start, start + len(first))]
            if stripped != first:
                rest = stripped[len(first) :].lstrip()
                words.append(Word(rest, line.rindex(rest), line.rindex(rest) + len(rest)))
        if not words:
            return None
        place = Place(self._file, number, words[0].start + 1)
        written = words[0].text
        opens_block = len(words) > 1 and words[1].text == ">"
        word = self._dialect.canonical(written)
        if word is None:
            self._unknown(written, place)
            if opens_block:
                self._block(is_strict=False)
            return None
        takes = self._dialect.words[word]
        if opens_block:
            if len(words) > 2:
                self._findings.warn(
                    Place(self._file, number, words[2].start + 1),
                    f"What stands behind `{written} >` on its line is ignored.",
                    "Write it on the lines below.",
                )
            block = self._block(is_strict=word in _WITHOUT_PROSE)
            if takes is Takes.VALUE:
                self._findings.error(place, f"{word} takes {takes.value}, not a block.", f"Write `{word} value`.")
                return None
            return Entry(word, written, place, block=block, value_place=place)
        if takes is Takes.BLOCK:
            self._findings.error(
                place, f"{word} needs {takes.value}.", f"Write `{word} >` and put the text on the next lines."
            )
            return None
        return self._single(word, written, place, words[1:], line)

    def _single(self, word: str, written: str, place: Place, words: list[Word], line: str) -> Entry:
        if not words:
            return Entry(word, written, place, value_place=Place(place.file, place.line, len(line.rstrip()) + 1))
        value = unquoted(line[words[0].start : words[-1].end].strip())
        return Entry(
            word,
            written,
            place,
            self._replaced(value).strip(),
            Place(place.file, place.line, words[0].start + 1),
            tuple(self._replaced(unquoted(word.text)) for word in words),
        )

    def _replaced(self, value: str) -> str:
        return _VARIABLE.sub(lambda found: self._environment.get(found[1], found[0]), value)

    def _block(self, *, is_strict: bool) -> Block:
        kept: list[BlockLine] = []
        while self._next < len(self._lines):
            line = self._lines[self._next]
            if line[:1].strip() and self._ends_block(line, is_strict):
                break
            self._next += 1
            stripped = line.strip()
            if stripped and not stripped.startswith("#"):
                kept.append(BlockLine(self._next, line))
        return Block(self._file, tuple(kept))

    def _ends_block(self, line: str, is_strict: bool) -> bool:
        words = words_of(line)
        if not words:
            return False
        first = words[0].text
        if self._dialect.canonical(first) is not None:
            return True
        return is_strict and _SHOUTED.match(first) is not None and self._means_directive(first, words[1:])

    def _means_directive(self, first: str, rest: list[Word]) -> bool:
        """Whether a line of capitals below SCHEMA is a directive with a slip in it, and no column."""
        if rest and re.split(r"\W", rest[0].text)[0] in KNOWN_TYPES:
            return False
        name = first.rstrip(">")
        return name in self._dialect.hints or did_you_mean(name, self._dialect.words) != ""

    def _unknown(self, written: str, place: Place) -> None:
        kind, upper = self._dialect.kind, written.upper()
        hint = self._dialect.hints.get(upper)
        if hint is None and written.endswith(">") and self._dialect.canonical(written[:-1]):
            hint = f"Put a blank before the `>`: `{written[:-1]} >`."
        if hint is None:
            hint = did_you_mean(
                upper,
                self._dialect.words,
                "Text that belongs to the directive above it has to be indented, below a `>`.",
            )
        shown = written if len(written) <= 60 else written[:57] + "…"
        self._findings.error(place, f"{shown} is no directive of a {kind}.", hint)
