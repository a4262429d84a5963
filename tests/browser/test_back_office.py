"""What a person does behind the shop: products, orders, users, and their own account, on a real server."""

from __future__ import annotations

import base64
import gzip
import io
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.conftest import Seller, View, window
from tests.browser.test_quality import size

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

V1 = "/api/v1"
PASSWORD = "correct horse battery staple"
KILOBYTES_OF_A_PAGE = 25
"""Most that a page brings beside what the dashboard has loaded, compressed."""


def made(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


def an_order(seller: Seller) -> dict[str, Any]:
    """A confirmed order of one piece that nobody has sent."""
    seller.sell("12.34")
    found = made(seller.api.get(f"{V1}/orders", params={"q": "BROWSER-", "limit": 1}))
    order: dict[str, Any] = made(seller.api.get(f"{V1}/orders/{found['items'][0]['order_id']}"))
    return order


def a_product(seller: Seller, sku: str) -> dict[str, Any]:
    body = {"name": f"Mug {sku}", "sku": sku, "price": "10.00", "currency": "EUR", "status": "active"}
    product: dict[str, Any] = made(seller.api.post(f"{V1}/products", json=body))
    return product


def a_customer(seller: Seller, name: str, **profile: str) -> dict[str, Any]:
    body = {"name": name, "email": f"{time.time_ns()}@example.com", **profile}
    customer: dict[str, Any] = made(seller.api.post(f"{V1}/customers", json=body))
    return customer


def go(view: View, path: str, heading: str) -> Page:
    """A page with all that it shows at first."""
    view.page.goto(view.url + path)
    expect(view.page.get_by_role("heading", level=1, name=heading, exact=True)).to_be_visible()
    expect(view.page.locator(".waiting")).to_have_count(0)
    return view.page


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog")


def refusals(view: View, status: int) -> None:
    """Forgives what the browser logs by itself when the server refuses."""
    view.complaints = [told for told in view.complaints if f"status of {status}" not in told]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("dark", 390), ("light", 360)])
def test_nobody_is_shut_out_of_the_back_office(
    browser: Browser, seller: Seller, axe: str, scheme: Any, width: int
) -> None:
    """Every page and its sheets: axe finds nothing, and nothing hangs over the edge."""
    order, product = an_order(seller), made(seller.api.get(f"{V1}/products", params={"limit": 1}))["items"][0]
    admin = made(seller.api.get(f"{V1}/auth/me"))
    ada = a_customer(seller, "Ada Example", country="DE")
    home = {"name": "Ada Example", "line1": "Main Street 1", "city": "Berlin", "country": "DE"}
    made(seller.api.post(f"{V1}/customers/{ada['customer_id']}/addresses", json=home))
    pages = {
        "/orders": "Orders",
        f"/orders/{order['order_id']}": order["order_number"],
        "/products": "Products",
        f"/products/{product['product_id']}": product["name"],
        "/products/new": "New product",
        "/products/files": "Import or export products",
        "/customers": "Customers",
        f"/customers/{ada['customer_id']}": "Ada Example",
        "/reviews": "Reviews",
        "/promotions": "Promotions",
        "/purchasing": "Purchase orders",
        "/purchasing/suppliers": "Suppliers",
        "/users": "Users",
        f"/users/{admin['user_id']}": "admin",
        "/account": "Your account",
    }
    opens = {
        "Orders": "Status",
        order["order_number"]: "Send",
        product["name"]: "Adjust",
        "Ada Example": "Note one",
        "Customers": "New customer",
        "Promotions": "New promotion",
        "Suppliers": "New supplier",
        "Your account": "Set up",
    }
    found: dict[str, list[str]] = {}
    with window(browser, seller, color_scheme=scheme, **size(width)) as view:
        view.sign_in()
        for path, heading in pages.items():
            page = go(view, path, heading)
            found[heading] = view.violations(axe)
            assert view.overflow() <= 0, heading
            if name := opens.get(heading):
                page.get_by_role("button", name=name, exact=True).first.click()
                expect(page.locator("[data-radix-popper-content-wrapper], dialog[open]")).to_be_visible()
                found[f"{heading}: {name}"] = view.violations(axe)
                assert view.overflow() <= 0, name
        assert view.complaints == []
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_no_page_is_heavy(view: View) -> None:
    """From the dashboard to each page: what is loaded beside what is there."""
    sizes: dict[str, int] = {}
    here = "dashboard"

    def weigh(answer: Any) -> None:
        if answer.request.resource_type == "script":
            sizes[here] = sizes.get(here, 0) + len(gzip.compress(answer.body()))

    page = view.open()
    page.on("response", weigh)
    for name in ("Orders", "Products", "Customers", "Users"):
        here = name
        bar = page.get_by_role("navigation", name="Pages").first
        if name == "Users":
            bar.get_by_role("button", name="More pages").click()
            page.get_by_role("menuitem", name=name).click()
        else:
            bar.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
        page.wait_for_load_state("networkidle")
        here = f"one of {name}"
        page.get_by_role("table").get_by_role("link").first.click()
        expect(page.get_by_role("link", name=name).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.go_back()
    assert sum(sizes.values()) > 0
    assert {name: size for name, size in sizes.items() if size > KILOBYTES_OF_A_PAGE * 1024} == {}


def test_an_order_is_found_sent_and_noted(view: View, seller: Seller) -> None:
    order = an_order(seller)
    number, path = order["order_number"], f"{V1}/orders/{order['order_id']}"
    page = go(view, "/orders", "Orders")
    page.get_by_label("Search by order number").fill(number)
    page.wait_for_url(f"**/orders?q={number}")
    page.get_by_role("link", name=number, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=number, exact=True)).to_be_visible()

    page.get_by_role("button", name="Send", exact=True).click()
    sheet(page).get_by_label("Carrier").fill("DHL")
    sheet(page).get_by_label("Tracking number").fill("00340")
    sheet(page).get_by_role("button", name="Send all").click()
    expect(page.get_by_text("Shipped", exact=True).first).to_be_visible()
    (parcel,) = made(seller.api.get(f"{path}/shipments"))["items"]
    assert (parcel["carrier"], parcel["tracking_number"]) == ("DHL", "00340")

    page.get_by_label("New note").fill("Left at the door")
    page.get_by_role("button", name="Add note").click()
    # Not the field that it was typed into: that holds the same words until the note is booked.
    expect(page.get_by_role("region", name="Notes").get_by_role("listitem")).to_contain_text("Left at the door")
    assert [note["text"] for note in made(seller.api.get(f"{path}/notes"))["items"]] == ["Left at the door"]

    page.get_by_role("button", name="It has arrived").click()
    expect(page.get_by_text("Delivered", exact=True).first).to_be_visible()
    assert made(seller.api.get(path))["status"] == "delivered"


