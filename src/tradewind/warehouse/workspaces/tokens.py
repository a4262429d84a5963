"""Tokens of /v0: static ones, kept sealed so that their owner may read them again, and signed ones (JWT).

A static token is found by the digest of its value. A signed one is proved with the workspace's admin token, which
is its key; it cannot be taken back except by the list of revoked ones, or by giving the admin token a new value.
What is known of a token is remembered for a second: changes of this process count at once, those of others then.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.encryption import Sealer
from tradewind.core.errors import Conflict, InvalidInput, NotAuthenticated, NotFound
from tradewind.core.ids import new_id
from tradewind.warehouse.datafiles.model import Permission, Project, TokenLine
from tradewind.warehouse.workspaces.model import ProjectToken, RevokedToken
from tradewind.warehouse.workspaces.scopes import (
    ADMIN,
    APPEND,
    CREATE_SOURCE,
    MOST_SCOPES,
    READ_PIPE,
    READ_SOURCE,
    Scope,
    Token,
)

__all__ = ["ADMIN_NAME", "Scope", "Token", "TokenNotValid", "TokenRecord", "Tokens"]

ADMIN_NAME = "workspace admin token"
CREATE_NAME = "create datasource token"
_SYSTEM = {ADMIN_NAME: ADMIN, CREATE_NAME: CREATE_SOURCE}
_PREFIX = "tw_"
_LONGEST = 8192
_REMEMBERED_SECONDS = 1.0
_MOST_REMEMBERED = 10_000
_ALGORITHM = "HS256"
_NOT_VALID = "The token is not valid: it is unknown, revoked or out of date. Ask whoever runs the workspace for one."


class TokenNotValid(NotAuthenticated):
    code = "token_not_valid"

    def __init__(self, message: str = _NOT_VALID) -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A static token as its owner sees it."""

    id: str
    name: str
    description: str
    value: str
    scopes: tuple[Scope, ...]
    origin: str
    created_at: datetime
    updated_at: datetime


def place_of_token(token_id: str) -> str:
    """Where a token's value belongs, for its seal."""
    return f"project token {token_id}"


