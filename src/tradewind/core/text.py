"""Texts from outside: what one of the stores could not keep is refused at the door, alike for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from tradewind.core.errors import InvalidInput


def check_text(text: str | None, longest: int, *, field: str, of: str) -> None:
    """Refuses a text that is too long, or that holds NUL or half a character; `of` says whose it is."""
    if text is None:
        return
    if len(text) > longest:
        raise InvalidInput(f"The {_words(field)} of {of} is longer than {longest} characters.", field=field)
    if "\0" in text or not _is_whole(text):
        raise InvalidInput(
            f"The {_words(field)} of {of} holds a character that no text can hold. Check the encoding of the source.",
            field=field,
        )


def check_texts(thing: object, limits: Iterable[tuple[str, int]], *, of: str) -> None:
    """The same for several attributes of a thing, named with the most characters that each may have."""
    for field, longest in limits:
        text = getattr(thing, field)
        # Nearly all are plain: an import checks millions, and asks no further about these.
        if text is None or (text.isascii() and len(text) <= longest and "\0" not in text):
            continue
        check_text(text, longest, field=field, of=of)


def _is_whole(text: str) -> bool:
    """Whether the text can be written as UTF-8: Python strings may hold halves of surrogate pairs."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _words(field: str) -> str:
    return field.replace("_", " ")
