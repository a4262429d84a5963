"""A new secret key reaches everything that is sealed; what broke off goes on; a wrong former key turns nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from tests.channels.tiny import TinyConnector
from tradewind.channels.sync.connections import NewConnection, connect
from tradewind.channels.sync.model import ChannelConnection
from tradewind.channels.sync.vault import vault_of
from tradewind.commerce.access import second_factor
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import RecoveryCode, User
from tradewind.commerce.access.rights import Role
from tradewind.commerce.access.second_factor import STEP_SECONDS, code_at, use_code
from tradewind.commerce.access.users import create_user
from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.core.clock import ManualClock
from tradewind.core.database import Base, Database
from tradewind.core.encryption import CannotUnseal, Sealer
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.jobs.key_rotation import EVERYTHING, FormerKeyWrong, rotate
from tradewind.warehouse.workspaces.model import ProjectToken, Workspace
from tradewind.warehouse.workspaces.secrets import Secrets
from tradewind.warehouse.workspaces.tokens import place_of_token

FORMER, FRESH = "the-key-that-was-in-force-0123456789-abc", "the-key-that-comes-after-9876543210-xyz"
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
ACTOR = Actor("ada")


@dataclass
class Store:
    database: Database
    factor: bytes
    codes: list[str]
    workspace: str

    def opens_with(self, key: str) -> list[bool]:
        """Whether each kind of thing can be read with the key: all through the ways that the product reads it."""
        sealer = Sealer(key)
        return [_can(lambda: self._account(key)), _can(lambda: self._factor(sealer)),
                _can(lambda: self._secret(key)), _can(lambda: self._token(sealer)),
                _can(lambda: self._answer(sealer))]  # fmt: skip

    def _account(self, key: str) -> None:
        with self.database.read() as tx:
            (row,) = tx.scalars(select(ChannelConnection))
            told = vault_of(row, key).secrets(row.sealed_secrets)
        assert told["secret"].get_secret_value() == "hush"

    def _factor(self, sealer: Sealer) -> None:
        with self.database.read() as tx:
            user = tx.scalars(select(User)).one()
            later = NOW + timedelta(days=1)
            code = code_at(self.factor, int(later.timestamp()) // STEP_SECONDS)
            assert second_factor._use_totp(tx, user, code, sealer, later)
            tx.rollback()

    def _secret(self, key: str) -> None:
        assert Secrets(self.database, lambda: key).of(self.workspace) == {f"S{n}": f"value {n}" for n in range(450)}

    def _token(self, sealer: Sealer) -> None:
        with self.database.read() as tx:
            row = tx.scalars(select(ProjectToken)).one()
            assert sealer.unseal(row.value, belongs_to=place_of_token(row.id)) == b"p.value"

    def _answer(self, sealer: Sealer) -> None:
        with self.database.read() as tx:
            kept = {row.key: row.body for row in tx.scalars(select(IdempotencyKey))}
        assert kept["open"] == b'{"a":1}'
        assert sealer.unseal(kept["sealed"], belongs_to="answer:caller") == b'{"token":"t"}'


def _can(read: object) -> bool:
    assert callable(read)
    try:
        read()
    except CannotUnseal:
        return False
    return True


@pytest.fixture
def sealed(store: Database) -> Store:
    sealer, clock = Sealer(FORMER), ManualClock(NOW)
    connector, workspace = TinyConnector(), new_id()
    with store.write() as tx:
        new = NewConnection("tiny", {"url": "http://127.0.0.1:1", "secret": "hush"})
        connect(tx, connector, new, environment={}, secret_key=FORMER, actor=ACTOR, now=NOW)
        user = create_user(tx, "ada", "correct horse battery", role=Role.ADMIN, actor=ACTOR, now=NOW)
        begun = second_factor.begin(tx, tx.get_one(User, user.id), sealer=sealer, issuer="Shop")
        factor = base64.b32decode(begun.secret)
        code = code_at(factor, int(clock.now().timestamp()) // STEP_SECONDS)
        codes = second_factor.confirm(tx, tx.get_one(User, user.id), code, sealer=sealer, actor=ACTOR, now=NOW)
        tx.add(Workspace(id=workspace, name="W", database="w", live_release=None, created_at=NOW))
        tx.flush()
        token = ProjectToken(
            id=new_id(), workspace_id=workspace, name="t", description="", digest=b"d" * 32, scopes=[], origin="made",
            created_at=NOW, updated_at=NOW,
        )  # fmt: skip
        token.value = sealer.seal(b"p.value", belongs_to=place_of_token(token.id))
        tx.add(token)
        for key, body in (("open", b'{"a":1}'), ("sealed", sealer.seal(b'{"token":"t"}', belongs_to="answer:caller"))):
            tx.add(
                IdempotencyKey(
                    caller="caller", key=key, request_digest=b"d" * 32, status=200, body=body, etag=None,
                    created_at=NOW, expires_at=NOW + timedelta(days=1),
                )
            )  # fmt: skip
        secrets = Secrets(store, lambda: FORMER)
        for number in range(450):
            secrets.add(tx, workspace, f"S{number}", f"value {number}", now=NOW)
    return Store(store, factor, codes, workspace)


def test_everything_sealed_opens_with_the_new_key_and_nothing_with_the_former_one(sealed: Store) -> None:
    assert sealed.opens_with(FORMER) == [True] * 5
    turned = {one.name: (one.values, one.known) for one in rotate(sealed.database, FORMER, FRESH)}
    assert turned == {
        "accounts of platforms": (1, 0),
        "second factors": (1, 0),
        "secrets of workspaces": (450, 0),
        "tokens of workspaces": (1, 0),
        "kept answers": (1, 0),
    }
    assert sealed.opens_with(FRESH) == [True] * 5
    assert sealed.opens_with(FORMER) == [False] * 5
    with sealed.database.write() as tx:
        assert tx.scalars(select(RecoveryCode)).all() == []
        assert not use_code(tx, tx.scalars(select(User)).one(), sealed.codes[0], sealer=Sealer(FRESH), now=NOW)


def test_what_broke_off_anywhere_goes_on_and_codes_made_meanwhile_stay(
    sealed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal, left = Sealer.seal, 300

    def breaks_off(self: Sealer, plain: bytes, *, belongs_to: str) -> bytes:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        return seal(self, plain, belongs_to=belongs_to)

    with monkeypatch.context() as patched:
        patched.setattr(Sealer, "seal", breaks_off)
        with pytest.raises(KeyboardInterrupt):
            list(rotate(sealed.database, FORMER, FRESH))
    with sealed.database.write() as tx:
        user = tx.scalars(select(User)).one()
        codes = second_factor._new_recovery_codes(tx, user, Sealer(FRESH))
    turned = {one.name: (one.values, one.known) for one in rotate(sealed.database, FORMER, FRESH)}
    assert turned["second factors"] == (0, 1)
    assert turned["secrets of workspaces"] == (250, 200)
    assert sealed.opens_with(FRESH) == [True] * 5
    with sealed.database.write() as tx:
        assert use_code(tx, tx.scalars(select(User)).one(), codes[0], sealer=Sealer(FRESH), now=NOW)
    assert all(one.values == 0 for one in rotate(sealed.database, FORMER, FRESH))


def test_a_wrong_former_key_turns_nothing_and_says_so(sealed: Store) -> None:
    with pytest.raises(FormerKeyWrong, match="neither with the former secret key nor with the new one"):
        list(rotate(sealed.database, "some-other-key-0123456789-0123456789", FRESH))
    assert sealed.opens_with(FORMER) == [True] * 5
    with pytest.raises(InvalidInput, match="are the same"):
        list(rotate(sealed.database, FORMER, FORMER))


def test_every_module_that_seals_is_known_to_the_rotation() -> None:
    """Whoever seals something new has to say here where it is kept."""
    source = Path(__file__).resolve().parents[2] / "src" / "tradewind"
    seals = {
        str(path.relative_to(source).with_suffix("")).replace("/", ".")
        for path in source.rglob("*.py")
        if "sealer.seal(" in path.read_text() or ".seal(" in path.read_text()
    }
    assert seals == {
        "api.writing",  # kept answers
        "channels.sync.payloads",  # with the account's own key
        "channels.sync.vault",
        "commerce.access.second_factor",
        "jobs.key_rotation",
        "warehouse.workspaces.secrets",
        "warehouse.workspaces.tokens",
    }
    names = [one.name for one in EVERYTHING]
    assert all(first != second for first, second in pairwise(sorted(names)))
    tables = {inspect(one.column.class_).local_table.name for one in EVERYTHING}
    assert tables <= set(Base.metadata.tables)
