"""Small looks at SQL text, where asking the engine would be too much: tokens, commas, words outside of parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_TOKEN = re.compile(
    r"(?P<space>\s++)"
    r"|(?P<comment>--[^\n]*+)"
    r"|(?P<string>'(?:[^'\\]|\\.|'')*+')"
    r'|(?P<double>"(?:[^"\\]|\\.)*+")'
    r"|(?P<tick>`[^`]*+`)"
    r"|(?P<word>\w++)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_OPEN, _CLOSE = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """space, comment, string, double, tick, word or sign. A quotation that is left open is a sign."""
    text: str
    start: int
    end: int


def tokens(text: str, start: int = 0) -> Iterator[Token]:
    """All tokens; put together they are the text again."""
    for found in _TOKEN.finditer(text, start):
        yield Token(found.lastgroup or "sign", found[0], found.start(), found.end())


def split_at_commas(text: str) -> list[tuple[str, int]]:
    """The parts between the commas that stand outside of parentheses and quotations, each with its offset."""
    parts: list[tuple[str, int]] = []
    depth = begin = 0
    for token in tokens(text):
        if token.kind == "sign":
            if token.text in _OPEN:
                depth += 1
            elif token.text in _CLOSE:
                depth -= 1
            elif token.text == "," and depth <= 0:
                parts.append((text[begin : token.start], begin))
                begin = token.end
    parts.append((text[begin:], begin))
    return [(part.strip(), offset + len(part) - len(part.lstrip())) for part, offset in parts]


def outer_words(text: str) -> list[Token]:
    """The words that stand outside of parentheses and quotations."""
    found: list[Token] = []
    depth = 0
    for token in tokens(text):
        if token.kind == "word" and depth <= 0:
            found.append(token)
        elif token.kind == "sign":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
    return found


def called_functions(text: str) -> list[str]:
    """The names that are followed by a parenthesis."""
    kept = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    return [one.text for one, two in pairwise(kept) if one.kind == "word" and two.text == "("]


def qualified_by(first: re.Pattern[str], text: str) -> str | None:
    """The first name `a.b` whose `a` matches, as it is written."""
    kept = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    for one, two, three in zip(kept, kept[1:], kept[2:], strict=False):
        if one.kind == three.kind == "word" and two.text == "." and first.fullmatch(one.text):
            return f"{one.text}.{three.text}"
    return None


def plain_name(expression: str) -> str | None:
    """The column that an expression is, if it is nothing but a column's name."""
    expression = expression.strip()
    if expression[:1] in '`"' and expression[-1:] == expression[:1] and len(expression) > 2:
        return expression[1:-1]
    return expression if re.fullmatch(r"[A-Za-z_][\w.]*", expression) else None


def without_outer_parentheses(text: str) -> str:
    """`(a, b)` and `tuple(a, b)` as `a, b`; anything else as it is."""
    stripped = text.strip()
    inner = re.fullmatch(r"(?:tuple\s*)?\((.*)\)", stripped, re.DOTALL)
    if inner is None:
        return stripped
    depth = 0
    for token in tokens(inner[1]):
        if token.kind == "sign":
            depth += (token.text in _OPEN) - (token.text in _CLOSE)
            if depth < 0:
                return stripped
    return inner[1].strip()
