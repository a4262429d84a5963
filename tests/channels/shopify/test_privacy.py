"""Shopify's privacy topics: who asks is told, who is to be forgotten is, and what was counted stays counted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.channels.shopify.shopfront import Shopfront
from tests.channels.syncing import ACTOR, KEY
from tradewind.channels.contract import Resource
from tradewind.channels.shopify.orders import guest_key
from tradewind.channels.sync import inbox, privacy
from tradewind.channels.sync.connections import NewConnection, change_credentials, connect, find_connection
from tradewind.channels.sync.engine import Ask, Engine
from tradewind.channels.sync.model import (
    ChannelAlert,
    ChannelConnection,
    ChannelPayload,
    QuarantinedPayload,
    State,
    WebhookEvent,
)
from tradewind.channels.sync.payloads import unpack
from tradewind.channels.sync.vault import vault_of
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.profiles import create_customer
from tradewind.commerce.orders.addresses import PostalAddress, put_addresses
from tradewind.commerce.orders.model import Order
from tradewind.commerce.orders.states import OrderStatus
from tradewind.commerce.payments.model import Refund
from tradewind.commerce.people.merge import merge_customers
from tradewind.core.errors import Misconfigured, NotPermitted

Served = tuple[Shopfront, Engine]
REDACT, REQUEST, SHOP = "customers/redact", "customers/data_request", "shop/redact"


@pytest.fixture
def books(served: Served) -> Served:
    """With all orders and customers read."""
    for resource in (Resource.ORDERS, Resource.CUSTOMERS):
        assert served[1].sync("shopify", resource).status == "finished"
    return served


def say(books: Served, topic: str, payload: Any, event: str = "event-1") -> int:
    """Shopify's call; returns how many news were new."""
    shop, engine = books
    given = shop.sandbox.variables(shop.address.removesuffix("/shopify"))
    body = json.dumps({"shop_id": 1, "shop_domain": "x"} | payload).encode()
    digest = hmac.digest(given["SHOPIFY_CLIENT_SECRET"].encode(), body, hashlib.sha256)
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        "X-Shopify-Shop-Domain": given["SHOPIFY_SHOP_NAME"],
        "X-Shopify-Webhook-Id": event,
    }
    return inbox.hear(engine, "shopify", headers, body)


def a_buyer(engine: Engine) -> tuple[Customer, list[str]]:
    """A customer with an e-mail address, and the ids of their orders at Shopify; the one with the most."""
    with engine.database.read() as tx:
        most = select(Order.customer_id).group_by(Order.customer_id).having(Order.customer_id.is_not(None))
        customer_id = tx.scalars(most.order_by(func.count().desc(), Order.customer_id)).first()
        person = tx.get_one(Customer, customer_id)
        orders = tx.scalars(select(Order.external_id).where(Order.customer_id == customer_id)).all()
        assert person.email
        assert len(orders) > 1
        tx.expunge_all()
    return person, list(orders)


def redact(person: Customer, orders: list[str]) -> dict[str, Any]:
    about = {"id": int(person.external_id or 0), "email": person.email, "phone": None}
    return {"customer": about, "orders_to_redact": [int(one) for one in orders]}


def totals(engine: Engine) -> list[Any]:
    with engine.database.read() as tx:
        sums = select(func.count(), func.sum(Order.total_minor), func.sum(Order.revenue_minor), func.sum(Order.units))
        return [*tx.execute(sums).one(), *tx.execute(select(func.count(), func.sum(Refund.amount_minor))).one()]


def payloads(engine: Engine) -> list[str]:
    """All that is kept as it came, opened."""
    with engine.database.read() as tx:
        vault = vault_of(find_connection(tx, "shopify"), KEY)
        bodies = [*tx.scalars(select(ChannelPayload.body)), *tx.scalars(select(QuarantinedPayload.body))]
    return [json.dumps(unpack(body, vault), default=str) for body in bodies]


def alerts(engine: Engine, beginning: str) -> list[str]:
    with engine.database.read() as tx:
        query = select(ChannelAlert.message).where(ChannelAlert.resolved_at.is_(None))
        return list(tx.scalars(query.where(ChannelAlert.cause.startswith(beginning))))


