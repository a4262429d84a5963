"""News of changed orders, which Amazon puts into a queue of its message service (SQS) and nowhere else.

A message is unsigned, may come twice and in any order: it is a hint to read the order anew. Polling goes on beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import httpx
import msgspec

from tradewind.channels.amazon.client import Client, failed, rows_of
from tradewind.channels.amazon.judge import judge_for
from tradewind.channels.amazon.values import part, text
from tradewind.channels.contract import ChannelFailed, Hint, Raw, Resource
from tradewind.core.errors import InvalidInput, Misconfigured

ORDER_CHANGE = "ORDER_CHANGE"
_DESTINATIONS = "/notifications/v1/destinations"
_SUBSCRIPTION = f"/notifications/v1/subscriptions/{ORDER_CHANGE}"
_CHANGES = ["OrderStatusChange", "BuyerRequestedChange"]
_AT_ONCE = 10
_MOST = 10_000

Deliver = Callable[[Sequence[Hint]], None]
"""Keeps hints for good. A message is deleted from the queue only after that."""


class Queue(Protocol):
    """As much of boto3's SQS client as is used."""

    def receive_message(self, **asked: Any) -> Mapping[str, Any]: ...

    def delete_message(self, **asked: Any) -> Any: ...


def hint_of(body: str | bytes) -> Hint | None:
    """What a message is about; None where it is about nothing that is synced. Raises InvalidInput."""
    try:
        message = msgspec.json.decode(body)
    except msgspec.DecodeError as broken:
        raise InvalidInput("A notification is no JSON.") from broken
    if not isinstance(message, Mapping):
        raise InvalidInput("A notification is no object.")
    # Some notifications write their keys in Pascal case and others in camel case.
    found = _plain(message)
    event_id = text(part(found, "notificationmetadata").get("notificationid"))
    if event_id is None:
        raise InvalidInput("A notification has no NotificationId.")
    topic = text(found.get("notificationtype")) or "unknown"
    if topic != ORDER_CHANGE:
        return None
    order = text(part(found, "payload", "orderchangenotification").get("amazonorderid"))
    return Hint(event_id, Resource.ORDERS, order, topic)


def open_queue(address: str, endpoint: str | None = None) -> Queue:
    """A client of the queue, with the AWS credentials of the environment. Raises Misconfigured without boto3."""
    try:
        import boto3
    except ImportError:
        raise Misconfigured(
            "Amazon's notifications need the extra 'amazon': pip install 'tradewind[amazon]'."
        ) from None
    host = httpx.URL(address).host.split(".")
    region = host[1] if len(host) > 2 and host[0] == "sqs" else "us-east-1"
    queue: Queue = boto3.client("sqs", region_name=region, endpoint_url=endpoint)
    return queue


def drain(queue: Queue, address: str, deliver: Deliver) -> int:
    """Hands over what waits in the queue; returns how many messages it was.

    What cannot be read is left where it is: the queue's own dead letters are the place for it.
    """
    taken = 0
    while taken < _MOST:
        answer = queue.receive_message(QueueUrl=address, MaxNumberOfMessages=_AT_ONCE, WaitTimeSeconds=0)
        messages = answer.get("Messages") or []
        readable: list[Mapping[str, Any]] = []
        hints: list[Hint] = []
        for message in messages:
            try:
                hint = hint_of(message["Body"])
            except InvalidInput:
                continue
            readable.append(message)
            if hint is not None:
                hints.append(hint)
        if not readable:
            return taken
        deliver(hints)
        for message in readable:
            queue.delete_message(QueueUrl=address, ReceiptHandle=message["ReceiptHandle"])
        taken += len(readable)
    return taken


def subscribe(client: Client, arn: str) -> list[str]:
    """Asks Amazon to put changes of orders into a queue; what exists already stays. Raises ChannelFailed."""
    destination = _destination(client, arn, client.grantless_token())
    body = {
        "payloadVersion": "1.0",
        "destinationId": destination,
        "processingDirective": {
            "eventFilter": {
                "eventFilterType": ORDER_CHANGE,
                "orderChangeTypes": _CHANGES,
                "marketplaceIds": [place.id for place in client.places],
            }
        },
    }
    try:
        client.send("createSubscription", "POST", _SUBSCRIPTION, {}, body)
    except ChannelFailed as refused:
        if not _exists(refused):
            raise
    return [ORDER_CHANGE]


def _destination(client: Client, arn: str, token: str) -> str:
    """The id under which Amazon knows the queue, made where it is new."""
    body = {"name": "tradewind", "resourceSpecification": {"sqs": {"arn": arn}}}
    try:
        made = part(_grantless(client, "createDestination", "POST", token, body), "payload")
    except ChannelFailed as refused:
        if not _exists(refused):
            raise
        known = rows_of("getDestinations", _grantless(client, "getDestinations", "GET", token, None), "payload")
        made = next((row for row in known if part(row, "resource", "sqs").get("arn") == arn), {})
    found = text(made.get("destinationId"))
    if found is None:
        raise failed("createDestination", "malformed_answer", "Amazon names no destination for the queue")
    return found


def _grantless(client: Client, operation: str, method: str, token: str, body: Any) -> Raw:
    """A call that goes with the app's own token and not with the seller's."""
    response = client.caller.call(
        operation, lambda _: client.request(method, _DESTINATIONS, {}, body, token), judge_for(operation)
    )
    answer = msgspec.json.decode(response.content)
    return answer if isinstance(answer, Mapping) else {}


def _exists(refused: ChannelFailed) -> bool:
    return refused.judged.code in ("Conflict", "409")


def _plain(message: object) -> Any:
    """The same with all keys in lower case."""
    if isinstance(message, Mapping):
        return {str(key).lower(): _plain(value) for key, value in message.items()}
    return [_plain(each) for each in message] if isinstance(message, list) else message
