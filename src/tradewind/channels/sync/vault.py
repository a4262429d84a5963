"""Credentials and payloads at rest: sealed with a key of their account's own, and that key with the secret key.

So a new secret key means sealing one short key per account anew, not every payload (`jobs.key_rotation`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from functools import lru_cache

import orjson
from pydantic import SecretStr

from tradewind.channels.sync.model import ChannelConnection
from tradewind.core.encryption import Sealer


class Vault:
    """Seals for one account. What is sealed here opens for the same account and use alone."""

    def __init__(self, connection_id: str, key: str) -> None:
        self._connection_id = connection_id
        self._sealer = _sealer(key)

    def seal(self, plain: bytes, use: str) -> bytes:
        return self._sealer.seal(plain, belongs_to=f"{use}:{self._connection_id}")

    def unseal(self, sealed: bytes, use: str) -> bytes:
        return self._sealer.unseal(sealed, belongs_to=f"{use}:{self._connection_id}")

    def seal_secrets(self, told: Mapping[str, str]) -> bytes:
        return self.seal(orjson.dumps(dict(told)), "credentials")

    def secrets(self, sealed: bytes) -> dict[str, SecretStr]:
        return {name: SecretStr(value) for name, value in orjson.loads(self.unseal(sealed, "credentials")).items()}


def new_key(secret_key: str, connection_id: str) -> tuple[bytes, Vault]:
    """A fresh key for an account, sealed as it is stored, and the vault that it opens."""
    key = secrets.token_hex(32)
    return _seal_key(secret_key, connection_id, key), Vault(connection_id, key)


def vault_of(row: ChannelConnection, secret_key: str) -> Vault:
    """Raises CannotUnseal where the secret key is another one than it was sealed with."""
    return Vault(row.id, _open_key(secret_key, row.id, row.sealed_key))


def place_of_key(connection_id: str) -> str:
    """Where an account's key belongs, for its seal."""
    return f"account key:{connection_id}"


def _seal_key(secret_key: str, connection_id: str, key: str) -> bytes:
    return Sealer(secret_key).seal(key.encode(), belongs_to=place_of_key(connection_id))


def _open_key(secret_key: str, connection_id: str, sealed: bytes) -> str:
    return Sealer(secret_key).unseal(sealed, belongs_to=place_of_key(connection_id)).decode()


@lru_cache(maxsize=256)
def _sealer(key: str) -> Sealer:
    return Sealer(key)
