"""Reads what stands below `SCHEMA >` and `INDEXES >`, and writes it again."""

from __future__ import annotations

import re

from tradewind.warehouse.datafiles.findings import Findings
from tradewind.warehouse.datafiles.json_paths import BadPath
from tradewind.warehouse.datafiles.json_paths import parse as parse_path
from tradewind.warehouse.datafiles.lexing import Block
from tradewind.warehouse.datafiles.model import Column, Index, Place
from tradewind.warehouse.datafiles.sql_text import Token, outer_words, tokens, without_outer_parentheses
from tradewind.warehouse.datafiles.types import nullable_inside, problem_with_type

MAX_COLUMNS = 2000

_NAME = re.compile(r"[\w.*<>+'](?:[\w.*<>+']|-(?!-))*")
_JSON = "json:"


def columns_of(block: Block, findings: Findings) -> tuple[Column, ...]:
    """The columns of a SCHEMA, as far as they can be understood; the rest is found."""
    columns: list[Column] = []
    seen: set[str] = set()
    for column in _Columns(block, findings).read():
        if column.name in seen:
            findings.error(column.place, f"There are two columns {column.name}.", "Rename or remove one of them.")
        elif len(columns) == MAX_COLUMNS:
            findings.error(column.place, f"A data source has at most {MAX_COLUMNS} columns.", "Split it.")
            break
        else:
            seen.add(column.name)
            columns.append(column)
    return tuple(columns)


class _Wrong(Exception):
    """A column that cannot be understood."""

    def __init__(self, offset: int, message: str, fix: str) -> None:
        super().__init__(message)
        self.offset, self.message, self.fix = offset, message, fix


class _Columns:
    """Walks over the text once, column by column."""

    def __init__(self, block: Block, findings: Findings) -> None:
        self._block = block
        self._text = block.text
        self._findings = findings

    def read(self) -> list[Column]:
        columns: list[Column] = []
        at = 0
        while (start := self._skip(at)) < len(self._text):
            if self._text[start] == ",":
                self._findings.error(self._block.place(start), "A column is missing here.", "Remove the comma.")
                at = start + 1
                continue
            try:
                column, at = self._column(start)
                columns.append(column)
            except _Wrong as wrong:
                self._findings.error(self._block.place(wrong.offset), wrong.message, wrong.fix)
                at = self._next_comma(wrong.offset)
        return columns

    def _skip(self, at: int) -> int:
        """Past white space and comments."""
        for token in tokens(self._text, at):
            if token.kind not in ("space", "comment"):
                return token.start
        return len(self._text)

    def _next_comma(self, at: int) -> int:
        """Behind the comma that ends the line a wrong column stands on, or the end."""
        comma = re.compile(r",[ \t]*(?:--[^\n]*)?(?:\n|$)").search(self._text, at)
        return comma.end() if comma else len(self._text)

    def _column(self, start: int) -> tuple[Column, int]:
        name, at = self._name(start)
        reader = _Tail(self._text, at)
        end = reader.read()
        type_text = reader.part("type")
        default: str | None = reader.part("default") or None
        codec = without_outer_parentheses(reader.part("codec")) or None
        place = self._block.place(start)
        if not type_text and default is None:
            raise _Wrong(start, f"Column {name} has no type.", f"Write one behind it: `{name}` String.")
        if name.upper() == "INDEX":
            raise _Wrong(start, "A column cannot be called INDEX.", "Rename it; skipping indexes belong below INDEXES.")
        if type_text and (problem := problem_with_type(type_text)):
            raise _Wrong(reader.begins["type"], f"Column {name}: {problem[0]}", problem[1])
        path = self._path(name, reader)
        inner = nullable_inside(type_text)
        is_nullable = inner is not None
        if default is not None and default.upper() == "NULL" and (is_nullable or "Nullable(" in type_text):
            default = None
        if type_text.startswith(("DateTime", "Nullable(DateTime")) and default == "''":
            default = "toDateTime(0)"
            self._findings.warn(
                self._block.place(reader.begins["default"]),
                f"Column {name}: '' is no time; toDateTime(0) is taken.",
                "Write DEFAULT toDateTime(0).",
            )
        return Column(name, inner or type_text, is_nullable, path, default, codec, place), end

    def _name(self, start: int) -> tuple[str, int]:
        if self._text[start] == "`":
            close = self._text.find("`", start + 1)
            if close < 0:
                raise _Wrong(start, "The backtick of this name is never closed.", "Close it behind the name.")
            name = self._text[start + 1 : close]
            if not name or re.search(r"\s", name):
                raise _Wrong(start, "A column's name holds no blanks.", "Use letters, digits and `_`.")
            if name.startswith(_JSON):
                raise _Wrong(start, "A path stands where a column's name is expected.", "Remove the comma before it.")
            return name, close + 1
        found = _NAME.match(self._text, start)
        if found is None:
            raise _Wrong(start, "A column's name is expected here.", "Write `name` Type, with commas between columns.")
        return found[0], found.end()

    def _path(self, name: str, tail: _Tail) -> str | None:
        if tail.path is None:
            return None
        text = tail.path.text[1 + len(_JSON) : -1]
        offset = tail.path.start + 1 + len(_JSON)
        if re.search(r"\s", text) and "[" not in text:
            raise _Wrong(offset, f"Column {name}: a JSON path holds no blanks.", "Write keys with blanks as $['a b'].")
        try:
            parse_path(text)
        except BadPath as bad:
            raise _Wrong(
                offset + bad.offset, f"Column {name}: {bad}.", "Write a path such as $.a, $.a.b, $.list[:] or $."
            ) from None
        return text


