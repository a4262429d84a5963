"""Calls to Amazon's Selling Partner API: requests, answers as objects, and pages that follow a token."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from tradewind.channels.amazon.judge import judge_answer, judge_download, judge_for, judge_token, told_limit
from tradewind.channels.amazon.marketplaces import HOSTS, Marketplace, parse_marketplaces
from tradewind.channels.amazon.values import Unbookable, part, text
from tradewind.channels.contract import Account, Caller, ChannelFailed, Judged, Raw, Verdict

MOST_PAGES = 10_000
LARGEST_DOCUMENT = 512 * 1024 * 1024
TOKEN_URL = "https://api.amazon.com/auth/o2/token"  # noqa: S105 (an address)
_AGENT = "Tradewind/1.0 (Language=Python)"
_RENEW_BEFORE = timedelta(minutes=9)
"""The engine renews a minute before the end: together ten minutes before Amazon's hour is over."""
_GONE = frozenset({"NotFound", "ResourceNotFound", "NOT_FOUND", "404"})
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")

Params = Mapping[str, str | int]


class Client:
    """One account's calls. Every one goes through the engine's caller."""

    def __init__(self, account: Account, caller: Caller) -> None:
        self.account = account
        self.caller = caller
        self.places = marketplaces_of(account)
        self.base = base_url(account, self.places)

    @property
    def is_test(self) -> bool:
        """Amazon's own sandbox answers with made-up orders."""
        return "//sandbox." in self.base

    def get(self, operation: str, path: str, params: Params) -> Raw | None:
        """The answer's object; None where there is none to give. Raises ChannelFailed."""
        return self.send(operation, "GET", path, params)

    def send(self, operation: str, method: str, path: str, params: Params, body: Any = None) -> Raw | None:
        def request(access_token: str) -> httpx.Request:
            return self.request(method, path, params, body, access_token)

        response = self.caller.call(operation, request, judge_for(operation))
        limit = told_limit(operation, response)
        if limit is not None:
            self.caller.learn(operation, limit)
        if judge_answer(operation, response).verdict is Verdict.EMPTY:
            return None
        return _object(operation, _DECODER.decode(response.content))

    def pages(
        self, operation: str, path: str, params: Params, token_name: str, next_token: Callable[[Raw], object]
    ) -> Iterator[Raw]:
        """Answers until one names no further token; an empty one with a token is not the end.

        Raises ChannelFailed for a token that comes again: following it would never end.
        """
        seen: set[str] = set()
        asked = dict(params)
        for _ in range(MOST_PAGES):
            answer = self.get(operation, path, asked)
            if answer is None:
                return
            yield answer
            token = text(next_token(answer))
            if token is None:
                return
            if token in seen:
                raise failed(operation, "paging_loop", "Amazon gave the same page token twice")
            seen.add(token)
            asked = {**params, token_name: token}
        raise failed(operation, "too_many_pages", f"more than {MOST_PAGES} pages")

    def download(self, address: str, compression: str | None) -> str:
        """A report's document. Its address is signed: Amazon's own headers must not go there."""
        response = self.caller.call("download", lambda _: httpx.Request("GET", address), judge_download)
        content = response.content
        if compression == "GZIP":
            content = _unpacked(content)
        charset = response.charset_encoding
        for encoding in (charset, "utf-8-sig", "cp1252"):
            if encoding is None:
                continue
            try:
                return content.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
        return content.decode("cp1252", "replace")

    def grantless_token(self) -> str:
        """A token for what needs no seller: the queues that notifications go to. Raises ChannelFailed."""
        form = {
            "grant_type": "client_credentials",
            "scope": "sellingpartnerapi::notifications",
            "client_id": self.account.values["client_id"],
            "client_secret": self.account.secret("client_secret"),
        }
        response = self.caller.call("grantlessToken", lambda _: _token_request(self.account, form), judge_token)
        return _read_token(response)[0]

    def request(self, method: str, path: str, params: Params, body: Any, access_token: str) -> httpx.Request:
        headers = {
            "x-amz-access-token": access_token,
            "x-amz-date": f"{self.caller.now:%Y%m%dT%H%M%SZ}",
            "user-agent": _AGENT,
            "accept": "application/json",
        }
        content = None
        if body is not None:
            headers["content-type"] = "application/json"
            content = _ENCODER.encode(body)
        return httpx.Request(method, self.base + path, params=dict(params) or None, headers=headers, content=content)


