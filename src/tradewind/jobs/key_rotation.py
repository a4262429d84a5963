"""A new secret key: everything that is sealed with the former one is sealed anew, thing by thing.

| what | sealed |
| --- | --- |
| accounts of platforms | the key of each account, which its credentials, kept payloads and quarantine are sealed with |
| second factors | the secret of each |
| secrets and tokens of workspaces | the value of each |
| answers kept for repeated requests | those with a secret in them |

Each part is a transaction of its own, and what opens with the new key already is left alone: broken off anywhere, the
same command goes on. Recovery codes are kept as proofs and not as values, so they cannot be turned: they are deleted
with the turn of their second factor, and are made anew by whoever wants some. Everybody signs in again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tradewind.channels.sync.model import ChannelConnection
from tradewind.channels.sync.vault import place_of_key
from tradewind.commerce.access.model import RecoveryCode, User
from tradewind.commerce.access.second_factor import place_of_factor
from tradewind.commerce.idempotency.model import IdempotencyKey
from tradewind.core.database import Database
from tradewind.core.encryption import CannotUnseal, Sealer
from tradewind.core.errors import InvalidInput, Misconfigured
from tradewind.warehouse.workspaces.model import ProjectSecret, ProjectToken
from tradewind.warehouse.workspaces.secrets import place_of_secret
from tradewind.warehouse.workspaces.tokens import place_of_token

_AT_ONCE = 200


class FormerKeyWrong(Misconfigured):
    code = "former_key_wrong"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"One of the {what} opens neither with the former secret key nor with the new one. Give the key that was"
            " in force until now; what is turned already stays turned."
        )


@dataclass(frozen=True, slots=True)
class Sealed:
    """A column of sealed values, and where each belongs."""

    name: str
    column: InstrumentedAttribute[Any]
    place: Callable[[Any], str]
    where: ColumnElement[bool] | None = None
    turned: Callable[[Session, Any], None] | None = None
    """What else has to be done in the transaction that turns a value."""


@dataclass(frozen=True, slots=True)
class Turned:
    """How many values of one kind are sealed anew, and how many were before."""

    name: str
    values: int
    known: int


def _forget_codes(tx: Session, user: User) -> None:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


EVERYTHING: Sequence[Sealed] = (
    Sealed("accounts of platforms", ChannelConnection.sealed_key, lambda row: place_of_key(row.id)),
    Sealed(
        "second factors",
        User.totp_secret,
        lambda row: place_of_factor(row.id),
        User.totp_secret.is_not(None),
        _forget_codes,
    ),
    Sealed("secrets of workspaces", ProjectSecret.value, lambda row: place_of_secret(row.workspace_id, row.name)),
    Sealed("tokens of workspaces", ProjectToken.value, lambda row: place_of_token(row.id)),
    Sealed("kept answers", IdempotencyKey.body, lambda row: f"answer:{row.caller}"),
)


def rotate(database: Database, former_key: str, secret_key: str) -> Iterator[Turned]:
    """Turns one kind after the other, and tells of each when it is done.

    Raises FormerKeyWrong, and InvalidInput where both keys are one. No server may run meanwhile: it would seal with the
    former key what has been turned.
    """
    if former_key == secret_key:
        raise InvalidInput("The former secret key and the new one are the same. Set a new TRADEWIND_SECRET_KEY first.")
    former, fresh = Sealer(former_key), Sealer(secret_key)
    for kind in EVERYTHING:
        yield _turn(database, kind, former, fresh)


def _turn(database: Database, kind: Sealed, former: Sealer, fresh: Sealer) -> Turned:
    model: type[Any] = inspect(kind.column.class_).class_
    with database.read() as tx:
        query = select(*inspect(model).primary_key)
        keys = [tuple(row) for row in tx.execute(query if kind.where is None else query.where(kind.where))]
    values = known = 0
    for start in range(0, len(keys), _AT_ONCE):
        with database.write() as tx:
            for key in sorted(keys[start : start + _AT_ONCE]):
                row = tx.get(model, key, with_for_update=True)
                sealed: bytes | None = None if row is None else getattr(row, kind.column.key)
                if sealed is None or not Sealer.is_sealed(sealed):
                    continue
                again = _sealed_again(sealed, kind, kind.place(row), former, fresh)
                if again is None:
                    known += 1
                    continue
                setattr(row, kind.column.key, again)
                if kind.turned is not None:
                    kind.turned(tx, row)
                values += 1
    return Turned(kind.name, values, known)


def _sealed_again(sealed: bytes, kind: Sealed, place: str, former: Sealer, fresh: Sealer) -> bytes | None:
    """The value under the new key; None where it is under it already."""
    try:
        fresh.unseal(sealed, belongs_to=place)
        return None
    except CannotUnseal:
        pass  # not turned yet
    try:
        return fresh.seal(former.unseal(sealed, belongs_to=place), belongs_to=place)
    except CannotUnseal:
        raise FormerKeyWrong(kind.name) from None
