"""A deploy puts a project up as a whole, or changes nothing."""

from __future__ import annotations

from pathlib import PurePosixPath

from tests.warehouse.workspaces.conftest import Bench, files
from tradewind.warehouse.datafiles.model import Place

EVENTS = """
SCHEMA >
    `at` DateTime `json:$.at`,
    `user` String `json:$.user`,
    `amount` Int64 `json:$.amount`

ENGINE "MergeTree"
ENGINE_PARTITION_KEY "toYYYYMM(at)"
ENGINE_SORTING_KEY "at"
"""
DAILY = """
SCHEMA >
    `day` Date,
    `events` AggregateFunction(count),
    `amount` SimpleAggregateFunction(sum, Int64)

ENGINE "AggregatingMergeTree"
ENGINE_SORTING_KEY "day"
"""
BY_DAY = """
NODE events_by_day
SQL >
    SELECT toDate(at) AS day, countState() AS events, sum(amount) AS amount FROM events GROUP BY day

TYPE materialized
DATASOURCE daily
"""
TOTALS = """
NODE totals
SQL >
    SELECT countMerge(events) AS events, sum(amount) AS amount FROM daily

TYPE endpoint
"""
SOME_ROWS = "SELECT toDateTime('2026-01-01') + number * 3600, toString(number % 3), number FROM numbers(100)"


def a_project(**more: str) -> dict[PurePosixPath, bytes]:
    return files(**{"events__datasource": EVENTS} | more)


def with_view(**more: str) -> dict[PurePosixPath, bytes]:
    return a_project(**{"daily__datasource": DAILY, "by_day__pipe": BY_DAY, "totals__pipe": TOTALS} | more)


def test_a_first_deploy_makes_tables_and_views_and_is_live(bench: Bench) -> None:
    assert bench.workspaces.live(bench.id) is None

    outcome = bench.deployed(with_view())

    assert (outcome.number, outcome.is_live) == (1, True)
    assert outcome.plan.datasources.new == ("daily", "events")
    bench.insert("events", SOME_ROWS)
    assert bench.rows("SELECT count(), sum(amount) FROM {events}") == [(100, 4950)]
    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(100, 4950)]


def test_the_same_project_again_changes_nothing(bench: Bench) -> None:
    bench.deployed(with_view())

    again = bench.deploy(with_view())

    assert (again.result, again.number) == ("no_changes", 1)


def test_a_check_changes_nothing(bench: Bench) -> None:
    outcome = bench.workspaces.check(bench.id, with_view())

    assert outcome.result == "success"
    assert outcome.plan.pipes.new == ("by_day", "totals")
    assert bench.workspaces.live(bench.id) is None
    assert bench.workspaces.deployments(bench.id) == []
    assert bench.warehouse.query("SELECT name FROM system.databases WHERE name LIKE 'ws\\_%'") == []


def test_an_unknown_column_is_found_with_its_line_and_column(bench: Bench) -> None:
    wrong = TOTALS.replace("sum(amount)", "sum(amuont)")

    outcome = bench.deploy(with_view(totals__pipe=wrong))

    assert outcome.result == "failed"
    (found,) = outcome.errors
    assert "amuont" in found.message
    assert found.place == Place("totals.pipe", 4, 46)
    assert bench.workspaces.live(bench.id) is None
