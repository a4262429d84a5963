"""What Amazon's answers mean: retry, refresh, stop, or go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from tradewind.channels.amazon.limits import LIMITS
from tradewind.channels.contract import Judge, Judged, Limit, Verdict

RATE_HEADER = "x-amzn-ratelimit-limit"
_TRANSIENT = frozenset({408, 500, 502, 503, 504})
_LONGEST_MESSAGE = 300
_FATAL_OAUTH = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "unsupported_grant_type"})


def judge_for(operation: str) -> Judge:
    """How the answers of one operation are judged: what to wait for is the operation's own."""

    def judge(response: httpx.Response) -> Judged:
        return judge_answer(operation, response)

    return judge


def judge_answer(operation: str, response: httpx.Response) -> Judged:
    """The verdict of an API call."""
    status = response.status_code
    if 200 <= status < 300:
        return _good(response)
    code, message, details = _first_error(response)
    told = f"{operation}: {message or 'no reason given'}"[:_LONGEST_MESSAGE]
    if status == 429:
        return Judged(Verdict.THROTTLED, _wait(operation, response), code, told)
    if status in _TRANSIENT:
        return Judged(Verdict.TRANSIENT, _retry_after(response), code, told)
    if status == 401 or (status == 403 and _is_expired(code, details)):
        return Judged(Verdict.AUTH_EXPIRED, None, code, told)
    if status == 403:
        # A missing role or a retired operation, if the account answers otherwise; the engine looks.
        hint = "The app lacks the role for this operation, or Amazon has retired it"
        return Judged(Verdict.AUTH_FATAL, None, code, f"{told} {hint}.")
    return Judged(Verdict.PERMANENT, None, code, told)


def judge_token(response: httpx.Response) -> Judged:
    """The verdict of a call for an access token, whose errors have the shape of OAuth."""
    status = response.status_code
    if 200 <= status < 300:
        return _good(response)
    body = _body(response)
    code = str(body.get("error") or "") or None
    message = str(body.get("error_description") or "")[:_LONGEST_MESSAGE] or None
    if code in _FATAL_OAUTH:
        return Judged(Verdict.AUTH_FATAL, None, code, message)
    if status == 429:
        return Judged(Verdict.THROTTLED, _retry_after(response), code, message)
    if status in _TRANSIENT:
        return Judged(Verdict.TRANSIENT, _retry_after(response), code, message)
    return Judged(Verdict.AUTH_FATAL, None, code, message)


def judge_download(response: httpx.Response) -> Judged:
    """The verdict of fetching a report's document from its short-lived address."""
    status = response.status_code
    if 200 <= status < 300:
        return Judged(Verdict.OK)
    verdict = Verdict.TRANSIENT if status in _TRANSIENT or status == 429 else Verdict.PERMANENT
    return Judged(verdict, None, str(status), "the report's document could not be fetched")


def told_limit(operation: str, response: httpx.Response) -> Limit | None:
    """The rate that an answer tells, with the burst that is published; None where it tells none or the same."""
    try:
        rate = float(response.headers.get(RATE_HEADER, ""))
    except ValueError:
        return None
    known = LIMITS.get(operation)
    if known is None or not 0 < rate < 10_000 or rate == known.rate:
        return None
    return Limit(rate, known.burst)


def _good(response: httpx.Response) -> Judged:
    if response.status_code == 204:
        return Judged(Verdict.EMPTY)
    try:
        msgspec.json.decode(response.content, type=msgspec.Raw)
    except msgspec.DecodeError:
        return Judged(Verdict.TRANSIENT, None, "truncated", "the answer is no whole JSON")
    return Judged(Verdict.OK)


def _body(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _first_error(response: httpx.Response) -> tuple[str | None, str, str]:
    errors = _body(response).get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    code, message, details = (str(first.get(key) or "") for key in ("code", "message", "details"))
    return code or str(response.status_code), " ".join(filter(None, (message, details))), details


def _is_expired(code: str | None, details: str) -> bool:
    return "expired" in details.casefold() or code in ("MissingAuthenticationToken", "InvalidAccessToken")


def _wait(operation: str, response: httpx.Response) -> float | None:
    known = told_limit(operation, response) or LIMITS.get(operation)
    hints = [hint for hint in (_retry_after(response), 1 / known.rate if known else None) if hint is not None]
    return max(hints, default=None)


def _retry_after(response: httpx.Response) -> float | None:
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if seconds >= 0 else None
