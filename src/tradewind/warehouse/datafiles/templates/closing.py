"""Where something ends in a text of strings and brackets."""

from __future__ import annotations


def closing(text: str, start: int, end: str, *, stops: bool = False) -> int | None:
    """Where `end` stands outside of strings and brackets, from `start` on; None if it does not.

    With `stops` a closing bracket of none that was opened ends the search too.
    """
    depth = 0
    at = start
    while at < len(text):
        character = text[at]
        if depth == 0 and text.startswith(end, at):
            return at
        if character in "'\"":
            after = _after_string(text, at)
            if after is None:
                return None
            at = after
            continue
        if character in "([{":
            depth += 1
        elif character in ")]}":
            if depth == 0 and stops:
                return None
            depth = max(0, depth - 1)
        at += 1
    return None


def _after_string(text: str, start: int) -> int | None:
    quote = text[start]
    mark = quote * 3 if text.startswith(quote * 3, start) else quote
    at = start + len(mark)
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(mark, at):
            return at + len(mark)
        elif text[at] == "\n" and len(mark) == 1:
            return None
        else:
            at += 1
    return None
