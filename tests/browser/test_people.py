"""Customers in the web app: found, edited by two at once, merged, handed their data, and forgotten."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seller, View
from tests.browser.test_back_office import V1, a_customer, go, made, refusals, sheet
from tests.spine import Shop, a_line, an_order
from tradewind.commerce.customers.service import NewCustomer
from tradewind.core.clock import SystemClock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


def somebody_who_bought(seller: Seller, name: str) -> dict[str, Any]:
    """A customer of a channel with one order of 20.00."""
    number = f"PEOPLE-{time.time_ns()}"
    buyer = NewCustomer(number, email=f"{number}@example.com".lower(), name=name)
    order = an_order(number, a_line("PEOPLE-MUG", 2, "10.00"), customer=buyer, placed_at=SystemClock().now())
    Shop.open(seller.database, keeps_stock=False).at(SystemClock().now()).book(order)
    (found,) = made(seller.api.get(f"{V1}/customers", params={"q": number.lower()}))["items"]
    return {**made(seller.api.get(f"{V1}/customers/{found['customer_id']}")), "order_number": number}


def test_somebody_is_added_found_and_edited_by_two(view: View, seller: Seller) -> None:
    name = f"Grace {time.time_ns()}"
    page = go(view, "/customers", "Customers")
    page.keyboard.press("n")
    sheet(page).get_by_label("Name", exact=True).fill(name)
    sheet(page).get_by_label("Country").fill("fr")
    expect(sheet(page)).to_contain_text("France")
    sheet(page).get_by_role("button", name="Add the customer").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()

    page = go(view, "/customers", "Customers")
    page.get_by_label("Search customers").fill(name.upper())
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_label("City").fill("Lyon")
    (found,) = made(seller.api.get(f"{V1}/customers", params={"q": name}))["items"]
    path = f"{V1}/customers/{found['customer_id']}"
    made(seller.api.patch(path, json={"city": "Paris", "phone": "123"}))
    page.get_by_role("button", name="Save", exact=True).click()
    told = page.get_by_role("table", name="What they changed, beside yours")
    expect(told.get_by_role("row", name="City Paris Lyon")).to_be_visible()
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.get_by_role("status").filter(has_text="The customer is saved")).to_be_visible()
    after = made(seller.api.get(path))
    assert (after["city"], after["phone"], after["country"]) == ("Lyon", "123", "FR")
    refusals(view, 409)


def test_a_duplicate_is_merged_after_a_look_at_what_moves(view: View, seller: Seller) -> None:
    name = f"Ada {time.time_ns()}"
    old, ada = somebody_who_bought(seller, f"{name} old"), a_customer(seller, name)
    page = go(view, f"/customers/{ada['customer_id']}", name)
    expect(page.get_by_role("region", name="Spent")).to_contain_text("Nothing yet")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Merge a duplicate").click()
    sheet(page).get_by_role("radio", name=f"{name} old").check()
    expect(sheet(page)).to_contain_text("1 order")
    sheet(page).get_by_role("button", name="Merge them").click()
    expect(page.get_by_role("region", name="Spent")).to_contain_text("€20.00")
    expect(page.get_by_role("link", name=old["order_number"])).to_be_visible()
    assert made(seller.api.get(f"{V1}/customers/{old['customer_id']}"))["merged_into_id"] == ada["customer_id"]
    page = go(view, f"/customers/{old['customer_id']}", old["name"])
    page.get_by_role("link", name="the profile it was merged into").click()
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def test_a_person_gets_their_data_and_is_forgotten(view: View, seller: Seller) -> None:
    name = f"Emmy {time.time_ns()}"
    emmy = somebody_who_bought(seller, name)
    page = go(view, f"/customers/{emmy['customer_id']}", name)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export their data").click()
    told = json.loads(waiting.value.path().read_text())
    assert [row["name"] for row in told["customers"]] == [name]
    assert [row["order_number"] for row in told["orders"]] == [emmy["order_number"]]

    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Forget who this is").click()
    forget = sheet(page).get_by_role("button", name="Forget for good")
    expect(forget).to_be_disabled()
    sheet(page).get_by_label("I understand that this cannot be undone").check()
    forget.click()
    expect(page.get_by_text("Forgotten", exact=True)).to_be_visible()
    expect(page.get_by_text(name)).to_have_count(0)
    after = made(seller.api.get(f"{V1}/customers/{emmy['customer_id']}"))
    assert (after["is_erased"], after["name"], after["email"]) == (True, None, None)
    assert [bought["total"] for bought in after["purchases"]] == [20.0]
