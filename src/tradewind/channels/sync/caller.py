"""One account's calls: in their turn, with a valid token, tried again with patience, logged without secrets.

Back-off: `wait = max(server's hint, uniform(0, min(60 s, 1 s · 2^attempt)))`, at most 6 attempts or 15 minutes
(full jitter; https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
import msgspec

from tradewind.channels.contract import Account, ChannelFailed, Connector, Judge, Judged, Limit, Verdict
from tradewind.channels.sync.limiter import Buckets
from tradewind.channels.sync.pacing import Pacer
from tradewind.core.clock import Clock
from tradewind.core.logging import get_logger

MOST_ATTEMPTS = 6
LONGEST_SECONDS = 900.0
LONGEST_BACK_OFF = 60.0
_VALID_FOR = timedelta(seconds=60)
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_REQUEST_IDS = ("x-amzn-requestid", "x-request-id", "wm_qos.correlation_id")
_AGAIN = frozenset({Verdict.THROTTLED, Verdict.TRANSIENT})
_GOOD = frozenset({Verdict.OK, Verdict.EMPTY})

logger = get_logger(__name__)

Keep = Callable[[str, Limit, float], None]
"""Told after each call: the operation, its limit, and the tokens that are left."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    ends_at: datetime | None
    number: int


class Tokens:
    """The access token of one account: made when it is needed, by one caller at a time."""

    def __init__(self, connector: Connector, account: Account, http: httpx.Client, clock: Clock) -> None:
        self._connector = connector
        self._account = account
        self._http = http
        self._clock = clock
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def get(self, *, but: int | None = None) -> _Token:
        """A token that is valid for a minute at least, and not the one with the number `but`."""
        with self._lock:
            token = self._token
            soon = self._clock.now() + _VALID_FOR
            if token is None or token.number == but or (token.ends_at is not None and token.ends_at <= soon):
                value, ends_at = self._connector.token(self._account, self._http)
                token = self._token = _Token(value, ends_at, 0 if token is None else token.number + 1)
                logger.debug("access token renewed", channel=self._account.channel, connection=self._account.id)
            return token


