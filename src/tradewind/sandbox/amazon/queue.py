"""Notifications: destinations, subscriptions, and the queue of Amazon's message service that they go to."""

from __future__ import annotations

import hashlib
from collections import OrderedDict, deque
from datetime import datetime
from typing import Any

import msgspec

from tradewind.sandbox.amazon.asking import BadRequest, iso
from tradewind.sandbox.amazon.orders import status_of
from tradewind.sandbox.desk import Desk

_OLD_NAMES = {"CANCELLED": "Canceled", "PARTIALLY_SHIPPED": "PartiallyShipped"}
_MOST_WAITING = 100_000


class NotificationDesk:
    """Who wants to be told, and what waits to be fetched."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._destinations: dict[str, dict[str, Any]] = {}
        self._subscription: dict[str, Any] | None = None
        self._waiting: deque[dict[str, Any]] = deque(maxlen=_MOST_WAITING)
        self._taken: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._sent = 0

    def create_destination(self, body: Any) -> dict[str, Any]:
        arn = _at(body, "resourceSpecification", "sqs", "arn")
        if not isinstance(arn, str) or not arn.startswith("arn:aws:sqs:") or arn.endswith(".fifo"):
            raise BadRequest("The resource must be a standard SQS queue.")
        if any(known["resource"]["sqs"]["arn"] == arn for known in self._destinations.values()):
            raise BadRequest("A destination with this resource exists.", "Conflict", 409)
        destination = {
            "destinationId": f"destination-{len(self._destinations)}",
            "name": _at(body, "name"),
            "resource": {"sqs": {"arn": arn}},
        }
        self._destinations[destination["destinationId"]] = destination
        return {"payload": destination}

    def destinations(self) -> dict[str, Any]:
        return {"payload": list(self._destinations.values())}

    def subscribe(self, kind: str, body: Any) -> dict[str, Any]:
        if kind != "ORDER_CHANGE":
            raise BadRequest("This stand-in tells of orders alone.")
        if _at(body, "destinationId") not in self._destinations:
            raise BadRequest("The destination does not exist.")
        if _at(body, "processingDirective", "eventFilter", "eventFilterType") != kind:
            raise BadRequest("The event filter is of another type.")
        if self._subscription is not None:
            raise BadRequest("A subscription exists.", "Conflict", 409)
        self._subscription = {
            "subscriptionId": "subscription-1",
            "payloadVersion": "1.0",
            "destinationId": _at(body, "destinationId"),
        }
        return {"payload": self._subscription}

    def subscription(self) -> dict[str, Any]:
        if self._subscription is None:
            raise BadRequest("There is no subscription.", "NotFound", 404)
        return {"payload": self._subscription}

    def announce(self, since: datetime, until: datetime) -> None:
        """Puts what changed into the queue; without a subscription nothing."""
        if self._subscription is None:
            return
        for order in self._desk.news_of(since, until):
            written = status_of(order)
            changed = iso(order.channel_updated_at or order.placed_at)
            self._sent += 1
            body = {
                "NotificationVersion": "1.0",
                "NotificationType": "ORDER_CHANGE",
                "PayloadVersion": "1.0",
                "EventTime": changed,
                "Payload": {
                    "OrderChangeNotification": {
                        "NotificationLevel": "OrderLevel",
                        "AmazonOrderId": order.external_id,
                        "OrderChangeType": "OrderStatusChange",
                        "OrderChangeTrigger": {"TimeOfOrderChange": changed, "ChangeReason": "Status"},
                        "Summary": {
                            "MarketplaceId": order.marketplace,
                            "OrderStatus": _OLD_NAMES.get(written, written.capitalize()),
                        },
                    }
                },
                "NotificationMetadata": {"NotificationId": f"n-{self._sent:08d}", "PublishTime": changed},
            }
            self._waiting.append({"MessageId": f"m-{self._sent:08d}", "Body": msgspec.json.encode(body).decode()})

    def sqs(self, target: str, body: Any) -> dict[str, Any]:
        """One call of the queue's own protocol: what was received and not deleted comes again."""
        match target.removeprefix("AmazonSQS."):
            case "ReceiveMessage":
                if not self._waiting and self._taken:
                    self._waiting.extend(self._taken.values())
                    self._taken.clear()
                most = int(_at(body, "MaxNumberOfMessages") or 1)
                return {"Messages": [self._hand_out() for _ in range(min(most, 10, len(self._waiting)))]}
            case "DeleteMessage":
                self._taken.pop(str(_at(body, "ReceiptHandle")), None)
                return {}
            case _:
                raise BadRequest("This stand-in receives and deletes alone.")

    def _hand_out(self) -> dict[str, Any]:
        message = self._waiting.popleft()
        self._taken[f"handle-{message['MessageId']}"] = message
        digest = hashlib.md5(message["Body"].encode(), usedforsecurity=False).hexdigest()
        return message | {"ReceiptHandle": f"handle-{message['MessageId']}", "MD5OfBody": digest}


def _at(body: Any, *path: str) -> Any:
    for key in path:
        body = body.get(key) if isinstance(body, dict) else None
    return body
