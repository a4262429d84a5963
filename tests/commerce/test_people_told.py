"""What the warehouse knows of people, and no longer knows: the newest state it was told is the one in the shop."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from tests.spine import NOON, Shop, a_line, a_platform, an_order
from tradewind.commerce.access.audit import SYSTEM
from tradewind.commerce.catalog.service import find_products
from tradewind.commerce.customers.model import Customer
from tradewind.commerce.customers.profiles import create_customer
from tradewind.commerce.customers.service import NewCustomer
from tradewind.commerce.people.erasure import erase_customer
from tradewind.commerce.people.merge import merge_customers
from tradewind.commerce.reviews.writing import Opinion, write_review
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse

NEWEST_PEOPLE = "SELECT * FROM log_customers ORDER BY version DESC LIMIT 1 BY customer_id"
NEWEST_ORDERS = "SELECT order_number, customer_id FROM log_orders ORDER BY version DESC LIMIT 1 BY order_id"
NEWEST_REVIEWS = "SELECT rating, title, customer_id FROM log_reviews ORDER BY log_offset DESC LIMIT 1 BY review_id"
SOLD = "SELECT toString(sum(revenue)) AS revenue, sum(orders) AS orders FROM live_sales WHERE grain = 'order'"
WHO = ("external_id", "email", "name", "phone", "country", "region", "city")


def emails(warehouse: Warehouse) -> set[str]:
    return {row["email"] for row in warehouse.query(f"SELECT email FROM ({NEWEST_PEOPLE})")}


def test_a_merge_moves_orders_and_an_erasure_leaves_nobody_and_every_sum(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        ada = _a_buyer_with_two_profiles(platform)
        platform.settle()
        sold = platform.warehouse.query(SOLD)
        assert emails(platform.warehouse) == {"ada@example.com", "old@example.com"}

        with platform.database.write() as tx:
            old = tx.scalars(select(Customer.id).where(Customer.external_id == "c")).one()
            merge_customers(tx, ada, old, actor=SYSTEM, now=NOON)
        platform.settle()
        assert platform.warehouse.query(NEWEST_ORDERS) == [{"order_number": "A", "customer_id": ada}]
        assert platform.warehouse.query(NEWEST_REVIEWS) == [{"rating": 4, "title": "By Ada", "customer_id": ada}]
        assert platform.warehouse.query(SOLD) == sold

        with platform.database.write() as tx:
            erase_customer(tx, ada, actor=SYSTEM, now=NOON)
        platform.settle()
        people = platform.warehouse.query(NEWEST_PEOPLE)
        assert len(people) == 2
        for row in people:
            told = {name: row[name] for name in WHO if row[name] and not row[name].startswith("erased-")}
            assert (told, row["birth_date"]) == ({}, None)
        assert platform.warehouse.query(NEWEST_REVIEWS) == [{"rating": 4, "title": "", "customer_id": ada}]
        assert platform.warehouse.query(SOLD) == sold


def _a_buyer_with_two_profiles(platform: Platform) -> str:
    person = NewCustomer("c", email="old@example.com", name="Ada", phone="123", country="DE", city="Bonn")
    Shop.open(platform.database).book(an_order("A", a_line("MUG", 2, "7.35"), customer=person))
    with platform.database.write() as tx:
        old = tx.scalars(select(Customer.id)).one()
        mug = find_products(tx, ["MUG"])["MUG"].id
        write_review(tx, old, mug, Opinion(4, "By Ada"), actor=SYSTEM, now=NOON)
        return create_customer(tx, {"email": "ada@example.com", "name": "Ada"}, actor=SYSTEM, now=NOON).id
