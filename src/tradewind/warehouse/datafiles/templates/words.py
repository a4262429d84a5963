"""The words of an expression: names, numbers, strings, operators."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates.errors import TemplateError, refused

_WORD = re.compile(
    r"""(?P<space>\s+)
    |(?P<string>(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"
        |'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))
    |(?P<number>0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<name>[^\W\d]\w*)
    |(?P<operator>\*\*|//|==|!=|<=|>=|\+=|-=|\*=|[-+*/%<>=()\[\]{},.:|&])""",
    re.VERBOSE | re.DOTALL,
)
_STRING = re.compile(r"(?P<prefix>[a-zA-Z]*)(?P<quote>'''|\"\"\"|'|\")(?P<body>.*)(?P=quote)", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:(?P<octal>[0-7]{1,3})|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})"
    r"|N\{(?P<named>[^}]+)\}|(?P<one>.))",
    re.DOTALL,
)
_ONE = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


@dataclass(frozen=True, slots=True)
class Word:
    kind: str
    """string, number, name, operator or end."""
    text: str
    offset: int
    value: object = None
    """Of a string and a number."""
    is_formatted: bool = False
    """Whether it is an f-string, whose value is its text with the braces still in it."""


def words(text: str, place: Place) -> list[Word]:
    """The words of an expression and an `end`. Raises TemplateError for what is none."""
    found: list[Word] = []
    at = 0
    while at < len(text):
        match = _WORD.match(text, at)
        if match is None:
            raise refused(f"'{text[at : at + 20]}' cannot be read in '{shortened(text)}'.", place)
        kind = str(match.lastgroup)
        if kind == "string":
            found.append(_string(match[0], at, place))
        elif kind == "number":
            found.append(Word("number", match[0], at, _number(match[0], place)))
        elif kind != "space":
            found.append(Word(kind, match[0], at))
        at = match.end()
    found.append(Word("end", "", len(text)))
    return found


def shortened(text: str, most: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]}…"


def _number(text: str, place: Place) -> int | float:
    if len(text) > 100:
        raise refused("A number has more than 100 digits.", place)
    if text[:2] in ("0x", "0X"):
        return int(text, 16)
    return int(text) if text.isdigit() else float(text)


def _string(text: str, offset: int, place: Place) -> Word:
    match = _STRING.fullmatch(text)
    assert match is not None
    prefix = match["prefix"].lower()
    body = match["body"]
    try:
        value = body if "r" in prefix or "\\" not in body else _ESCAPE.sub(_unescaped, body)
    except (KeyError, ValueError, OverflowError):
        raise refused(f"{shortened(text)} holds an escape that means no character.", place) from None
    return Word("string", text, offset, value, is_formatted="f" in prefix)


def _unescaped(match: re.Match[str]) -> str:
    if match["octal"]:
        return chr(int(match["octal"], 8))
    if code := match["x"] or match["u"] or match["U"]:
        return chr(int(code, 16))
    if match["named"]:
        return unicodedata.lookup(match["named"])
    if match["one"] == "\n":
        return ""
    return _ONE.get(match["one"], match[0])


__all__ = ["TemplateError", "Word", "shortened", "words"]