_SUFFIXES = {
    "NULL": "Write the type as Nullable(…), or leave NULL away.",
    "NOT": "Leave NOT NULL away: a column is not nullable unless its type is Nullable(…).",
    "MATERIALIZED": "Give the column a DEFAULT, or compute it in a materialized pipe.",
    "ALIAS": "Compute it in a pipe, or give the column a DEFAULT.",
    "EPHEMERAL": "Leave it away: a column is stored.",
    "TTL": "Use ENGINE_TTL for the whole data source.",
    "COMMENT": "Write a line that begins with `--` instead.",
}


class _Tail:
    """What stands behind a column's name, up to its comma: type, DEFAULT, CODEC and path."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._start = start
        self._parts: dict[str, list[str]] = {"type": [], "default": [], "codec": []}
        self._now = "type"
        self._said: list[str] = []
        self.begins: dict[str, int] = {"type": start, "default": start, "codec": start}
        self.path: Token | None = None

    def part(self, name: str) -> str:
        return "".join(self._parts[name]).strip()

    def read(self) -> int:
        """Reads to the comma that ends the column; where the next one begins."""
        opened: list[Token] = []
        end = len(self._text)
        for token in tokens(self._text, self._start):
            if token.kind == "sign":
                if token.text in "'\"`":
                    raise _Wrong(token.start, "This quotation is never closed.", f"Close it with {token.text}.")
                if token.text == "," and not opened:
                    end = token.end
                    break
                if token.text in "([{":
                    opened.append(token)
                elif token.text in ")]}":
                    if not opened:
                        raise _Wrong(token.start, f"This `{token.text}` closes nothing.", "Remove it.")
                    opened.pop()
            self._take(token, is_outer=not opened)
        if opened:
            raise _Wrong(opened[0].start, "This parenthesis is never closed.", "Close it before the column ends.")
        for name in self._said:
            if not self.part(name):
                raise _Wrong(self.begins[name], f"{name.upper()} has no value.", "Write an expression behind it.")
        return end

    def _take(self, token: Token, *, is_outer: bool) -> None:
        if token.kind == "comment":
            return
        if token.kind == "tick" and token.text.startswith("`" + _JSON):
            if self.path is not None:
                raise _Wrong(token.start, "A column has one JSON path.", "Remove one of them.")
            self.path = token
            return
        word = token.text.upper()
        if token.kind == "word" and is_outer:
            if word in ("DEFAULT", "CODEC"):
                self._switch(word.lower(), token)
                return
            if word in _SUFFIXES and self._parts[self._now] and (self._now == "type" or word == "TTL"):
                raise _Wrong(token.start, f"{word} cannot stand behind a column's type.", _SUFFIXES[word])
            if word in _SUFFIXES and self._now == "codec":
                raise _Wrong(token.start, f"{word} cannot stand behind CODEC.", _SUFFIXES[word])
        elif token.kind == "tick" and self._now == "type":
            raise _Wrong(token.start, "A comma is missing before this column.", "Separate columns by commas.")
        parts = self._parts[self._now]
        if token.kind != "space":
            if not parts:
                self.begins[self._now] = token.start
            parts.append(token.text)
        elif parts and parts[-1] != " ":
            parts.append(" ")

    def _switch(self, part: str, token: Token) -> None:
        if self._now == "codec":
            raise _Wrong(token.start, f"{part.upper()} cannot stand behind CODEC.", "Write DEFAULT first, then CODEC.")
        if part in self._said:
            raise _Wrong(token.start, f"{part.upper()} is said twice.", "Remove one.")
        self._now = part
        self._said.append(part)
        self.begins[part] = token.end


def indexes_of(block: Block, findings: Findings) -> tuple[Index, ...]:
    """The data skipping indexes below `INDEXES >`, one a line."""
    indexes: dict[str, Index] = {}
    for line in block.lines:
        place = Place(block.file, line.number, len(line.text) - len(line.text.lstrip()) + 1)
        text = line.text.strip()
        if text.startswith("--"):
            continue
        index = _index(text)
        if index is None:
            findings.error(
                place,
                f"This is no index: {text[:80]}",
                "Write `name expression TYPE kind GRANULARITY n`, "
                "for example `by_user user_id TYPE bloom_filter GRANULARITY 4`.",
            )
        elif index.name in indexes:
            findings.error(place, f"There are two indexes {index.name}.", "Rename or remove one of them.")
        else:
            indexes[index.name] = index
    return tuple(indexes.values())


def _index(text: str) -> Index | None:
    """`[INDEX] name expression TYPE kind[(arguments)] [GRANULARITY n]`, with or without a comma at its end."""
    text = text.rstrip().removesuffix(",").rstrip()
    if text[:6].upper() == "INDEX " and len(text.split(None, 3)) > 3:
        text = text[6:].lstrip()
    name = re.match(r"`([^`]+)`|(\w+)", text)
    if name is None:
        return None
    rest = text[name.end() :]
    words = [(word.text.upper(), word) for word in outer_words(rest)]
    type_at = next((word for upper, word in words if upper == "TYPE"), None)
    if type_at is None:
        return None
    granularity: int | None = None
    end = len(rest)
    said = next((word for upper, word in words if upper == "GRANULARITY" and word.start > type_at.end), None)
    if said is not None:
        number = rest[said.end :].strip()
        if not (number.isascii() and number.isdigit()) or len(number) > 9:
            return None
        granularity, end = int(number), said.start
    expression, kind = rest[: type_at.start].strip(), rest[type_at.end : end].strip()
    if not expression or not re.match(r"\w+\s*(?:\(.*\))?$", kind, re.DOTALL):
        return None
    return Index(name[1] or name[2], expression, kind, granularity)
