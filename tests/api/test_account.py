"""One's own account over HTTP: password, second factor, sessions, and the way back in."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from tests.api.conftest import PASSWORD, Api, empty, wait_until
from tests.spine import rows_of
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.model import AuditEntry, PasswordReset, User
from tradewind.commerce.access.resets import begin_reset
from tradewind.commerce.access.rights import Role, Scope
from tradewind.commerce.access.second_factor import STEP_SECONDS, code_at
from tradewind.commerce.access.users import create_user, get_user
from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.resets import reset_mails

pytestmark = pytest.mark.xdist_group("api")

ME, LOGIN, TOTP, SESSIONS = "/api/v1/auth/me", "/api/v1/auth/login", "/api/v1/auth/totp", "/api/v1/auth/sessions"
RESET = "/api/v1/auth/password-reset"
NEW = "a new and longer password"


@pytest.fixture
def api(api_on_both: Api) -> Iterator[Api]:
    """On each engine, with somebody who may lose a password, and who is gone afterwards."""
    with api_on_both.platform.database.write() as tx:
        create_user(tx, "bob", PASSWORD, role=Role.VIEWER, now=api_on_both.clock.now(), email="bob@example.com")
    api_on_both.services.access.tell_reset = reset_mails("https://shop.example.com")
    yield api_on_both
    api_on_both.services.access.tell_reset = None
    empty(api_on_both.platform)
    with api_on_both.platform.database.write() as tx:
        tx.execute(delete(User).where(User.username == "bob"))


@pytest.fixture
def bob(api: Api) -> httpx.Client:
    return api.as_user("bob")


def enrol(api: Api, client: httpx.Client) -> tuple[bytes, list[str]]:
    """Sets up an app; returns its secret, and the recovery codes."""
    begun = client.post(TOTP, json={"password": PASSWORD})
    assert begun.status_code == 201, begun.text
    secret = base64.b32decode(begun.json()["secret"])
    confirmed = client.post(f"{TOTP}/confirm", json={"code": code(api, secret)})
    assert confirmed.status_code == 200, confirmed.text
    api.clock.advance(seconds=STEP_SECONDS)
    return secret, confirmed.json()["recovery_codes"]


def code(api: Api, secret: bytes) -> str:
    return code_at(secret, int(api.clock.now().timestamp()) // STEP_SECONDS)


def login(api: Api, **more: Any) -> httpx.Response:
    return api.client.post(LOGIN, json={"username": "bob", "password": PASSWORD} | more)


def test_signing_in_asks_for_the_code_once_it_is_confirmed(api: Api, bob: httpx.Client) -> None:
    assert bob.get(TOTP).json() == {"is_on": False, "recovery_codes_left": 0}
    secret, recovery_codes = enrol(api, bob)
    assert bob.get(TOTP).json() == {"is_on": True, "recovery_codes_left": 10}

    asked = login(api)
    assert (asked.status_code, asked.json()["code"]) == (401, "second_factor_needed")
    failed = login(api, code="abcdef")
    assert (failed.status_code, failed.json()["code"]) == (401, "second_factor_failed")
    assert login(api, code=code(api, secret)).status_code == 200
    assert login(api, code=recovery_codes[0]).status_code == 200
    assert bob.get(TOTP).json()["recovery_codes_left"] == 9


def test_an_open_session_is_not_enough_to_set_it_up_or_switch_it_off(api: Api, bob: httpx.Client) -> None:
    refused = bob.post(TOTP, json={"password": "not the password"})
    assert (refused.status_code, refused.json()["code"]) == (403, "password_not_right")
    secret, _ = enrol(api, bob)

    wrong = bob.post(f"{TOTP}/off", json={"password": PASSWORD, "code": "000"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "code")
    bad = bob.post(f"{TOTP}/off", json={"password": "not the password", "code": code(api, secret)})
    assert bad.status_code == 403
    assert bob.post(f"{TOTP}/off", json={"password": PASSWORD, "code": code(api, secret)}).status_code == 204
    assert login(api).status_code == 200
    assert bob.post(f"{TOTP}/off", json={"password": PASSWORD, "code": "000"}).status_code == 409


def test_guessing_the_code_or_the_password_of_an_open_session_ends_soon(api: Api, bob: httpx.Client) -> None:
    enrol(api, bob)
    codes = [bob.post(f"{TOTP}/off", json={"password": PASSWORD, "code": "000"}).status_code for _ in range(7)]
    assert codes == [422] * 5 + [429] * 2

    body = {"current_password": "not the password", "password": NEW}
    codes = [bob.post("/api/v1/auth/password", json=body).status_code for _ in range(7)]
    assert codes == [403] * 5 + [429] * 2


def test_a_confirmation_told_twice_under_one_key_shows_the_same_recovery_codes(api: Api, bob: httpx.Client) -> None:
    secret = base64.b32decode(bob.post(TOTP, json={"password": PASSWORD}).json()["secret"])
    body, headers = {"code": code(api, secret)}, {"Idempotency-Key": "k-1"}
    answers = [bob.post(f"{TOTP}/confirm", json=body, headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content


def test_an_admin_switches_off_what_somebody_has_lost(api: Api, bob: httpx.Client) -> None:
    enrol(api, bob)
    bob_id = bob.get(ME).json()["user_id"]

    assert api.as_user("ada").delete(f"/api/v1/users/{bob_id}/totp").status_code == 204
    assert login(api).status_code == 200


def test_another_password_ends_every_session_but_this_one(api: Api, bob: httpx.Client) -> None:
    other = {"Authorization": f"Bearer {api.sign_in('bob')['access_token']}"}
    body = {"current_password": PASSWORD, "password": NEW}

    assert bob.post("/api/v1/auth/password", json=body).status_code == 204
    assert bob.get(ME).status_code == 200
    assert bob.get(ME, headers=other).status_code == 401
    assert login(api).status_code == 401
    assert login(api, password=NEW).status_code == 200


def test_a_weak_password_is_refused_and_named(bob: httpx.Client) -> None:
    answer = bob.post("/api/v1/auth/password", json={"current_password": PASSWORD, "password": "bobbobbobbob"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "password"


def test_own_sessions_are_listed_and_ended(api: Api, bob: httpx.Client) -> None:
    others = [{"Authorization": f"Bearer {api.sign_in('bob')['access_token']}"} for _ in range(3)]
    listed = bob.get(SESSIONS).json()["items"]
    assert [one["is_current"] for one in listed] == [False, False, False, True]
    assert {one["address"] for one in listed} == {"127.0.0.1"}

    assert bob.delete(f"{SESSIONS}/{listed[2]['session_id']}").status_code == 204
    assert [bob.get(ME, headers=other).status_code for other in others] == [401, 200, 200]
    assert bob.delete(SESSIONS).status_code == 204
    assert [bob.get(ME, headers=other).status_code for other in others] == [401, 401, 401]
    assert [one["is_current"] for one in bob.get(SESSIONS).json()["items"]] == [True]


def test_the_session_of_somebody_else_is_not_there(api: Api, bob: httpx.Client) -> None:
    vic = {"Authorization": f"Bearer {api.sign_in('vic')['access_token']}"}
    theirs = bob.get(SESSIONS, headers=vic).json()["items"][0]["session_id"]

    assert bob.delete(f"{SESSIONS}/{theirs}").status_code == 404
    assert bob.get(ME, headers=vic).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", SESSIONS), ("DELETE", SESSIONS), ("GET", TOTP), ("POST", TOTP)])
def test_a_program_has_no_account(api: Api, method: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {api.token(Scope.ADMIN)}"}
    body = {"password": PASSWORD} if method == "POST" else None
    answer = api.client.request(method, path, headers=headers, json=body)

    assert (answer.status_code, answer.json()["code"]) == (403, "only_people")


def test_asking_for_a_link_answers_the_same_for_strangers(api: Api) -> None:
    known, unknown, noise = (
        api.client.post(RESET, json={"name": name}) for name in ("bob@example.com", "nobody@example.com", "x\0y")
    )

    for answer in (known, unknown, noise):
        assert (answer.status_code, answer.content) == (202, b"")

    wait_until(lambda: len(mails(api)) == 1)


def mails(api: Api) -> list[tuple[str, dict[str, Any]]]:
    """Whom mails wait for, and what they say."""
    with api.platform.database.read() as tx:
        return [(mail.recipient, mail.content) for mail in tx.scalars(select(Mail).order_by(Mail.id))]


def test_the_link_that_was_mailed_sets_another_password(api: Api) -> None:
    api.client.post(RESET, json={"name": "BOB"})
    wait_until(lambda: mails(api))
    ((recipient, content),) = mails(api)
    address, _, token = content["link"].partition("#")

    assert recipient == "bob@example.com"
    assert (address, content["name"], content["valid_minutes"]) == (
        "https://shop.example.com/reset-password",
        "bob",
        60,
    )
    assert api.client.post(f"{RESET}/confirm", json={"token": token, "password": NEW}).status_code == 204
    assert login(api, password=NEW).status_code == 200


def test_without_a_mail_server_nothing_is_begun(api: Api) -> None:
    api.services.access.tell_reset = None
    with capture_logs() as said:
        api.services.access.request_reset("bob", address="192.0.2.1")

    assert mails(api) == []
    assert "tradewind user reset-link" in said[0]["event"]
    with api.platform.database.read() as tx:
        assert rows_of(tx, PasswordReset) == 0


def test_a_name_gets_few_links_and_an_address_may_ask_only_so_often(api: Api) -> None:
    codes = [api.client.post(RESET, json={"name": "bob"}).status_code for _ in range(31)]
    assert codes == [202] * 30 + [429]

    def links() -> list[str]:
        with api.platform.database.read() as tx:
            return list(tx.scalars(select(AuditEntry.actor).where(AuditEntry.action == "user.reset_begin")))

    wait_until(lambda: len(links()) == 3)
    assert links() == ["visitor 127.0.0.1"] * 3


def test_a_link_sets_another_password_once(api: Api) -> None:
    session = {"Authorization": f"Bearer {api.sign_in('bob')['access_token']}"}
    with api.platform.database.write() as tx:
        token = begin_reset(tx, get_user(tx, "bob"), actor=Actor("ada"), now=api.clock.now()).token

    weak = api.client.post(f"{RESET}/confirm", json={"token": token, "password": "short"})
    assert (weak.status_code, weak.json()["errors"][0]["field"]) == (422, "password")
    assert api.client.post(f"{RESET}/confirm", json={"token": token, "password": NEW}).status_code == 204
    again = api.client.post(f"{RESET}/confirm", json={"token": token, "password": NEW})
    assert (again.status_code, again.json()["code"]) == (422, "reset_link_over")
    assert token not in again.text

    assert api.client.get(ME, headers=session).status_code == 401
    assert login(api, password=NEW).status_code == 200
