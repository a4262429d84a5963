"""What a token may do in its workspace: scopes as they are written, and the questions that requests ask of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tradewind.core.errors import InvalidInput

ADMIN = "ADMIN"
READ_SOURCE, APPEND, DROP_SOURCE = "DATASOURCES:READ", "DATASOURCES:APPEND", "DATASOURCES:DROP"
READ_PIPE, DROP_PIPE = "PIPES:READ", "PIPES:DROP"
CREATE_SOURCE, CREATE_PIPE = "DATASOURCES:CREATE", "PIPES:CREATE"
READ_ALL, DEPLOY, TOKENS = "WORKSPACE:READ_ALL", "WORKSPACE:DEPLOY", "TOKENS"

_PLAIN = frozenset({ADMIN, TOKENS, READ_ALL, DEPLOY, "ORG_DATASOURCES:READ", CREATE_SOURCE, CREATE_PIPE})
_OF_A_RESOURCE = frozenset({READ_SOURCE, APPEND, DROP_SOURCE, READ_PIPE, DROP_PIPE})
_LONGEST_SCOPE = 4000
MOST_SCOPES = 1000

_QUARANTINE = "_quarantine"

Value = str | list[str]
"""A parameter as requests carry it: one text, or several."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One right. `filter` is a condition on a source's rows; `fixed` are parameters that callers cannot change."""

    type: str
    resource: str | None = None
    filter: str | None = None
    fixed: Mapping[str, Value] = field(default_factory=dict, hash=False)
    is_of_files: bool = False
    """Given by a TOKEN line: a deploy without that line takes it away again."""

    @classmethod
    def parse(cls, text: str) -> Scope:
        """A scope as the API writes it: `PIPES:READ:name`, `DATASOURCES:READ:name:condition`, `ADMIN`."""
        if len(text) > _LONGEST_SCOPE:
            raise InvalidInput(f"A scope is longer than {_LONGEST_SCOPE} characters.", field="scope")
        given = text.strip()
        if given in _PLAIN:
            return cls(given)
        room, _, rest = given.partition(":")
        action, _, rest = rest.partition(":")
        resource, colon, condition = rest.partition(":")
        type_ = f"{room}:{action}"
        if type_ not in _OF_A_RESOURCE or not resource:
            known = ", ".join([*sorted(_PLAIN), *(f"{name}:<name>" for name in sorted(_OF_A_RESOURCE))])
            raise InvalidInput(f"'{given}' is not a scope. Scopes are {known}.", field="scope")
        if colon and type_ != READ_SOURCE:
            raise InvalidInput(f"'{given}' has a filter; only {READ_SOURCE} takes one.", field="scope")
        return cls(type_, resource, condition.strip() or None)

    @classmethod
    def of_claim(cls, claim: Mapping[str, Any]) -> Scope:
        """A scope of a signed token: an object with `type`, `resource`, `fixed_params` and `filter`."""
        type_, resource = claim.get("type"), claim.get("resource")
        if type_ not in (READ_PIPE, READ_SOURCE) or not isinstance(resource, str) or not resource:
            raise InvalidInput(f"A scope of a signed token has type {READ_PIPE} or {READ_SOURCE}, and a resource.")
        condition, fixed = claim.get("filter"), claim.get("fixed_params")
        if (condition is not None and not isinstance(condition, str)) or not isinstance(fixed, dict | None):
            raise InvalidInput("`filter` of a scope is a text and `fixed_params` an object.")
        if condition and type_ != READ_SOURCE:
            raise InvalidInput(f"A filter needs a scope of type {READ_SOURCE}.")
        fixed_values = {str(name): as_value(value) for name, value in (fixed or {}).items() if value is not None}
        return cls(type_, resource, (condition or "").strip() or None, fixed_values)

    @classmethod
    def of_store(cls, row: Mapping[str, Any]) -> Scope:
        return cls(row["type"], row.get("resource"), row.get("filter"), is_of_files=bool(row.get("files")))

    def stored(self) -> dict[str, Any]:
        row: dict[str, Any] = {"type": self.type}
        if self.resource is not None:
            row["resource"] = self.resource
        if self.filter is not None:
            row["filter"] = self.filter
        if self.is_of_files:
            row["files"] = True
        return row

    def shown(self) -> dict[str, Any]:
        """As the API lists it."""
        if self.resource is None:
            return {"type": self.type}
        return {"type": self.type, "resource": self.resource, "filter": self.filter or ""}

    def __str__(self) -> str:
        return ":".join(part for part in (self.type, self.resource, self.filter) if part)


