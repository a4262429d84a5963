"""News waits in a queue: it is read whatever its spelling, kept before it is deleted, and leads to the order anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from tests.channels.amazon.market import Market
from tests.channels.amazon.samples import needs_samples, sample
from tradewind.channels.amazon.connector import AmazonConnector
from tradewind.channels.amazon.notifications import drain, hint_of, subscribe
from tradewind.channels.contract import Account, Hint, Resource
from tradewind.channels.sync.engine import Ask, Engine
from tradewind.channels.sync.inbox import work
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.sandbox.server import Sandbox

ARN = "arn:aws:sqs:us-east-1:123456789012:orders"


@needs_samples
def test_an_order_that_changed_is_named_and_other_news_is_none() -> None:
    changed = msgspec.json.encode(sample("notifications/ORDER_CHANGE.json"))
    assert hint_of(changed) == Hint(
        "d0e9e693-c3ad-4373-979f-ed4ec98dd746", Resource.ORDERS, "903-8868176-2219830", "ORDER_CHANGE"
    )
    # The same in camel case, as other notifications have it.
    camel = changed.replace(b'"NotificationMetadata"', b'"notificationMetadata"').replace(
        b'"AmazonOrderId"', b'"amazonOrderId"'
    )
    assert hint_of(camel) == hint_of(changed)
    assert hint_of(msgspec.json.encode(sample("notifications/REPORT_PROCESSING_FINISHED.json"))) is None


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"NotificationMetadata": []}', '{"NotificationMetadata": {}}'])
def test_what_is_no_notification_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput):
        hint_of(body)


class Messages:
    """A queue in memory, with messages that nobody can read among the others."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self.waiting = {str(number): body for number, body in enumerate(bodies)}

    def receive_message(self, **asked: Any) -> Mapping[str, Any]:
        first = list(self.waiting.items())[: asked["MaxNumberOfMessages"]]
        return {"Messages": [{"ReceiptHandle": key, "Body": body} for key, body in first]}

    def delete_message(self, **asked: Any) -> None:
        del self.waiting[asked["ReceiptHandle"]]


def a_message(number: int) -> str:
    told = {"OrderChangeNotification": {"AmazonOrderId": f"111-{number}"}}
    head = {"NotificationType": "ORDER_CHANGE", "NotificationMetadata": {"NotificationId": f"n{number}"}}
    return msgspec.json.encode(head | {"Payload": told}).decode()


def _refuse(hints: Sequence[Hint]) -> None:
    raise RuntimeError(f"the store is away, {len(hints)} hints are lost here")


def test_messages_are_deleted_after_they_are_kept_and_unreadable_ones_stay() -> None:
    queue = Messages(["{", *(a_message(number) for number in range(25))])
    kept: list[Hint] = []
    with pytest.raises(RuntimeError):
        drain(queue, "q", _refuse)
    assert len(queue.waiting) == 26
    assert drain(queue, "q", kept.extend) == 25
    assert [hint.external_id for hint in kept] == [f"111-{number}" for number in range(25)]
    assert list(queue.waiting.values()) == ["{"]


def test_a_subscription_is_made_once_with_the_apps_own_token() -> None:
    with Market.open(days=3, orders=20) as market:
        client = market.connection.client
        assert subscribe(client, ARN) == ["ORDER_CHANGE"]
        assert subscribe(client, ARN) == ["ORDER_CHANGE"]
        assert market.calls["createDestination"] == 2
        assert market.calls["getDestinations"] == 1
        connector = AmazonConnector()
        assert connector.subscribe(market.connection, ARN) == ["ORDER_CHANGE"]
        for wrong in ("https://example.org/hook", f"{ARN}.fifo"):
            with pytest.raises(InvalidInput, match="ARN"):
                connector.subscribe(market.connection, wrong)


def test_nobody_may_send_news_in_amazons_name() -> None:
    account = Account("c", "amazon", "amazon")
    with pytest.raises(NotPermitted):
        AmazonConnector().hints(account, {}, a_message(1).encode())
    assert AmazonConnector().fetch_hints(account, lambda _: None) == 0


# --- The engine before the stand-in, over a socket ---


def counted(store: Database, query: str, **values: Any) -> Any:
    with store.read() as tx:
        return tx.execute(text(query), values).scalar_one()


def test_a_whole_account_is_synced_and_its_queue_leads_to_orders_anew(
    served: tuple[Sandbox, Engine], store: Database
) -> None:
    sandbox, engine = served
    for resource in AmazonConnector.resources:
        result = engine.sync("amazon", resource, Ask())
        assert (result.status, result.error) == ("finished", None)
        assert result.counts.get("payloads.refused", 0) == 0, result.counts
    assert sandbox.violations == {}

    held = sum(
        (row.available or 0) + (row.reserved or 0) for row in sandbox.world.stock("amazon") if row.keeper == "fba"
    )
    assert counted(store, "SELECT sum(on_hand) FROM stock") == held

    # Once more, with what happened while it was read: then the books say what the world says.
    sandbox.clock.advance(minutes=15)
    for resource in (Resource.ORDERS, Resource.FEES):
        assert engine.sync("amazon", resource, Ask()).status == "finished"
    until = sandbox.clock.now() - timedelta(minutes=2)
    told = list(sandbox.world.orders("amazon", None, until))
    assert counted(store, "SELECT count(*) FROM orders") == len(told)
    fees = sum((fee.amount for fee in sandbox.world.fees("amazon", None, until)), Decimal(0))
    assert counted(store, "SELECT sum(amount_minor) FROM fees") == int(fees * 100)
    given = list(sandbox.world.refunds("amazon", None, until))
    assert counted(store, "SELECT count(*) FROM refunds") == len(given) > 0

    (opened,) = (engine.openings.get(counted(store, "SELECT id FROM channel_connections")),)
    subscribe(opened.connection.client, ARN)  # type: ignore[attr-defined]
    sandbox.announce()
    sandbox.clock.advance(hours=6)
    since = sandbox.clock.now() - timedelta(hours=6)
    sandbox.announce()
    news = list(sandbox.world.orders("amazon", since, sandbox.clock.now()))
    assert len(news) > 1
    assert work(engine) >= len(news)
    for order in news:
        query = "SELECT count(*) FROM orders WHERE external_id = :id AND channel_updated_at >= :since"
        assert counted(store, query, id=order.external_id, since=str(since)[:19]) == 1
    assert work(engine) == 0
