"""What must be read again but never by a stranger: values sealed with a key made from the secret key.

Passwords and tokens need no sealing, only proof. This is for the few things that the program has to read
back: the secret of a second factor, an answer with a token in it. AES-256-GCM with a fresh nonce each time;
what a value belongs to is part of the seal, so that it cannot be moved to another row.
"""

from __future__ import annotations

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tradewind.core.errors import Misconfigured

_FORMAT = b"\x01"
_NONCE_BYTES = 12


class CannotUnseal(Misconfigured):
    """Another key, another place, or bytes that were altered: from outside they look the same."""

    code = "cannot_unseal"

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be read: TRADEWIND_SECRET_KEY is not the one it was sealed with."
            " Set the earlier key again; or reset what was sealed, for a second factor with:"
            " tradewind user totp-off NAME"
        )


class Sealer:
    """Seals and opens under one secret key. Each use has keys of its own, none of which gives away another."""

    def __init__(self, secret_key: str) -> None:
        self._aead = AESGCM(_derived(secret_key, b"tradewind sealed values"))
        self._proof_key = _derived(secret_key, b"tradewind proofs")

    def seal(self, plain: bytes, *, belongs_to: str) -> bytes:
        """The value as it may be stored: 29 bytes longer, and different each time."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _FORMAT + nonce + self._aead.encrypt(nonce, plain, belongs_to.encode())

    def unseal(self, sealed: bytes, *, belongs_to: str) -> bytes:
        """The value again. Raises CannotUnseal for what was not sealed with this key for this place."""
        nonce, content = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _FORMAT or len(nonce) != _NONCE_BYTES:
            raise CannotUnseal
        try:
            return self._aead.decrypt(nonce, content, belongs_to.encode())
        except InvalidTag:
            raise CannotUnseal from None

    @staticmethod
    def is_sealed(value: bytes) -> bool:
        """Whether this looks like something that was sealed; an answer or a text never begins so."""
        return value[:1] == _FORMAT

    def proof(self, text: str) -> bytes:
        """32 bytes to recognise a short secret by. Without the key, trying all short secrets finds nothing."""
        return hmac.digest(self._proof_key, text.encode(), "sha256")


def _derived(secret_key: str, use: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=use).derive(secret_key.encode())