def test_an_order_is_cancelled_only_over_what_was_seen(view: View, seller: Seller) -> None:
    order = an_order(seller)
    path = f"{V1}/orders/{order['order_id']}"
    page = go(view, f"/orders/{order['order_id']}", order["order_number"])
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Cancel the order").click()
    made(seller.api.post(f"{path}/status", json={"status": "processing"}))  # somebody else, meanwhile

    cancel = sheet(page).get_by_role("button", name="Cancel the order")
    cancel.click()
    expect(sheet(page)).to_contain_text("Somebody else was faster")
    assert made(seller.api.get(path))["status"] == "processing"
    expect(page.get_by_text("Processing", exact=True).first).to_be_visible()
    cancel.click()
    expect(page.get_by_role("status").filter(has_text="is cancelled")).to_be_visible()
    assert made(seller.api.get(path))["status"] == "cancelled"
    refusals(view, 409)


def test_two_people_change_a_product_and_neither_is_lost_silently(view: View, seller: Seller) -> None:
    product = a_product(seller, f"EDIT-{time.time_ns()}")
    path = f"{V1}/products/{product['product_id']}"
    page = go(view, f"/products/{product['product_id']}", product["name"])
    page.get_by_label("Brand", exact=True).fill("Mine")
    made(seller.api.patch(path, json={"brand": "Theirs", "description": "Holds tea."}))

    page.get_by_role("button", name="Save", exact=True).click()
    told = page.get_by_role("table", name="What they changed, beside yours")
    expect(told.get_by_role("row", name="Brand Theirs Mine")).to_be_visible()
    assert made(seller.api.get(path))["brand"] == "Theirs"
    page.get_by_role("button", name="Save mine over theirs").click()
    expect(page.get_by_role("status").filter(has_text="The product is saved")).to_be_visible()
    after = made(seller.api.get(path))
    assert (after["brand"], after["description"]) == ("Mine", "Holds tea.")
    refusals(view, 409)


def test_a_picture_is_uploaded_and_shown_under_the_policy(view: View, seller: Seller) -> None:
    product = a_product(seller, f"SEEN-{time.time_ns()}")
    page = go(view, f"/products/{product['product_id']}", product["name"])
    content = io.BytesIO()
    Image.new("RGB", (800, 600), "teal").save(content, "PNG")
    page.get_by_label("Pictures to add").set_input_files(
        {"name": "mug.png", "mimeType": "image/png", "buffer": content.getvalue()}
    )
    shown = page.get_by_role("region", name="Pictures").get_by_role("img")
    expect(shown).to_have_count(1)
    shown.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    (picture,) = made(seller.api.get(f"{V1}/products/{product['product_id']}"))["media"]
    assert (picture["width"], picture["height"]) == (800, 600)