def marketplaces_of(account: Account) -> tuple[Marketplace, ...]:
    return parse_marketplaces(account.values.get("marketplaces", ""))


def base_url(account: Account, places: tuple[Marketplace, ...]) -> str:
    """The host that the user named, else that of the marketplaces' region."""
    named = account.values.get("base_url", "").strip().rstrip("/")
    return named or HOSTS[places[0].region]


def access_token(account: Account, http: httpx.Client, now: datetime) -> tuple[str, datetime]:
    """A new access token for an hour, of the seller's lasting permission. Raises ChannelFailed."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": account.secret("refresh_token"),
        "client_id": account.values["client_id"],
        "client_secret": account.secret("client_secret"),
    }
    response = http.send(_token_request(account, form))
    judged = judge_token(response)
    if judged.verdict is not Verdict.OK:
        raise ChannelFailed(
            f"Amazon gave no access token: {judged.code or response.status_code}. If this lasts, authorise the app"
            " again in Seller Central and enter the new refresh token and client secret.",
            judged,
        )
    value, lasts = _read_token(response)
    return value, now + max(lasts - _RENEW_BEFORE, timedelta(0))


def _token_request(account: Account, form: Mapping[str, str]) -> httpx.Request:
    address = account.values.get("token_url", "").strip() or TOKEN_URL
    headers = {"accept": "application/json", "user-agent": _AGENT}
    return httpx.Request("POST", address, data=dict(form), headers=headers)


def _read_token(response: httpx.Response) -> tuple[str, timedelta]:
    """The token of a good answer, and how long it lasts."""
    body = msgspec.json.decode(response.content)
    value = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(value, str) or not value:
        raise failed("token", "malformed_answer", "the answer holds no access_token")
    lasts = body.get("expires_in")
    return value, timedelta(seconds=lasts if isinstance(lasts, int) and lasts > 0 else 3600)


def failed(operation: str, code: str, message: str) -> ChannelFailed:
    """An answer that is not what was agreed: nobody is helped by asking again."""
    return ChannelFailed(f"Amazon, {operation}: {message}.", Judged(Verdict.PERMANENT, None, code, message))


def is_gone(refused: ChannelFailed) -> bool:
    """Whether the thing that was asked for does not exist."""
    return refused.judged.code in _GONE


def rows_of(operation: str, answer: Raw, *path: str) -> list[Raw]:
    """The list at a path of an answer. Raises ChannelFailed where something else stands there."""
    try:
        rows = part(answer, *path[:-1]).get(path[-1])
    except Unbookable as flaw:
        raise failed(operation, "malformed_answer", str(flaw)) from flaw
    if rows is None:
        return []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise failed(operation, "malformed_answer", f"{path[-1]} is no list of objects")
    return rows


def iso(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def segment(value: str) -> str:
    """A SKU or id as one part of a path."""
    return quote(value, safe="")


def _object(operation: str, answer: object) -> Raw:
    if not isinstance(answer, Mapping):
        raise failed(operation, "malformed_answer", "the answer is no object")
    return answer


def _unpacked(content: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacker.decompress(content, LARGEST_DOCUMENT)
    except zlib.error as broken:
        raise failed("download", "bad_document", "the report's document cannot be unpacked") from broken
    if unpacker.unconsumed_tail:
        raise failed("download", "bad_document", f"the report is larger than {LARGEST_DOCUMENT >> 20} MiB")
    if not unpacker.eof:
        raise failed("download", "bad_document", "the report's document breaks off")
    return unpacked
