"""Customers of our own shop: one profile per address, defaults that are one, consent that is remembered."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.commerce.test_races import at_once, until_done
from tests.spine import NOON, Shop, an_order, rows_of
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.access.model import AuditEntry
from tradewind.commerce.customers.addresses import (
    MOST_ADDRESSES,
    TooManyAddresses,
    add_address,
    delete_address,
    edit_address,
)
from tradewind.commerce.customers.consents import consents_page, current_consents, has_consent, note_consent
from tradewind.commerce.customers.groups import (
    GroupExists,
    add_member,
    create_group,
    delete_group,
    find_group,
    groups_of,
    groups_page,
    remove_member,
    rename_group,
)
from tradewind.commerce.customers.model import Address, Customer
from tradewind.commerce.customers.profiles import (
    EmailTaken,
    create_customer,
    customer_for_change,
    edit_customer,
    ensure_guest,
)
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.customers.store import (
    CustomerFilter,
    addresses_of,
    customers_page,
    find_customer,
)
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound
from tradewind.events import outbox

ADA = {"email": "ada@example.com", "name": "Ada Example"}
HOME = {"name": "Ada Example", "line1": "Main Street 1", "city": "Berlin", "country": "DE"}


def a_customer(database: Database, **profile: Any) -> str:
    with database.write() as tx:
        return create_customer(tx, profile or ADA, actor=SYSTEM, now=NOON).id


def edit(database: Database, customer_id: str, **changes: Any) -> None:
    with database.write() as tx:
        edit_customer(tx, customer_for_change(tx, customer_id), changes, actor=SYSTEM, now=NOON)


def facts(database: Database, topic: str = "customers") -> list[dict[str, Any]]:
    with database.read() as tx:
        found = outbox.waiting(tx, outbox.BEGINNING, 10_000).facts
    return [orjson.loads(fact.payload) for fact in found if fact.topic == topic]


def test_a_profile_is_made_once_per_address_in_any_case(store: Database) -> None:
    ada = a_customer(store, email=" Ada@Example.com ", name="Ada", country="de", birth_date=date(1990, 2, 3))
    with pytest.raises(EmailTaken, match="merge the two") as refused:
        a_customer(store, email="ADA@EXAMPLE.COM", name="Another")
    assert refused.value.customer_id == ada
    with store.read() as tx:
        found = find_customer(tx, ada)
        assert (found.email, found.country, found.birth_date) == ("ada@example.com", "DE", date(1990, 2, 3))
        assert rows_of(tx, Customer) == 1
    assert [(f["customer_id"], f["email"], f["channel"], f["birth_date"]) for f in facts(store)] == [
        (ada, "ada@example.com", "", "1990-02-03")
    ]


def test_people_without_an_address_are_as_many_as_they_are(store: Database) -> None:
    assert a_customer(store, name="Bo") != a_customer(store, name="Bo")


def test_channels_keep_profiles_of_their_own_whatever_the_address(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", customer=NewCustomer("c", email="ada@example.com")))
    shop.book(an_order("B", customer=NewCustomer("d", email="ada@example.com")))
    own = a_customer(store)
    with store.write() as tx:
        assert ensure_guest(tx, {"email": "ada@example.com"}, actor=SYSTEM, now=NOON) == own
        assert rows_of(tx, Customer) == 3


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        ({}, "email"),
        ({"email": "  ", "name": ""}, "email"),
        ({"email": "ada"}, "email"),
        ({"email": "a da@example.com"}, "email"),
        ({"email": "ada@example.com\nBcc: x@example.com"}, "email"),
        ({"name": "Ada", "country": "Germany"}, "country"),
        ({"name": "Ada", "country": "1!"}, "country"),
        ({"name": "A" * 301}, "name"),
        ({"name": "A\0"}, "name"),
        ({"name": "Ada", "birth_date": date(1700, 1, 1)}, "birth_date"),
        ({"name": "Ada", "birth_date": date(2026, 3, 11)}, "birth_date"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(store: Database, profile: dict[str, Any], field: str) -> None:
    with store.write() as tx, pytest.raises(InvalidInput) as refused:
        create_customer(tx, profile, actor=SYSTEM, now=NOON)
    assert refused.value.field == field
    with store.read() as tx:
        assert rows_of(tx, Customer) == 0


def test_an_edit_changes_what_it_names_and_tells_it_once(store: Database) -> None:
    ada = a_customer(store, **ADA, phone="123")
    for _ in range(2):
        edit(store, ada, city="Bonn", phone=None)
    with store.read() as tx:
        found = find_customer(tx, ada)
        assert (found.name, found.city, found.phone, found.version) == ("Ada Example", "Bonn", None, 2)
        last = tx.scalars(select(AuditEntry).where(AuditEntry.action == "customer.update")).one()
        assert (last.before, last.after) == ({"city": None, "phone": "123"}, {"city": "Bonn", "phone": None})
    assert [(f["version"], f["city"], f["phone"]) for f in facts(store)] == [(1, "", "123"), (2, "Bonn", "")]


def test_an_address_of_somebody_else_cannot_be_taken_by_an_edit(store: Database) -> None:
    a_customer(store)
    bo = a_customer(store, email="bo@example.com")
    with pytest.raises(EmailTaken):
        edit(store, bo, email="Ada@example.com")
    with pytest.raises(InvalidInput, match="needs a name or an e-mail"):
        edit(store, bo, email=None)
    edit(store, bo, email="BO@example.com")
    edit(store, bo, email="bo@example.org")
    assert a_customer(store, email="bo@example.com")


def test_a_guest_is_known_again_and_cannot_rewrite_the_profile(store: Database) -> None:
    with store.write() as tx:
        first = ensure_guest(tx, ADA, actor=SYSTEM, now=NOON)
    with store.write() as tx:
        again = ensure_guest(tx, {"email": "ADA@example.com", "name": "Mallory"}, actor=SYSTEM, now=NOON)
        assert (again, find_customer(tx, again).name) == (first, "Ada Example")
    with store.write() as tx, pytest.raises(InvalidInput, match="e-mail"):
        ensure_guest(tx, {"name": "Nobody"}, actor=SYSTEM, now=NOON)


def test_guests_who_come_at_once_with_one_address_are_one(store: Database) -> None:
    found: list[str] = []

    def come() -> None:
        with store.write() as tx:
            found.append(ensure_guest(tx, ADA, actor=SYSTEM, now=NOON))

    assert at_once(*[come] * 8) == []
    assert len(found) == 8
    assert len(set(found)) == 1
    with store.read() as tx:
        assert rows_of(tx, Customer) == 1
    assert len(facts(store)) == 1


def test_channels_that_tell_of_one_person_at_once_are_all_heard_in_versions_of_their_own(store: Database) -> None:
    shop = Shop.open(store)
    shop.book(an_order("A", customer=NewCustomer("c", email="ada@example.com")))

    def tell(writer: int) -> None:
        for turn in range(4):
            person = NewCustomer("c", **{("phone", "city")[writer % 2]: f"{writer}-{turn}"})
            until_done(partial(shop.book, an_order(f"{writer}-{turn}", customer=person)))

    assert at_once(*(partial(tell, writer) for writer in range(4))) == []
    told = sorted(facts(store), key=lambda fact: int(fact["version"]))
    assert [fact["version"] for fact in told] == list(range(1, 18))
    with store.read() as tx:
        ada = tx.scalars(select(Customer)).one()
        assert (ada.version, ada.phone, ada.city) == (17, told[-1]["phone"], told[-1]["city"])


def test_without_its_index_two_guests_at_once_would_be_two(postgres: Database) -> None:
    """The guard above can be seen: who looks before the other has committed finds nobody."""
    with postgres.engine.begin() as connection:
        connection.exec_driver_sql("DROP INDEX uq_customers_own_email")
    with postgres.write() as one, postgres.write() as other:
        found = {ensure_guest(tx, ADA, actor=SYSTEM, now=NOON) for tx in (one, other)}
    assert len(found) == 2


def test_people_are_listed_newest_first_page_by_page_and_found_by_name_address_group_and_channel(
    store: Database,
) -> None:
    ids = [a_customer(store, name=f"Person {n}", email=f"p{n}@example.com") for n in range(7)]
    Shop.open(store).book(an_order("A", customer=NewCustomer("c", email="P3@Example.com", name="100% Wool")))
    with store.write() as tx:
        create_group(tx, "vip", "Very important", actor=SYSTEM, now=NOON)
        add_member(tx, customer_for_change(tx, ids[2]), "vip", actor=SYSTEM, now=NOON)

    def found(limit: int = 200, **chosen: Any) -> list[str]:
        names: list[str] = []
        cursor = None
        while True:
            with store.read() as tx:
                page = customers_page(tx, CustomerFilter(**chosen), limit=limit, cursor=cursor)
            names += [customer.name or "" for customer in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return names

    everyone = ["100% Wool", *(f"Person {n}" for n in reversed(range(7)))]
    for limit in (1, 3, 8, 9):
        assert found(limit) == everyone
    assert found(text="SON 4") == ["Person 4"]
    assert found(text="0%") == ["100% Wool"]
    assert found(text="p5@") == ["Person 5"]
    assert found(email="P3@example.com") == ["Person 3"]
    assert found(email="P3@Example.com") == ["100% Wool", "Person 3"]
    assert found(group="vip") == ["Person 2"]
    assert found(channel="own") == everyone[1:]
    assert found(channel="shop") == ["100% Wool"]
    assert found(channel="nowhere") == []


def test_the_first_address_is_the_default_and_another_takes_over(store: Database) -> None:
    ada = a_customer(store)
    with store.write() as tx:
        held = customer_for_change(tx, ada)
        home = add_address(tx, held, HOME, actor=SYSTEM, now=NOON).id
        work = add_address(tx, held, HOME | {"company": "Ltd", "is_default_billing": True}, actor=SYSTEM, now=NOON).id

    def defaults() -> dict[str, tuple[bool, bool]]:
        with store.read() as tx:
            rows = addresses_of(tx, ada)
            return {row.address_id: (row.is_default_shipping, row.is_default_billing) for row in rows}

    assert defaults() == {home: (True, False), work: (False, True)}
    with store.write() as tx:
        edit_address(tx, customer_for_change(tx, ada), home, HOME | {"line1": "2"}, actor=SYSTEM, now=NOON)
    assert defaults() == {home: (True, False), work: (False, True)}
    with store.write() as tx:
        delete_address(tx, customer_for_change(tx, ada), work, actor=SYSTEM, now=NOON)
    assert defaults() == {home: (True, True)}
    with store.read() as tx:
        assert find_customer(tx, ada).version == 5


def test_an_address_has_what_a_parcel_needs(store: Database) -> None:
    ada, bo = a_customer(store), a_customer(store, name="Bo")
    for missing in ("name", "line1", "city", "country"):
        with store.write() as tx, pytest.raises(InvalidInput) as refused:
            add_address(tx, customer_for_change(tx, ada), HOME | {missing: " "}, actor=SYSTEM, now=NOON)
        assert refused.value.field == missing
    with store.write() as tx:
        of_bo = add_address(tx, customer_for_change(tx, bo), HOME, actor=SYSTEM, now=NOON).id
    with store.write() as tx, pytest.raises(NotFound):
        delete_address(tx, customer_for_change(tx, ada), of_bo, actor=SYSTEM, now=NOON)
    with store.write() as tx:
        for _ in range(MOST_ADDRESSES):
            add_address(tx, customer_for_change(tx, ada), HOME, actor=SYSTEM, now=NOON)
        with pytest.raises(TooManyAddresses):
            add_address(tx, customer_for_change(tx, ada), HOME, actor=SYSTEM, now=NOON)


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["add", "edit", "delete"]), st.booleans(), st.booleans(), st.integers(0, 5)),
        max_size=12,
    )
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_addresses_one_of_them_is_the_default_of_each_kind(
    store: Database, steps: list[tuple[str, bool, bool, int]]
) -> None:
    ada = a_customer(store, name="Ada")
    for what, shipping, billing, place in steps:
        with store.write() as tx:
            held = customer_for_change(tx, ada)
            told = HOME | {"is_default_shipping": shipping, "is_default_billing": billing}
            known = [row.address_id for row in addresses_of(tx, ada)]
            if what == "add" or not known:
                add_address(tx, held, told, actor=SYSTEM, now=NOON)
            elif what == "edit":
                edit_address(tx, held, known[place % len(known)], told, actor=SYSTEM, now=NOON)
            else:
                delete_address(tx, held, known[place % len(known)], actor=SYSTEM, now=NOON)
        with store.read() as tx:
            rows = addresses_of(tx, ada)
            assert sum(row.is_default_shipping for row in rows) == min(len(rows), 1)
            assert sum(row.is_default_billing for row in rows) == min(len(rows), 1)


def test_two_who_add_a_default_at_once_leave_one(store: Database) -> None:
    ada = a_customer(store)

    def add() -> None:
        with store.write() as tx:
            told = HOME | {"is_default_shipping": True}
            add_address(tx, customer_for_change(tx, ada), told, actor=SYSTEM, now=NOON)

    assert at_once(*[partial(until_done, add)] * 6) == []
    with store.read() as tx:
        assert rows_of(tx, Address) == 6
        assert tx.scalar(select(func.count()).where(Address.is_default_shipping)) == 1
        assert find_customer(tx, ada).version == 7


def test_the_newest_word_on_a_purpose_counts_and_the_older_ones_stay(store: Database) -> None:
    ada = a_customer(store)
    told = [("newsletter", True), ("sms_offers", True), ("newsletter", False)]
    for step, (purpose, is_granted) in enumerate(told):
        with store.write() as tx:
            note_consent(
                tx,
                customer_for_change(tx, ada),
                purpose,
                is_granted=is_granted,
                source="form",
                actor=SYSTEM,
                now=NOON + timedelta(days=step),
            )
    with store.read() as tx:
        assert [(line.purpose, line.is_granted) for line in current_consents(tx, ada)] == [
            ("newsletter", False),
            ("sms_offers", True),
        ]
        assert [has_consent(tx, ada, purpose) for purpose in ("newsletter", "sms_offers", "calls")] == [
            False,
            True,
            False,
        ]
        first = consents_page(tx, ada, limit=2)
        rest = consents_page(tx, ada, limit=2, cursor=first.next_cursor)
    assert [(line.purpose, line.is_granted) for line in [*first.items, *rest.items]] == told[::-1]


@pytest.mark.parametrize(("purpose", "source", "field"), [("News letter", "form", "purpose"), ("news", " ", "source")])
def test_a_consent_says_what_for_and_how_we_know(store: Database, purpose: str, source: str, field: str) -> None:
    ada = a_customer(store)
    with store.write() as tx:
        held = customer_for_change(tx, ada)
        with pytest.raises(InvalidInput) as refused:
            note_consent(tx, held, purpose, is_granted=True, source=source, actor=SYSTEM, now=NOON)
    assert refused.value.field == field


def test_groups_have_members_and_go_without_them(store: Database) -> None:
    ada = a_customer(store)
    with store.write() as tx:
        for code in ("vip", "wholesale"):
            create_group(tx, code, code.title(), actor=SYSTEM, now=NOON)
            for _ in range(2):
                add_member(tx, customer_for_change(tx, ada), code, actor=SYSTEM, now=NOON)
        rename_group(tx, "vip", " Best ", actor=SYSTEM, now=NOON)
        with pytest.raises(GroupExists):
            create_group(tx, "vip", "Again", actor=SYSTEM, now=NOON)
    with store.read() as tx:
        assert groups_of(tx, ada) == ["vip", "wholesale"]
        assert (find_group(tx, "vip").name, find_group(tx, "vip").members) == ("Best", 1)
        first = groups_page(tx, limit=1)
        rest = groups_page(tx, limit=1, cursor=first.next_cursor)
        assert [group.code for group in [*first.items, *rest.items]] == ["vip", "wholesale"]
    with store.write() as tx:
        remove_member(tx, customer_for_change(tx, ada), "vip", actor=SYSTEM, now=NOON)
        with pytest.raises(NotFound):
            remove_member(tx, customer_for_change(tx, ada), "vip", actor=SYSTEM, now=NOON)
        delete_group(tx, "wholesale", actor=SYSTEM, now=NOON)
    with store.read() as tx:
        assert groups_of(tx, ada) == []
        with pytest.raises(NotFound):
            find_group(tx, "wholesale")
