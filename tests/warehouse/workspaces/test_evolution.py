"""A deploy that changes data sources keeps their rows, or refuses and says what to do."""

from __future__ import annotations

import pytest

from tests.warehouse.workspaces.conftest import Bench
from tests.warehouse.workspaces.test_deploy import BY_DAY, DAILY, EVENTS, SOME_ROWS, a_project, with_view
from tradewind.warehouse.workspaces.plan import How, Step
from tradewind.warehouse.workspaces.service import Outcome


def step_of(outcome: Outcome, source: str) -> Step:
    return next(step for step in outcome.plan.steps if step.source == source)


def test_a_nullable_column_and_one_with_a_default_are_added_where_the_file_has_them(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)
    wider = EVENTS.replace(
        "    `user`",
        "    `country` Nullable(String) `json:$.country`,\n    `kind` String `json:$.kind` DEFAULT 'web',\n    `user`",
    )

    outcome = bench.deployed(with_view(events__datasource=wider))

    assert step_of(outcome, "events").how is How.CLONED
    assert bench.rows("SELECT kind, country, count(), sum(amount) FROM {events} GROUP BY ALL") == [
        ("web", None, 100, 4950)
    ]
    names = [row["name"] for row in bench.warehouse.query(f"DESCRIBE {bench.table('events')}")]
    assert names == ["at", "country", "kind", "user", "amount"]
    bench.insert("events", "SELECT now(), 'DE', 'app', 'u', 50")
    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(101, 5000)]


def test_a_default_that_moves_is_worked_out_once(bench: Bench) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)

    bench.deployed(
        a_project(
            events__datasource=EVENTS.replace("    `user`", "    `id` UUID DEFAULT generateUUIDv4(),\n    `user`")
        )
    )

    first = bench.value("SELECT groupArray(id) FROM (SELECT id FROM {events} ORDER BY amount)")
    assert len(set(first)) == 100
    assert bench.value("SELECT groupArray(id) FROM (SELECT id FROM {events} ORDER BY amount)") == first


def test_a_type_change_without_forward_query_is_refused_with_one_to_begin_with(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)
    changed = EVENTS.replace("`amount` Int64", "`amount` Decimal(18, 2)")

    outcome = bench.deploy(a_project(events__datasource=changed), allow_destructive=True)

    assert outcome.result == "failed"
    (found,) = outcome.errors
    assert "amount was Int64 and is Decimal(18, 2)" in found.message
    assert "SELECT at, user, CAST(amount, 'Decimal(18, 2)') AS amount" in found.fix
    assert found.place.file == "events.datasource"
    assert bench.rows("SELECT count(), sum(amount) FROM {events}") == [(100, 4950)]


def test_forward_query_carries_rows_into_other_types_and_names(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)
    changed = (
        EVENTS.replace("`amount` Int64", "`amount` Decimal(18, 2)").replace("`user` String", "`customer` UInt32")
        + "\nFORWARD_QUERY >\n    SELECT at, toUInt32(user) AS customer, amount / 2 AS amount\n"
    )
    view = BY_DAY.replace("sum(amount)", "toInt64(sum(amount))")

    outcome = bench.deployed(with_view(events__datasource=changed, by_day__pipe=view))

    assert step_of(outcome, "events").how is How.MOVED
    assert bench.rows("SELECT count(), sum(amount), sum(customer) FROM {events}")[0][0] == 100
    assert str(bench.value("SELECT sum(amount) FROM {events}")) in ("2475", "2475.00")
    assert bench.value("SELECT sum(customer) FROM {events}") == 99
    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(100, sum_of_halves_by_day())]


def sum_of_halves_by_day() -> int:
    days: dict[int, int] = {}
    for number in range(100):
        days[number // 24] = days.get(number // 24, 0) + number
    return sum(total // 2 for total in days.values())


def test_forward_query_that_leaves_out_a_column_is_refused(bench: Bench) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)
    changed = EVENTS.replace("`amount` Int64", "`amount` UInt64") + "\nFORWARD_QUERY >\n    SELECT at, user\n"

    outcome = bench.deploy(a_project(events__datasource=changed))

    (found,) = outcome.errors
    assert "does not give amount" in found.message
    assert found.place.line == 11


def test_another_sorting_key_moves_the_rows(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)

    outcome = bench.deployed(with_view(events__datasource=EVENTS.replace('KEY "at"', 'KEY "user, at"')))

    assert step_of(outcome, "events").how is How.MOVED
    assert bench.rows("SELECT count(), sum(amount) FROM {events}") == [(100, 4950)]
    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(100, 4950)]
    key = bench.warehouse.query(
        "SELECT sorting_key FROM system.tables WHERE concat('`', database, '`.`', name, '`') = {table:String}",
        {"table": bench.table("events")},
    )
    assert key == [{"sorting_key": "user, at"}]


