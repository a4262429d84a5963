"""The plan on its page: a line is accepted there, and the purchase order that it became stands in commerce."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Seller, View

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture
def planned(seller: Seller) -> Seller:
    """The store, whose goods have suppliers, with a plan that orders something."""
    api = seller.api
    made = api.post("/api/v1/planning/plans", json={"service_level": 0.99}, timeout=60)
    assert made.status_code == 201, made.text
    assert made.json()["orders"] > 0
    return seller


def test_an_accepted_line_is_found_as_a_purchase_order(planned: Seller, view: View, axe: str) -> None:
    line = planned.api.get("/api/v1/planning/purchase-list", params={"limit": 1}).json()["items"][0]
    page = view.page
    page.goto(f"{view.url}/insights/planning")
    row = page.get_by_role("row").filter(has_text=line["sku"]).filter(has_text=line["location"]).first
    expect(row).to_contain_text(line["reason"])
    assert view.violations(axe) == []
    assert view.overflow() <= 0
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="Accept…").click()
    sheet = page.get_by_role("dialog", name="Accept 1 line")
    expect(sheet).to_contain_text(f"{line['supplier']} to {line['location']}")
    before = _numbers(planned)
    sheet.get_by_role("button", name="Draft the purchase orders").click()
    page.get_by_role("link", name="Open PO-").click()
    lines = page.get_by_role("table", name="Lines of the purchase order")
    expect(lines.get_by_role("row").filter(has_text=line["sku"])).to_be_visible()
    ((number, order),) = _numbers(planned).items() - before.items()
    expect(page.get_by_role("heading", level=1)).to_have_text(number)
    found = planned.api.get(f"/api/v1/purchase-orders/{order}").json()
    assert [(one["sku"], one["quantity"]) for one in found["lines"]] == [(line["sku"], line["quantity"])]
    assert view.violations(axe) == []


def _numbers(seller: Seller) -> dict[str, str]:
    """All purchase orders, their ids by their numbers."""
    found = seller.api.get("/api/v1/purchase-orders", params={"limit": 100}).json()
    assert found["next_cursor"] is None, "more than one page of purchase orders"
    return {one["number"]: one["purchase_order_id"] for one in found["items"]}
