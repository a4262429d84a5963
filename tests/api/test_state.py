"""The program tells its own state: alive, ready, measured, described."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.api.conftest import Api
from tests.spine import Shop, an_order
from tradewind import __version__
from tradewind.api.app import openapi_document
from tradewind.core.errors import Unavailable

pytestmark = pytest.mark.xdist_group("api")
DOCS = Path(__file__).resolve().parents[2] / "docs"


def measures(api: Api) -> dict[str, float]:
    """Every sample by its name with labels."""
    lines = [line for line in api.client.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_it_says_that_it_lives_and_which_version_it_is(own_api: Api) -> None:
    assert own_api.client.get("/health").json() == {"status": "ok", "version": __version__}


def test_it_is_ready_when_every_store_answers(own_api: Api) -> None:
    answer = own_api.client.get("/ready")

    assert answer.status_code == 200
    assert {check["name"] for check in answer.json()["checks"]} == {"database", "warehouse", "facts", "cache", "gold"}


def test_it_is_not_ready_when_one_is_away_and_gives_no_inner_matter_away(
    own_api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("host 10.0.0.7 refused user tradewind")

    monkeypatch.setattr(own_api.platform.warehouse, "query", away)
    answer = own_api.client.get("/ready")

    assert answer.status_code == 503
    assert [check["name"] for check in answer.json()["checks"] if not check["ok"]] == ["warehouse", "gold"]
    assert "10.0.0.7" not in answer.text


def test_requests_are_measured_by_route_and_not_by_address(own_api: Api) -> None:
    client = own_api.as_user()
    for number in range(3):
        client.get(f"/api/v1/orders/{number}")
    client.get("/api/v1/nope")
    found = measures(own_api)

    name = 'http_request_duration_seconds_count{method="GET",route="/api/v1/orders/{order_id}",status="404"}'
    assert found[name] == 3
    routes = {match for line in found for match in re.findall(r'route="([^"]*)"', line)}
    assert routes == {"/api/v1/auth/login", "/api/v1/orders/{order_id}", "/{file}"}


def test_facts_on_their_way_are_counted_until_they_have_landed(own_api: Api) -> None:
    shop = Shop.open(own_api.platform.database)
    shop.book(an_order("A-1"))
    booked = measures(own_api)
    assert booked["tradewind_outbox_backlog"] > 0
    own_api.platform.relay.drain()
    moved = measures(own_api)
    assert moved["tradewind_outbox_backlog"] == 0
    assert moved["tradewind_log_backlog"] == booked["tradewind_outbox_backlog"]
    own_api.platform.settle()
    landed = measures(own_api)

    assert landed["tradewind_log_backlog"] == 0
    assert landed["tradewind_landed_events_total"] == booked["tradewind_outbox_backlog"]
    assert landed["tradewind_dead_letters"] == 0
    assert landed["tradewind_ingest_backlog"] == 0
    assert landed["ws_clients"] == 0
    assert landed['tradewind_newest_fact_age_seconds{channel="shop"}'] == 0


def test_measures_of_the_process_stay_when_a_store_is_away(own_api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise Unavailable("away")

    own_api.client.get("/health")
    monkeypatch.setattr(own_api.platform, "backlog", away)

    assert any(name.startswith("http_request_duration_seconds") for name in measures(own_api))


def test_the_description_in_docs_is_that_of_the_program() -> None:
    written = json.loads((DOCS / "openapi.json").read_text())

    assert written == json.loads(json.dumps(openapi_document())), "run: tradewind openapi > docs/openapi.json"


def test_every_route_describes_its_answer_and_its_problems() -> None:
    document = openapi_document()
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            place = f"{verb} {path}"
            assert operation["description"], place
            responses = operation["responses"]
            good = next(response for status, response in responses.items() if status.startswith("2"))
            assert good.get("content") or {"202", "204"} & set(responses), place
            if path.startswith("/api/"):
                assert "422" in responses, place
                assert all(
                    list(response["content"]) == ["application/problem+json"]
                    for status, response in responses.items()
                    if status[0] in "45"
                ), place


def test_money_is_described_as_a_number() -> None:
    schemas = openapi_document()["components"]["schemas"]

    assert schemas["DashboardMetrics"]["properties"]["total_revenue"]["type"] == "number"
    assert schemas["OrderLine"]["properties"]["unit_price"]["type"] == "number"
    assert {"type": "number"} in schemas["DashboardMetrics"]["properties"]["avg_order_value"]["anyOf"]