def test_a_ttl_comes_and_goes_without_moving_rows(bench: Bench) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)

    outcome = bench.deployed(a_project(events__datasource=EVENTS + 'ENGINE_TTL "at + INTERVAL 100 YEAR"\n'))
    assert step_of(outcome, "events").how is How.CLONED
    assert "TTL" in bench.warehouse.query(f"SHOW CREATE TABLE {bench.table('events')}")[0]["statement"]
    bench.deployed(a_project())
    assert "TTL" not in bench.warehouse.query(f"SHOW CREATE TABLE {bench.table('events')}")[0]["statement"]
    assert bench.value("SELECT count() FROM {events}") == 100


def test_deleting_a_data_source_needs_permission(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)

    refused = bench.deploy(a_project())
    assert refused.result == "failed"
    assert "--allow-destructive-operations" in refused.errors[0].fix
    assert bench.value("SELECT countMerge(events) FROM {daily}") == 100

    bench.deployed(a_project(), allow_destructive=True)
    release = bench.workspaces.live(bench.id)
    assert release is not None
    assert release.table("daily") is None
    assert bench.value("SELECT count() FROM {events}") == 100


def test_a_renamed_data_source_is_one_deleted_and_one_new(bench: Bench) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)
    project = a_project()
    project = {path.with_name("visits.datasource"): text for path, text in project.items()}

    assert bench.deploy(project).result == "failed"
    outcome = bench.deployed(project, allow_destructive=True)

    assert (outcome.plan.datasources.new, outcome.plan.datasources.deleted) == (("visits",), ("events",))
    assert bench.value("SELECT count() FROM {visits}") == 0


def test_a_new_view_is_filled_from_the_rows_that_are_there(bench: Bench) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)

    bench.deployed(with_view())

    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(100, 4950)]
    bench.insert("events", SOME_ROWS)
    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(200, 9900)]


def test_a_changed_view_is_filled_anew(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)

    bench.deployed(with_view(by_day__pipe=BY_DAY.replace("sum(amount)", "sum(amount * 2)")))

    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(100, 9900)]


def test_a_view_altered_in_place_keeps_the_rows_that_it_made(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)
    altered = BY_DAY.replace("sum(amount)", "sum(amount * 2)") + "DEPLOYMENT_METHOD alter\n"

    bench.deployed(with_view(by_day__pipe=altered))

    assert bench.rows("SELECT sum(amount) FROM {daily}") == [(4950,)]
    bench.insert("events", SOME_ROWS)
    assert bench.rows("SELECT sum(amount) FROM {daily}") == [(4950 * 3,)]


def test_a_view_that_goes_leaves_its_rows(bench: Bench) -> None:
    bench.deployed(with_view())
    bench.insert("events", SOME_ROWS)

    bench.deployed(a_project(daily__datasource=DAILY))
    bench.insert("events", SOME_ROWS)

    assert bench.rows("SELECT countMerge(events) FROM {daily}") == [(100,)]


MONTHLY = DAILY.replace("`day` Date", "`month` Date").replace('KEY "day"', 'KEY "month"')
BY_MONTH = """
NODE by_month
SQL >
    SELECT toStartOfMonth(day) AS month, countMergeState(events) AS events, sum(amount) AS amount
    FROM daily GROUP BY month

TYPE materialized
DATASOURCE monthly
"""


def test_views_on_views_are_filled_in_their_order(bench: Bench) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)
    chained = with_view(monthly__datasource=MONTHLY, by_month__pipe=BY_MONTH)

    bench.deployed(chained)

    figures = "SELECT countMerge(events), sum(amount) FROM {monthly}"
    assert bench.rows(figures) == [(100, 4950)]
    bench.insert("events", SOME_ROWS)
    assert bench.rows(figures) == [(200, 9900)]
    chained |= with_view(by_day__pipe=BY_DAY.replace("GROUP BY day", "WHERE user != '0' GROUP BY day"))
    bench.deployed(chained)
    assert bench.rows(figures) == [(132, 2 * 3267)]
    bench.insert("events", SOME_ROWS)
    assert bench.rows(figures) == [(198, 3 * 3267)]


def test_a_second_view_into_the_same_table_adds_to_it(bench: Bench) -> None:
    bench.deployed(with_view(visits__datasource=EVENTS))
    bench.insert("events", SOME_ROWS)
    bench.insert("visits", SOME_ROWS)
    more = BY_DAY.replace("FROM events", "FROM visits").replace("events_by_day", "visits_by_day")

    bench.deployed(with_view(visits__datasource=EVENTS, visits_by_day__pipe=more))

    assert bench.rows("SELECT countMerge(events), sum(amount) FROM {daily}") == [(200, 9900)]
    bench.insert("visits", SOME_ROWS)
    assert bench.rows("SELECT countMerge(events) FROM {daily}") == [(300,)]


@pytest.mark.parametrize("engine", ["ReplacingMergeTree", "SummingMergeTree"])
def test_another_engine_moves_the_rows(bench: Bench, engine: str) -> None:
    bench.deployed(a_project())
    bench.insert("events", SOME_ROWS)

    bench.deployed(a_project(events__datasource=EVENTS.replace("MergeTree", engine)))

    assert bench.value("SELECT sum(amount) FROM {events} FINAL") == 4950
