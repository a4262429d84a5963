"""Users and tokens over HTTP: for admins alone, at once, and with a trace of who did it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete

from tests.api.conftest import PASSWORD, Api, empty
from tradewind.commerce.access.model import User
from tradewind.commerce.access.rights import Scope

pytestmark = pytest.mark.xdist_group("api")

USERS, TOKENS = "/api/v1/users", "/api/v1/tokens"


@pytest.fixture
def api(api_on_both: Api) -> Iterator[Api]:
    """On each engine, signed in as an admin; who was made is gone afterwards."""
    api_on_both.as_user()
    yield api_on_both
    empty(api_on_both.platform)
    with api_on_both.platform.database.write() as tx:
        tx.execute(delete(User).where(User.username.not_in(["ada", "vic"])))


def make(api: Api, name: str = "bob", role: str = "viewer", **more: Any) -> dict[str, Any]:
    body = {"username": name, "role": role, "password": PASSWORD} | more
    answer = api.client.post(USERS, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_somebody_who_was_let_in_can_sign_in(api: Api) -> None:
    made = make(api, "Bob", "fulfilment", email="Bob@Example.com")

    assert (made["username"], made["email"], made["role"]) == ("bob", "bob@example.com", "fulfilment")
    assert (made["is_active"], made["has_second_factor"], made["last_login_at"]) == (True, False, None)
    assert api.client.get(f"{USERS}/{made['user_id']}").json() == made
    assert api.sign_in("bob")["access_token"]


def test_users_are_listed_by_name_page_by_page(api: Api) -> None:
    make(api, "bob")
    first = api.client.get(USERS, params={"limit": 2}).json()
    second = api.client.get(USERS, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [user["username"] for user in first["items"] + second["items"]] == ["ada", "bob", "vic"]
    assert second["next_cursor"] is None
    viewers = api.client.get(USERS, params={"role": "viewer", "q": "vi"}).json()
    assert [user["username"] for user in viewers["items"]] == ["vic"]


def test_a_new_role_counts_from_the_next_request_on(api: Api) -> None:
    bob = make(api)
    session = {"Authorization": f"Bearer {api.sign_in('bob')['access_token']}"}
    assert api.client.get("/api/v1/audit", headers=session).status_code == 403

    changed = api.client.patch(f"{USERS}/{bob['user_id']}", json={"role": "manager"})
    assert changed.json()["role"] == "manager"
    assert api.client.get("/api/v1/audit", headers=session).status_code == 200

    api.client.patch(f"{USERS}/{bob['user_id']}", json={"is_active": False})
    assert api.client.get("/api/v1/audit", headers=session).status_code == 401


def test_an_edit_of_what_somebody_else_has_changed_is_refused(api: Api) -> None:
    path = f"{USERS}/{make(api)['user_id']}"
    read = api.client.get(path)
    assert (read.headers["etag"], read.json()["version"]) == ('"1"', 1)

    first = api.client.patch(path, json={"role": "analyst"}, headers={"If-Match": read.headers["etag"]})
    second = api.client.patch(path, json={"role": "admin"}, headers={"If-Match": read.headers["etag"]})
    assert (first.status_code, first.json()["version"]) == (200, 2)
    assert (second.status_code, second.json()["code"]) == (409, "changed_meanwhile")
    same = api.client.patch(path, json={"role": "analyst"}, headers={"If-Match": '"2"'})
    assert (same.json()["role"], same.json()["version"]) == ("analyst", 2)


def test_the_only_admin_cannot_step_down(api: Api) -> None:
    ada = api.client.get("/api/v1/auth/me").json()["user_id"]

    answer = api.client.patch(f"{USERS}/{ada}", json={"role": "viewer"})
    assert answer.status_code == 409
    assert answer.json()["code"] == "last_admin"
    assert api.client.get(f"{USERS}/{ada}").json()["role"] == "admin"


def test_another_password_signs_the_user_out(api: Api) -> None:
    bob = make(api)
    session = {"Authorization": f"Bearer {api.sign_in('bob')['access_token']}"}

    answer = api.client.put(f"{USERS}/{bob['user_id']}/password", json={"password": "another long password"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert api.client.get("/api/v1/auth/me", headers=session).status_code == 401
    assert api.sign_in("bob", "another long password")


def test_sessions_of_others_are_seen_and_ended(api: Api) -> None:
    bob = make(api)["user_id"]
    api.client.headers["User-Agent"] = "Telephone/1.0"
    sessions = [{"Authorization": f"Bearer {api.sign_in('bob')['access_token']}"} for _ in range(3)]
    api.client.headers["User-Agent"] = "tests"

    def alive() -> list[bool]:
        return [api.client.get("/api/v1/auth/me", headers=session).status_code == 200 for session in sessions]

    listed = api.client.get(f"{USERS}/{bob}/sessions").json()["items"]
    assert [(one["address"], one["user_agent"], one["is_current"]) for one in listed] == [
        ("127.0.0.1", "Telephone/1.0", False)
    ] * 3
    assert api.client.delete(f"{USERS}/{bob}/sessions/{listed[2]['session_id']}").status_code == 204
    assert alive() == [False, True, True]
    assert api.client.delete(f"{USERS}/{bob}/sessions").status_code == 204
    assert alive() == [False, False, False]
    assert api.client.get(f"{USERS}/{bob}/sessions").json()["items"] == []

    ada = api.client.get("/api/v1/auth/me").json()["user_id"]
    assert api.client.delete(f"{USERS}/{ada}/sessions/{listed[0]['session_id']}").status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "viewer", "password": PASSWORD}, "username"),
        ({"username": "bob", "role": "boss", "password": PASSWORD}, "role"),
        ({"username": "bob", "role": "viewer", "password": "short"}, "password"),
        ({"username": "a b", "role": "viewer", "password": PASSWORD}, "username"),
        ({"username": "bob", "role": "viewer", "password": PASSWORD, "email": "nowhere"}, "email"),
        ({"username": "bob", "role": "viewer", "password": PASSWORD, "is_admin": True}, "is_admin"),
    ],
)
def test_what_cannot_be_is_named_and_makes_nobody(api: Api, body: dict[str, Any], field: str) -> None:
    answer = api.client.post(USERS, json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field
    assert PASSWORD not in answer.text
    assert len(api.client.get(USERS).json()["items"]) == 2


@pytest.mark.parametrize("path", [USERS, f"{USERS}/x", f"{USERS}/x/sessions", TOKENS, "/api/v1/audit"])
def test_others_see_none_of_this(api: Api, path: str) -> None:
    api.as_user("vic")

    assert api.client.get(path).status_code == 403
    assert api.client.post(USERS, json={}).status_code in (403, 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("PUT", "/password"),
        ("DELETE", "/totp"),
        ("GET", "/sessions"),
        ("DELETE", "/sessions"),
        ("DELETE", "/sessions/x"),
    ],
)
def test_a_user_who_does_not_exist_is_404(api: Api, method: str, path: str) -> None:
    body = {"password": PASSWORD} if method == "PUT" else {} if method == "PATCH" else None
    answer = api.client.request(method, f"{USERS}/01m7ysegfm6ycmepxzxztyxgex{path}", json=body)

    assert answer.status_code == 404, answer.text


def test_a_token_is_made_used_listed_and_revoked(api: Api) -> None:
    made = api.client.post(TOKENS, json={"name": "export", "scopes": ["api:read", "api:read"]}).json()
    program = {"Authorization": f"Bearer {made['secret']}"}

    assert made["scopes"] == ["api:read"]
    assert api.client.get("/api/v1/auth/me", headers=program).json()["username"] == "token export"
    assert api.client.get(TOKENS, headers=program).status_code == 403
    (listed,) = api.client.get(TOKENS).json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}

    assert api.client.delete(f"{TOKENS}/{made['token_id']}").status_code == 204
    assert api.client.delete(f"{TOKENS}/{made['token_id']}").status_code == 204
    time.sleep(0.6)
    assert api.client.get("/api/v1/auth/me", headers=program).status_code == 401
    assert api.client.get(TOKENS).json()["items"][0]["revoked_at"] is not None
    assert api.client.delete(f"{TOKENS}/nothing").status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"expires_at": "2026-03-10T11:59:59Z"}, "expires_at"),
        ({"expires_at": "2026-03-10T13:00:00"}, "expires_at"),
    ],
)
def test_a_token_that_cannot_be_is_refused(api: Api, change: dict[str, Any], field: str) -> None:
    answer = api.client.post(TOKENS, json={"name": "export", "scopes": ["api:read"]} | change)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_tokens_come_newest_first_page_by_page(api: Api) -> None:
    for number in range(3):
        api.token(Scope.API_READ, name=f"t-{number}")
    first = api.client.get(TOKENS, params={"limit": 2}).json()
    second = api.client.get(TOKENS, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [token["name"] for token in first["items"] + second["items"]] == ["t-2", "t-1", "t-0"]
