"""What an answer of Shopify means. Its GraphQL tells most errors with HTTP 200, so the body decides. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import msgspec

from tradewind.channels.contract import Judge, Judged, Verdict
from tradewind.channels.shopify.throttle import read_cost

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_TRANSIENT = frozenset({408, 500, 502, 503, 504})
_THROTTLED = frozenset({429, 430})
_ACCOUNT_STATES = {402: "The shop is frozen until its bill is paid.", 423: "Shopify has locked the shop."}
_CODES = {
    "THROTTLED": Verdict.THROTTLED,
    "INTERNAL_SERVER_ERROR": Verdict.TRANSIENT,
    "TIMEOUT": Verdict.TRANSIENT,
    "ACCESS_DENIED": Verdict.AUTH_FATAL,
    "SHOP_INACTIVE": Verdict.ACCOUNT_STATE,
}
_NO_SUCH_APP = frozenset({403, 404})
_LONGEST_MESSAGE = 300


def parse(body: bytes) -> Any:
    """JSON with its broken numbers as Decimal. Raises ValueError for a body that is cut off."""
    return _DECODER.decode(body)


def judge_graphql(response: httpx.Response) -> Judged:
    """The verdict on an answer to a GraphQL query or mutation, by status first and by its errors then."""
    if response.status_code != 200:
        return _by_status(response)
    try:
        body = parse(response.content)
    except ValueError:
        return Judged(Verdict.TRANSIENT, code="truncated", message="The answer is no whole JSON.")
    if not isinstance(body, Mapping):
        return Judged(Verdict.TRANSIENT, code="truncated", message="The answer is no JSON object.")
    errors = body.get("errors")
    if errors:
        return _by_errors(errors, body)
    if not isinstance(body.get("data"), Mapping):
        return Judged(Verdict.TRANSIENT, code="no_data", message="The answer has no data.")
    return Judged(Verdict.OK)


def judge_static_token(response: httpx.Response) -> Judged:
    """The same where the token has no end: one that is refused will not be better tomorrow."""
    judged = judge_graphql(response)
    if judged.verdict is not Verdict.AUTH_EXPIRED:
        return judged
    return Judged(Verdict.AUTH_FATAL, code=judged.code, message=judged.message)


def judge_part(length: int, size: int | None) -> Judge:
    """A judge of one part of a result file: as many bytes as were asked for, where the file's `size` is known."""

    def judge(response: httpx.Response) -> Judged:
        if response.status_code == 200:
            whole = size is None or len(response.content) == size
        elif response.status_code == 206:
            whole = size is None or len(response.content) == length
        else:
            return _judge_file(response)
        return Judged(Verdict.OK) if whole else Judged(Verdict.TRANSIENT, code="truncated")

    return judge


def _judge_file(response: httpx.Response) -> Judged:
    """The file's address is signed: a refusal says nothing of our access to the shop."""
    judged = _by_status(response)
    if judged.verdict in (Verdict.AUTH_EXPIRED, Verdict.AUTH_FATAL):
        return Judged(Verdict.PERMANENT, code="file_expired", message="The file's address is no longer valid.")
    return judged


def judge_token(response: httpx.Response) -> Judged:
    """The verdict on an answer of the token endpoint, which speaks OAuth."""
    if response.status_code in _TRANSIENT | _THROTTLED | _ACCOUNT_STATES.keys():
        return _by_status(response)
    try:
        body = parse(response.content)
    except ValueError:
        return Judged(Verdict.TRANSIENT, code="truncated", message="The token's answer is no JSON.")
    if response.status_code == 200 and isinstance(body, Mapping) and isinstance(body.get("access_token"), str):
        return Judged(Verdict.OK)
    code = body.get("error") if isinstance(body, Mapping) else None
    if code is None and response.status_code not in _NO_SUCH_APP:
        # No answer of the token endpoint's own: something before it is in trouble.
        return Judged(Verdict.TRANSIENT, code=str(response.status_code), message="Shopify gave no token this time.")
    return Judged(
        Verdict.AUTH_FATAL,
        code=str(code or response.status_code),
        message="Shopify gives no token for this client id and secret. Check both, and that the app is installed.",
    )


def _by_status(response: httpx.Response) -> Judged:
    status, code = response.status_code, str(response.status_code)
    if status in _THROTTLED:
        return Judged(Verdict.THROTTLED, wait_seconds=_retry_after(response), code=code)
    if status in _TRANSIENT or status >= 500:
        return Judged(Verdict.TRANSIENT, wait_seconds=_retry_after(response), code=code)
    if status in _ACCOUNT_STATES:
        return Judged(Verdict.ACCOUNT_STATE, code=code, message=_ACCOUNT_STATES[status])
    if status == 401:
        return Judged(Verdict.AUTH_EXPIRED, code=code, message="Shopify does not accept the access token.")
    if status == 403:
        return Judged(Verdict.AUTH_FATAL, code=code, message=_words(response))
    return Judged(Verdict.PERMANENT, code=code, message=_words(response))


def _by_errors(errors: Any, body: Mapping[str, Any]) -> Judged:
    """Data beside errors counts as nothing: half an answer would look like a shop with fewer orders."""
    if not isinstance(errors, list) or not isinstance(errors[0], Mapping):
        return Judged(Verdict.PERMANENT, message=str(errors)[:_LONGEST_MESSAGE])
    told = [(_code(error), error) for error in errors if isinstance(error, Mapping)]
    # The gravest first: waiting does not help where access is missing.
    order = [*reversed(_CODES), None]
    code, error = min(told, key=lambda one: order.index(one[0]) if one[0] in _CODES else -1)
    verdict = _CODES.get(code or "", Verdict.PERMANENT)
    cost = read_cost(body)
    wait = cost.wait_seconds if verdict is Verdict.THROTTLED and cost is not None else None
    return Judged(verdict, wait_seconds=wait, code=code, message=str(error.get("message"))[:_LONGEST_MESSAGE])


def _code(error: Mapping[str, Any]) -> str | None:
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, Mapping) else None
    return None if code is None else str(code)


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds, perhaps with a fraction, or a date by the server's own clock."""
    told = response.headers.get("Retry-After")
    if told is None:
        return None
    try:
        return max(float(told), 0.0)
    except ValueError:
        pass
    try:
        left = parsedate_to_datetime(told) - parsedate_to_datetime(response.headers["Date"])
        return max(float(left.total_seconds()), 0.0)
    except (KeyError, TypeError, ValueError):
        return None


def _words(response: httpx.Response) -> str | None:
    """The channel's own words, which are a plain text on these statuses and may be a page of HTML."""
    try:
        body = parse(response.content)
    except ValueError:
        return None
    errors = body.get("errors") if isinstance(body, Mapping) else None
    return None if errors is None else str(errors)[:_LONGEST_MESSAGE]
