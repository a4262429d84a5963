"""Every way in answers an error in one shape, and tells nothing that helps a stranger."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from tests.api.conftest import Api
from tradewind.core.errors import Unavailable
from tradewind.warehouse.client import QueryFailed

FIELDS = {"type", "title", "status", "detail", "code", "request_id"}

pytestmark = pytest.mark.xdist_group("api")


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The answer's document, after it was found to be a whole problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert set(document) - {"errors"} == FIELDS
    assert document["status"] == status
    assert document["code"] == code
    assert document["type"] == f"urn:tradewind:problem:{code}"
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


@pytest.mark.parametrize("path", ["/api/v1/nope", "/api/nope", "/ws/nope", "/assets/old.js", "/x.png"])
def test_an_unknown_address_is_a_problem_and_never_the_web_app(api: Api, path: str) -> None:
    assert path in problem(api.client.get(path), 404, "not_found")["detail"]


def test_a_wrong_method_names_the_right_one(api: Api) -> None:
    answer = api.client.delete("/api/v1/orders")

    assert "Use GET" in problem(answer, 405, "method_not_allowed")["detail"]
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    "path", ["/api/v1/orders", "/api/v1/orders/x", "/api/v1/refunds", "/api/v1/dashboard/metrics", "/api/v1/auth/me"]
)
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic YTpi", "Bearer tw_unknown", "Bearer a.b.c"])
def test_without_a_good_token_there_is_nothing(api: Api, path: str, header: str | None) -> None:
    answer = api.client.get(path, headers={"Authorization": header} if header is not None else {})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] in ("not_authenticated", "token_refused")


def test_a_field_that_is_wrong_is_named(api: Api) -> None:
    answer = api.as_user().get("/api/v1/orders", params={"limit": 500})

    (error,) = problem(answer, 422, "invalid_input")["errors"]
    assert error["field"] == "limit"
    assert "200" in error["message"]


@pytest.mark.parametrize(
    ("body", "content_type", "field"),
    [
        (b"{bad", "application/json", "body"),
        (b"", "application/json", "body"),
        (b"[]", "application/json", "body"),
        (b'{"password": "x"}', "application/json", "body"),
        (b'{"username": "ada"}', "application/json", "password"),
        (b"username=ada&password=x", "application/x-www-form-urlencoded", "body"),
    ],
)
def test_a_body_that_makes_no_sense_is_named(api: Api, body: bytes, content_type: str, field: str) -> None:
    answer = api.client.post("/api/v1/auth/login", content=body, headers={"Content-Type": content_type})

    assert problem(answer, 422, "invalid_input")["errors"][0]["field"] == field


def test_a_body_that_is_no_text_at_all_is_a_problem_too(api: Api) -> None:
    headers = {"Content-Type": "application/json"}
    problem(api.client.post("/api/v1/auth/login", content=b"\xff\xfe\x00", headers=headers), 422, "invalid_input")


def test_what_was_sent_never_comes_back(api: Api) -> None:
    canary = "canary-1234567890"
    for body in ({"username": canary}, {"username": ["x"], "password": [canary]}, {"password": canary}):
        assert canary not in api.client.post("/api/v1/auth/login", json=body).text


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_past_the_limit_is_refused_before_it_is_taken_in(api: Api, chunked: bool) -> None:
    size = 1024**2 + 1
    content = (b"x" * 65536 for _ in range(20)) if chunked else b"x" * size
    answer = api.client.post("/api/v1/auth/login", content=content)

    assert "TRADEWIND_SERVER_MAX_BODY_MB" in problem(answer, 413, "body_too_large")["detail"]


def test_an_unexpected_error_is_logged_under_its_request_id_and_shown_without_a_trace(
    api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("secret inner matter")

    monkeypatch.setattr(api.services.dashboards, "filters", fail)
    answer = api.as_user().get("/api/v1/dashboard/filters")

    document = problem(answer, 500, "internal_error")
    assert "secret inner matter" not in answer.text
    assert "Traceback" not in answer.text
    logged = capsys.readouterr()
    assert document["request_id"] in logged.out + logged.err


def test_a_query_of_ours_that_the_engine_refuses_is_our_failure_and_shows_no_sql(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise QueryFailed("Illegal types: In scope SELECT inner_matter")

    monkeypatch.setattr(api.services.dashboards, "filters", fail)
    answer = api.as_user().get("/api/v1/dashboard/filters")

    problem(answer, 500, "internal_error")
    assert "inner_matter" not in answer.text


def test_what_is_away_is_a_503_that_says_when_to_come_back(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("The warehouse does not answer.")

    monkeypatch.setattr(api.services.dashboards, "filters", fail)
    answer = api.as_user().get("/api/v1/dashboard/filters")

    problem(answer, 503, "unavailable")
    assert answer.headers["retry-after"] == "1"


def test_a_request_id_of_the_caller_is_kept_if_it_is_plain(api: Api) -> None:
    given = api.client.get("/health", headers={"X-Request-ID": "trace-42"}).headers["x-request-id"]
    forged = api.client.get("/health", headers={"X-Request-ID": "a b\tc"}).headers["x-request-id"]

    assert given == "trace-42"
    assert re.fullmatch(r"[0-9a-z]{26}", forged)


@pytest.mark.parametrize("path", ["/", "/api/v1/orders", "/health", "/docs", "/nope.txt"])
def test_every_answer_is_guarded(api: Api, path: str) -> None:
    headers = api.client.get(path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "server" not in headers


def test_answers_of_the_api_are_not_kept_by_anybody(api: Api) -> None:
    assert api.as_user().get("/api/v1/auth/me").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/health", "/ready", "/metrics", "/docs", "/openapi.json", "/robots.txt"])
def test_head_answers_like_get_without_a_body(api: Api, path: str) -> None:
    answer = api.client.head(path)

    assert answer.status_code == 200
    assert answer.content == b""
