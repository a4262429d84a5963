"""The answers have the shape that is described, are files too, and are only for those who may read them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.api.conftest import Api
from tests.api.gold.reading import MARCH
from tradewind.api.app import openapi_document

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.xdist_group("gold-insights")]


ROUTES: dict[str, dict[str, Any]] = {
    "/api/v1/analytics/revenue": {"group_by": "channel,day"},
    "/api/v1/analytics/products": {},
    "/api/v1/analytics/customers": {},
    "/api/v1/analytics/cohorts": {},
    "/api/v1/analytics/trends": {"metric": ["revenue", "margin"]},
    "/api/v1/analytics/funnel": MARCH,
    "/api/v1/analytics/operations": MARCH,
    "/api/v1/analytics/changes": {"before": "2026-03-20T00:00:00Z"},
    "/api/v1/metrics": {},
    "/api/customers/top-customers": {},
    "/api/products/best-sellers": {},
    "/api/products/low-stock": {},
    "/api/sales/summary": {},
    "/api/sales/trends": {},
}


@pytest.mark.parametrize("path", ROUTES)
def test_answers_have_the_shape_that_the_api_describes(api: Api, path: str) -> None:
    document = openapi_document()
    shape = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    answer = api.client.get(path, params=ROUTES[path])
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), shape | {"components": document["components"]})


@pytest.mark.parametrize("path", [path for path in ROUTES if path.startswith("/api/v1/analytics/")])
def test_every_list_is_a_file_too(api: Api, path: str) -> None:
    answer = api.client.get(path, params=ROUTES[path] | {"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    heading, *rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(heading) > 3
    assert rows or path.endswith("changes")
    assert all(len(row) == len(heading) for row in rows)


@pytest.mark.parametrize("path", [*ROUTES, "/api/v1/explain/revenue", "/api/customers/segments/VIP"])
def test_nobody_reads_without_a_proof(api: Api, path: str) -> None:
    api.client.headers.pop("Authorization")
    assert api.client.get(path, params=ROUTES.get(path, {})).status_code == 401


def test_a_store_may_show_its_plain_lists_to_all_but_never_who_bought(built: tuple[Api, Path]) -> None:
    api, _ = built
    with publicly(api):
        rows = api.client.get("/api/customers/top-customers").json()
        assert rows
        assert {(row["name"], row["email"], row["city"]) for row in rows} == {(None, None, None)}
        for path, params in ROUTES.items():
            expected = 401 if path.startswith("/api/v1") else 200
            assert api.client.get(path, params=params).status_code == expected, path


@contextmanager
def publicly(api: Api) -> Iterator[None]:
    """The same server, told to show its lists to all."""
    settings = api.platform.settings
    shown = settings.model_copy(update={"server": settings.server.model_copy(update={"public_insights": True})})
    api.client.headers.pop("Authorization", None)
    object.__setattr__(api.platform, "settings", shown)
    try:
        yield
    finally:
        object.__setattr__(api.platform, "settings", settings)