def test_a_customer_who_is_to_be_forgotten_is(books: Served) -> None:
    _, engine = books
    person, orders = a_buyer(engine)
    told, before = payloads(engine), totals(engine)
    assert sum(f'"{person.email}"' in body for body in told) >= 1 + len(orders), "there has to be something to forget"
    assert say(books, REDACT, redact(person, orders)) == 2 + len(orders)
    assert inbox.work(engine) == 2 + len(orders)
    left = payloads(engine)
    assert not any(f'"{person.email}"' in body for body in left)
    assert len(left) == len(told) - 1 - len(orders)
    assert totals(engine) == before
    with engine.database.read() as tx:
        found = tx.get_one(Customer, person.id)
        assert (found.is_erased, found.email, found.name) == (True, None, None)
        assert found.external_id != person.external_id
        assert tx.scalars(select(Customer).where(Customer.is_erased)).all() == [found]
        entry = tx.scalars(select(AuditEntry).where(AuditEntry.action == "customer.erase")).one()
        assert (entry.subject_id, entry.actor) == (person.id, "channel shopify")
        assert tx.scalars(select(WebhookEvent.error).where(WebhookEvent.done_at.is_(None))).all() == []
    assert inbox.work(engine) == 0


def test_what_shopify_tells_of_them_later_is_booked_and_teaches_nothing(books: Served) -> None:
    _, engine = books
    person, orders = a_buyer(engine)
    say(books, REDACT, redact(person, orders))
    inbox.work(engine)
    before = totals(engine)
    for resource in (Resource.ORDERS, Resource.CUSTOMERS):
        assert engine.sync("shopify", resource, Ask(full=True)).counts["payloads.booked"] > 50
    assert totals(engine) == before
    with engine.database.read() as tx:
        assert tx.get_one(Customer, person.id).email is None
        assert tx.scalar(select(func.count()).where(Customer.email == person.email)) == 0


def test_a_guest_is_forgotten_by_their_address(books: Served) -> None:
    _, engine = books
    person, orders = a_buyer(engine)
    with engine.database.write() as tx:
        tx.execute(update(Customer).where(Customer.id == person.id).values(external_id=guest_key(person.email or "")))
    payload = redact(person, []) | {"customer": {"id": 1, "email": (person.email or "").upper()}}
    assert say(books, REDACT, payload) == 2
    inbox.work(engine)
    with engine.database.read() as tx:
        assert tx.get_one(Customer, person.id).is_erased
    assert not any(f'"id": "gid://shopify/Order/{one}"' in body for one in orders for body in payloads(engine))


def test_a_payload_in_quarantine_goes_too(books: Served) -> None:
    _, engine = books
    person, orders = a_buyer(engine)
    with engine.database.write() as tx:
        kept = tx.scalars(select(ChannelPayload).where(ChannelPayload.external_id == orders[0])).one()
        values = {
            name: getattr(kept, name) for name in ("connection_id", "resource", "external_id", "content_hash", "body")
        }
        now = engine.clock.now()
        tx.add(QuarantinedPayload(id="q", code="bad", reason="bad", refused_at=now, **values))
        tx.execute(update(Order).where(Order.external_id == orders[0]).values(customer_id=None))
    say(books, REDACT, {"customer": {"id": 1}, "orders_to_redact": orders[:1]})
    inbox.work(engine)
    with engine.database.read() as tx:
        assert tx.scalars(select(QuarantinedPayload)).all() == []
        assert not tx.get_one(Customer, person.id).is_erased


def test_who_waits_for_a_parcel_of_ours_loses_the_payloads_and_somebody_is_told(books: Served) -> None:
    _, engine = books
    person, orders = a_buyer(engine)
    now = engine.clock.now()
    with engine.database.write() as tx:
        ours = create_customer(tx, {"email": "ann@example.com", "name": "Ann"}, actor=SYSTEM, now=now).id
        merge_customers(tx, ours, person.id, actor=SYSTEM, now=now)
        order_id = tx.scalars(select(Order.id).where(Order.external_id == orders[0])).one()
        tx.execute(update(Order).where(Order.id == order_id).values(status=str(OrderStatus.CONFIRMED)))
        put_addresses(tx, order_id, shipping=PostalAddress(name="Ann", line1="Main Street 1"))
    say(books, REDACT, redact(person, orders))
    assert inbox.work(engine) == 2 + len(orders)
    assert not any(f'"{person.email}"' in body for body in payloads(engine))
    (message,) = alerts(engine, "forget:")
    assert f"/api/v1/customers/{ours}/erase" in message
    with engine.database.write() as tx:
        assert tx.get_one(Customer, ours).name == "Ann"
        privacy.erase_person(tx, ours, actor=ACTOR, now=now, despite_open_orders=True)
    assert alerts(engine, "forget:") == []


