"""`finalize_aggregations=true`: an answer with values where the query gives states, and else the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.serving.conftest import World, bearer


def test_an_endpoint_gives_values_for_states_and_keeps_the_order(world: World) -> None:
    answer = world.get("/v0/pipes/states.json", finalize_aggregations="true").json()
    assert answer["data"] == [{"tenant": "bob", "total": 7.25, "n": 1}, {"tenant": "ann", "total": 11.5, "n": 2}]
    assert answer["meta"][1] == {"name": "total", "type": "Float64"}
    as_they_are = world.get("/v0/pipes/states.json", finalize_aggregations="false").json()
    assert as_they_are["meta"][1] == {"name": "total", "type": "AggregateFunction(sum, Float64)"}


def test_a_filter_is_met_by_the_states_it_was_written_for(world: World) -> None:
    found = world.get("/v0/pipes/some_states.json", finalize_aggregations="1").json()
    assert found["data"] == [{"tenant": "ann", "total": 11.5}]
    assert world.get("/v0/pipes/some_states.json").json()["rows"] == 1


def test_sql_takes_it_from_the_address_and_from_a_body(world: World) -> None:
    text = "SELECT uniqState(tenant) AS `who \\`is\\``, sumSimpleState(id) AS ids FROM sales FORMAT JSON"
    wanted = [{"who `is`": 2, "ids": 6}]
    assert world.sql(text, finalize_aggregations="true").json()["data"] == wanted
    told = {"q": text, "finalize_aggregations": True}
    answer = world.api.client.post("/v0/sql", headers=bearer(world.admin), json=told)
    assert answer.json()["data"] == wanted


def test_without_states_the_query_runs_as_it_is(world: World) -> None:
    text = "SELECT id FROM sales ORDER BY id"
    asked = {"finalize_aggregations": "true", "explain": "true"}
    assert world.sql(text, **asked).json()["debug_query"] == world.sql(text, explain="true").json()["debug_query"]


@pytest.mark.parametrize("text", ["SELECT nothing FROM sales", "SELECT sumState(tenant) AS s FROM sales"])
def test_what_is_wrong_with_a_query_is_told_as_without_it(world: World, text: str) -> None:
    assert world.sql(text, finalize_aggregations="true").status_code == world.sql(text).status_code == 400


@given(groups=st.integers(1, 100_000), is_falling=st.booleans(), least=st.none() | st.integers(1, 50))
def test_rows_come_as_if_the_values_had_been_asked_for(
    world: World, groups: int, is_falling: bool, least: int | None
) -> None:
    end = f"GROUP BY k ORDER BY k{' DESC' if is_falling else ''}{f' LIMIT {least}' if least else ''} FORMAT CSV"
    states = f"SELECT number % {groups} AS k, sumState(number) AS s FROM numbers_mt(100000) {end}"
    values = f"SELECT number % {groups} AS k, sum(number) AS s FROM numbers_mt(100000) {end}"
    assert world.sql(states, finalize_aggregations="true").text == world.sql(values).text