class AccountCaller:
    """The engine's side of one account; may be used from several threads at once."""

    def __init__(
        self,
        connector: Connector,
        account: Account,
        *,
        buckets: Buckets,
        clock: Clock,
        pacer: Pacer,
        chance: random.Random | None = None,
        http: httpx.Client | None = None,
        keep: Keep | None = None,
    ) -> None:
        self._account = account
        self._buckets = buckets
        self._clock = clock
        self._pacer = pacer
        self._chance = chance or random.Random()  # noqa: S311 (spreads retries, guards nothing)
        self._http = http or httpx.Client(timeout=_TIMEOUT)
        self._keep = keep
        self._tokens = Tokens(connector, account, self._http, clock)

    @property
    def now(self) -> datetime:
        return self._clock.now()

    @property
    def http(self) -> httpx.Client:
        return self._http

    def close(self) -> None:
        self._http.close()

    def sleep(self, seconds: float) -> None:
        self._pacer.wait(seconds)

    def is_due(self, operation: str, calls: int = 1) -> bool:
        return self._buckets.fits(operation, calls, self._pacer.seconds())

    def learn(self, operation: str, limit: Limit) -> None:
        self._buckets.learn(operation, limit, self._pacer.seconds())

    def call(self, operation: str, request: Callable[[str], httpx.Request], judge: Judge) -> httpx.Response:
        """Sends until the answer is good or hopeless. Raises ChannelFailed with the last verdict."""
        began = self._pacer.seconds()
        refused: int | None = None
        for attempt in range(MOST_ATTEMPTS):
            token = self._token(operation, but=refused)
            self._pacer.wait(self._buckets.take(operation, self._pacer.seconds()))
            response, judged = self._send(operation, request(token.value), judge, attempt)
            if self._keep is not None and (state := self._buckets.state(operation)) is not None:
                self._keep(operation, *state)
            if response is not None and judged.verdict in _GOOD:
                return response
            if judged.verdict is Verdict.AUTH_EXPIRED:
                if refused is not None:
                    raise self._failed(operation, replace(judged, verdict=Verdict.AUTH_FATAL))
                refused = token.number
                continue
            if judged.verdict not in _AGAIN:
                raise self._failed(operation, judged)
            if judged.verdict is Verdict.THROTTLED:
                self._buckets.empty(operation, self._pacer.seconds())
            wait = self._back_off(attempt, judged.wait_seconds)
            if attempt + 1 == MOST_ATTEMPTS or self._pacer.seconds() - began + wait > LONGEST_SECONDS:
                raise self._failed(operation, judged)
            self._pacer.wait(wait)
        raise self._failed(operation, Judged(Verdict.TRANSIENT, message="no attempt was left"))

    def _token(self, operation: str, *, but: int | None) -> _Token:
        """A token; a platform that is away for a moment is asked again."""
        for attempt in range(MOST_ATTEMPTS):
            try:
                return self._tokens.get(but=but)
            except ChannelFailed as failed:
                judged = failed.judged
                if judged.verdict not in _AGAIN or attempt + 1 == MOST_ATTEMPTS:
                    raise
            except httpx.TransportError as away:
                judged = Judged(Verdict.TRANSIENT, message=type(away).__name__)
                if attempt + 1 == MOST_ATTEMPTS:
                    raise self._failed(operation, judged) from away
            self._pacer.wait(self._back_off(attempt, judged.wait_seconds))
        raise AssertionError("the last attempt raises")

    def _send(
        self, operation: str, request: httpx.Request, judge: Judge, attempt: int
    ) -> tuple[httpx.Response | None, Judged]:
        began = self._pacer.seconds()
        response: httpx.Response | None = None
        try:
            response = self._http.send(request)
            judged = judge(response)
            if judged.verdict in _GOOD and not _is_whole(response):
                judged = Judged(Verdict.TRANSIENT, code="truncated", message="the answer is no whole JSON")
        except httpx.TransportError as away:
            judged = Judged(Verdict.TRANSIENT, code="transport", message=type(away).__name__)
        except ValueError as broken:
            # The judge looked into a body that breaks off.
            judged = Judged(Verdict.TRANSIENT, code="truncated", message=type(broken).__name__)
        log = logger.debug if judged.verdict in _GOOD else logger.info
        log(
            "channel call",
            channel=self._account.channel,
            connection=self._account.id,
            operation=operation,
            status=None if response is None else response.status_code,
            verdict=str(judged.verdict),
            code=judged.code,
            milliseconds=round((self._pacer.seconds() - began) * 1000),
            attempt=attempt + 1,
            request_id=None if response is None else _request_id(response),
        )
        return response, judged

    def _back_off(self, attempt: int, hint: float | None) -> float:
        return max(hint or 0.0, self._chance.uniform(0, min(LONGEST_BACK_OFF, 2.0**attempt)))

    def _failed(self, operation: str, judged: Judged) -> ChannelFailed:
        words = ": ".join(part for part in (judged.code, judged.message) if part) or str(judged.verdict)
        return ChannelFailed(f"{self._account.channel.capitalize()} did not do {operation}: {words}"[:1000], judged)


def _is_whole(response: httpx.Response) -> bool:
    """Whether a body that says it is JSON is so to its end."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    # Lines of JSON are a file that may come in parts; whoever asked knows how long a part is.
    if not kind.endswith(("/json", "+json")) or not response.content:
        return True
    try:
        # Looked through and not built: whoever asked builds it.
        msgspec.json.decode(response.content, type=msgspec.Raw)
    except ValueError:
        return False
    return True


def _request_id(response: httpx.Response) -> str | None:
    return next((response.headers[name] for name in _REQUEST_IDS if name in response.headers), None)