def test_a_request_for_data_is_told_to_who_has_to_answer(books: Served) -> None:
    _, engine = books
    person, _ = a_buyer(engine)
    say(books, REQUEST, {"customer": {"id": int(person.external_id or 0), "email": person.email}})
    say(books, REQUEST, {"customer": {"id": 1, "email": "nobody@example.com"}}, event="event-2")
    assert inbox.work(engine) == 2
    first, second = sorted(alerts(engine, "privacy:"), key=lambda one: "no profile" in one)
    assert f"/api/v1/customers/{person.id}/export" in first
    assert "no profile has that id" in second
    assert "@" not in first + second
    books[0].sandbox.clock.advance(days=31)
    with engine.database.write() as tx:
        inbox.forget(tx, engine)
    assert alerts(engine, "privacy:") == []


def test_a_shop_that_left_is_forgotten_whole_with_its_credentials(books: Served) -> None:
    _, engine = books
    before = totals(engine)
    person, _ = a_buyer(engine)
    with engine.database.write() as tx:
        row = find_connection(tx, "shopify", lock=True)
        row.state = str(State.NEEDS_ATTENTION)  # as it is once the app was taken away
        former = row.sealed_key
        now = engine.clock.now()
        ours = create_customer(tx, {"email": "ann@example.com", "name": "Ann"}, actor=SYSTEM, now=now).id
        other = tx.scalars(
            select(Customer.id).where(Customer.id != person.id, Customer.channel_id.is_not(None))
        ).first()
        merge_customers(tx, ours, other or "", actor=SYSTEM, now=now)
    assert say(books, SHOP, {}) == 1
    assert inbox.work(engine) == 1
    assert totals(engine) == before
    with engine.database.read() as tx:
        row = find_connection(tx, "shopify")
        assert (row.state, vault_of(row, KEY).secrets(row.sealed_secrets)) == (State.NEEDS_ATTENTION, {})
        assert row.sealed_key != former
        people = tx.scalars(select(Customer).where(Customer.channel_id == row.channel_id)).all()
        assert len(people) > 50
        assert {(one.is_erased, one.email) for one in people} == {(True, None)}
        assert tx.get_one(Customer, ours).name == "Ann", "whom we know from elsewhere too, we still know"
        for model in (ChannelPayload, QuarantinedPayload):
            assert tx.scalars(select(model)).all() == []
    assert len(alerts(engine, "forgotten")) == 1
    with pytest.raises(NotPermitted):
        say(books, SHOP, {}, event="event-2")
    # Who sells there again enters credentials, and all is read from the beginning of what is not known.
    shop, connector = books[0], engine.connectors.get("shopify")
    given = shop.sandbox.variables(shop.address.removesuffix("/shopify"))
    with engine.database.write() as tx:
        row = find_connection(tx, "shopify", lock=True)
        secret = {"client_secret": given["SHOPIFY_CLIENT_SECRET"]}
        change_credentials(tx, row, connector, secret, secret_key=KEY, actor=ACTOR, now=engine.clock.now())
    assert engine.sync("shopify", Resource.ORDERS).status == "finished"


def test_a_demand_that_cannot_be_met_is_told_and_tried_again_later(books: Served) -> None:
    shop, engine = books
    key = engine.secret_key

    def gone() -> str:
        raise Misconfigured("The key is away.")

    engine.secret_key = gone
    say(books, REDACT, {"customer": None})
    say(books, SHOP, {}, event="event-2")
    assert inbox.work(engine) == 1
    assert ["The key is away." in message for message in alerts(engine, "privacy:")] == [True]
    engine.secret_key = key
    assert inbox.work(engine) == 0
    shop.sandbox.clock.advance(seconds=20)
    assert inbox.work(engine) == 1
    assert alerts(engine, "privacy:") == []


def test_of_two_shops_in_one_channel_only_the_one_that_left_is_forgotten(books: Served) -> None:
    shop, engine = books
    person, orders = a_buyer(engine)
    given = shop.sandbox.variables(shop.address.removesuffix("/shopify"))
    with engine.database.write() as tx:
        new = NewConnection("shopify", {}, name="second", channel="shopify")
        connector, now = engine.connectors.get("shopify"), engine.clock.now()
        second = connect(tx, connector, new, environment=given, secret_key=KEY, actor=ACTOR, now=now).id
        theirs = (ChannelPayload.external_id.in_([*orders, person.external_id]),)
        tx.execute(update(ChannelPayload).where(*theirs).values(connection_id=second))
    say(books, SHOP, {})
    assert inbox.work(engine) == 1
    with engine.database.read() as tx:
        assert [one.id for one in tx.scalars(select(Customer).where(Customer.is_erased.is_(False)))] == [person.id]
        assert set(tx.scalars(select(ChannelPayload.connection_id))) == {second}
        assert tx.get_one(ChannelConnection, second).state == State.ACTIVE
