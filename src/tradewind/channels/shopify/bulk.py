"""The first load: Shopify writes all orders into one file of lines, which is read in parts and never whole.

Each line is an object; children follow their parent and name it by `__parentId`, because the operation is asked to
group them. The file lies at a signed address and is fetched without a token.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import httpx

from tradewind.channels.contract import Caller, ChannelFailed, Judged, Raw, Verdict
from tradewind.channels.shopify.client import ShopifyClient, reach
from tradewind.channels.shopify.documents import bulk_document
from tradewind.channels.shopify.judge import judge_part, parse

PART_BYTES = 8 * 1024 * 1024
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 10.0
_LONGEST_SECONDS = 24 * 3600.0
_UNDER_WAY = frozenset({"CREATED", "RUNNING", "CANCELING"})
_IN_PROGRESS = "OPERATION_IN_PROGRESS"


class BulkFailed(ChannelFailed):
    """The operation ended without its file; the same can be read in pages."""


def bulk_orders(client: ShopifyClient, search: str) -> Iterator[Raw]:
    """All orders that a search finds, one at a time, their refunds without lines. Raises ChannelFailed."""
    address, size = _finished(client, _started(client, bulk_document("BulkOrders").replace("FILTER", search)))
    if address is not None:
        yield from grouped(_objects(client.caller, address, size))


def _started(client: ShopifyClient, query: str) -> str:
    """The id of a new operation; one of ours that runs already, left by a process that died, is waited for."""
    waited, wait = 0.0, _FIRST_WAIT
    while True:
        answer = reach(client.ask("BulkRun", {"query": query}), ("bulkOperationRunQuery",)) or {}
        operation = reach(answer, ("bulkOperation",))
        if operation is not None:
            return str(operation["id"])
        errors = answer.get("userErrors") or [{}]
        if errors[0].get("code") != _IN_PROGRESS or waited >= _LONGEST_SECONDS:
            raise _failed(str(errors[0].get("code")), f"Shopify refused the first load: {errors[0].get('message')}")
        client.caller.sleep(wait)
        waited, wait = waited + wait, min(wait * 2, _LONGEST_WAIT)


def _finished(client: ShopifyClient, operation_id: str) -> tuple[str | None, int | None]:
    """Where the file lies and how many bytes it has; no address where nothing was found."""
    waited, wait = 0.0, _FIRST_WAIT
    while True:
        operation = reach(client.ask("BulkPoll", {"id": operation_id}), ("bulkOperation",)) or {}
        status = operation.get("status")
        if status == "COMPLETED":
            size = operation.get("fileSize")
            return operation.get("url"), None if size is None else int(size)
        if status not in _UNDER_WAY or waited >= _LONGEST_SECONDS:
            code = str(operation.get("errorCode") or status)
            raise _failed(code, f"Shopify's first load ended as {status} ({code}).")
        client.caller.sleep(wait)
        waited, wait = waited + wait, min(wait * 2, _LONGEST_WAIT)


def _failed(code: str, message: str) -> ChannelFailed:
    if code == "ACCESS_DENIED":
        return ChannelFailed(message, Judged(Verdict.AUTH_FATAL, code=code, message=message))
    return BulkFailed(message, Judged(Verdict.TRANSIENT, code=code, message=message))


def _objects(caller: Caller, address: str, size: int | None) -> Iterator[dict[str, Any]]:
    """The file's lines as objects. Memory holds one part and a line's beginning."""
    rest = b""
    for part in _parts(caller, address, size):
        *lines, rest = (rest + part).split(b"\n")
        yield from (_object(line) for line in lines if line.strip())
    if rest.strip():
        yield _object(rest)


def _object(line: bytes) -> dict[str, Any]:
    try:
        read = parse(line)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise _failed("broken_file", "Shopify's file of the first load has a line that cannot be read.")
    return read


def _parts(caller: Caller, address: str, size: int | None) -> Iterator[bytes]:
    start = 0
    while size is None or start < size:
        end = start + PART_BYTES if size is None else min(start + PART_BYTES, size)
        response = caller.call("BulkDownload", _ranged(address, start, end), judge_part(end - start, size))
        yield response.content
        if response.status_code == 200:
            return  # The server does not know parts and sent the whole.
        start += len(response.content)
        size = _size(response) if size is None else size


def _ranged(address: str, start: int, end: int) -> Any:
    headers = {"Range": f"bytes={start}-{end - 1}"}
    return lambda _token: httpx.Request("GET", address, headers=headers)


def _size(response: httpx.Response) -> int:
    """From `Content-Range: bytes 0-99/1234`."""
    told = response.headers.get("Content-Range", "").rpartition("/")[2]
    if not told.isdigit():
        raise _failed("broken_file", "Shopify does not say how long its file of the first load is.")
    return int(told)


def grouped(objects: Iterable[dict[str, Any]]) -> Iterator[Raw]:
    """Parents with their children as lists, in the shape of a page's rows. Raises ChannelFailed for a stray child."""
    parent: dict[str, Any] | None = None
    for one in objects:
        parent_id = one.pop("__parentId", None)
        if parent_id is None:
            if parent is not None:
                yield parent
            parent = {**one, "lineItems": {"nodes": []}}
        elif parent is not None and parent_id == parent.get("id"):
            parent["lineItems"]["nodes"].append(one)
        else:
            raise _failed("broken_file", "Shopify's file of the first load has a line apart from its order.")
    if parent is not None:
        yield parent
