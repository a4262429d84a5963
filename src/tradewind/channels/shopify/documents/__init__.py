"""The GraphQL documents of this connector, one file each: operations by their name, fragments by theirs.

Tests hold them against a schema (tests/channels/shopify/schema.graphql).
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

_SPREAD = re.compile(r"\.\.\.([A-Z]\w*)")
_BODY = re.compile(r"fragment \w+ on (\w+) (\{.*\})", re.DOTALL)


@cache
def document(name: str) -> str:
    """An operation with the fragments that it needs, as it is sent."""
    needed = [name]
    for one in needed:
        needed += [other for other in dict.fromkeys(_SPREAD.findall(_read(one))) if other not in needed]
    return "\n".join(map(_read, needed))


@cache
def bulk_document(name: str) -> str:
    """The same for a bulk operation, in which fragments are spelled out where they stand."""
    return _SPREAD.sub(lambda spread: _inline(spread.group(1)), _read(name))


def _inline(fragment: str) -> str:
    found = _BODY.fullmatch(bulk_document(fragment).strip())
    assert found is not None, f"{fragment}.graphql is no fragment"
    return f"... on {found.group(1)} {found.group(2)}"


@cache
def _read(name: str) -> str:
    return (files(__package__) / f"{name}.graphql").read_text(encoding="utf-8")
