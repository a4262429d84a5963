"""As much of GraphQL as a client of Shopify sends: parsed, and answered from plain objects with only what is asked for.

A field that an object does not have is an error, as on the real server; so a client that forgets to ask for something
does not get it here either.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r'[\s,]+|#[^\n]*|(\.\.\.|[{}()\[\]:!=@$]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|[A-Za-z_]\w*)')
_WORDS = {"true": True, "false": False, "null": None}
MOST_ROWS = 250


class QueryError(Exception):
    """An error as GraphQL tells it, in an answer with HTTP 200."""

    def __init__(self, message: str, code: str | None = None, **extensions: Any) -> None:
        super().__init__(message)
        self.extensions = ({} if code is None else {"code": code}) | extensions

    def told(self) -> dict[str, Any]:
        return {"message": str(self), "extensions": self.extensions}


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    alias: str
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    directives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    selection: Sequence[Field] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    kind: str
    name: str | None
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Rows:
    """A connection's page that a resolver has cut already."""

    nodes: Sequence[Mapping[str, Any]]
    has_next: bool = False
    end_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Inner:
    """A connection inside an object, from which the query cuts its page."""

    nodes: Sequence[Mapping[str, Any]]


Resolver = Callable[[Field], Any]


def parse(text: str, variables: Mapping[str, Any], name: str | None = None) -> Operation:
    """The operation of a document, its fragments spread and its variables filled in. Raises QueryError."""
    parser = _Parser([match.group(1) for match in _TOKEN.finditer(text) if match.group(1)], variables)
    if "".join(text.split()) and not parser.tokens:
        raise QueryError("Parse error: no GraphQL")
    return parser.operation(name)


class _Parser:
    def __init__(self, tokens: list[str], variables: Mapping[str, Any]) -> None:
        self.tokens, self._at, self._variables = tokens, 0, variables

    def operation(self, name: str | None) -> Operation:
        found: list[tuple[str, str | None, int]] = []
        fragments: dict[str, int] = {}
        while self._at < len(self.tokens):
            kind = self._take() if self._peek() != "{" else "query"
            if kind == "fragment":
                fragment = self._take()
                self._expect("on")
                self._take()
                fragments[fragment] = self._at
            elif kind in ("query", "mutation"):
                own = self._take() if self._peek() not in "{(" else None
                if self._peek() == "(":
                    self._skip("(", ")")
                found.append((kind, own, self._at))
            else:
                raise QueryError(f"Parse error: unexpected {kind}")
            self._skip("{", "}")
        chosen = [one for one in found if name is None or one[1] == name]
        if len(chosen) != 1:
            raise QueryError("An operation name is required" if name is None else f"No operation named {name!r}")
        self._fragments = fragments
        kind, own, self._at = chosen[0]
        return Operation(kind, own, self._selection())

    def _selection(self) -> list[Field]:
        self._expect("{")
        fields: list[Field] = []
        while self._peek() != "}":
            if self._peek() == "...":
                fields += self._spread()
            else:
                fields.append(self._field())
        self._expect("}")
        return fields

    def _spread(self) -> list[Field]:
        self._expect("...")
        name = self._take()
        if name == "on":
            self._take()
            return self._selection()
        if name not in self._fragments:
            raise QueryError(f"Fragment {name} was used, but not defined", "useAndDefineFragment")
        back, self._at = self._at, self._fragments[name]
        fields = self._selection()
        self._at = back
        return fields

    def _field(self) -> Field:
        alias = name = self._take()
        if self._peek() == ":":
            self._take()
            name = self._take()
        arguments = self._arguments()
        directives = {}
        while self._peek() == "@":
            self._take()
            directive = self._take()
            directives[directive] = self._arguments()
        selection = self._selection() if self._peek() == "{" else []
        return Field(alias, name, arguments, directives, selection)

    def _arguments(self) -> dict[str, Any]:
        if self._peek() != "(":
            return {}
        self._take()
        found = {}
        while self._peek() != ")":
            name = self._take()
            self._expect(":")
            found[name] = self._value()
        self._take()
        return found

    def _value(self) -> Any:
        word = self._take()
        if word == "$":
            return self._variables.get(self._take())
        if word == "[":
            return list(self._until("]", self._value))
        if word == "{":
            return dict(self._until("}", self._pair))
        if word[0] in '"-0123456789':
            return json.loads(word)
        return _WORDS.get(word, word)

    def _pair(self) -> tuple[str, Any]:
        name = self._take()
        self._expect(":")
        return name, self._value()

    def _until(self, end: str, one: Callable[[], Any]) -> Iterator[Any]:
        while self._peek() != end:
            yield one()
        self._take()

    def _skip(self, opening: str, closing: str) -> None:
        self._expect(opening)
        depth = 1
        while depth:
            token = self._take()
            depth += (token == opening) - (token == closing)

    def _peek(self) -> str:
        return self.tokens[self._at] if self._at < len(self.tokens) else ""

    def _take(self) -> str:
        if self._at >= len(self.tokens):
            raise QueryError("Parse error: unexpected end of document")
        self._at += 1
        return self.tokens[self._at - 1]

    def _expect(self, token: str) -> None:
        if (found := self._take()) != token:
            raise QueryError(f"Parse error: expected {token}, found {found}")


def answer(thing: Mapping[str, Any], fields: Sequence[Field], of: str) -> dict[str, Any]:
    """What is asked for of an object; `of` names its type in errors. Raises QueryError."""
    told = {}
    for one in fields:
        if one.name not in thing:
            raise QueryError(
                f"Field '{one.name}' doesn't exist on type '{of}'", "undefinedField", typeName=of, fieldName=one.name
            )
        value = thing[one.name]
        told[one.alias] = _told(value(one) if callable(value) else value, one)
    return told


def _told(value: Any, one: Field) -> Any:
    if isinstance(value, Inner):
        value = _cut(value, one)
    if isinstance(value, Rows):
        return _connection(value, one)
    if value is None or not one.selection:
        if isinstance(value, Mapping):
            raise QueryError(f"Field must have selections (field '{one.name}')", "selectionMismatch")
        return value
    if isinstance(value, list):
        return [None if part is None else answer(part, one.selection, one.name) for part in value]
    return answer(value, one.selection, one.name)


def _connection(rows: Rows, one: Field) -> dict[str, Any]:
    whole = {
        "pageInfo": {"hasNextPage": rows.has_next, "endCursor": rows.end_cursor},
        "nodes": list(rows.nodes),
        "edges": [{"node": node} for node in rows.nodes],
    }
    return answer(whole, one.selection, f"{one.name}Connection")


def _cut(inner: Inner, one: Field) -> Rows:
    """A page of an inner connection; its cursors are places in it."""
    first, after = page_of(one)
    start = 0 if after is None else int(after.removeprefix("inner-"))
    end = start + first
    return Rows(inner.nodes[start:end], end < len(inner.nodes), f"inner-{min(end, len(inner.nodes))}")


def page_of(one: Field) -> tuple[int, str | None]:
    """How many rows are asked for, after which cursor. Raises QueryError."""
    first = one.arguments.get("first")
    if not isinstance(first, int) or first < 1:
        raise QueryError(f"you must provide one of first or last (field '{one.name}')", "missingRequiredArguments")
    if first > MOST_ROWS:
        raise QueryError(f"first cannot exceed {MOST_ROWS} (field '{one.name}')", "argumentLiteralsIncompatible")
    return first, one.arguments.get("after")
