"""The reports on real data: figures are those of the API, open to rows that add up, and keep their filters."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
import threading
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from tests.browser.conftest import Seller, View, window
from tests.browser.test_quality import size

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

REPORTS = {"sales": "Sales", "customers": "Customers", "products": "Product performance"}
KILOBYTES_OF_A_REPORT = 25
"""Most that a report brings beside what the dashboard has loaded, compressed."""


@pytest.fixture(scope="module")
def gold(seller: Seller) -> Seller:
    """The store with its gold tables built once."""
    line = [sys.executable, "-m", "tradewind", "--data-dir", str(seller.product.data_dir), "warehouse", "build"]
    for _ in range(60):
        built = subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)
        if built.returncode == 0:
            return seller
        # The server builds them too: after the demo, and by its schedule.
        assert "being built or tested already" in built.stderr, built.stdout + built.stderr
        threading.Event().wait(2)
    raise AssertionError("the server never came to an end with building the gold tables")


def asked(seller: Seller, what: str, **filters: Any) -> dict[str, Any]:
    answer = seller.api.get(f"/api/v1/analytics/{what}", params=filters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json(parse_float=Decimal)
    return found


def go(view: View, report: str, search: str = "") -> Page:
    """A report with all that it shows at first."""
    view.page.goto(f"{view.url}/insights/{report}{search}")
    expect(view.page.get_by_role("heading", level=1, name=REPORTS[report], exact=True)).to_be_visible()
    settle(view.page)
    return view.page


def settle(page: Page) -> None:
    expect(page.locator("[aria-label=Figures]")).to_be_visible()
    expect(page.locator(".waiting, [aria-busy=true]")).to_have_count(0)


def figure(page: Page, label: str) -> Locator:
    return page.get_by_role("group", name="Figures").get_by_role("button", name=label)


def number(text: str | None) -> Decimal:
    return Decimal(re.sub(r"[^\d.-]", "", text or ""))


def euro(amount: Decimal) -> str:
    return f"€{amount:,.2f}"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_nobody_is_shut_out_of_the_reports(browser: Browser, gold: Seller, axe: str, scheme: Any, width: int) -> None:
    """Each report and what it opens: axe finds nothing, and nothing hangs over the edge."""
    found: dict[str, list[str]] = {}
    with window(browser, gold, color_scheme=scheme, **size(width)) as view:
        view.sign_in()
        for report in REPORTS:
            page = go(view, report)
            found[report] = view.violations(axe)
            assert view.overflow() <= 0, report
        page = go(view, "sales")
        figure(page, "Revenue").click()
        for name in ("The rows behind it", "How it is computed", "What changed?"):
            page.get_by_role("dialog").get_by_role("button", name=name).click()
            expect(page.locator("dialog .waiting")).to_have_count(0)
            found[name] = view.violations(axe)
            assert view.overflow() <= 0, name
        assert view.complaints == []
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_a_report_shows_what_the_api_answers(view: View, gold: Seller) -> None:
    page = go(view, "sales", "?by=country")
    sales = asked(gold, "revenue", group_by="country")
    for label, slug in {"Revenue": "revenue", "Orders": "orders", "Gross profit": "gross_profit"}.items():
        assert number(figure(page, label).locator(".figure").text_content()) == sales["totals"][slug], label
    bridge = page.get_by_role("region", name="From gross to").get_by_role("listitem")
    # The bridge is of the last build: another test may have sold something since.
    steps = {step["slug"]: step["amount"] for step in sales["bridge"]}
    expect(bridge.filter(has_text=re.compile("^Revenue"))).to_contain_text(euro(steps["revenue"]))
    expect(bridge.last).to_contain_text(euro(steps["net_revenue"]))
    rows = page.get_by_role("table", name="Sales by country")
    expect(rows.get_by_role("row")).to_have_count(1 + min(15, len(sales["rows"])))
    expect(rows).to_contain_text(euro(sales["rows"][0]["revenue"]))

    page = go(view, "customers")
    customers = asked(gold, "customers")
    for segment in customers["segments"]:
        expect(page.get_by_role("list", name="Segments")).to_contain_text(euro(segment["revenue"]))
    expect(page.get_by_role("table", name="Top customers")).to_contain_text(customers["top"][0]["name"])
    assert sum(cell["customers"] for cell in customers["rfm_grid"]) == customers["totals"]["customers_with_orders"]
    expect(page.get_by_role("table", name="Cohorts by month")).to_be_visible()

    page = go(view, "products", "?order=worst")
    worst = asked(gold, "products", order="worst")["rows"][0]
    row = page.get_by_role("table", name="Products and how they perform").get_by_role("row").nth(1)
    expect(row).to_contain_text(worst["product_name"])
    expect(row).to_contain_text(euro(worst["total_revenue"]))


def test_a_figure_opens_to_the_rows_that_make_it(view: View, gold: Seller) -> None:
    page = go(view, "sales", "?range=7d&channel=amazon")
    value = figure(page, "Revenue").locator(".figure").text_content()
    figure(page, "Revenue").click()
    panel = page.get_by_role("dialog", name="Revenue: where does it come from?")
    expect(panel).to_contain_text("Revenue = gross revenue − refunded")
    expect(panel.locator("p").first).to_have_text(value or "")
    more = panel.get_by_role("button", name="Show more")
    while more.count():
        more.click()
        expect(panel.get_by_role("button", name="Loading…")).to_have_count(0)
    expect(panel).to_contain_text("add up to the figure.")
    order = panel.get_by_role("table", name="The rows behind the figure").get_by_role("link").first
    expect(order).to_have_attribute("href", re.compile("^/orders/"))
    panel.get_by_role("button", name="How it is computed").click()
    expect(panel).to_contain_text("log_orders")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(figure(page, "Revenue")).to_be_focused()


def test_what_changed_names_the_sale_that_came_in(view: View, gold: Seller) -> None:
    gold.sell("77.00")
    gold.product.wait_until(lambda: gold.metrics()["freshness"]["backlog"] == 0)
    page = go(view, "sales")
    page.get_by_role("button", name="What changed since…?").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("combobox").select_option(label="an hour ago")
    rows = panel.get_by_role("table", name="What came in between")
    expect(rows).to_contain_text("BROWSER-")
    expect(rows).to_contain_text("+€")


def test_filters_stand_in_the_address_and_survive_a_reload(view: View, gold: Seller) -> None:
    page = go(view, "sales")
    page.get_by_role("button", name="Channel", exact=True).first.click()
    page.get_by_role("checkbox", name="Amazon").check()
    page.keyboard.press("Escape")
    page.wait_for_url("**/insights/sales?channel=amazon")
    page.get_by_role("group", name="Group by").get_by_role("button", name="Product").click()
    page.wait_for_url("**/insights/sales?channel=amazon&by=product")
    settle(page)
    totals = asked(gold, "revenue", channel="amazon")["totals"]
    page.reload()
    settle(page)
    assert number(figure(page, "Revenue").locator(".figure").text_content()) == totals["revenue"]
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download sales by product as CSV").click()
    assert downloading.value.suggested_filename == "sales-by-product-30d-amazon.csv"
    page.go_back()
    page.wait_for_url("**/insights/sales?channel=amazon")


def test_no_report_is_heavy(view: View, gold: Seller) -> None:
    sizes: dict[str, int] = {}
    here = "dashboard"

    def weigh(answer: Response) -> None:
        if answer.request.resource_type == "script":
            sizes[here] = sizes.get(here, 0) + len(gzip.compress(answer.body()))

    page = view.open()
    page.on("response", weigh)
    for key, (report, name) in zip("SCF", REPORTS.items(), strict=True):
        here = report
        page.keyboard.press("g")
        page.keyboard.press(key.lower())
        expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()
        page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) > 0
    assert {name: size for name, size in sizes.items() if size > KILOBYTES_OF_A_REPORT * 1024} == {}
