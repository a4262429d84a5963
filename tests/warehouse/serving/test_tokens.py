"""Tokens: what they may do, that their values stay, and that nobody gets past them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from tests.warehouse.serving.conftest import World, bearer
from tests.warehouse.serving.projects import NOW, a_pipe, a_source
from tradewind.core.errors import InvalidInput
from tradewind.warehouse.datafiles.model import Permission, Project, TokenLine
from tradewind.warehouse.workspaces.scopes import Scope
from tradewind.warehouse.workspaces.tokens import ADMIN_NAME

LATER = int(NOW.timestamp()) + 3600


def signed(key: str, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
    """A JWT made by hand, as another program would."""

    def packed(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    head = packed(json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode())
    body = packed(json.dumps(claims).encode())
    mark = hmac.digest(key.encode(), f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{packed(mark)}"


def claims(world: World, *scopes: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"workspace_id": world.one, "name": "visitor", "exp": LATER, "scopes": list(scopes)}
    return {name: value for name, value in (told | more).items() if value is not None}


PIPE = {"type": "PIPES:READ", "resource": "by_tenant"}


@pytest.mark.parametrize("text", ["", "READ", "PIPES:READ", "PIPES:READ:", "PIPES:READ:x:y > 1", "DATASOURCES:EAT:x"])
def test_a_scope_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"scope|filter"):
        Scope.parse(text)


def test_a_filter_may_hold_colons() -> None:
    scope = Scope.parse("DATASOURCES:READ:sales:at > '2026-01-01 00:00:00'")
    assert (scope.resource, scope.filter) == ("sales", "at > '2026-01-01 00:00:00'")


def test_without_a_token_or_with_a_wrong_one_nothing_is_told(world: World) -> None:
    for headers in ({}, bearer("tw_wrong"), bearer("a.b.c"), bearer("x" * 20_000), {"Authorization": "Basic abc"}):
        answer = world.api.client.get("/v0/pipes/by_tenant.json", headers=headers)
        assert answer.status_code == 403
        assert list(answer.json()) == ["error", "code"]


def test_a_token_may_stand_in_the_address(world: World) -> None:
    assert world.api.client.get("/v0/pipes/by_tenant.json", params={"token": world.admin}).status_code == 200


def test_a_token_reads_the_pipes_it_names_and_what_they_need(world: World) -> None:
    token = world.token("PIPES:READ:by_tenant")
    assert world.get("/v0/pipes/by_tenant.json", token).status_code == 200
    assert world.get("/v0/pipes/measured.json", token).status_code == 403
    assert world.sql("SELECT count() FROM sales", token).status_code == 403
    assert world.sql("SELECT count() FROM by_tenant FORMAT JSON", token).status_code == 200
    assert world.get("/v0/pipes/nothing.json", token).status_code == 404


def test_lines_of_files_make_tokens_that_may_do_just_that(world: World) -> None:
    tokens = {t.name: t for t in world.api.platform.serving.tokens.all_of(world.one)}
    assert world.sql("SELECT count() FROM sales", tokens["reader of sales"].value).text == "3\n"
    assert world.sql("SELECT count() FROM private", tokens["reader of sales"].value).status_code == 403
    assert world.get("/v0/pipes/by_tenant.json", tokens["reader of tenants"].value).status_code == 200
    app = world.api.platform.serving.tokens.authenticate(tokens["app"].value)
    assert app.may_append("sales")
    assert not app.may_append("private")
    assert not app.may_read_source("sales")


def test_a_deploy_never_changes_a_value_and_takes_back_what_it_gave(world: World) -> None:
    tokens = world.api.platform.serving.tokens
    source = a_source("events", "id Int64", TokenLine("writer", Permission.APPEND))
    pipe = a_pipe("counts", ("n", "SELECT 1"), tokens=(TokenLine("writer", Permission.READ),))
    home = world.made.workspace("lines")

    def apply(*, with_pipe: bool, with_source: bool = True) -> dict[str, list[str]]:
        project = Project({"events": source} if with_source else {}, {"counts": pipe} if with_pipe else {})
        with world.api.platform.database.write() as tx:
            return tokens.apply_lines(tx, home, project)

    assert apply(with_pipe=True)["created"] == ["writer"]
    value = tokens.get(home, "writer").value
    tokens.update(home, "writer", scopes=[*tokens.get(home, "writer").scopes, Scope.parse("PIPES:READ:by_hand")])

    assert apply(with_pipe=True) == {"created": [], "changed": []}
    assert apply(with_pipe=False)["changed"] == ["writer"]
    held = {str(scope) for scope in tokens.get(home, "writer").scopes}
    assert held == {"DATASOURCES:APPEND:events", "PIPES:READ:by_hand"}
    apply(with_pipe=False, with_source=False)
    apply(with_pipe=True)
    assert tokens.get(home, "writer").value == value
    assert tokens.get(home, ADMIN_NAME).scopes == (Scope("ADMIN"),)


def test_a_filter_hides_rows_everywhere(world: World) -> None:
    token = world.token("DATASOURCES:READ:sales:tenant = 'ann'")
    for text in (
        "SELECT count() FROM sales",
        "SELECT count() FROM sales AS s",
        "SELECT count() FROM (SELECT * FROM sales)",
        "WITH x AS (SELECT * FROM sales) SELECT count() FROM x",
    ):
        assert world.sql(text, token).text == "2\n", text
    both = world.token("DATASOURCES:READ:sales:tenant = 'ann'", "DATASOURCES:READ:sales:tenant = 'bob'")
    assert world.sql("SELECT count() FROM sales", both).text == "3\n"
    assert world.sql("SELECT count() FROM sales_quarantine", token).status_code == 200


def test_a_signed_token_reads_what_it_says(world: World) -> None:
    token = signed(world.admin, claims(world, PIPE))
    assert world.get("/v0/pipes/by_tenant.json", token).status_code == 200
    assert world.get("/v0/pipes/measured.json", token).status_code == 403
    rows = signed(world.admin, claims(world, {"type": "DATASOURCES:READ", "resource": "sales", "filter": "id = 3"}))
    assert world.sql("SELECT id FROM sales", rows).text == "3\n"


def test_fixed_parameters_win_over_what_is_sent(world: World) -> None:
    token = signed(world.admin, claims(world, PIPE | {"fixed_params": {"like": "bob", "unknown": 1}}))
    for sent in ({}, {"like": "ann"}, {"like": ["ann", "%"]}):
        answer = world.get("/v0/pipes/by_tenant.json", token, **sent)
        assert [row["tenant"] for row in answer.json()["data"]] == ["bob"]
    answer = world.api.client.post("/v0/pipes/by_tenant.json", headers=bearer(token), json={"like": "ann"})
    assert [row["tenant"] for row in answer.json()["data"]] == ["bob"]
    assert world.sql("SELECT tenant FROM by_tenant", token, like="ann").text == "bob\n"


def test_a_signed_token_is_proved_whatever_its_header_says(world: World) -> None:
    good = claims(world, PIPE)
    forged = signed("another key that is long enough to be one", good)
    unsigned = ".".join([*signed(world.admin, good, {"alg": "none"}).split(".")[:2], ""])
    others = world.made.admin(world.other)
    for token in (
        forged,
        unsigned,
        signed(world.admin, good, {"alg": "RS256"}),
        signed(others, good),
        signed(world.admin, claims(world, PIPE, exp=None)),
        signed(world.admin, claims(world, PIPE, exp=int(NOW.timestamp()) - 1)),
        signed(world.admin, claims(world, PIPE, exp="soon")),
        signed(world.admin, claims(world, PIPE, exp=True)),
        signed(world.admin, claims(world, PIPE, exp=1e400)),
        signed(world.admin, claims(world, PIPE, workspace_id="nowhere")),
        signed(world.admin, claims(world, PIPE, workspace_id={"a": 1})),
        signed(world.admin, claims(world, {"type": "ADMIN"})),
        signed(world.admin, claims(world, {"type": "DATASOURCES:APPEND", "resource": "sales"})),
        signed(world.admin, claims(world, PIPE, scopes="all")),
        signed(world.admin, claims(world, PIPE | {"fixed_params": [1]})),
    ):
        assert world.get("/v0/pipes/by_tenant.json", token).status_code == 403, token


def test_a_signed_token_of_another_workspace_sees_that_one_only(world: World) -> None:
    theirs = signed(world.made.admin(world.other), claims(world, PIPE, workspace_id=world.other))
    assert world.get("/v0/pipes/by_tenant.json", theirs).status_code == 404


def test_requests_are_counted_by_the_tokens_name(world: World) -> None:
    tokens = [
        signed(world.admin, claims(world, PIPE, name="limited", limits={"rps": 3}, note=str(n))) for n in range(2)
    ]
    answers = [world.get("/v0/pipes/by_tenant.json", tokens[n % 2]) for n in range(12)]
    good = [answer for answer in answers if answer.status_code == 200]
    late = [answer for answer in answers if answer.status_code == 429]
    assert len(good) + len(late) == 12
    assert late, "twelve requests at once are more than three a second"
    assert good[0].headers["x-ratelimit-limit"] == "3"
    assert good[0].headers["x-ratelimit-remaining"] == "2"
    assert late[0].headers["retry-after"] == "1"
    assert late[0].headers["x-ratelimit-remaining"] == "0"
    assert int(late[0].headers["x-ratelimit-reset"]) >= 1
    free = signed(world.admin, claims(world, PIPE, name="free", limits={"rps": 0}))
    assert all(world.get("/v0/pipes/by_tenant.json", free).status_code == 200 for _ in range(8))


def test_tokens_are_managed_over_http(world: World) -> None:
    client, headers = world.api.client, bearer(world.admin)
    made = client.post(
        "/v0/tokens",
        headers=headers,
        data={"name": "by http", "scope": ["PIPES:READ:by_tenant", "DATASOURCES:READ:sales:id > 1"]},
    ).json()
    assert made["scopes"][1] == {"type": "DATASOURCES:READ", "resource": "sales", "filter": "id > 1"}
    assert world.sql("SELECT count() FROM sales", made["token"]).text == "2\n"
    assert client.post("/v0/tokens", headers=headers, data={"name": "by http"}).status_code == 409
    assert "by http" in [t["name"] for t in client.get("/v0/tokens", headers=headers).json()["tokens"]]
    for key in (made["id"], "by http", made["token"]):
        assert client.get(f"/v0/tokens/{key}", headers=headers).json()["id"] == made["id"]

    changed = client.put(f"/v0/tokens/{made['id']}", headers=headers, params={"scope": "PIPES:READ:measured"}).json()
    assert changed["token"] == made["token"]
    assert world.sql("SELECT count() FROM sales", made["token"]).status_code == 403
    fresh = client.post("/v0/tokens/by http/refresh", headers=headers).json()
    assert fresh["token"] != made["token"]
    assert world.get("/v0/pipes/measured.json", made["token"]).status_code == 403
    assert world.get("/v0/pipes/measured.json", fresh["token"]).status_code == 200
    assert client.delete("/v0/tokens/by http", headers=headers).json() == {"ok": True}
    assert world.get("/v0/pipes/measured.json", fresh["token"]).status_code == 403
    assert client.get("/v0/tokens/by http", headers=headers).status_code == 404
    assert client.delete(f"/v0/tokens/{ADMIN_NAME}", headers=headers).status_code == 409


def test_who_manages_tokens_gets_no_more_than_that(world: World) -> None:
    client, manager = world.api.client, bearer(world.token("TOKENS"))
    nobody = bearer(world.token("PIPES:READ:by_tenant"))
    assert client.get("/v0/tokens", headers=nobody).status_code == 403
    listed = client.get("/v0/tokens", headers=manager).json()["tokens"]
    assert ADMIN_NAME not in [token["name"] for token in listed]
    assert client.get(f"/v0/tokens/{ADMIN_NAME}", headers=manager).status_code == 403
    assert client.post(f"/v0/tokens/{ADMIN_NAME}/refresh", headers=manager).status_code == 403
    assert client.post("/v0/tokens", headers=manager, data={"name": "x", "scope": "ADMIN"}).status_code == 403
    assert client.post("/v0/tokens", headers=manager, data={"name": "y", "scope": "PIPES:READ:a"}).status_code == 200
    assert client.put("/v0/tokens/y", headers=manager, params={"scope": "ADMIN"}).status_code == 403


def test_a_signed_token_is_made_over_http_and_can_be_revoked(world: World) -> None:
    client, headers = world.api.client, bearer(world.admin)
    address: dict[str, Any] = {"name": "minted", "expiration_time": LATER}
    value = client.post("/v0/tokens", headers=headers, params=address, json={"scopes": [PIPE]}).json()["token"]
    assert world.get("/v0/pipes/by_tenant.json", value).status_code == 200
    assert client.delete(f"/v0/tokens/{value}", headers=headers).json() == {"ok": True}
    assert world.get("/v0/pipes/by_tenant.json", value).status_code == 403
    past = address | {"expiration_time": 1}
    assert client.post("/v0/tokens", headers=headers, params=past, json={"scopes": [PIPE]}).status_code == 400
    wrongs: tuple[Any, ...] = ({}, {"scopes": []}, {"scopes": ["PIPES:READ:x"]}, {"scopes": [{"type": "ADMIN"}]}, [])
    for wrong in wrongs:
        assert client.post("/v0/tokens", headers=headers, params=address, json=wrong).status_code == 400


def test_a_new_admin_token_ends_every_signed_one(world: World) -> None:
    home = world.made.workspace("rotating")
    world.made.deploy(home, (), (a_pipe("by_tenant", ("n", "SELECT 1 AS x")),))
    old = world.made.admin(home)
    token = signed(old, claims(world, PIPE, workspace_id=home))
    assert world.get("/v0/pipes/by_tenant.json", token).status_code == 200
    answer = world.api.client.post(f"/v0/tokens/{ADMIN_NAME}/refresh", headers=bearer(old))
    assert answer.status_code == 200
    assert world.get("/v0/pipes/by_tenant.json", token).status_code == 403
    assert world.get("/v0/pipes/by_tenant.json", old).status_code == 403
    assert world.get("/v0/pipes/by_tenant.json", answer.json()["token"]).status_code == 200


def test_values_are_sealed_in_the_store(world: World) -> None:
    with world.api.platform.database.read() as tx:
        stored = tx.connection().exec_driver_sql("SELECT value, digest, scopes, name FROM project_tokens").all()
    assert stored
    assert world.admin.encode() not in b"".join(bytes(row[0]) for row in stored)
    assert world.admin not in repr(stored)
