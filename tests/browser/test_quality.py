"""What a page must be whatever it shows: accessible, steady, light, safe, and made of our own parts only."""

from __future__ import annotations

import gzip
import threading
import time
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Seller, View, window

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

WIDTHS = (1440, 390, 360)
MOST_SHIFT = 0.01
KILOBYTES = {"script": 170, "stylesheet": 15, "font": 50}
"""Of a first view, compressed."""


def size(width: int) -> dict[str, Any]:
    phone = width < 640
    return {
        "viewport": {"width": width, "height": 800 if phone else 900},
        "is_mobile": phone,
        "has_touch": phone,
        "reduced_motion": "reduce",
    }


def menus(page: Page, width: int) -> list[str]:
    """The names of the buttons that open something, as far as they are there at this width."""
    wide = ["Channel", "Help and keyboard shortcuts"]
    phone = ["Filters"]
    return ["Last 30 days", "Account and appearance", "Live", *(wide if width >= 640 else phone)]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(browser: Browser, seller: Seller, axe: str, scheme: Any, width: int) -> None:
    """Sign-in, dashboard and each open menu: axe finds nothing, and nothing hangs over the edge."""
    found: dict[str, list[str]] = {}
    with window(browser, seller, color_scheme=scheme, **size(width)) as view:
        page = view.page
        page.goto(f"{view.url}/login")
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        found["sign-in"] = view.violations(axe)
        assert view.overflow() <= 0
        view.sign_in()
        view.open()
        view.wait_for_state("Live")
        found["dashboard"] = view.violations(axe)
        assert view.overflow() <= 0
        for name in menus(page, width):
            page.get_by_role("button", name=name).first.click()
            expect(page.locator("[data-radix-popper-content-wrapper], dialog[open]")).to_be_visible()
            found[name] = view.violations(axe)
            assert view.overflow() <= 0, name
            page.keyboard.press("Escape")
            expect(page.locator("[data-radix-popper-content-wrapper], dialog[open]")).to_have_count(0)
        assert view.complaints == []
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_digits_are_not_drawn_with_an_emoji_font(view: View) -> None:
    page = view.open()
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    nodes = devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": ".num"})["nodeIds"]
    assert len(nodes) > 10
    fonts: set[str] = set()
    for node in nodes:
        used = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        fonts |= {font["familyName"] for font in used if font["glyphCount"]}
    assert any("Inter" in font for font in fonts)
    assert [font for font in fonts if "emoji" in font.lower()] == []


def test_nothing_jumps_while_figures_move(view: View, seller: Seller) -> None:
    view.page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries())"
        " if (!entry.hadRecentInput) window.shift += entry.value }).observe({ type: 'layout-shift', buffered: true })"
    )
    page = view.open()
    view.wait_for_state("Live")
    before = view.figures()["total_orders"]

    def sell() -> None:
        for _ in range(12):
            seller.sell("19.99")
            time.sleep(0.25)

    selling = threading.Thread(target=sell)
    selling.start()
    page.wait_for_timeout(4_000)
    selling.join()
    expect(page.locator("[aria-label='Key figures']")).to_contain_text(f"{before + 12:,}")
    assert page.evaluate("window.shift") <= MOST_SHIFT


def test_the_first_view_is_light(view: View) -> None:
    sizes = dict.fromkeys(KILOBYTES, 0)
    answers: list[Any] = []
    view.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (Playwright marks the function)
    view.open()
    for answer in answers:
        kind = answer.request.resource_type
        if kind in sizes:
            body = answer.body()
            sizes[kind] += len(body) if kind == "font" else len(gzip.compress(body))
    assert sizes["script"] > 0
    assert {kind: size for kind, size in sizes.items() if size > KILOBYTES[kind] * 1024} == {}


def test_the_pages_are_sealed(seller: Seller) -> None:
    """The headers that keep foreign code out, on every way in."""
    for path in ("/", "/login", "/docs", "/api/v1/dashboard/metrics", "/assets/none.js"):
        headers = httpx.get(seller.product.url + path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"


def test_the_page_of_the_api_works_under_its_policy(visitor: View) -> None:
    visitor.page.goto(f"{visitor.url}/docs")
    expect(visitor.page.get_by_text("/api/v1/dashboard/metrics").first).to_be_visible()
    assert visitor.complaints == []
