"""Nodes, pipes and callers' SQL as the one text that the engine runs (section 8 of the format)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.warehouse.datafiles.compiled import HERE, flat, node, pipe, tables
from tradewind.warehouse.datafiles.compiler import Query, UnknownResource
from tradewind.warehouse.datafiles.compiling import compile_node, compile_sql, trials, trigger_of
from tradewind.warehouse.datafiles.model import DataSource, NodeType, Pipe, Project, RowFilter
from tradewind.warehouse.datafiles.parameters import parameters_of
from tradewind.warehouse.datafiles.sql_words import SqlError
from tradewind.warehouse.datafiles.templates import TemplateError


def compiled(one: Pipe, *others: Pipe, **how: object) -> Query:
    return compile_node(tables(one, *others), one, **how)  # type: ignore[arg-type]  # keywords as each test needs them


def test_a_source_becomes_its_table() -> None:
    query = compiled(pipe("p", n="SELECT x FROM events WHERE y = 'FROM items' ORDER BY x;"))
    assert query.sql == "SELECT x FROM `ws`.`events__1` WHERE y = 'FROM items' ORDER BY x"
    assert query.reads == {"events"}


def test_nodes_become_expressions_in_front_and_the_own_order_stays_on_top() -> None:
    query = compiled(
        pipe("p", a="SELECT x FROM events", b="SELECT x FROM a", c="SELECT x FROM b ORDER BY x DESC LIMIT 3")
    )
    assert flat(query.sql) == (
        "WITH `a` AS ( SELECT x FROM `ws`.`events__1` ), `b` AS ( SELECT x FROM `a` ) "
        "SELECT x FROM `b` ORDER BY x DESC LIMIT 3"
    )


def test_lists_of_with_are_merged() -> None:
    query = compiled(
        pipe("p", a="SELECT 1 AS x", b="-- why\nWITH t AS (SELECT x FROM a), 2 AS two SELECT x + two FROM t")
    )
    assert flat(query.sql) == (
        "-- why WITH `a` AS ( SELECT 1 AS x ), t AS (SELECT x FROM `a`), 2 AS two SELECT x + two FROM t"
    )
    recursive = compiled(
        pipe(
            "p", a="SELECT 1 AS x", b="WITH RECURSIVE t AS (SELECT x FROM a UNION ALL SELECT x FROM t) SELECT 1 FROM t"
        )
    )
    assert "WITH RECURSIVE `a` AS" in flat(recursive.sql)


def test_a_node_read_twice_stands_once_and_comes_before_its_readers() -> None:
    query = compiled(pipe("p", a="SELECT 1 AS x", b="SELECT x FROM a", c="SELECT * FROM b, a AS again"))
    assert query.sql.count("`a` AS (") == 1
    assert query.sql.index("`a` AS (") < query.sql.index("`b` AS (")


def test_nodes_of_the_same_name_in_two_pipes_do_not_clash() -> None:
    query = compiled(
        pipe("p", a="SELECT x FROM events", b="SELECT * FROM a JOIN q USING x"),
        pipe("q", a="SELECT y FROM items", b="SELECT * FROM a"),
    )
    assert flat(query.sql) == (
        "WITH `a` AS ( SELECT x FROM `ws`.`events__1` ), `q.a` AS ( SELECT y FROM `ws`.`items__1` ), "
        "`b` AS ( SELECT * FROM `q.a` ) SELECT * FROM `a` JOIN `b` AS `q` USING x"
    )
    assert query.reads == {"events", "items"}
    assert query.pipes == {"q"}


def test_a_with_of_a_text_never_captures_a_node() -> None:
    query = compiled(pipe("p", a="SELECT 1 AS x", b="WITH a AS (SELECT x FROM a) SELECT a.x FROM a"))
    assert flat(query.sql) == "WITH `p.a` AS ( SELECT 1 AS x ), a AS (SELECT x FROM `p.a` AS `a`) SELECT a.x FROM a"


def test_a_name_that_columns_are_called_by_stays_as_the_alias() -> None:
    query = compiled(pipe("p", n="SELECT events.x FROM events JOIN items AS i ON i.x = events.x"))
    assert query.sql == "SELECT events.x FROM `ws`.`events__1` AS `events` JOIN `ws`.`items__1` AS i ON i.x = events.x"
    assert compiled(pipe("p", n="SELECT events.x FROM events FINAL")).sql == (
        "SELECT events.x FROM `ws`.`events__1` AS `events` FINAL"
    )
    assert compiled(pipe("p", n="SELECT x FROM items WHERE x IN events")).sql == (
        "SELECT x FROM `ws`.`items__1` WHERE x IN `ws`.`events__1`"
    )


def test_unions_get_their_expressions_where_they_are_seen() -> None:
    query = compiled(pipe("p", a="SELECT 1 AS x", b="(SELECT x FROM a) UNION ALL WITH 2 AS y SELECT x + y FROM a"))
    assert flat(query.sql) == (
        "(WITH `a` AS ( SELECT 1 AS x ) SELECT x FROM `a`) "
        "UNION ALL WITH `a` AS ( SELECT 1 AS x ), 2 AS y SELECT x + y FROM `a`"
    )


def test_literals_keep_their_places() -> None:
    one = pipe(
        "p",
        a="%SELECT {{String(x)}} AS x FROM events WHERE y = {{String(y)}} -- {{x}}",
        b="%SELECT {{String(z)}}, x FROM a UNION ALL WITH 1 AS w SELECT {{String(w)}}, x FROM a -- {{z}}",
    )
    query = compiled(one, values={"x": "1", "y": "2", "z": "3", "w": "4"})
    expression = "`a` AS ( SELECT '1' AS x FROM `ws`.`events__1` WHERE y = '2' )"
    assert flat(query.sql) == (
        f"WITH {expression} SELECT '3', x FROM `a` UNION ALL WITH {expression}, 1 AS w SELECT '4', x FROM `a`"
    )


def test_parameters_reach_the_pipes_that_are_read() -> None:
    inner = pipe("inner", n="%SELECT {{Int32(x, 1)}} AS x")
    assert "toInt32('7')" in compiled(pipe("p", n="SELECT * FROM inner"), inner, values={"x": "7"}).sql


def test_an_array_in_one_node_is_a_list_in_all() -> None:
    one = pipe(
        "p",
        a="%{% if xs != [''] %}SELECT {{Array(xs)}} AS x{% else %}SELECT [] AS x{% end %}",
        b="%SELECT {{xs}} FROM a",
    )
    assert (
        flat(compiled(one, values={"xs": "a,b"}).sql)
        == "WITH `a` AS ( SELECT ['a','b'] AS x ) SELECT ['a','b'] FROM `a`"
    )


def test_a_pipe_means_its_endpoint_or_its_last_node() -> None:
    chosen = Pipe("e", HERE, (node("first", "SELECT 1 AS x", NodeType.ENDPOINT), node("last", "SELECT 2 AS x")))
    assert "`first`" in compiled(pipe("p", n="SELECT * FROM e"), chosen).sql
    assert "2 AS x" not in compiled(pipe("p", n="SELECT * FROM e"), chosen).sql


def test_names_are_looked_up_in_order() -> None:
    own = pipe("p", items="SELECT 1 AS x", n="SELECT * FROM items")
    assert compiled(own).reads == frozenset()
    names = ("tinybird.pipe_stats_rt", "other.events", "events_quarantine", "system.one", "system.numbers")
    query = compile_sql(tables(), f"SELECT 1 FROM {', '.join(names)}")
    assert query.sql == (
        "SELECT 1 FROM `tb`.`pipe_stats_rt` AS `pipe_stats_rt`, `elsewhere`.`events__9` AS `events`, "
        "`ws`.`events_quarantine__1` AS `events_quarantine`, system.one, system.numbers"
    )
    assert query.reads == {"tinybird.pipe_stats_rt", "other.events", "events_quarantine"}


def test_aliases_of_versions_and_earlier_releases() -> None:
    project = Project({"events": DataSource("events", HERE, (), alias="events__v3")})
    names = tables()
    names.project = project
    query = compile_sql(names, "SELECT * FROM events__v3 UNION ALL SELECT * FROM v1_0_2.events")
    assert query.sql == "SELECT * FROM `ws`.`events__1` UNION ALL SELECT * FROM `ws`.`events__1`"
    assert query.reads == {"events"}


@pytest.mark.parametrize(
    "table",
    ["evnts", "nowhere.events", "system.tables", "system.query_log", "information_schema.tables", "default.events",
     "ws.events__1", "`ws`.`events__1`", "tinybird.nothing", "other.secret"],
)  # fmt: skip
def test_what_the_workspace_does_not_have_is_unknown(table: str) -> None:
    with pytest.raises(UnknownResource) as caught:
        compile_sql(tables(), f"SELECT * FROM {table}")
    assert caught.value.status == 404
    assert table.replace("`", "") in str(caught.value)


def test_an_unknown_name_gets_a_suggestion_and_its_place() -> None:
    with pytest.raises(UnknownResource, match=r"'evnts' \(node n of pipe p\). Did you mean events\?"):
        compiled(pipe("p", n="SELECT * FROM evnts"))


@pytest.mark.parametrize(
    "function",
    [
        "url('x')",
        "file('x')",
        "s3('x')",
        "remote('x')",
        "merge('x')",
        "view(SELECT 1)",
        "cluster('x')",
        "executable('x')",
        "mysql('x')",
    ],
)
def test_table_functions_are_refused(function: str) -> None:
    with pytest.raises(SqlError, match="cannot be used"):
        compile_sql(tables(), f"SELECT * FROM {function}")


@pytest.mark.parametrize(
    "function",
    [
        "generateRandom('x Int8')",
        "null('x Int8')",
        "numbers(3)",
        "numbers_mt(3)",
        "values('x Int8', 1)",
        "zeros(3)",
        "zeros_mt(3)",
    ],
)
def test_table_functions_that_are_allowed(function: str) -> None:
    assert compile_sql(tables(), f"SELECT * FROM {function}").functions == {function.partition("(")[0].lower()}


def test_copy_pipes_may_read_from_elsewhere_and_tell_so() -> None:
    copy = pipe("p", kind=NodeType.COPY, n="SELECT * FROM s3('https://x', 'CSV')")
    assert compiled(copy).functions == {"s3"}


@pytest.mark.parametrize(
    "call",
    [
        "currentDatabase()",
        "file('x')",
        "joinGet('t', 'c', 1)",
        "dictGet('d', 'a', 1)",
        "sleep(3)",
        "`sleep`(3)",
        "SLEEPEACHROW (1)",
    ],
)
def test_functions_that_look_outside_are_refused(call: str) -> None:
    with pytest.raises(SqlError, match="cannot be used"):
        compile_sql(tables(), f"SELECT {call}")


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT in(1, users)",
        "SELECT 1 WHERE NOT in(1, users)",
        "SELECT x AND `in`(1, users)",
        "SELECT notIn(1, users)",
        "SELECT globalNullIn(1, users)",
        "SELECT 1 IN users",
        "SELECT 1 IN default.users",
        "SELECT arrayExists(y -> y IN users, [1])",
    ],
)
def test_no_way_of_writing_in_reads_a_table_of_others(sql: str) -> None:
    with pytest.raises((SqlError, UnknownResource)):
        compile_sql(tables(), sql)


def test_in_takes_what_it_should() -> None:
    for sql in (
        "SELECT 1 IN (1), 1 NOT IN (2), x GLOBAL IN (3), x GLOBAL NOT IN (4), f(x) IN (5), [1] IN ([1]), 'a' IN ('b')",
        "SELECT x IN tuple(1), x IN e.xs, x IN [1] FROM events AS e WHERE NOT x IN (1) AND (x IN (2))",
        "WITH [1] AS xs SELECT 1 IN xs, CASE WHEN 1 IN (1) THEN 2 END",
    ):
        assert compile_sql(tables(), sql).sql == sql.replace("events", "`ws`.`events__1`")


def test_circles_are_named() -> None:
    with pytest.raises(SqlError, match="in a circle: node a of pipe p reads node b of pipe p reads node a of pipe p"):
        compiled(pipe("p", b="SELECT * FROM a", a="SELECT * FROM b"))
    with pytest.raises(SqlError, match="circle"):
        compiled(pipe("p", n="SELECT * FROM q"), pipe("q", n="SELECT * FROM p"))
    with pytest.raises(SqlError, match="circle"):
        compiled(pipe("p", n="SELECT * FROM n"))
    chain = [pipe(f"p{index}", n=f"SELECT * FROM p{index + 1}") for index in range(60)]
    with pytest.raises(SqlError, match="levels deep"):
        compiled(chain[0], *chain[1:], pipe("p60", n="SELECT 1"))


# Row filters


def test_filters_apply_wherever_a_source_is_read() -> None:
    one = pipe("p", a="SELECT x FROM events", b="SELECT * FROM a JOIN events e FINAL ON e.x = a.x WHERE x IN events")
    query = compiled(one, filters={"events": "org = 'a' OR 1 -- ok"})
    rows = "(SELECT * FROM `ws`.`events__1` AS `events` WHERE (org = 'a' OR 1))"
    final = "(SELECT * FROM `ws`.`events__1` AS `events` FINAL WHERE (org = 'a' OR 1))"
    assert flat(query.sql) == (
        f"WITH `a` AS ( SELECT x FROM {rows} ) SELECT * FROM `a` JOIN {final} e ON e.x = a.x WHERE x IN {rows}"
    )


def test_filters_hold_for_the_quarantine_too() -> None:
    query = compile_sql(tables(), "SELECT * FROM events_quarantine", filters={"events": "org = 'a'"})
    assert "WHERE (org = 'a')" in query.sql


def test_prewhere_of_a_filtered_source_becomes_where() -> None:
    query = compile_sql(
        tables(),
        "SELECT * FROM events PREWHERE a = 1 OR b = 2 WHERE c = 3 OR d = 4 ORDER BY x",
        filters={"events": "org = 'a'"},
    )
    assert query.sql == (
        "SELECT * FROM (SELECT * FROM `ws`.`events__1` AS `events` WHERE (org = 'a')) "
        "WHERE ( a = 1 OR b = 2) AND ( c = 3 OR d = 4) ORDER BY x"
    )
    alone = compile_sql(tables(), "SELECT * FROM events PREWHERE a = 1", filters={"events": "1"})
    assert alone.sql.endswith(") WHERE ( a = 1)")


def test_a_filter_may_read_other_sources() -> None:
    query = compile_sql(tables(), "SELECT * FROM events", filters={"events": "x IN (SELECT x FROM items)"})
    assert "x IN (SELECT x FROM `ws`.`items__1`)" in query.sql


@pytest.mark.parametrize(
    "condition",
    [
        "1) OR (1",
        "1; DROP TABLE x",
        "'a",
        "/* ",
        "SELECT 1",
        "x IN (SELECT 1 FROM url('y'))",
        "file('x') = 'y'",
        "x IN (SELECT 1 FROM nowhere)",
        "",
    ],
)
def test_a_filter_that_is_no_condition_is_refused(condition: str) -> None:
    with pytest.raises((SqlError, UnknownResource)):
        compile_sql(tables(), "SELECT * FROM events", filters={"events": condition or " "})


# Callers' SQL


def test_a_pipe_s_filter_is_met_by_what_it_gives_and_by_no_step_to_it() -> None:
    one = pipe("p", a="SELECT x FROM events", b="SELECT x FROM a ORDER BY x", kind=NodeType.ENDPOINT)
    one = replace(one, filter=RowFilter("x = 'a;b' -- why", HERE))
    served = compile_node(tables(one), one)
    assert (served.result_filter, flat(served.sql)) == (
        "x = 'a;b'",
        "WITH `a` AS ( SELECT x FROM `ws`.`events__1` ) SELECT x FROM a ORDER BY x".replace(" a ORDER", " `a` ORDER"),
    )
    assert compile_node(tables(one), one, one.nodes[0]).result_filter is None
    read = compile_sql(tables(one), "SELECT x FROM p")
    assert read.result_filter is None
    assert flat(read.sql).endswith("ORDER BY x ) WHERE (x = 'a;b' ) ) SELECT x FROM `b` AS `p`".replace(" AS `p`", ""))


def test_what_is_copied_has_met_the_filter() -> None:
    one = replace(pipe("p", a="SELECT x FROM events", kind=NodeType.COPY), filter=RowFilter("x > 1", HERE))
    query = compile_node(tables(one), one)
    assert (query.result_filter, flat(query.sql)) == (
        None,
        "SELECT * FROM ( SELECT x FROM `ws`.`events__1` ) WHERE (x > 1 )",
    )


@pytest.mark.parametrize("condition", ["x IN items", "x IN (SELECT x FROM items)", "file('/x') = x", "SELECT 1"])
def test_a_filter_that_looks_elsewhere_is_refused(condition: str) -> None:
    one = replace(pipe("p", a="SELECT x FROM events"), filter=RowFilter(condition, HERE))
    with pytest.raises(SqlError, match=r"FILTER|condition"):
        compile_node(tables(one), one)


def test_sql_with_a_pipeline_sees_its_nodes() -> None:
    one = pipe("p", a="SELECT 1 AS x", b="%SELECT x FROM a WHERE x = {{Int32(x, 1)}}")
    query = compile_sql(tables(one), "SELECT * FROM _", {"x": "2"}, pipeline="p")
    assert flat(query.sql).endswith("SELECT * FROM `b`")
    assert "toInt32('2')" in query.sql
    assert flat(compile_sql(tables(one), "SELECT * FROM a", pipeline="p").sql).endswith("SELECT * FROM `a`")
    with pytest.raises(UnknownResource):
        compile_sql(tables(one), "SELECT * FROM a")
    with pytest.raises(UnknownResource):
        compile_sql(tables(one), "SELECT * FROM _", pipeline="nothing")


def test_sql_is_a_template_when_it_begins_with_a_percent_sign() -> None:
    assert compile_sql(tables(), " % SELECT {{Int32(x)}} FORMAT JSON", {"x": "3"}).sql.strip() == "SELECT toInt32('3')"
    assert compile_sql(tables(), "SELECT '{{x}}' FORMAT CSV").format == "CSV"
    with pytest.raises(TemplateError, match="only be used in a pipe"):
        compile_sql(tables(), "%SELECT {{tb_secret('KEY')}}")


def test_what_the_text_itself_names_is_told() -> None:
    one = pipe("p", a="SELECT * FROM items", b="SELECT * FROM a")
    query = compile_sql(tables(one), "SELECT * FROM p, events")
    assert query.named == {"p", "events"}
    assert query.reads == {"items", "events"}


def test_settings_secrets_and_cache() -> None:
    inner = pipe("q", n="%{{max_threads(2)}}{{cache_ttl('1m')}}SELECT {{tb_secret('KEY')}} AS k")
    one = pipe("p", n="%{{max_threads(4)}}{{cache_ttl('5s')}}SELECT k FROM q")
    query = compiled(one, inner, secrets={"KEY": "s"})
    assert (query.settings, query.cache_seconds, query.bound) == ({"max_threads": 4}, 5, {"KEY": "s"})
    assert compiled(one, inner, secrets={"KEY": "s"}, tests=True).settings == {"max_threads": 1}
    assert "'s'" not in query.sql


# Values stay in their literals


@pytest.mark.parametrize(
    "text",
    [
        "%SELECT '{{String(x)}}'",
        "%SELECT '%{{String(x)}}%'",
        '%SELECT 1 AS "{{String(x)}}"',
        "%SELECT `{{String(x)}}`",
        "%SELECT x{{String(x)}}",
        "%SELECT $$ {{String(x)}} $$",
        "%SELECT {{String(x)}}{{String(x)}}",
        "%SELECT {{String(x)}}5",
        "%SELECT a_{{Int32(x)}}",
        "%SELECT 1 FROM a.{{String(x)}}",
    ],
)
def test_a_value_that_is_no_token_of_its_own_is_refused(text: str) -> None:
    with pytest.raises(SqlError):
        compile_sql(tables(sources=("a",)), text, {"x": "7"})


def test_values_in_comments_stay_there_or_go() -> None:
    text = "%SELECT 1 -- {{String(x)}}\n/* {{String(x)}} */ + {{Int32(y)}} /* b */"
    query = compile_sql(tables(), text, {"x": "*/ evil /*\nmore", "y": "2"})
    assert query.sql == "SELECT 1 -- '*/ evil /*\\nmore'\n  + toInt32('2')"
    for name in ("*/ evil", "a$$b"):
        with pytest.raises(TemplateError, match="no name has"):
            compile_sql(tables(), "%SELECT 1 /* {{column(x)}} */", {"x": name})


def test_a_control_character_stands_for_no_value() -> None:
    with pytest.raises(SqlError, match="control character"):
        compile_sql(tables(), "SELECT '\x01'")
    with pytest.raises(TemplateError, match="control character"):
        compile_sql(tables(), "%SELECT '\x01', {{String(x)}}", {"x": "a"})
    assert compile_sql(tables(), "%SELECT {{String(x)}}", {"x": "\x01'\x01'"}).sql == "SELECT '\x01\\'\x01\\''"


# What a materialization follows


@pytest.mark.parametrize(
    ("sql", "source"),
    [
        ("SELECT * FROM events", "events"),
        ("SELECT * FROM a JOIN items USING x", "events"),
        ("WITH t AS (SELECT * FROM a) SELECT * FROM t", "events"),
        ("SELECT * FROM (SELECT * FROM (SELECT * FROM events))", "events"),
        ("SELECT * FROM q", "items"),
        ("SELECT (SELECT max(x) FROM items) FROM events", "events"),
        ("SELECT 1", None),
        ("SELECT * FROM numbers(5)", None),
    ],
)
def test_the_source_that_a_materialization_follows(sql: str, source: str | None) -> None:
    one = pipe("p", a="SELECT * FROM events", n=sql)
    assert trigger_of(tables(one, pipe("q", n="SELECT * FROM items")), one) == source


# Trials


def test_trials_find_what_the_check_without_a_caller_does_not_see() -> None:
    one = pipe(
        "p",
        n="%SELECT 1 FROM events {% if interval == 'day' %} day {% elif interval in ['hour', 'week'] %} hour {% end %}"
        "{% if defined(from) %} {{Date(from)}} {% end %}{% if defined(bad) %}{{ nope.get('x') }}{% end %}"
        "{% if defined(limit) %} LIMIT {{Int32(limit, 10)}} {% end %}",
    )  # fmt: skip
    with pytest.raises(TemplateError):
        compiled(one)
    one = pipe("p", n="%" + one.nodes[0].sql.replace("from", "since"))
    found = {trial.about: trial for trial in trials(tables(one), one)}
    assert {"interval=day", "interval=hour", "since=2024-01-01", "limit=10", "all parameters"} <= set(found)
    assert " day" in (found["interval=day"].query or Query("")).sql
    assert "'2024-01-01'" in (found["since=2024-01-01"].query or Query("")).sql


def test_trials_tell_what_goes_wrong_in_a_branch() -> None:
    one = pipe("p", n="%SELECT 1 {% if defined(x) %} FROM nowhere {% end %}")
    (trial,) = trials(tables(one), one)
    assert isinstance(trial.error, UnknownResource)
    assert trials(tables(), pipe("p", n="SELECT 1")) == []


# Parameters of a pipe


def test_the_parameters_of_all_nodes() -> None:
    one = pipe(
        "p",
        a="%{% if defined(x) %}{% end %}{{Int32(y, 1)}}",
        b="%{{Date(x, description='day')}}{{String(z)}}",
        c="SELECT 1",
    )
    assert [(found.name, found.type) for found in parameters_of(one)] == [
        ("x", "Date"),
        ("y", "Int32"),
        ("z", "String"),
    ]
    assert parameters_of(pipe("p", a="%{{ broken")) == []
