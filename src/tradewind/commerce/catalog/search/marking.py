"""Showing where a text holds what was looked for."""

from __future__ import annotations

import html
import re
from collections.abc import Collection

from tradewind.commerce.catalog.search.words import fold

_WORD = re.compile(r"[^\W_]+")
_BEFORE, _AFTER = 40, 160
"""Characters of a description shown around its first hit."""


def marked(text: str, beginnings: Collection[str]) -> str | None:
    """The text as HTML with each word that begins with one of these in <mark>; None when there is none."""
    pieces: list[str] = []
    end = 0
    for hit in _WORD.finditer(text):
        if fold(hit.group()).startswith(tuple(beginnings)):
            pieces += [html.escape(text[end : hit.start()]), f"<mark>{html.escape(hit.group())}</mark>"]
            end = hit.end()
    return "".join([*pieces, html.escape(text[end:])]) if pieces else None


def excerpt(text: str, beginnings: Collection[str]) -> str | None:
    """The part of a long text around its first hit, marked; None when there is no hit."""
    first = next((hit for hit in _WORD.finditer(text) if fold(hit.group()).startswith(tuple(beginnings))), None)
    if first is None:
        return None
    start, end = max(0, first.start() - _BEFORE), first.end() + _AFTER
    # Whole words at both ends.
    start = text.find(" ", start, first.start()) + 1 or start if start else 0
    end = text.rfind(" ", first.end(), end) if end < len(text) else len(text)
    shown = marked(text[start : max(end, first.end())], beginnings)
    return f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}"
