"""The live shop over HTTP: a checkout moves the grid by itself, and nobody else can."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api, opened, serving, wait_until
from tests.commerce.shopfront import Front
from tests.spine import NOON
from tradewind.commerce.access.rights import Scope
from tradewind.core.clock import ManualClock

pytestmark = pytest.mark.xdist_group("api")

V1 = "/api/v1"


@pytest.fixture(scope="module")
def running(chdb_path: Path, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A server whose loops run, as in production."""
    folder = tmp_path_factory.mktemp("running")
    url = f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'store.db')}"
    clock = ManualClock(NOON)
    with opened(folder, chdb_path, clock, url) as platform:
        platform.start()
        with serving(platform, clock) as api:
            api.as_user()
            yield api


def asked(client: httpx.Client, path: str, **parameters: Any) -> dict[str, Any]:
    answer = client.get(f"{V1}/live/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = json.loads(answer.text, parse_float=Decimal)
    return document


def product(client: httpx.Client, sku: str) -> dict[str, Any]:
    """A row of the grid; empty before the grid knows the product."""
    items = asked(client, "grid", show_out_of_stock=True)["items"]
    found: dict[str, Any] = next((item for item in items if item["sku"] == sku), {})
    return found


def becomes(look: Callable[[], Any], wanted: Any) -> None:
    """Waits for what the loops bring; what it was at last is told when they do not."""
    seen: list[Any] = []

    def is_so() -> bool:
        seen[:] = [look()]
        return bool(seen[0] == wanted)

    try:
        wait_until(is_so)
    except AssertionError:
        assert seen[0] == wanted


def state(client: httpx.Client, sku: str) -> tuple[Any, ...]:
    found = product(client, sku)
    return tuple(found.get(name) for name in ("available", "stock_status", "hits", "rank_status"))


def buy(client: httpx.Client, sku: str, quantity: int) -> dict[str, Any]:
    cart = client.post(f"{V1}/carts", json={"currency": "EUR"}).json()["cart_id"]
    client.post(f"{V1}/carts/{cart}/items", json={"sku": sku, "quantity": quantity})
    answer = client.post(f"{V1}/checkout", json={"cart_id": cart})
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()
    return order


def test_a_checkout_moves_the_grid_and_a_cancellation_moves_it_back(running: Api) -> None:
    client = running.client
    front = Front.open(running.platform.database)
    front.product("LAMP", "12.50", stock=102)
    becomes(lambda: state(client, "LAMP"), (102, 0, 0, None))

    order = buy(client, "LAMP", 2)
    becomes(lambda: state(client, "LAMP"), (100, 1, 2, "Trending 🔥"))
    lamp = product(client, "LAMP")
    assert (lamp["price"], lamp["currency"]) == (Decimal("12.50"), "EUR")

    def sold() -> list[Any]:
        return [
            (row["units"], row["revenue"])
            for row in asked(client, "sales")["products"]
            if row["product_name"] == "Lamp"
        ]

    becomes(sold, [(2, Decimal("25.00"))])
    (minute,) = asked(client, "sales", product=lamp["product_id"])["minutes"]
    assert (minute["minute"], minute["store_id"], minute["sales"]) == ("2026-03-10T12:00:00Z", "shop", 1)

    cancelled = client.post(f"{V1}/orders/{order['order_id']}/cancel", json={"reason": "changed my mind"})
    assert cancelled.status_code == 200, cancelled.text
    becomes(lambda: state(client, "LAMP"), (102, 0, 0, None))
    becomes(sold, [])

    running.platform.live_shop.drain()
    front.receive("LAMP", 8, front.location_id)
    becomes(lambda: state(client, "LAMP")[0], 110)


def test_filters_offer_what_there_is(running: Api) -> None:
    front = Front.open(running.platform.database)
    front.product("VASE", "30.00", stock=1)
    becomes(lambda: "Vase" in [choice["value"] for choice in asked(running.client, "filters")["products"]], True)
    found = asked(running.client, "filters")
    assert found["products"][0] == found["categories"][0] == found["stores"][0] == {"id": "All", "value": "All"}
    assert found["values"] == ["sales", "carts", "views"]


def test_a_read_token_reads_it_and_only_an_admin_sees_its_tokens(running: Api) -> None:
    with httpx.Client(base_url=running.client.base_url, timeout=30) as program:
        assert program.get(f"{V1}/live/grid").status_code == 401
        program.headers["Authorization"] = f"Bearer {running.token(Scope.API_READ)}"
        assert program.get(f"{V1}/live/grid").status_code == 200
        refused = program.get(f"{V1}/live/tokens")
        assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert {row["name"] for row in asked(running.client, "tokens")["items"]} == {
        "live_read_token",
        "storefront_read_token",
        "storefront_append_token",
    }
    wrong = running.client.get(f"{V1}/live/grid", params={"ranking": "beauty"})
    assert wrong.status_code == 422


def test_a_storefront_reads_the_grid_and_tells_what_visitors_do_and_nothing_else(running: Api) -> None:
    tokens = {row["name"]: row["token"] for row in asked(running.client, "tokens")["items"]}
    reads, tells, sees = (
        {"token": tokens[name]} for name in ("storefront_read_token", "storefront_append_token", "live_read_token")
    )
    with httpx.Client(base_url=running.client.base_url, timeout=30) as shop:
        assert shop.get("/v0/pipes/product_grid.json", params=reads).status_code == 200
        assert shop.get("/live/v0/pipes/ui_filters.json", params=reads | {"filter": "value"}).json()["rows"] == 3
        for pipe in ("live_sales", "live_sales_by_minute", "live_activity"):
            assert shop.get(f"/v0/pipes/{pipe}.json", params=reads).status_code == 403
            assert shop.get(f"/v0/pipes/{pipe}.json", params=sees).status_code == 200, pipe
        events = {"q": "SELECT count() FROM shop_events"}
        assert shop.get("/v0/sql", params=reads | events).status_code == 403

        event = {"event_id": "e-1", "timestamp": "2026-03-10 12:00:00", "type": "view", "product_id": "p"}
        told = shop.post("/v0/events", params=tells | {"name": "shop_events", "wait": "true"}, json=event)
        assert told.status_code == 200, told.text
        assert shop.get("/v0/sql", params=sees | events).text.strip() == "1"

        # Nobody writes what the product books, with whatever token.
        sale = {"order_id": "x", "product_id": "p", "units": 1}
        admin = {"token": running.platform.serving.tokens.admin_value(running.platform.workspaces.default())}
        for token in (reads, tells, sees, admin):
            for base in ("/v0", "/live/v0"):
                answer = shop.post(f"{base}/events", params=token | {"name": "booked_sales"}, json=sale)
                assert answer.status_code in (403, 404), (base, answer.text)
            assert shop.post("/live/v0/datasources/booked_sales/truncate", params=token).status_code == 403
            assert shop.post("/live/v0/tokens", params=token | {"name": "mine"}).status_code == 403
        # Whoever runs the product reads all of it under its address.
        assert shop.get("/live/v0/sql", params=admin | events).text.strip() == "1"
        assert shop.get("/v0/sql", params=admin | events).status_code == 404
        stranger = shop.get("/live/v0/pipes/product_grid.json", params={"token": "tw_nobody"})
        assert stranger.status_code == 403
        mine = shop.get("/v0/user/workspaces", params=admin).json()["workspaces"]
        assert [home["name"] for home in mine] == ["default"]
        live = running.platform.live_shop.release.workspace_id
        assert shop.delete(f"/v1/workspaces/{live}", params=admin).status_code == 404
