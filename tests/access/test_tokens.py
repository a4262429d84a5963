"""Programs come in with tokens: a secret shown once, a closed list of scopes, dead within a second of revoking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tradewind.commerce.access.model import ApiToken
from tradewind.commerce.access.rights import MissingScope, Scope, expand, parse_scopes
from tradewind.commerce.access.tokens import (
    MEMORY_SECONDS,
    TokenGate,
    TokenNameTaken,
    TokenRefused,
    create_token,
    list_tokens,
    revoke_token,
)
from tradewind.core.clock import ManualClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound


@pytest.fixture
def gate(database: Database, clock: ManualClock) -> TokenGate:
    return TokenGate(database, clock, timer=lambda: clock.now().timestamp())


def make(database: Database, clock: ManualClock, *scopes: Scope, name: str = "bi", days: int | None = None) -> str:
    ends = clock.now() + timedelta(days=days) if days else None
    with database.write() as tx:
        return create_token(tx, name, list(scopes), now=clock.now(), expires_at=ends).secret


def test_a_token_opens_what_its_scope_says_and_nothing_else(
    database: Database, clock: ManualClock, gate: TokenGate
) -> None:
    secret = make(database, clock, Scope.SQL_READ)

    assert gate.authenticate(secret, Scope.SQL_READ).name == "token bi"
    with pytest.raises(MissingScope, match=r"needs the scope sql:write and has sql:read"):
        gate.authenticate(secret, Scope.SQL_WRITE)


def test_a_write_scope_includes_reading_and_admin_includes_all() -> None:
    assert Scope.SQL_READ in expand([Scope.SQL_WRITE])
    assert Scope.API_WRITE not in expand([Scope.SQL_WRITE])
    assert expand([Scope.ADMIN]) == frozenset(Scope)


def test_the_secret_is_not_stored(database: Database, clock: ManualClock) -> None:
    secret = make(database, clock, Scope.API_READ)

    with database.read() as tx:
        row = tx.scalars(select(ApiToken)).one()
        stored = {column.name: getattr(row, column.name) for column in ApiToken.__table__.columns}
    assert secret.startswith("tw_")
    assert len(stored["secret_hash"]) == 32
    assert secret not in str(stored)


def test_a_revoked_token_is_dead_within_a_second_also_where_it_was_just_used(
    database: Database, clock: ManualClock, gate: TokenGate
) -> None:
    secret = make(database, clock, Scope.SQL_READ)
    gate.authenticate(secret, Scope.SQL_READ)
    with database.write() as tx:
        revoke_token(tx, "bi", now=clock.now())
        revoke_token(tx, "bi", now=clock.now())

    assert MEMORY_SECONDS < 1
    clock.advance(seconds=MEMORY_SECONDS)
    with pytest.raises(TokenRefused):
        gate.authenticate(secret, Scope.SQL_READ)


def test_a_token_ends_on_its_day_to_the_second(database: Database, clock: ManualClock, gate: TokenGate) -> None:
    secret = make(database, clock, Scope.SQL_READ, days=1)
    clock.advance(hours=23, minutes=59, seconds=59)
    gate.authenticate(secret)
    clock.advance(seconds=1)

    with pytest.raises(TokenRefused):
        gate.authenticate(secret)


@pytest.mark.parametrize("secret", ["", "tw_", "tw_nonsense", "Bearer tw_x", "x" * 5000])
def test_noise_is_refused(gate: TokenGate, secret: str) -> None:
    with pytest.raises(TokenRefused):
        gate.authenticate(secret)


def test_uses_are_written_at_most_once_a_minute(database: Database, clock: ManualClock, gate: TokenGate) -> None:
    secret = make(database, clock, Scope.SQL_READ)

    def last_used() -> str:
        with database.read() as tx:
            return str(list_tokens(tx)[0].last_used_at)

    assert last_used() == "None"
    gate.authenticate(secret)
    gate.write_uses()
    first = last_used()
    assert first == str(clock.now())

    clock.advance(seconds=59)
    gate.authenticate(secret)
    gate.write_uses()
    assert last_used() == first

    clock.advance(seconds=1)
    gate.authenticate(secret)
    gate.write_uses()
    assert last_used() == str(clock.now())


def test_names_are_unique_and_wrong_scopes_are_told_the_right_ones(database: Database, clock: ManualClock) -> None:
    make(database, clock, Scope.SQL_READ)

    with pytest.raises(TokenNameTaken):
        make(database, clock, Scope.SQL_READ)
    with pytest.raises(
        InvalidInput, match=r"'sql' is not a scope\. Use one or more of: api:read, api:write, catalog:write"
    ):
        parse_scopes(["sql"])
    with pytest.raises(InvalidInput, match="at least one scope"):
        parse_scopes([])
    with pytest.raises(NotFound, match="no token named other"), database.write() as tx:
        revoke_token(tx, "other", now=clock.now())
