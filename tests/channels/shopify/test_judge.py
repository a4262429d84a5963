"""What an answer means: by its status, by the errors in its body, and by which of several is the gravest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.channels.shopify.conftest import Sample
from tradewind.channels.contract import Verdict
from tradewind.channels.shopify.judge import judge_graphql, judge_part, judge_static_token, judge_token

GOOD = {"data": {"shop": {"name": "Camp"}}}
COST = {
    "cost": {
        "requestedQueryCost": 752,
        "actualQueryCost": None,
        "throttleStatus": {"maximumAvailable": 2000.0, "currentlyAvailable": 166, "restoreRate": 100.0},
    }
}


def answer(status: int = 200, body: Any = GOOD, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.Response(status, content=content, headers={name.replace("_", "-"): headers[name] for name in headers})


def refused(*codes: str | None, **more: Any) -> httpx.Response:
    """HTTP 200 with errors of these codes."""
    errors = [{"message": f"about {code}", "extensions": {} if code is None else {"code": code}} for code in codes]
    return answer(body={"errors": errors} | more)


@pytest.mark.parametrize(
    ("codes", "verdict"),
    [
        (["THROTTLED"], Verdict.THROTTLED),
        (["INTERNAL_SERVER_ERROR"], Verdict.TRANSIENT),
        (["TIMEOUT"], Verdict.TRANSIENT),
        (["ACCESS_DENIED"], Verdict.AUTH_FATAL),
        (["SHOP_INACTIVE"], Verdict.ACCOUNT_STATE),
        (["MAX_COST_EXCEEDED"], Verdict.PERMANENT),
        (["undefinedField"], Verdict.PERMANENT),
        (["NOBODY_KNOWS_THIS_ONE"], Verdict.PERMANENT),
        ([None], Verdict.PERMANENT),
        (["THROTTLED", "ACCESS_DENIED"], Verdict.AUTH_FATAL),
        (["INTERNAL_SERVER_ERROR", "SHOP_INACTIVE"], Verdict.ACCOUNT_STATE),
        (["THROTTLED", "undefinedField"], Verdict.PERMANENT),
    ],
)
def test_errors_inside_an_answer_are_told_by_their_code_and_the_gravest_counts(
    codes: Sequence[str | None], verdict: Verdict
) -> None:
    judged = judge_graphql(refused(*codes))
    assert judged.verdict is verdict
    assert judged.message is not None
    assert judged.message.startswith("about ")


def test_who_is_throttled_waits_until_the_same_query_fits() -> None:
    judged = judge_graphql(refused("THROTTLED", extensions=COST))
    assert (judged.verdict, judged.wait_seconds) == (Verdict.THROTTLED, 5.86)
    assert judge_graphql(refused("THROTTLED")).wait_seconds is None
    # Waiting helps no one whose access is missing.
    assert judge_graphql(refused("ACCESS_DENIED", extensions=COST)).wait_seconds is None


@pytest.mark.parametrize("errors", ["Something went wrong", {"base": ["no"]}, ["plain words"]])
def test_errors_of_another_shape_are_errors_too(errors: Any) -> None:
    assert judge_graphql(answer(body={"errors": errors, "data": GOOD})).verdict is Verdict.PERMANENT


def test_half_an_answer_counts_as_none() -> None:
    """A sync that took the data beside an error would believe that the rest is gone."""
    assert judge_graphql(refused("ACCESS_DENIED", data=GOOD["data"])).verdict is Verdict.AUTH_FATAL


@pytest.mark.parametrize("body", [b"", b'{"data": {"shop"', b"[]", b"null", b'{"data": null}', b"{}", b"<html></html>"])
def test_an_answer_without_data_is_asked_for_again(body: bytes) -> None:
    assert judge_graphql(answer(body=body)).verdict is Verdict.TRANSIENT


def test_user_errors_of_a_mutation_are_an_answer() -> None:
    """The mutation says which of its inputs it did not take; the call itself went well."""
    told = {"data": {"inventorySetQuantities": {"userErrors": [{"message": "The item is not stocked there."}]}}}
    assert judge_graphql(answer(body=told)).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (401, Verdict.AUTH_EXPIRED),
        (402, Verdict.ACCOUNT_STATE),
        (403, Verdict.AUTH_FATAL),
        (404, Verdict.PERMANENT),
        (406, Verdict.PERMANENT),
        (408, Verdict.TRANSIENT),
        (423, Verdict.ACCOUNT_STATE),
        (429, Verdict.THROTTLED),
        (430, Verdict.THROTTLED),
        (500, Verdict.TRANSIENT),
        (502, Verdict.TRANSIENT),
        (503, Verdict.TRANSIENT),
        (504, Verdict.TRANSIENT),
        (520, Verdict.TRANSIENT),
    ],
)
def test_a_status_decides_before_the_body_is_read(status: int, verdict: Verdict) -> None:
    for body in ({"errors": "as they say"}, b"<html>away</html>", b""):
        assert judge_graphql(answer(status, body)).verdict is verdict


def test_a_token_without_an_end_is_not_better_tomorrow() -> None:
    """A revoked access: with an own app the next token is asked for first, a custom app's token is simply dead."""
    body = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
    assert judge_graphql(answer(401, body)).verdict is Verdict.AUTH_EXPIRED
    assert judge_static_token(answer(401, body)).verdict is Verdict.AUTH_FATAL
    assert judge_static_token(answer()).verdict is Verdict.OK
    assert judge_static_token(answer(503)).verdict is Verdict.TRANSIENT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "2.0"}, 2.0),
        ({"Retry_After": "-3"}, 0.0),
        ({"Retry_After": "Wed, 04 Mar 2026 10:00:30 GMT", "Date": "Wed, 04 Mar 2026 10:00:00 GMT"}, 30.0),
        ({"Retry_After": "Wed, 04 Mar 2026 10:00:00 GMT", "Date": "Wed, 04 Mar 2026 10:00:30 GMT"}, 0.0),
        ({"Retry_After": "Wed, 04 Mar 2026 10:00:30 GMT"}, None),
        ({"Retry_After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_server_says_when_to_come_again(headers: dict[str, str], seconds: float | None) -> None:
    assert judge_graphql(answer(429, b"", **headers)).wait_seconds == seconds
    assert judge_graphql(answer(503, b"", **headers)).wait_seconds == seconds


@pytest.mark.parametrize(
    ("status", "body", "verdict"),
    [
        (200, {"access_token": "t", "expires_in": 86399}, Verdict.OK),
        (200, {"access_token": None}, Verdict.TRANSIENT),
        (200, b'{"access_to', Verdict.TRANSIENT),
        (400, {"error": "invalid_request"}, Verdict.AUTH_FATAL),
        (400, {"error": "application_cannot_be_found"}, Verdict.AUTH_FATAL),
        (401, {"error": "invalid_client"}, Verdict.AUTH_FATAL),
        (403, {}, Verdict.AUTH_FATAL),
        (404, {}, Verdict.AUTH_FATAL),
        (402, {}, Verdict.ACCOUNT_STATE),
        (429, {}, Verdict.THROTTLED),
        (503, b"<html>", Verdict.TRANSIENT),
    ],
)
def test_the_token_endpoint_speaks_for_itself(status: int, body: Any, verdict: Verdict) -> None:
    assert judge_token(answer(status, body)).verdict is verdict


@pytest.mark.parametrize(
    ("status", "content", "size", "verdict"),
    [
        (206, b"12345", 100, Verdict.OK),
        (206, b"123", 100, Verdict.TRANSIENT),
        (206, b"123", None, Verdict.OK),
        (200, b"12345", 5, Verdict.OK),
        (200, b"1234", 5, Verdict.TRANSIENT),
        (403, b"<Error/>", 5, Verdict.PERMANENT),
        (401, b"", 5, Verdict.PERMANENT),
        (503, b"", 5, Verdict.TRANSIENT),
    ],
)
def test_a_part_of_a_file_is_whole_or_comes_again(
    status: int, content: bytes, size: int | None, verdict: Verdict
) -> None:
    """An address that ended says nothing of our access to the shop."""
    assert judge_part(5, size)(answer(status, content)).verdict is verdict


def test_long_words_of_the_channel_are_cut() -> None:
    assert len(judge_graphql(answer(403, {"errors": "x" * 5000})).message or "") == 300


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("throttled.200", Verdict.THROTTLED),
        ("max_cost_exceeded.200", Verdict.PERMANENT),
        ("access_denied_partial.200", Verdict.AUTH_FATAL),
        ("internal_error.200", Verdict.TRANSIENT),
        ("invalid_query.200", Verdict.PERMANENT),
        ("user_errors.200", Verdict.OK),
        ("unauthorized.401", Verdict.AUTH_EXPIRED),
        ("shop_frozen.402", Verdict.ACCOUNT_STATE),
        ("forbidden.403", Verdict.AUTH_FATAL),
        ("not_found.404", Verdict.PERMANENT),
        ("locked.423", Verdict.ACCOUNT_STATE),
        ("rest_too_many.429", Verdict.THROTTLED),
    ],
)
def test_the_documented_errors_are_judged_as_documented(sample: Sample, name: str, verdict: Verdict) -> None:
    body = sample(f"errors/{name}")
    judged = judge_graphql(answer(int(name.rpartition(".")[2]), json.dumps(body, default=float).encode()))
    assert judged.verdict is verdict
    if name.startswith("throttled"):
        assert judged.wait_seconds == 5.86  # case 16
