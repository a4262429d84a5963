"""Sign-in over HTTP: tokens that name a session, and end with it."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.api.conftest import PASSWORD, Api
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.access.tokens import revoke_token

pytestmark = pytest.mark.xdist_group("api")


def me(api: Api, token: str) -> int:
    return api.client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"}).status_code


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def test_signing_in_gives_a_bearer_token_for_an_hour(api: Api) -> None:
    tokens = api.sign_in()

    assert tokens["token_type"] == "bearer"
    assert tokens["expires_in"] == 3600
    assert me(api, tokens["access_token"]) == 200
    claims = claims_of(tokens["access_token"])
    assert claims["exp"] - claims["iat"] == 3600
    assert "role" not in claims


def test_an_email_address_may_stand_for_the_name(api: Api) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    assert api.client.post("/api/v1/auth/login", json=body).status_code == 200


def test_who_is_signed_in_can_be_asked(api: Api) -> None:
    answer = api.as_user("vic").get("/api/v1/auth/me").json()

    assert answer["username"] == "vic"
    assert answer["email"] == "vic@example.com"
    assert answer["role"] == "viewer"
    assert answer["scopes"] == ["api:read"]


def test_what_a_caller_may_do_is_told_with_included_rights_written_out(api: Api) -> None:
    scopes = api.as_user("ada").get("/api/v1/auth/me").json()["scopes"]
    assert {"admin", "api:read", "catalog:write", "orders:refund"} <= set(scopes)
    assert scopes == sorted(scopes)


def test_a_wrong_password_is_401_and_too_many_are_429_with_the_time_to_wait(api: Api) -> None:
    wrong = {"username": "ada", "password": "wrong horse battery"}
    codes = [api.client.post("/api/v1/auth/login", json=wrong).status_code for _ in range(5)]
    assert codes == [401] * 5

    refused = api.client.post("/api/v1/auth/login", json={"username": "ada", "password": PASSWORD})
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_sign_ins"
    assert 0 < int(refused.headers["retry-after"]) <= 900


def test_an_access_token_ends_after_an_hour_and_is_renewed_with_the_refresh_token(api: Api) -> None:
    tokens = api.sign_in()
    api.clock.advance(minutes=59, seconds=59)
    assert me(api, tokens["access_token"]) == 200
    api.clock.advance(seconds=2)
    assert me(api, tokens["access_token"]) == 401

    renewed = api.client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]}).json()
    assert me(api, renewed["access_token"]) == 200


def test_a_refresh_token_used_twice_ends_the_session(api: Api) -> None:
    first = api.sign_in()
    body = {"refresh_token": first["refresh_token"]}
    second = api.client.post("/api/v1/auth/refresh", json=body).json()
    third = api.client.post("/api/v1/auth/refresh", json={"refresh_token": second["refresh_token"]}).json()

    again = api.client.post("/api/v1/auth/refresh", json=body)

    assert again.status_code == 401
    assert again.json()["code"] == "session_ended"
    assert me(api, third["access_token"]) == 401


def test_signing_out_ends_the_access_token_at_once(api: Api) -> None:
    tokens = api.sign_in()
    answer = api.client.post("/api/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})

    assert answer.status_code == 204
    assert answer.content == b""
    assert me(api, tokens["access_token"]) == 401


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "somebody"},
        {"aud": "another-api"},
        {"exp": 1},
        {"sid": None},
        {"sid": "01m7ysegfm6ycmepxzxztyxgex"},
        {"exp": None},
        {"aud": None},
    ],
)
def test_a_token_signed_by_us_with_other_claims_is_refused(api: Api, change: dict[str, Any]) -> None:
    good = claims_of(api.sign_in()["access_token"])
    claims = {name: value for name, value in (good | change).items() if value is not None}
    key = api.services.access_tokens._key

    assert me(api, jwt.encode({"alg": "HS256"}, good, key)) == 200
    assert me(api, jwt.encode({"alg": "HS256"}, claims, key)) == 401


def test_a_token_with_another_signature_or_algorithm_is_refused(api: Api) -> None:
    token = api.sign_in()["access_token"]
    header, payload, signature = token.split(".")

    def part(content: dict[str, str]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")

    key = OctKey.import_key(b"another-key-0123456789-abcdefghijklmnop")
    forged = [
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{payload}.{signature}",
        f"{part({'alg': 'HS512', 'typ': 'JWT'})}.{payload}.{signature}",
        f"{header}.{payload}.{signature[:-2]}AA",
        f"{header}.{payload}.",
        jwt.encode({"alg": "HS256"}, claims_of(token), key),
        jwt.encode({"alg": "HS512"}, claims_of(token), api.services.access_tokens._key, algorithms=["HS512"]),
        token * 20,
    ]
    assert [me(api, one) for one in forged] == [401] * len(forged)
    assert me(api, token) == 200


def test_a_program_comes_in_with_its_token_and_is_out_within_a_second_of_revoking(api: Api) -> None:
    secret = api.token(Scope.API_READ)
    assert me(api, secret) == 200
    with api.platform.database.write() as tx:
        revoke_token(tx, "program", now=api.clock.now())
    time.sleep(0.6)

    assert me(api, secret) == 401


def test_a_token_without_the_right_is_told_which_right_it_needs(api: Api) -> None:
    secret = api.token(Scope.EVENTS_APPEND)
    answer = api.client.get("/api/v1/orders", headers={"Authorization": f"Bearer {secret}"})

    assert answer.status_code == 403
    assert answer.json()["code"] == "missing_scope"
    assert "needs the scope api:read and has events:append" in answer.json()["detail"]


def test_no_secret_gets_into_the_log(
    api: Api, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    secret = api.token(Scope.ADMIN)
    tokens = api.sign_in()
    wrong = "a-wrong-password-canary"
    api.client.post("/api/v1/auth/login", json={"username": "ada", "password": wrong})
    api.client.get("/api/v1/orders", headers={"Authorization": f"Bearer {secret}"})
    for _ in range(3):
        api.client.post("/api/v1/auth/refresh", json={"refresh_token": tokens["refresh_token"]})
    api.client.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})

    logged = caplog.text + "".join(capfd.readouterr())
    for canary in (secret, wrong, PASSWORD, tokens["access_token"], tokens["refresh_token"]):
        assert canary not in logged
