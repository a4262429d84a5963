"""Who changed what can be asked for, by those who may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Api, empty
from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.access.rights import Scope

pytestmark = pytest.mark.xdist_group("api")

AUDIT = "/api/v1/audit"


@pytest.fixture
def api(api_on_both: Api) -> Api:
    """Five changes an hour apart, by two people, and none before."""
    empty(api_on_both.platform)
    with api_on_both.platform.database.write() as tx:
        for number in range(5):
            api_on_both.clock.advance(hours=1)
            change = Change("product.update", f"p-{number}", {"price": number}, {"price": number + 1})
            record(tx, Actor("eve" if number % 2 else "bob"), change, now=api_on_both.clock.now())
        record(tx, Actor("bob"), Change("order.cancel", "o-1"), now=api_on_both.clock.now())
    api_on_both.as_user()
    return api_on_both


def subjects(api: Api, **params: Any) -> list[str]:
    answer = api.client.get(AUDIT, params=params)
    assert answer.status_code == 200, answer.text
    return [entry["subject_id"] for entry in answer.json()["items"]]


def test_changes_come_newest_first_with_what_was_different(api: Api) -> None:
    entry = api.client.get(AUDIT).json()["items"][1]

    assert (entry["actor"], entry["action"], entry["subject_kind"]) == ("bob", "product.update", "product")
    assert (entry["subject_id"], entry["before"], entry["after"]) == ("p-4", {"price": 4}, {"price": 5})
    assert entry["at"].endswith("Z")
    assert subjects(api) == ["o-1", "p-4", "p-3", "p-2", "p-1", "p-0"]


def test_filters_choose_and_pages_follow(api: Api) -> None:
    assert subjects(api, actor="eve") == ["p-3", "p-1"]
    assert subjects(api, action="order.cancel") == subjects(api, subject_kind="order") == ["o-1"]
    assert subjects(api, subject_id="p-2") == ["p-2"]
    assert subjects(api, to="2026-03-10") == []

    first = api.client.get(AUDIT, params={"limit": 4}).json()
    assert subjects(api, limit=4, cursor=first["next_cursor"]) == ["p-1", "p-0"]


def test_a_program_needs_the_right_for_it(api: Api) -> None:
    def ask(scope: Scope) -> int:
        secret = api.token(scope, name=str(scope))
        return api.client.get(AUDIT, headers={"Authorization": f"Bearer {secret}"}).status_code

    assert ask(Scope.AUDIT_READ) == 200
    assert ask(Scope.API_WRITE) == 403


@pytest.mark.parametrize(
    "params", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"subject_id": "x" * 65}, {"from": "x"}]
)
def test_what_cannot_be_asked_is_refused(api: Api, params: dict[str, Any]) -> None:
    assert api.client.get(AUDIT, params=params).status_code == 422
