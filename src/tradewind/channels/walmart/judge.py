"""What an answer of Walmart means: the reference's section 4.7."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from tradewind.channels.contract import Judged, Verdict

_TRANSIENT = frozenset({408, 423, 500, 502, 503, 504})
_NEXT = ("x-next-replenishment-time", "x-next-replenish-time")
_MOST_WORDS = 300


def judge_list(response: httpx.Response, now: datetime) -> Judged:
    """For searches and lists: 404 `CONTENT_NOT_FOUND` is an empty page, or the end of a catalogue."""
    judged = judge_one(response, now)
    if response.status_code == 404 and judged.code == "CONTENT_NOT_FOUND":
        return Judged(Verdict.EMPTY, code=judged.code)
    return judged


def judge_one(response: httpx.Response, now: datetime) -> Judged:
    """For everything else: what is not there is not there."""
    status = response.status_code
    if status in (200, 201, 202, 204):
        return Judged(Verdict.OK)
    error = first_error(response)
    code = (str(error.get("code") or "").split(".")[0] or None) if error else None
    words = (str(error.get("description") or error.get("message") or "")[:_MOST_WORDS] or None) if error else None
    if status == 206:
        return Judged(Verdict.OK, code=code, message=words)
    if status == 401:
        return Judged(Verdict.AUTH_EXPIRED, code=code, message=words)
    if status == 403:
        return Judged(Verdict.AUTH_FATAL, code=code, message=words)
    if status == 429:
        return Judged(Verdict.THROTTLED, wait_hint(response, now), code, words)
    if status in _TRANSIENT:
        return Judged(Verdict.TRANSIENT, wait_hint(response, now), code, words)
    return Judged(Verdict.PERMANENT, code=code or f"http_{status}", message=words)


def judge_token(response: httpx.Response, now: datetime) -> Judged:
    """For the token endpoint, where 401 says that the client id or secret is wrong."""
    judged = judge_one(response, now)
    if judged.verdict is Verdict.AUTH_EXPIRED:
        return Judged(Verdict.AUTH_FATAL, code=judged.code, message=judged.message)
    return judged


def at(
    judge: Callable[[httpx.Response, datetime], Judged], now: Callable[[], datetime]
) -> Callable[[httpx.Response], Judged]:
    """The judge with a clock for hints that name a moment."""
    return lambda response: judge(response, now())


def first_error(response: httpx.Response) -> Mapping[str, Any] | None:
    """The first error of a body in one of the three shapes that Walmart uses."""
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    if not isinstance(body, Mapping):
        return None
    found = body.get("errors", body.get("error"))
    if isinstance(found, Mapping):
        found = found.get("error", found)
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, Mapping) else None


def wait_hint(response: httpx.Response, now: datetime) -> float | None:
    """Seconds until the bucket is filled again: from an epoch in seconds or milliseconds, a date, or Retry-After."""
    for name in _NEXT:
        if (value := response.headers.get(name)) and (moment := _moment(value)) is not None:
            return max((moment - now).total_seconds(), 0.0)
    value = response.headers.get("retry-after")
    if value is None:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        moment = _moment(value)
        return None if moment is None else max((moment - now).total_seconds(), 0.0)


def _moment(value: str) -> datetime | None:
    try:
        number = float(value)
    except ValueError:
        return _date(value)
    try:
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _date(value: str) -> datetime | None:
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(value)
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None
