"""Passwords: what we accept, how they are hashed (Argon2id) and checked, without telling who exists."""

from __future__ import annotations

import secrets
import threading
from functools import lru_cache
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from tradewind.core.errors import InvalidInput, TooManyRequests

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 256
_FEWEST_CHARACTERS = 5
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each hash takes 64 MiB: a crowd at the door waits in line instead of filling the memory."""
_IN_LINE = threading.BoundedSemaphore(12)
"""The line is short, so that a flood of sign-ins does not take the threads that answer everybody else."""
COST: dict[str, Any] = {}
"""Of one hash, where it is not what the library recommends. Only tests set it, which sign in a thousand times."""


class Crowded(TooManyRequests):
    code = "too_many_at_once"

    def __init__(self) -> None:
        super().__init__("Too many people are signing in at this moment. Try again in a second.", retry_after_seconds=1)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(**COST),))


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hash_password(secrets.token_urlsafe(24))


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _hasher().hash(password)


def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether the password is right, and a newer hash to store where the old one is weaker than today's.

    `stored` is None where there is no such user: the same work is done all the same, so that the time
    taken does not tell. Raises Crowded when too many are being checked already.
    """
    # A longer one was never accepted; hashing megabytes for strangers would be a gift to them.
    tried = password if len(password) <= MAXIMUM_LENGTH else ""
    against = stored or _nobody()
    if not _IN_LINE.acquire(blocking=False):
        raise Crowded
    try:
        with _AT_ONCE:
            is_right, renewed = _hasher().verify_and_update(tried, against)
    finally:
        _IN_LINE.release()
    return is_right and stored is not None, renewed if stored is not None else None


def check_password(password: str, *, username: str, email: str | None = None) -> str:
    """The password itself if it is good enough to accept; InvalidInput says what is missing."""
    lowered = password.casefold()
    known = {username.casefold(), (email or "").casefold()} - {""}
    if len(password) < MINIMUM_LENGTH:
        problem = f"has {len(password)} characters; use at least {MINIMUM_LENGTH}"
    elif len(password) > MAXIMUM_LENGTH:
        problem = f"is longer than {MAXIMUM_LENGTH} characters"
    elif lowered in known or any(lowered == name * (len(lowered) // len(name)) for name in known):
        problem = "is the name; choose something that nobody can guess"
    elif len(set(password)) < _FEWEST_CHARACTERS:
        problem = f"repeats fewer than {_FEWEST_CHARACTERS} different characters; use more of them"
    else:
        return password
    raise InvalidInput(f"The password {problem}.", field="password")


def generate_password() -> str:
    """Twenty letters and digits in groups of five, easy to read out: 98 bits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))