class Tokens:
    """All tokens of all workspaces. Threads may share it."""

    def __init__(self, database: Database, key: Callable[[], str], clock: Clock) -> None:
        self._database = database
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, tuple[float, Token | None]] = OrderedDict()

    @cached_property
    def _sealer(self) -> Sealer:
        # Asked for when a token is: beside a shared database, a command that needs none needs no secret key either.
        return Sealer(self._key())

    # --- Who asks ----------------------------------------------------------------------------------------------------

    def authenticate(self, value: str) -> Token:
        """The token of a value. Raises TokenNotValid."""
        if not value or len(value) > _LONGEST:
            raise TokenNotValid
        digest = _digest(value)
        found = self._remembered(digest)
        if found is None:
            token = self._look_up(value, digest)
            self._remember(digest, token)
        else:
            token = found[1]
        if token is None or (token.expires_at is not None and token.expires_at <= self._clock.now()):
            raise TokenNotValid
        return token

    def known(self, value: str) -> Token | None:
        """The same without looking anything up: None when this takes a look into the store, or is not valid."""
        if len(value) > _LONGEST:
            return None
        found = self._remembered(_digest(value))
        if found is None or found[1] is None:
            return None
        token = found[1]
        return token if token.expires_at is None or token.expires_at > self._clock.now() else None

    def forget(self) -> None:
        """Drops what is remembered: the next request looks at the store again."""
        with self._lock:
            self._known.clear()

    # --- Static tokens -----------------------------------------------------------------------------------------------

    def ensure_system(self, tx: Session, workspace_id: str) -> None:
        """Gives a workspace the tokens that every one has. Those that are there stay as they are."""
        for name, scope in _SYSTEM.items():
            if self._row(tx, workspace_id, name) is None:
                self._insert(tx, workspace_id, name, "", [Scope(scope)], origin="system")

    def admin_value(self, workspace_id: str) -> str:
        """The value of the workspace's admin token."""
        with self._database.read() as tx:
            row = self._row(tx, workspace_id, ADMIN_NAME)
            if row is None:
                raise NotFound("This workspace has no admin token.")
            return self._value(row)

    def all_of(self, workspace_id: str) -> list[TokenRecord]:
        """All static tokens of a workspace, by name."""
        with self._database.read() as tx:
            rows = tx.scalars(
                select(ProjectToken)
                .where(ProjectToken.workspace_id == workspace_id)
                .order_by(ProjectToken.name)
                .limit(10_000)
            )
            return [self._record(row) for row in rows]

    def get(self, workspace_id: str, key: str) -> TokenRecord:
        """A static token by its id, name or value. Raises NotFound."""
        with self._database.read() as tx:
            return self._record(self._found(tx, workspace_id, key))

    def create(self, workspace_id: str, name: str, scopes: Sequence[Scope], *, description: str = "") -> TokenRecord:
        """A new static token. Raises Conflict when the workspace has one of that name."""
        _check(name, scopes)
        with self._database.write() as tx:
            if self._row(tx, workspace_id, name) is not None:
                raise Conflict(f"There is a token named '{name}' already. Choose another name, or change that one.")
            record = self._record(self._insert(tx, workspace_id, name, description, scopes, origin="api"))
        self.forget()
        return record

    def update(
        self,
        workspace_id: str,
        key: str,
        *,
        name: str | None = None,
        scopes: Sequence[Scope] | None = None,
        description: str | None = None,
    ) -> TokenRecord:
        """Changes what is given; scopes replace those it had. The value stays."""
        with self._database.write() as tx:
            row = self._found(tx, workspace_id, key)
            if row.origin == "system" and (name is not None or scopes is not None):
                raise Conflict(f"'{row.name}' belongs to the workspace: its name and scopes are fixed.")
            _check(row.name if name is None else name, scopes or ())
            if name is not None and name != row.name:
                if self._row(tx, workspace_id, name) is not None:
                    raise Conflict(f"There is a token named '{name}' already.")
                row.name = name
            if scopes is not None:
                row.scopes = [scope.stored() for scope in _unique(scopes)]
            if description is not None:
                row.description = description
            row.updated_at = self._clock.now()
            record = self._record(row)
        self.forget()
        return record

    def delete(self, workspace_id: str, key: str) -> None:
        """Ends a static token, or a signed one that is given by its value."""
        if key.count(".") == 2:
            self.revoke(workspace_id, key)
            return
        with self._database.write() as tx:
            row = self._found(tx, workspace_id, key)
            if row.origin == "system":
                raise Conflict(f"'{row.name}' belongs to the workspace and cannot be deleted. Refresh it instead.")
            tx.delete(row)
        self.forget()

    def refresh(self, workspace_id: str, key: str) -> TokenRecord:
        """Gives a token a new value; the old one is worth nothing from now on.

        For the admin token this ends every signed token of the workspace too: it is their key.
        """
        with self._database.write() as tx:
            row = self._found(tx, workspace_id, key)
            self._give_value(row)
            row.updated_at = self._clock.now()
            record = self._record(row)
        self.forget()
        return record

    def apply_lines(self, tx: Session, workspace_id: str, project: Project) -> dict[str, list[str]]:
        """Gives and takes what TOKEN lines say; values never change. Returns names under `created` and `changed`.

        A right that came from a line goes with the line. A token stays, without rights, when all its lines are gone:
        a later deploy that names it again gives the same value back.
        """
        wanted = _scopes_of(project)
        rows = {row.name: row for row in tx.scalars(select(ProjectToken).filter_by(workspace_id=workspace_id))}
        told: dict[str, list[str]] = {"created": [], "changed": []}
        for name, scopes in wanted.items():
            if name not in rows:
                self._insert(tx, workspace_id, name, "", scopes, origin="files")
                told["created"].append(name)
        for name, row in rows.items():
            before = [Scope.of_store(scope) for scope in row.scopes]
            kept = [scope for scope in before if not scope.is_of_files]
            held = {(scope.type, scope.resource, scope.filter) for scope in kept}
            given = [s for s in wanted.get(name, ()) if (s.type, s.resource, s.filter) not in held]
            after = [] if row.origin == "system" else [*kept, *given]
            if row.origin != "system" and set(map(_key, after)) != set(map(_key, before)):
                row.scopes = [scope.stored() for scope in after]
                row.updated_at = self._clock.now()
                told["changed"].append(name)
        self.forget()
        return told

    # --- Signed tokens -----------------------------------------------------------------------------------------------

    def mint(
        self,
        workspace_id: str,
        name: str,
        scopes: Sequence[Mapping[str, Any]],
        *,
        expires_at: int,
        limits: Mapping[str, Any] | None = None,
    ) -> str:
        """A signed token, good until `expires_at` (seconds since 1970)."""
        if expires_at <= self._clock.now().timestamp():
            raise InvalidInput("expiration_time is past. It is a Unix time in seconds.", field="expiration_time")
        if not scopes or len(scopes) > MOST_SCOPES:
            raise InvalidInput(f"A signed token has 1 to {MOST_SCOPES} scopes.", field="scopes")
        for scope in scopes:
            Scope.of_claim(scope)
        claims: dict[str, Any] = {
            "workspace_id": workspace_id,
            "name": name,
            "exp": expires_at,
            "scopes": [dict(scope) for scope in scopes],
        }
        if limits:
            _rate(limits)
            claims["limits"] = dict(limits)
        return jwt.encode({"alg": _ALGORITHM}, claims, _key_of(self.admin_value(workspace_id)), algorithms=[_ALGORITHM])

    def revoke(self, workspace_id: str, value: str) -> None:
        """Ends a signed token before its time."""
        digest = _digest(value)
        with self._database.read() as tx:
            token = self._signed(tx, value)
        if token is None or token.workspace_id != workspace_id:
            raise NotFound("That is not a signed token of this workspace, or it has ended already.")
        now = self._clock.now()
        with self._database.write() as tx:
            tx.execute(delete(RevokedToken).where(RevokedToken.expires_at < now))
            if tx.get(RevokedToken, digest) is None:
                tx.add(RevokedToken(digest=digest, workspace_id=workspace_id, expires_at=token.expires_at or now))
        self.forget()

    # --- Inside ------------------------------------------------------------------------------------------------------

    def _remembered(self, digest: bytes) -> tuple[float, Token | None] | None:
        found = self._known.get(digest)
        return found if found is not None and time.monotonic() - found[0] < _REMEMBERED_SECONDS else None

    def _remember(self, digest: bytes, token: Token | None) -> None:
        with self._lock:
            self._known[digest] = (time.monotonic(), token)
            self._known.move_to_end(digest)
            while len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)

    def _look_up(self, value: str, digest: bytes) -> Token | None:
        with self._database.read() as tx:
            row = tx.scalar(select(ProjectToken).where(ProjectToken.digest == digest))
            if row is not None:
                return Token(row.id, row.workspace_id, row.name, tuple(Scope.of_store(s) for s in row.scopes))
            if value.count(".") != 2 or tx.get(RevokedToken, digest) is not None:
                return None
            return self._signed(tx, value)

    def _signed(self, tx: Session, value: str) -> Token | None:
        """What a signed token says, if it is signed by the workspace that it names, and not out of date."""
        try:
            # Read before it is proved, only to learn whose key it has to be proved with.
            workspace_id = orjson.loads(_unpacked(value.split(".")[1]))["workspace_id"]
            row = self._row(tx, str(workspace_id), ADMIN_NAME)
            if row is None:
                return None
            # The algorithm is ours, whatever the header says.
            proved = jws.deserialize_compact(value, _key_of(self._value(row)), algorithms=[_ALGORITHM])
            claims = orjson.loads(proved.payload)
            expires = claims["exp"]
            if (
                isinstance(expires, bool)
                or not isinstance(expires, int | float)
                or claims["workspace_id"] != row.workspace_id
            ):
                return None
            scopes = tuple(Scope.of_claim(scope) for scope in claims["scopes"][:MOST_SCOPES])
            expires_at = datetime.fromtimestamp(expires, UTC)
            if expires_at <= self._clock.now():
                return None
            name = str(claims["name"])[:200]
            return Token("jwt", row.workspace_id, name, scopes, True, _rate(claims.get("limits") or {}), expires_at)
        except (JoseError, InvalidInput, ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError):
            return None

    def _insert(
        self, tx: Session, workspace_id: str, name: str, description: str, scopes: Sequence[Scope], *, origin: str
    ) -> ProjectToken:
        now = self._clock.now()
        row = ProjectToken(
            id=new_id(),
            workspace_id=workspace_id,
            name=name,
            description=description,
            scopes=[scope.stored() for scope in _unique(scopes)],
            origin=origin,
            created_at=now,
            updated_at=now,
        )
        self._give_value(row)
        tx.add(row)
        tx.flush()
        return row

    def _give_value(self, row: ProjectToken) -> None:
        value = _PREFIX + secrets.token_urlsafe(36)
        row.digest = _digest(value)
        row.value = self._sealer.seal(value.encode(), belongs_to=place_of_token(row.id))

    def _value(self, row: ProjectToken) -> str:
        return self._sealer.unseal(row.value, belongs_to=place_of_token(row.id)).decode()

    def _record(self, row: ProjectToken) -> TokenRecord:
        scopes = tuple(Scope.of_store(scope) for scope in row.scopes)
        return TokenRecord(
            row.id, row.name, row.description, self._value(row), scopes, row.origin, row.created_at, row.updated_at
        )

    def _row(self, tx: Session, workspace_id: str, name: str) -> ProjectToken | None:
        return tx.scalar(
            select(ProjectToken).where(ProjectToken.workspace_id == workspace_id, ProjectToken.name == name)
        )

    def _found(self, tx: Session, workspace_id: str, key: str) -> ProjectToken:
        row = tx.scalar(
            select(ProjectToken).where(
                ProjectToken.workspace_id == workspace_id,
                (ProjectToken.name == key) | (ProjectToken.id == key) | (ProjectToken.digest == _digest(key)),
            )
        )
        if row is None:
            # Not repeated: what was asked for may be a secret.
            raise NotFound("This workspace has no such token.")
        return row


