"""The second factor: codes of an authenticator app (TOTP, RFC 6238), each good once, and codes for its loss.

Six digits, SHA-1 and thirty seconds, because that is what every app can do. A code of the step before or
after is good too: clocks differ. How often somebody may try is counted by whoever asks.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.access.model import RecoveryCode, User
from tradewind.core.encryption import Sealer
from tradewind.core.errors import Conflict, InvalidInput

STEP_SECONDS = 30
DIGITS = 6
RECOVERY_CODES = 10
LONGEST_CODE = 32
_SECRET_BYTES = 20
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
_STEPS_NEAR = (0, -1, 1)


class CodeNotRight(InvalidInput):
    code = "code_not_right"

    def __init__(self) -> None:
        super().__init__(
            "This code is not right, or was used already. Wait for the next one; check the clock of the device.",
            field="code",
        )


class SecondFactorOn(Conflict):
    code = "second_factor_on"

    def __init__(self) -> None:
        super().__init__("The second factor is on already. Switch it off before you set up another device.")


class SecondFactorOff(Conflict):
    code = "second_factor_off"

    def __init__(self) -> None:
        super().__init__("No second factor was begun. Begin with: POST /api/v1/auth/totp")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator app needs: as a text to type in, and as an address to show as a QR code."""

    secret: str
    uri: str


def begin(tx: Session, user: User, *, sealer: Sealer, issuer: str) -> Enrolment:
    """A fresh secret, which counts only once it is confirmed. Beginning again replaces it. Raises SecondFactorOn."""
    if user.totp_confirmed_at is not None:
        raise SecondFactorOn
    secret = secrets.token_bytes(_SECRET_BYTES)
    user.totp_secret = sealer.seal(secret, belongs_to=place_of_factor(user.id))
    user.totp_last_step = None
    tx.flush()
    uri = TOTP(secret, DIGITS, SHA1(), STEP_SECONDS).get_provisioning_uri(user.username, issuer)  # noqa: S303 (what apps speak)
    return Enrolment(base64.b32encode(secret).decode(), uri)


def confirm(tx: Session, user: User, code: str, *, sealer: Sealer, actor: Actor, now: datetime) -> list[str]:
    """Switches it on, once the app has shown a right code; returns the recovery codes, for this once.

    Raises SecondFactorOff when none was begun, SecondFactorOn, and CodeNotRight.
    """
    if user.totp_confirmed_at is not None:
        raise SecondFactorOn
    if user.totp_secret is None:
        raise SecondFactorOff
    if not _use_totp(tx, user, code, sealer, now):
        raise CodeNotRight
    user.totp_confirmed_at = now
    tx.flush()
    codes = _new_recovery_codes(tx, user, sealer)
    record(tx, actor, Change("user.second_factor_on", user.id), now=now)
    return codes


def use_code(tx: Session, user: User, code: str, *, sealer: Sealer, now: datetime) -> bool:
    """Uses up a code of the app or a recovery code. False for a wrong one, and for one that was used before."""
    return _use_totp(tx, user, code, sealer, now) or _use_recovery_code(tx, user, code, sealer, now)


def switch_off(tx: Session, user: User, *, actor: Actor, now: datetime) -> None:
    """Signing in takes the password alone again. What is off stays off."""
    was_on = user.totp_confirmed_at is not None
    user.totp_secret = user.totp_confirmed_at = user.totp_last_step = None
    tx.flush()
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    if was_on:
        record(tx, actor, Change("user.second_factor_off", user.id), now=now)


def recovery_codes_left(tx: Session, user_id: str) -> int:
    left = select(func.count()).select_from(RecoveryCode)
    return tx.scalar(left.where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0


def code_at(secret: bytes, step: int) -> str:
    """The code of a time step, the number of half minutes since 1970."""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303 (what apps speak)


def _use_totp(tx: Session, user: User, code: str, sealer: Sealer, now: datetime) -> bool:
    digits = code.replace(" ", "")
    if user.totp_secret is None or len(digits) != DIGITS:
        return False
    secret = sealer.unseal(user.totp_secret, belongs_to=place_of_factor(user.id))
    present = int(now.timestamp()) // STEP_SECONDS
    step = next((present + near for near in _STEPS_NEAR if _is_same(code_at(secret, present + near), digits)), None)
    if step is None:
        return False
    # One guarded statement: of two sign-ins with the same code only one finds it unused.
    unused = or_(User.totp_last_step.is_(None), User.totp_last_step < step)
    used = update(User).where(User.id == user.id, unused).values(totp_last_step=step).returning(User.id)
    return tx.scalar(used) is not None


def _use_recovery_code(tx: Session, user: User, code: str, sealer: Sealer, now: datetime) -> bool:
    mine = (RecoveryCode.code_hash == _proof(user.id, code, sealer), RecoveryCode.user_id == user.id)
    used = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=now)
    return tx.scalar(used.returning(RecoveryCode.user_id)) is not None


def _new_recovery_codes(tx: Session, user: User, sealer: Sealer) -> list[str]:
    tx.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [f"{_letters()}-{_letters()}" for _ in range(RECOVERY_CODES)]
    tx.add_all(RecoveryCode(code_hash=_proof(user.id, code, sealer), user_id=user.id, used_at=None) for code in codes)
    tx.flush()
    return codes


def _letters() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))


def _proof(user_id: str, code: str, sealer: Sealer) -> bytes:
    plain = code.lower().replace(" ", "").replace("-", "")
    return sealer.proof(f"recovery code {user_id} {plain}")


def _is_same(right: str, tried: str) -> bool:
    return hmac.compare_digest(right.encode(), tried.encode())


def place_of_factor(user_id: str) -> str:
    """Where the secret of a second factor belongs, for its seal."""
    return f"totp:{user_id}"