def test_stock_is_counted_and_the_ledger_says_so(view: View, seller: Seller) -> None:
    product = a_product(seller, f"HELD-{time.time_ns()}")
    path = f"{V1}/inventory/products/{product['product_id']}"
    page = go(view, f"/products/{product['product_id']}", product["name"])
    for counted, booked in (("12", "+12"), ("9", "−3")):
        page.get_by_role("region", name="Stock").get_by_role("button", name="Adjust").click()
        sheet(page).get_by_label("Counted").fill(counted)
        sheet(page).get_by_role("button", name=f"Book {booked}").click()
        expect(page.get_by_role("region", name="Movements")).to_contain_text(booked)
    assert [level["on_hand"] for level in made(seller.api.get(path))["items"] if level["is_counted"]] == [9]


def test_products_go_out_as_a_file_and_come_back_changed(view: View, seller: Seller) -> None:
    sku = f"FILE-{time.time_ns()}"
    product = a_product(seller, sku)
    page = go(view, "/products/files", "Import or export products")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export", exact=True).click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    head, *rows = text.splitlines()
    (row,) = [row for row in rows if sku in row]
    content = "\n".join([head, row.replace(f"Mug {sku}", f"Cup {sku}")]).encode()
    file: FilePayload = {"name": "products.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File with products").set_input_files(file)
    expect(page.get_by_text("Nothing is changed yet")).to_be_visible()
    path = f"{V1}/products/{product['product_id']}"
    assert made(seller.api.get(path))["name"] == f"Mug {sku}"
    page.get_by_role("button", name="Import 1 product").click()
    expect(page.get_by_text("This is what was done")).to_be_visible()
    assert made(seller.api.get(path))["name"] == f"Cup {sku}"


@pytest.fixture
def viewer(seller: Seller) -> Iterator[dict[str, Any]]:
    body = {"username": f"vic{time.time_ns()}", "role": "viewer", "password": PASSWORD}
    user = made(seller.api.post(f"{V1}/users", json=body))
    yield user
    seller.api.patch(f"{V1}/users/{user['user_id']}", json={"is_active": False})


def sign_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_second_factor_is_set_up_and_asked_for(visitor: View, viewer: dict[str, Any]) -> None:
    page = visitor.page
    page.goto(f"{visitor.url}/login?next=/account")
    sign_in(page, viewer["username"])
    page.get_by_role("button", name="Set up").click()
    sheet(page).get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code for your authenticator app")).to_be_visible()
    secret = page.get_by_role("region", name="Second factor").locator("code").inner_text()
    app = _authenticator(secret)
    page.get_by_label("Code of the app").fill(app.generate(int(time.time())).decode())
    page.get_by_role("button", name="Switch it on").click()
    recovery = page.get_by_role("list", name="Recovery codes").get_by_role("listitem").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("On: signing in asks for a code")).to_be_visible()

    page.get_by_role("button", name="Account and appearance").click()
    page.get_by_role("menuitem", name="Sign out").click()
    sign_in(page, viewer["username"])
    page.get_by_label("Code of your authenticator app").fill(recovery)
    page.keyboard.press("Enter")
    visitor.wait_for_figures()
    refusals(visitor, 401)
    assert visitor.complaints == []


def _authenticator(secret: str) -> TOTP:
    text = secret.replace(" ", "")
    return TOTP(base64.b32decode(text + "=" * (-len(text) % 8)), 6, SHA1(), 30, enforce_key_length=False)  # noqa: S303 (what the apps use)


def test_who_may_only_look_is_told_so_and_changes_nothing(
    visitor: View, seller: Seller, viewer: dict[str, Any]
) -> None:
    order = an_order(seller)
    page = visitor.page
    page.goto(f"{visitor.url}/login?next=/orders/{order['order_id']}")
    sign_in(page, viewer["username"])
    send = page.get_by_role("button", name="Send", exact=True)
    expect(send).to_have_attribute("aria-disabled", "true")
    send.click(force=True)  # as people do, who do not read attributes first
    expect(page.get_by_role("status").filter(has_text="As viewer you may not send parcels")).to_be_visible()
    expect(sheet(page)).to_have_count(0)
    expect(page.get_by_role("link", name="Users")).to_have_count(0)
    page.goto(f"{visitor.url}/users")
    expect(page.get_by_text("Only for admins")).to_be_visible()
    assert visitor.complaints == []


def test_a_session_is_ended_from_the_page_of_its_user(
    browser: Browser, view: View, seller: Seller, viewer: dict[str, Any]
) -> None:
    with window(browser, seller) as other:
        other.page.goto(f"{other.url}/login?next=/account")
        sign_in(other.page, viewer["username"])
        expect(other.page.get_by_role("heading", name="Your account")).to_be_visible()
        page = go(view, f"/users/{viewer['user_id']}", viewer["username"])
        page.get_by_role("button", name="End all").click()
        sheet(page).get_by_role("button", name="End all sessions").click()
        expect(page.get_by_text("Signed in nowhere.", exact=True)).to_be_visible()
        other.page.get_by_role("navigation", name="Pages").get_by_role("link", name="Orders").first.click()
        expect(other.page.get_by_text("Your session has ended.")).to_be_visible()