def _scopes_of(project: Project) -> dict[str, list[Scope]]:
    """What the TOKEN lines of all files give, by token."""
    wanted: dict[str, list[Scope]] = {}

    def give(lines: Sequence[TokenLine], resource: str, types: Mapping[Permission, str]) -> None:
        for line in lines:
            wanted.setdefault(line.name, []).append(Scope(types[line.permission], resource, is_of_files=True))

    for source in project.sources.values():
        give(source.tokens, source.name, {Permission.READ: READ_SOURCE, Permission.APPEND: APPEND})
    for pipe in project.pipes.values():
        give(pipe.tokens, pipe.name, {Permission.READ: READ_PIPE, Permission.APPEND: READ_PIPE})
    return {name: _unique(scopes) for name, scopes in wanted.items()}


def _unique(scopes: Sequence[Scope]) -> list[Scope]:
    return list({_key(scope): scope for scope in scopes}.values())


def _key(scope: Scope) -> tuple[object, ...]:
    return scope.type, scope.resource, scope.filter, scope.is_of_files


def _check(name: str, scopes: Sequence[Scope]) -> None:
    if not 1 <= len(name.strip()) <= 200:
        raise InvalidInput("A token's name has 1 to 200 characters.", field="name")
    if len(scopes) > MOST_SCOPES:
        raise InvalidInput(f"A token has at most {MOST_SCOPES} scopes.", field="scope")


def _rate(limits: Mapping[str, Any]) -> int | None:
    """`limits.rps` as a number of requests; None for no limit."""
    given = limits.get("rps")
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise InvalidInput("limits.rps is a number of requests per second.", field="limits")
    return int(given) if given >= 1 else (1 if given > 0 else None)


def _digest(value: str) -> bytes:
    # A value has 288 random bits: a plain digest cannot be turned back.
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).digest()


def _key_of(value: str) -> OctKey:
    return OctKey.import_key(value)


def _unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
