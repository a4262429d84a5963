"""A deploy puts a project up as a whole, or changes nothing."""

from __future__ import annotations

import threading
from pathlib import PurePosixPath

import pytest

from tests.warehouse.workspaces.conftest import Bench, files
from tradewind.warehouse.datafiles.model import Level, Place

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


@pytest.mark.parametrize(
    "expression",
    ["file('/etc/passwd')", "(SELECT max(number) FROM numbers(3))", "currentDatabase()", "getServerSetting('path')"],
)
def test_an_expression_that_looks_outside_its_row_is_refused(bench: Bench, expression: str) -> None:
    source = EVENTS.replace("    `user`", f"    `read` String DEFAULT {expression},\n    `user`")

    outcome = bench.deploy(a_project(events__datasource=source))

    assert outcome.result == "failed"
    assert outcome.errors[0].place.file == "events.datasource"
    assert bench.warehouse.query("SELECT name FROM system.databases WHERE name LIKE 'ws\\_%'") == []


def test_a_branch_that_only_a_caller_reaches_is_tried_and_warned_of(bench: Bench) -> None:
    endpoint = """NODE only
SQL >
    %
    SELECT user {% if defined(by_day) %}, dya {% end %} FROM events WHERE amount > {{Int32(least, 0)}}
        AND at > {{DateTime(since, '2020-01-01 00:00:00')}}
TYPE endpoint
"""
    told = bench.deployed(a_project(mine__pipe=endpoint))
    (warning,) = told.findings
    assert (str(warning.place), warning.level) == ("mine.pipe:4:43", Level.WARNING)
    assert "mine, node only: with by_day=" in warning.message
    assert "dya" in warning.message
    told = bench.deployed(a_project(mine__pipe=endpoint.replace("dya", "at").replace("least", "token")))
    (warning,) = told.findings
    assert "The parameter token has a name that the API uses itself" in warning.message
    refuses = endpoint.replace(", dya", "{{ error('by_day is not for you') }}")
    assert bench.deployed(a_project(mine__pipe=refuses)).findings == (), "what a template refuses itself is meant so"


def test_a_share_with_nobody_is_said(bench: Bench) -> None:
    told = bench.deployed(a_project(events__datasource=EVENTS + "SHARED_WITH >\n    other, third\n"))
    line = EVENTS.count("\n") + 1
    assert [(str(one.place), one.level, one.message) for one in told.findings] == [
        (
            f"events.datasource:{line}:1",
            Level.WARNING,
            f"events is shared with {name}, and there is no such workspace here yet.",
        )
        for name in ("other", "third")
    ]


FILTERED = "FILTER {condition}\nNODE only\nSQL >\n    SELECT user, amount FROM events\nTYPE endpoint\n"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("usr = 'ann'", "usr"),
        ("at > now()", "at"),
        ("user IN (SELECT user FROM events)", "reads no table"),
        ("user IN (SELECT name FROM system.tables)", "reads no table"),
        ("amount = (SELECT count() FROM url('http://127.0.0.1/', 'CSV', 'a Int64'))", "reads no table"),
        ("hostName() = user", "cannot be used"),
        ("user =", "yntax"),
        ("1) UNION ALL (SELECT 1, 2", "bracket"),
    ],
)
def test_a_filter_knows_the_columns_of_its_pipe_and_nothing_else(bench: Bench, condition: str, said: str) -> None:
    bench.deployed(a_project())
    outcome = bench.deploy(a_project(mine__pipe=FILTERED.format(condition=condition)))
    assert outcome.result == "failed"
    assert {one.place.file for one in outcome.errors} == {"mine.pipe"}
    assert said in outcome.errors[0].message


def test_what_a_view_stores_has_met_its_filter(bench: Bench) -> None:
    bench.deployed(with_view(by_day__pipe="FILTER day >= '2026-03-02'" + BY_DAY))
    bench.insert("events", "SELECT toDateTime('2026-03-01 10:00:00') + number * 86400, 'ann', 1 FROM numbers(3)")
    days = bench.rows("SELECT toString(day), countMerge(events) FROM {daily} GROUP BY day ORDER BY day")
    assert days == [("2026-03-02", 1), ("2026-03-03", 1)]


def test_an_engine_in_a_pipe_makes_the_target_that_no_file_describes(bench: Bench) -> None:
    classic = BY_DAY.replace(
        "DATASOURCE daily", 'DATASOURCE daily\nENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "day"'
    )

    bench.deployed(a_project(by_day__pipe=classic, totals__pipe=TOTALS))

    bench.insert("events", SOME_ROWS)
    assert bench.rows("SELECT countMerge(events) FROM {daily}") == [(100,)]
    again = bench.deploy(a_project(by_day__pipe=classic, totals__pipe=TOTALS))
    assert again.result == "no_changes"


def test_a_target_made_after_its_view_takes_null_where_the_query_gives_it(bench: Bench) -> None:
    classic = (
        "NODE n\nSQL >\n    SELECT user, sumSimpleState(nullIf(amount, 0)) AS amount, max(nullIf(user, '')) AS last\n"
        "    FROM events GROUP BY user\nTYPE materialized\nDATASOURCE sums\n"
        'ENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "user"\n'
    )
    bench.deployed(a_project(sums_view__pipe=classic))
    bench.insert("events", "SELECT now(), 'ann', 0")
    release = bench.workspaces.live(bench.id)
    assert release is not None
    found = {column.name: column.full_type for column in release.project.sources["sums"].columns}
    assert found == {
        "user": "String",
        "amount": "SimpleAggregateFunction(sum, Nullable(Int64))",
        "last": "Nullable(String)",
    }
    assert bench.rows("SELECT user, amount, last FROM {sums}") == [("ann", None, "ann")]


def test_views_in_a_circle_are_refused(bench: Bench) -> None:
    back = BY_DAY.replace("toDate(at) AS day", "day AS at").replace("countState() AS events, ", "")
    back = (
        back.replace("FROM events", "FROM daily")
        .replace("BY day", "BY at")
        .replace("DATASOURCE daily", "DATASOURCE events")
    )

    outcome = bench.deploy(with_view(back__pipe=back.replace("events_by_day", "n")))

    assert outcome.result == "failed"
    assert any("circle" in finding.message for finding in outcome.errors)


def test_a_deploy_waits_for_who_writes_directly_and_keeps_others_waiting(bench: Bench) -> None:
    bench.deployed(with_view())
    workspaces, order = bench.workspaces, list[str]()
    changed = with_view(by_day__pipe=BY_DAY.replace("sum(amount)", "sum(amount * 2)"))

    def deploy() -> None:
        workspaces.deploy(bench.id, changed)
        order.append("deployed")

    thread = threading.Thread(target=deploy)
    with workspaces.direct_writes.writing(bench.id, "daily"):
        thread.start()
        thread.join(3)
        order.append("written")
    thread.join(60)

    assert order == ["written", "deployed"]
