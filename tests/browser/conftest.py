"""A real browser on a real server. Every page is watched: what it logs, asks for and refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.conftest import ROOT
from tests.product import Product
from tests.spine import Shop, a_line, an_order
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
from tradewind.core.settings import load_settings
from tradewind.demo.seeding import seed_store
from tradewind.migrations import upgrade

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"]
SITE = ROOT / "src" / "tradewind" / "static" / "index.html"
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
DEMO_ORDERS = 600
PATIENCE_MS = 20_000
REFRESH_TOKEN = "tradewind.refresh"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LABELS = {
    "Revenue": "total_revenue",
    "Orders": "total_orders",
    "Average order": "avg_order_value",
    "Units": "total_units",
}

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def site_is_built() -> None:
    if not SITE.is_file():
        pytest.skip("needs the web app in src/tradewind/static: build it with `make setup`")


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, which judges accessibility inside the page."""
    if not AXE.is_file():
        pytest.skip("needs axe-core in web/node_modules: install it with `make setup`")
    return AXE.read_text()


@pytest.fixture(scope="module")
def browser(chromium_path: str, site_is_built: None) -> Iterator[Browser]:
    """A browser per file: as long as it lives its event loop counts as running, and no other test could run one."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Seller:
    """The running store, a client of its API, and a hand that books orders beside it."""

    product: Product
    api: httpx.Client
    database: Database
    _booked: int = 0

    def metrics(self, **filters: str) -> dict[str, Any]:
        answer = self.api.get("/api/v1/dashboard/metrics", params=filters)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json(parse_float=Decimal)
        return found

    def sell(self, price: str = "12.34") -> None:
        """Books an order of one piece, as an import beside the server would."""
        self._booked += 1
        now = datetime.now(UTC)
        order = an_order(f"BROWSER-{self._booked}", a_line("BROWSER-MUG", 1, price), placed_at=now)
        Shop.open(self.database, keeps_stock=False).at(now).book(order)

    def refresh_token(self) -> str:
        told = {"username": "admin", "password": self.product.password}
        answer = self.api.post("/api/v1/auth/login", json=told)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["refresh_token"])


@contextmanager
def opened(data_dir: Path) -> Iterator[Seller]:
    with Product.start(data_dir) as product:
        database = Database(f"sqlite:///{data_dir / 'tradewind.db'}")
        with closing(product.sign_in()) as api, closing(database):
            yield Seller(product, api, database)


@pytest.fixture(scope="session")
def seller(site_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seller]:
    """A store with a history, standing still: nothing is sold but by the test."""
    data_dir = tmp_path_factory.mktemp("browser") / "data"
    data_dir.mkdir()
    database = Database(f"sqlite:///{data_dir / 'tradewind.db'}")
    upgrade(database)
    seed_store(database, load_settings(data_dir=data_dir), SystemClock(), orders=DEMO_ORDERS)
    database.close()
    with opened(data_dir) as made:
        made.product.wait_until(lambda: made.metrics()["freshness"]["backlog"] == 0)
        yield made


@pytest.fixture(scope="session")
def empty_seller(site_is_built: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seller]:
    """A store that has never sold anything."""
    with opened(tmp_path_factory.mktemp("empty") / "data") as made:
        yield made


@dataclass
class View:
    """One window, and everything wrong that it came across."""

    page: Page
    seller: Seller
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.seller.product.url

    def watch(self) -> None:
        self.page.on("console", self._logged)
        self.page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        self.page.on("request", self._asked)
        self.page.on("websocket", lambda socket: self._asked_for(socket.url.replace("ws", "http", 1)))
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', (event) =>"
            " console.error('refused by the policy: ' + event.violatedDirective + ' ' + event.blockedURI))"
        )

    def sign_in(self) -> None:
        """As if somebody had signed in in this window before."""
        self.page.add_init_script(
            f"if (!sessionStorage.getItem('{REFRESH_TOKEN}') && location.pathname !== '/login')"
            f" sessionStorage.setItem('{REFRESH_TOKEN}', '{self.seller.refresh_token()}')"
        )

    def open(self, **search: str) -> Page:
        """The dashboard, with its first figures."""
        self.page.goto(f"{self.url}/{'?' + urlencode(search) if search else ''}")
        self.wait_for_figures()
        return self.page

    def wait_for_figures(self) -> None:
        expect(self.page.locator("[aria-label='Key figures'] .figure")).to_have_count(4)
        expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    def wait_for_state(self, word: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=word)).to_have_count(1)

    def figures(self) -> dict[str, Decimal]:
        """The four key figures as they are written, under the API's names."""
        pairs = self.page.eval_on_selector_all(
            "[aria-label='Key figures'] > button",
            "cards => cards.map(card => ["
            "card.firstElementChild.textContent, card.querySelector('.figure').textContent])",
        )
        return {LABELS[label]: Decimal(re.sub(r"[^\d.-]", "", text)) for label, text in pairs}

    def violations(self, axe: str) -> list[str]:
        """What axe finds wrong in the page as it stands."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe)
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(result => result.violations)",
            TAGS,
        )
        return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        self._asked_for(request.url)

    def _asked_for(self, url: str) -> None:
        if not url.startswith((f"{self.url}/", "data:", "blob:")):
            self.strangers.append(url)


@contextmanager
def window(browser: Browser, seller: Seller, **options: Any) -> Iterator[View]:
    """A window of its own, as a fresh visitor would have; nobody is signed in."""
    context = browser.new_context(**({"viewport": {"width": 1440, "height": 900}} | options))
    try:
        context.set_default_timeout(PATIENCE_MS)
        view = View(context.new_page(), seller)
        view.watch()
        yield view
        assert view.strangers == [], "the page asked for something from elsewhere"
    finally:
        context.close()


@pytest.fixture
def visitor(browser: Browser, seller: Seller) -> Iterator[View]:
    with window(browser, seller) as view:
        yield view


@pytest.fixture
def view(visitor: View) -> Iterator[View]:
    """Somebody who is signed in; nothing may go wrong in their window."""
    visitor.sign_in()
    yield visitor
    assert visitor.complaints == []