@dataclass(frozen=True, slots=True)
class Token:
    """Who asks: a static token, or a signed one, with what it may do. Holds no secret."""

    id: str
    workspace_id: str
    name: str
    scopes: tuple[Scope, ...]
    is_signed: bool = False
    requests_per_second: int | None = None
    """None: as many as the server can answer."""
    expires_at: datetime | None = None

    @property
    def is_admin(self) -> bool:
        return self._has(ADMIN)

    @property
    def reads_all(self) -> bool:
        return self.is_admin or self._has(READ_ALL)

    def may_read_pipe(self, name: str) -> bool:
        return self.reads_all or self._has(READ_PIPE, name)

    def may_read_source(self, name: str) -> bool:
        """Whether any of its rows may be seen, directly; `filter_of` says which. A source includes its quarantine."""
        return self.reads_all or bool(self._read_scopes(name))

    def filter_of(self, source: str) -> str | None:
        """The condition that rows have to meet to be seen by this token; None when all may be seen."""
        conditions = [scope.filter for scope in self._read_scopes(source)]
        if self.reads_all or not conditions or None in conditions:
            return None
        return " OR ".join(f"({condition})" for condition in conditions)

    def filters(self) -> dict[str, str]:
        """All conditions, by data source; they hold for its quarantine too."""
        found: dict[str, str] = {}
        for scope in self.scopes:
            if scope.type == READ_SOURCE and scope.resource is not None:
                condition = self.filter_of(scope.resource)
                if condition is not None:
                    found[scope.resource] = found[scope.resource + _QUARANTINE] = condition
        return found

    def fixed_params(self, pipe: str) -> dict[str, Value]:
        """Parameters that this token fixes for a pipe, whatever the caller sends."""
        fixed: dict[str, Value] = {}
        for scope in self.scopes:
            if scope.type == READ_PIPE and scope.resource == pipe:
                fixed |= scope.fixed
        return fixed

    def all_fixed_params(self) -> dict[str, Value]:
        """Those of all its pipes together: for SQL that may name several."""
        fixed: dict[str, Value] = {}
        for scope in self.scopes:
            fixed |= scope.fixed
        return fixed

    def may_append(self, source: str) -> bool:
        return self.is_admin or self._has(APPEND, source) or self._has(CREATE_SOURCE)

    def may_create_source(self) -> bool:
        return self.is_admin or self._has(CREATE_SOURCE)

    def may_create_pipe(self) -> bool:
        return self.is_admin or self._has(CREATE_PIPE)

    def may_drop(self, source: str) -> bool:
        return self.is_admin or self._has(DROP_SOURCE, source)

    def may_deploy(self) -> bool:
        return self.is_admin or self._has(DEPLOY)

    def may_manage_tokens(self) -> bool:
        return self.is_admin or self._has(TOKENS)

    def _has(self, type_: str, resource: str | None = None) -> bool:
        return any(scope.type == type_ and scope.resource == resource for scope in self.scopes)

    def _read_scopes(self, source: str) -> list[Scope]:
        names = {source, source.removesuffix(_QUARANTINE)}
        return [scope for scope in self.scopes if scope.type == READ_SOURCE and scope.resource in names]


def as_value(value: Any) -> Value:
    """A JSON value as a parameter carries it: text, or a list of texts."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_text(item) for item in value]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        import orjson

        return orjson.dumps(value).decode()
    return str(value)
