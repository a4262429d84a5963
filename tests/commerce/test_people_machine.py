"""Whatever happens to people in whatever order: nothing of them is lost, doubled, or left under a name that is gone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select

from tests.spine import NOON, Shop, a_line, an_order
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.customers.addresses import add_address
from tradewind.commerce.customers.model import Address, Customer
from tradewind.commerce.customers.profiles import (
    CustomerErased,
    CustomerMerged,
    EmailTaken,
    create_customer,
    customer_for_change,
    ensure_guest,
)
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.orders.model import Order
from tradewind.commerce.people.erasure import erase_customer
from tradewind.commerce.people.history import bought_by_person, orders_of_person
from tradewind.commerce.people.merge import merge_customers
from tradewind.commerce.reviews.model import Review
from tradewind.commerce.reviews.writing import AlreadyReviewed, NotBought, Opinion, write_review
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput
from tradewind.migrations.tables import metadata

HOME = {"name": "Ada", "line1": "Main Street 1", "city": "Berlin", "country": "DE"}
EMAILS = st.sampled_from(["a@example.com", "B@example.com", "c@example.com"])
PLACES = st.integers(0, 7)


class People(RuleBasedStateMachine):
    """A shop and a channel with a few people, who buy, write, turn out to be the same, and want to be forgotten."""

    database: Database

    def __init__(self) -> None:
        super().__init__()
        with self.database.write() as tx:
            for table in reversed(metadata.sorted_tables):
                tx.execute(table.delete())
        self.shop = Shop.open(self.database)
        self.booked = 0

    def _someone(self, place: int) -> str | None:
        with self.database.read() as tx:
            ids = tx.scalars(select(Customer.id).order_by(Customer.id)).all()
        return ids[place % len(ids)] if ids else None

    @rule(email=EMAILS)
    def sign_up(self, email: str) -> None:
        with self.database.write() as tx:
            own = select(func.count()).where(Customer.channel_id.is_(None), Customer.email == email.lower())
            if not tx.scalar(own):
                create_customer(tx, {"email": email}, actor=SYSTEM, now=NOON)
                return
            with pytest.raises(EmailTaken) as refused:
                create_customer(tx, {"email": email}, actor=SYSTEM, now=NOON)
            assert tx.get_one(Customer, refused.value.customer_id).merged_into_id is None

    @rule(email=EMAILS)
    def come_as_a_guest(self, email: str) -> None:
        with self.database.write() as tx:
            found = tx.get_one(Customer, ensure_guest(tx, {"email": email}, actor=SYSTEM, now=NOON))
            assert found.merged_into_id is None
            assert not found.is_erased

    @rule(name=st.sampled_from("xyz"), email=st.none() | EMAILS)
    def buy_on_the_channel(self, name: str, email: str | None) -> None:
        self.booked += 1
        self.shop.book(an_order(f"A-{self.booked}", a_line(price="7.35"), customer=NewCustomer(name, email=email)))

    @rule(place=PLACES)
    def move_house(self, place: int) -> None:
        customer_id = self._someone(place)
        if customer_id is not None:
            with self.database.write() as tx:
                try:
                    add_address(tx, customer_for_change(tx, customer_id), HOME, actor=SYSTEM, now=NOON)
                except (CustomerErased, CustomerMerged):
                    return

    @rule(place=PLACES, rating=st.integers(1, 5))
    def write_a_review(self, place: int, rating: int) -> None:
        customer_id = self._someone(place)
        with self.database.write() as tx:
            product_id = tx.scalar(select(metadata.tables["products"].c.id))
            if customer_id is None or product_id is None:
                return
            try:
                write_review(tx, customer_id, product_id, Opinion(rating, "Good"), actor=SYSTEM, now=NOON)
            except (CustomerErased, CustomerMerged, NotBought, AlreadyReviewed):
                return

    @rule(first=PLACES, second=PLACES)
    def turn_out_to_be_the_same(self, first: int, second: int) -> None:
        survivor, duplicate = self._someone(first), self._someone(second)
        if survivor is None or duplicate is None:
            return
        with self.database.write() as tx:
            try:
                merge_customers(tx, survivor, duplicate, actor=SYSTEM, now=NOON)
            except (CustomerErased, CustomerMerged, InvalidInput):
                return

    @rule(place=PLACES)
    def want_to_be_forgotten(self, place: int) -> None:
        customer_id = self._someone(place)
        if customer_id is not None:
            with self.database.write() as tx:
                try:
                    erase_customer(tx, customer_id, actor=SYSTEM, now=NOON)
                except CustomerMerged:
                    return

    @invariant()
    def every_order_is_in_one_history_and_none_is_lost(self) -> None:
        with self.database.read() as tx:
            living = tx.scalars(select(Customer.id).where(Customer.merged_into_id.is_(None))).all()
            found = [o.order_number for c in living for o in orders_of_person(tx, c, limit=200).items]
            total = sum(part.orders for c in living for part in bought_by_person(tx, c))
            assert sorted(found) == sorted(tx.scalars(select(Order.order_number)))
            assert len(found) == total == self.booked

    @invariant()
    def nothing_stands_under_a_profile_that_is_gone(self) -> None:
        with self.database.read() as tx:
            gone = select(Customer.id).where(Customer.merged_into_id.is_not(None))
            for table in (Order, Address, Review):
                assert tx.scalar(select(func.count()).where(table.customer_id.in_(gone))) == 0
            # A signpost leads to a profile, never to another signpost.
            assert tx.scalar(select(func.count()).where(Customer.merged_into_id.in_(gone))) == 0

    @invariant()
    def an_address_has_one_owner_and_a_person_one_default(self) -> None:
        with self.database.read() as tx:
            own = (Customer.channel_id.is_(None), Customer.merged_into_id.is_(None), Customer.email.is_not(None))
            emails = tx.scalars(select(Customer.email).where(*own)).all()
            assert len(emails) == len(set(emails))
            defaults: Any = select(Address.customer_id, func.count()).where(Address.is_default_shipping)
            assert all(count == 1 for _, count in tx.execute(defaults.group_by(Address.customer_id)))

    @invariant()
    def who_was_forgotten_has_no_words_left(self) -> None:
        with self.database.read() as tx:
            erased = select(Customer.id).where(Customer.is_erased)
            known = func.coalesce(Customer.email, Customer.name, Customer.phone, Customer.city)
            assert tx.scalar(select(func.count()).where(Customer.is_erased, known.is_not(None))) == 0
            assert tx.scalar(select(func.count()).where(Address.customer_id.in_(erased))) == 0
            words = (Review.customer_id.in_(erased), Review.title.is_not(None))
            assert tx.scalar(select(func.count()).where(*words)) == 0


def test_people_come_buy_merge_and_go_in_any_order(store: Database) -> None:
    class Here(People):
        database = store

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=12,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )
