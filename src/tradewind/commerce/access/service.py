"""Use cases of access, for API, gateway and CLI alike: sign in, go on, sign out, prove who asks."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from tradewind.commerce.access import sessions
from tradewind.commerce.access.model import User, UserSession
from tradewind.commerce.access.passwords import verify_password
from tradewind.commerce.access.rights import Caller, Role, Scope, scopes_of
from tradewind.commerce.access.sessions import GRACE_SECONDS, RefreshToken
from tradewind.commerce.access.tokens import TokenGate
from tradewind.commerce.access.users import find_user
from tradewind.core.cache import Cache
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import NotAuthenticated, TooManyRequests
from tradewind.core.logging import get_logger
from tradewind.core.settings import SecuritySettings

WINDOW_SECONDS = 15 * 60.0
ADDRESS_FACTOR = 10
"""An address may fail at so many names as often as at one, before it has to wait altogether."""

logger = get_logger(__name__)


class SignInFailed(NotAuthenticated):
    """The same words whether the name is unknown, the password wrong or the user switched off."""

    code = "sign_in_failed"

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class SessionEnded(NotAuthenticated):
    code = "session_ended"

    def __init__(self) -> None:
        super().__init__("This session has ended. Sign in again.")


class TooManySignIns(TooManyRequests):
    code = "too_many_sign_ins"

    def __init__(self, seconds: float) -> None:
        wait = max(1, math.ceil(seconds))
        super().__init__(
            f"Too many failed sign-ins. Try again in {math.ceil(wait / 60)} minutes.",
            retry_after_seconds=wait,
        )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that may go on: who, and the refresh token for the next time."""

    caller: Caller
    session_id: str
    refresh_token: str


class Access:
    """One per process. Holds no state of its own that would be lost with it."""

    def __init__(
        self, database: Database, cache: Cache, clock: Clock, settings: SecuritySettings, secret_key: str
    ) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._settings = settings
        self._secret_key = secret_key
        self.tokens = TokenGate(database, clock)

    def sign_in(self, name: str, password: str, *, address: str) -> SignedIn:
        """Starts a session. Raises SignInFailed, or TooManySignIns after too many failures."""
        here, everywhere = self._count_attempt(name, address)
        with self._database.read() as tx:
            user = find_user(tx, name)
            user_id, stored = (user.id, user.password_hash) if user is not None and user.is_active else (None, None)
        is_right, renewed = verify_password(password, stored)
        if not is_right or user_id is None:
            self._cache.increment(everywhere, window_seconds=WINDOW_SECONDS)
            raise SignInFailed
        now = self._clock.now()
        with self._database.write() as tx:
            # Read again: the user may have been switched off, or given another password, in the meantime.
            user = tx.scalar(select(User).where(User.id == user_id, User.is_active, User.password_hash == stored))
            if user is None:
                raise SignInFailed
            user.last_login_at = now
            if renewed is not None:
                user.password_hash = renewed
            token = sessions.open_session(tx, user.id, secret_key=self._secret_key, now=now, lifetime=self._lifetime)
            caller = _caller(user, token.session_id)
        self._cache.delete(here)
        return SignedIn(caller, token.session_id, token.text(self._secret_key))

    def refresh(self, refresh_token: str) -> SignedIn:
        """The session's next refresh token. A token that was used before ends the session for everybody."""
        token = RefreshToken.parse(refresh_token, self._secret_key)
        if token is None:
            raise SessionEnded
        now = self._clock.now()
        with self._database.write() as tx:
            row = tx.scalar(select(UserSession).where(UserSession.id == token.session_id).with_for_update())
            user = tx.get(User, row.user_id) if row is not None else None
            if row is None or user is None or row.revoked_at is not None or row.expires_at <= now or not user.is_active:
                raise SessionEnded
            caller = _caller(user, row.id)
            digest = token.digest(self._secret_key)
            is_newest = digest == row.refresh_hash
            is_repeat = digest == row.previous_hash and self._cache.get(_rotated(row.id)) is not None
            if is_newest:
                row.refresh_hash, row.previous_hash = token.next.digest(self._secret_key), digest
                row.expires_at = now + self._lifetime
                self._cache.set(_rotated(row.id), b"1", ttl_seconds=GRACE_SECONDS)
            elif not is_repeat:
                row.revoked_at = now
        if not is_newest and not is_repeat:
            logger.warning("an old refresh token came again; its session is ended", session=token.session_id)
            raise SessionEnded
        return SignedIn(caller, token.session_id, token.next.text(self._secret_key))

    def sign_out(self, refresh_token: str) -> None:
        """Ends the session; says nothing about tokens that are not ours."""
        token = RefreshToken.parse(refresh_token, self._secret_key)
        if token is not None:
            with self._database.write() as tx:
                sessions.close_session(tx, token.session_id, now=self._clock.now())

    def session_caller(self, session_id: str) -> Caller:
        """Who a session belongs to, as of now. Raises SessionEnded."""
        with self._database.read() as tx:
            caller = sessions.caller_of(tx, session_id, now=self._clock.now())
        if caller is None:
            raise SessionEnded
        return caller

    def live_sessions(self, session_ids: set[str]) -> set[str]:
        """Those that have not ended."""
        with self._database.read() as tx:
            return sessions.live_sessions(tx, session_ids, now=self._clock.now())

    def authenticate_token(self, secret: str, scope: Scope | None = None) -> Caller:
        """The program behind a token. Raises TokenRefused, or MissingScope when it may not do this."""
        return self.tokens.authenticate(secret, scope)

    @property
    def _lifetime(self) -> timedelta:
        return timedelta(days=self._settings.refresh_token_days)

    def _count_attempt(self, name: str, address: str) -> tuple[str, str]:
        """Counts before the password is looked at, so that many tries at once cannot slip by together."""
        allowed = self._settings.login_attempts
        everywhere = _counter(address)
        here = _counter(f"{name.strip().lower()}|{address}")
        failed = self._cache.get(everywhere)
        if failed is not None and int(failed) >= allowed * ADDRESS_FACTOR:
            raise TooManySignIns(WINDOW_SECONDS)
        count = self._cache.increment(here, window_seconds=WINDOW_SECONDS)
        if count.value > allowed:
            raise TooManySignIns(count.seconds_left)
        return here, everywhere


def _caller(user: User, session_id: str) -> Caller:
    role = Role(user.role)
    return Caller(user.username, scopes_of(role), user.id, user.email, role, session_id)


def _rotated(session_id: str) -> str:
    return f"session-rotated:{session_id}"


def _counter(subject: str) -> str:
    # A digest: names and addresses of people do not lie about in a shared Redis.
    return "failed-sign-ins:" + hashlib.sha256(subject.encode()).hexdigest()
