"""The words of ClickHouse SQL: strings, quoted names, comments and heredocs told from the rest, as the engine does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.templates.values import MARK

_WORD = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>--[^\n]*|\#[ !][^\n]*)
    |(?P<block>/\*)
    |(?P<binary>[xXbB]'[^']*')
    |(?P<word>[A-Za-z_][A-Za-z0-9_$]*)
    |(?P<number>[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?[A-Za-z0-9_]*)
    |(?P<string>'(?:[^'\\]++|\\.|'')*+'|‘[^’]*’)
    |(?P<quoted>`(?:[^`\\]++|\\.|``)*+`|"(?:[^"\\]++|\\.|"")*+"|“[^”]*”)
    |(?P<heredoc>\$[A-Za-z0-9_]*\$)
    |(?P<broken>'|`|"|‘|“)
    |(?P<sign>::|.)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT_MARK = re.compile(r"/\*|\*/")
_ESCAPED = re.compile(r"\\(.)|``|\"\"", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "a": "\a", "v": "\v", "0": "\0", "e": "\x1b"}


class SqlError(InvalidInput):
    """SQL that cannot be compiled: what is wrong with it, as far as it can be told without the engine."""

    code = "sql_not_readable"


class Word(NamedTuple):
    kind: str
    """word, quoted, string, binary, number, heredoc or sign."""
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def name(self) -> str:
        """An identifier without its quotes."""
        return unquoted(self.text) if self.kind == "quoted" else self.text


def unquoted(text: str) -> str:
    """A quoted identifier's name."""
    body = text[1:-1]
    if "\\" in body or "``" in body or '""' in body:
        return _ESCAPED.sub(lambda match: _ESCAPES.get(match[1], match[1]) if match[1] else match[0][0], body)
    return body


def words(text: str) -> Iterator[Word]:
    """The words, without blanks and comments. Raises SqlError for a quote that is not closed."""
    at = 0
    while at < len(text):
        match = _WORD.match(text, at)
        assert match is not None
        kind = match.lastgroup
        at = match.end()
        if kind == "block":
            at = _after_comment(text, match.start())
        elif kind == "broken":
            raise SqlError(f"A quote is not closed: {near(text, match.start())}.")
        elif kind == "heredoc":
            end = text.find(match[0], at)
            if end < 0:
                raise SqlError(f"A heredoc is not closed: {near(text, match.start())}.")
            at = end + len(match[0])
            yield Word(kind, text[match.start() : at], match.start())
        elif kind not in ("space", "comment"):
            yield Word(str(kind), match[0], match.start())


def _after_comment(text: str, start: int) -> int:
    """Comments between /* and */ nest."""
    depth = 0
    for match in _COMMENT_MARK.finditer(text, start):
        depth += 1 if match[0] == "/*" else -1
        if depth == 0:
            return match.end()
    raise SqlError(f"A comment is not closed: {near(text, start)}.")


def without_commented_values(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without the comments between /* and */ that hold marks, since a value could end such a comment; and
    the numbers of the marks that are left."""
    pieces: list[str] = []
    kept: list[int] = []
    seen = at = copied = 0
    while at < len(text):
        match = _WORD.match(text, at)
        assert match is not None
        start, at = at, match.end()
        if match.lastgroup == "block":
            at = _after_comment(text, start)
            marks = text.count(MARK, start, at)
            if marks:
                pieces.append(text[copied:start])
                copied = at
                seen += marks
                continue
        elif match.lastgroup == "heredoc":
            end = text.find(match[0], at)
            at = len(text) if end < 0 else end + len(match[0])
        marks = text.count(MARK, start, at)
        kept += range(seen, seen + marks)
        seen += marks
    return " ".join((*pieces, text[copied:])), tuple(kept)


def near(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line}, near '{text[at : at + 30].splitlines()[0] if text[at : at + 30] else ''}'"
