"""Use cases of access, for API, gateway and CLI alike: sign in, go on, sign out, prove who asks."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.commerce.access import sessions
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import User, UserSession
from tradewind.commerce.access.passwords import verify_password
from tradewind.commerce.access.resets import NewReset, begin_reset
from tradewind.commerce.access.rights import Caller, Role, Scope, scopes_of
from tradewind.commerce.access.second_factor import use_code
from tradewind.commerce.access.sessions import GRACE_SECONDS, RefreshToken, Visitor
from tradewind.commerce.access.tokens import TokenGate
from tradewind.commerce.access.users import find_user
from tradewind.core.cache import Cache
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.encryption import Sealer
from tradewind.core.errors import NotAuthenticated, NotPermitted, TooManyRequests
from tradewind.core.logging import get_logger
from tradewind.core.settings import SecuritySettings

WINDOW_SECONDS = 15 * 60.0
ADDRESS_FACTOR = 10
"""An address may fail at so many names as often as at one, before it has to wait altogether."""
MOST_RESETS = 3
"""Mails with a link that one name gets within that time."""
MOST_CODES = 5
"""Tries at a second factor within the same time, from wherever: three codes in a million are good at a moment."""

TellReset = Callable[[Session, User, NewReset], None]
"""Lets somebody know of a link to choose another password, in the transaction that makes it."""

logger = get_logger(__name__)


class SignInFailed(NotAuthenticated):
    """The same words whether the name is unknown, the password wrong or the user switched off."""

    code = "sign_in_failed"

    def __init__(self) -> None:
        super().__init__("The name or the password is not right.")


class SecondFactorNeeded(NotAuthenticated):
    """Said only to who knows the password."""

    code = "second_factor_needed"

    def __init__(self) -> None:
        super().__init__(
            "This user signs in with a second factor. Send the code of the authenticator app too, or a recovery code."
        )


class SecondFactorFailed(NotAuthenticated):
    code = "second_factor_failed"

    def __init__(self) -> None:
        super().__init__("The code is not right, or was used already. Wait for the next one.")


class PasswordNotRight(NotPermitted):
    """Somebody who is signed in was asked for the password once more."""

    code = "password_not_right"

    def __init__(self) -> None:
        super().__init__("The password is not right.")


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


class TooManyResets(TooManyRequests):
    code = "too_many_resets"

    def __init__(self, seconds: float) -> None:
        wait = max(1, math.ceil(seconds))
        super().__init__(
            f"Too many links were asked for from here. Try again in {math.ceil(wait / 60)} minutes.",
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
        self,
        database: Database,
        cache: Cache,
        clock: Clock,
        settings: SecuritySettings,
        secret_key: str,
        *,
        tell_reset: TellReset | None = None,
    ) -> None:
        self._database = database
        self._cache = cache
        self._clock = clock
        self._settings = settings
        self._secret_key = secret_key
        self.sealer = Sealer(secret_key)
        self.tell_reset = tell_reset
        self.tokens = TokenGate(database, clock)

    def sign_in(
        self, name: str, password: str, *, address: str, code: str | None = None, user_agent: str | None = None
    ) -> SignedIn:
        """Starts a session. Raises SignInFailed, SecondFactorNeeded or SecondFactorFailed, or TooManySignIns after
        too many failures.
        """
        here, everywhere = self._count_attempt(name, address)
        with self._database.read() as tx:
            user = find_user(tx, name)
            user_id, stored = (user.id, user.password_hash) if user is not None and user.is_active else (None, None)
        is_right, renewed = verify_password(password, stored)
        if not is_right or user_id is None:
            self._cache.increment(everywhere, window_seconds=WINDOW_SECONDS)
            raise SignInFailed
        now = self._clock.now()
        with self.counted_code(user_id, code), self._database.write() as tx:
            # Read again: the user may have been switched off, or given another password, in the meantime.
            user = tx.scalar(select(User).where(User.id == user_id, User.is_active, User.password_hash == stored))
            if user is None:
                raise SignInFailed
            if user.totp_confirmed_at is not None:
                self._use_code(tx, user, code)
            user.last_login_at = now
            if renewed is not None:
                user.password_hash = renewed
            token = sessions.open_session(
                tx,
                user.id,
                secret_key=self._secret_key,
                now=now,
                lifetime=self._lifetime,
                visitor=Visitor(address, user_agent),
            )
            caller = _caller(user, token.session_id)
        self._cache.delete(here)
        return SignedIn(caller, token.session_id, token.text(self._secret_key))

    def confirm_password(self, caller: Caller, password: str, *, address: str) -> None:
        """Makes sure that it is still the person who signed in. Raises PasswordNotRight; tries count as sign-ins do."""
        here, everywhere = self._count_attempt(caller.name, address)
        with self._database.read() as tx:
            user = tx.get(User, caller.user_id) if caller.user_id is not None else None
            stored = user.password_hash if user is not None else None
        if not verify_password(password, stored)[0]:
            self._cache.increment(everywhere, window_seconds=WINDOW_SECONDS)
            raise PasswordNotRight
        self._cache.delete(here)

    @contextmanager
    def counted_code(self, user_id: str, code: str | None) -> Iterator[None]:
        """Counts a try at a second factor before it is looked at; a block that ends well starts the count anew.

        Raises TooManySignIns. No code is no try.
        """
        if code is None:
            yield
            return
        counter = f"tried-codes:{user_id}"
        count = self._cache.increment(counter, window_seconds=WINDOW_SECONDS)
        if count.value > MOST_CODES:
            raise TooManySignIns(count.seconds_left)
        yield
        self._cache.delete(counter)

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

    def request_reset(self, name: str, *, address: str, request_id: str | None = None) -> None:
        """Mails a link to choose another password, if there is somebody of that name who can be reached.

        Nobody is told whether there is. A name gets few mails, whoever asks for them.
        """
        if self.tell_reset is None:
            logger.warning(
                "a password was to be reset, but no mail server is set (TRADEWIND_SMTP_HOST);"
                " make a link with: tradewind user reset-link NAME"
            )
            return
        now = self._clock.now()
        asked = self._cache.increment(_counter(f"reset|{name.strip().lower()}"), window_seconds=WINDOW_SECONDS)
        if asked.value > MOST_RESETS:
            return
        with self._database.write() as tx:
            user = find_user(tx, name)
            if user is None or not user.is_active or user.email is None:
                return
            actor = Actor(f"visitor {address}", None, request_id)
            self.tell_reset(tx, user, begin_reset(tx, user, actor=actor, now=now))

    def count_reset(self, address: str) -> None:
        """Raises TooManyResets when an address asks for links all the time."""
        count = self._cache.increment(_counter(f"resets|{address}"), window_seconds=WINDOW_SECONDS)
        if count.value > MOST_RESETS * ADDRESS_FACTOR:
            raise TooManyResets(count.seconds_left)

    def _use_code(self, tx: Session, user: User, code: str | None) -> None:
        if code is None:
            raise SecondFactorNeeded
        if not use_code(tx, user, code, sealer=self.sealer, now=self._clock.now()):
            raise SecondFactorFailed

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
    return "failed-sign-ins:" + hashlib.sha256(subject.encode(errors="backslashreplace")).hexdigest()
