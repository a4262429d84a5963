"""Endpoints as their callers see them: shapes, formats, parameters, statuses."""

from __future__ import annotations

from tests.warehouse.serving.conftest import World, bearer


def test_json_has_the_engines_shape(world: World) -> None:
    answer = world.get("/v0/pipes/by_tenant.json")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    document = answer.json()
    assert list(document) == ["meta", "data", "rows", "statistics"]
    assert document["meta"][0] == {"name": "tenant", "type": "String"}
    assert document["data"] == [
        {"tenant": "ann", "sales": 2, "total": 11.5},
        {"tenant": "bob", "sales": 1, "total": 7.25},
    ]
    assert set(document["statistics"]) == {"elapsed", "rows_read", "bytes_read"}


def test_a_parameter_is_a_value_whatever_it_holds(world: World) -> None:
    for value in ("ann", "nobody", "' OR 1=1 --", "\\\\", "a'b\"c`d", "%ann%", "ü\n\t"):
        answer = world.get("/v0/pipes/by_tenant.json", like=value)
        assert answer.status_code == 200, answer.text
        expected = ["ann"] if value in ("ann", "%ann%") else []
        assert [row["tenant"] for row in answer.json()["data"]] == expected


def test_a_post_takes_json_and_forms(world: World) -> None:
    path = "/v0/pipes/by_tenant.json"
    sent = [{"json": {"like": "bob"}}, {"data": {"like": "bob"}}, {"params": {"like": "bob"}}]
    for body in sent:
        answer = world.api.client.post(path, headers=bearer(world.admin), **body)  # type: ignore[arg-type]
        assert [row["tenant"] for row in answer.json()["data"]] == ["bob"]
    assert world.api.client.post(path, headers=bearer(world.admin), json=[1]).status_code == 400
