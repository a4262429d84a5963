"""The secret that signs access tokens: made once, kept safely, refused when anybody could guess it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from tradewind.core.errors import Misconfigured
from tradewind.core.folders import private_folder
from tradewind.core.settings import MINIMUM_SECRET_LENGTH, Settings

KEY_FILE = "secret.key"
_MAKE_ONE = "Make a good one with:  python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
_EXAMPLES = (
    "change",
    "example",
    "secret",
    "password",
    "your-",
    "your_",
    "placeholder",
    "default",
    "replace",
    "insert",
)


def secret_key(settings: Settings) -> str:
    """The configured key if it is good, else the data folder's own, made on first use (mode 0600).

    Raises Misconfigured for a key that is empty, short, an example or of few different characters, and
    for no key at all beside a shared PostgreSQL: several processes must sign alike.
    """
    configured = settings.secret_key
    if configured is not None:
        return _checked(configured.get_secret_value())
    if not settings.database_url.startswith("sqlite"):
        raise Misconfigured(
            "TRADEWIND_SECRET_KEY is not set. Beside a shared database every process must sign with the same key. "
            + _MAKE_ONE
        )
    return _kept(settings.data_dir / KEY_FILE)


def kept_key(settings: Settings) -> str | None:
    """The key of the data folder's own file, whether it is in force or not; None where there is none."""
    path = settings.data_dir / KEY_FILE
    return path.read_text().strip() if path.is_file() else None


def _checked(key: str) -> str:
    lowered = key.lower()
    if not key.strip():
        problem = "is empty"
    elif len(key) < MINIMUM_SECRET_LENGTH:
        problem = f"has {len(key)} characters; it needs at least {MINIMUM_SECRET_LENGTH}"
    elif len(set(key)) < 10 or any(word in lowered for word in _EXAMPLES):
        problem = "looks like an example"
    else:
        return key
    raise Misconfigured(f"TRADEWIND_SECRET_KEY {problem}. {_MAKE_ONE}")


def _kept(path: Path) -> str:
    private_folder(path.parent)
    fresh = path.with_suffix(f".{secrets.token_hex(8)}.new")
    if not path.exists():
        # Written aside and linked into place: two first starts at once end up with one key, never half of one.
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # the other start was first: its key is the one
        finally:
            fresh.unlink()
    path.chmod(0o600)
    key = path.read_text().strip()
    if len(key) < MINIMUM_SECRET_LENGTH:
        raise Misconfigured(
            f"{path} does not hold a usable key. Remove it to make a new one; everybody then signs in again."
        )
    return key
