"""What the compiler makes, on the real engine: every query is explained, run, and gives the rows it should."""

from __future__ import annotations

import struct
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.datafiles.compiled import Tables, pipe, tables
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.compiler import Query
from tradewind.warehouse.datafiles.compiling import compile_node, compile_sql
from tradewind.warehouse.datafiles.templates import TemplateError, parse

EVENTS = "ENGINE = ReplacingMergeTree ORDER BY id SAMPLE BY id"
LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@pytest.fixture(scope="module")
def shop(engine_warehouse: Warehouse) -> Iterator[Warehouse]:
    """Events 1 to 5 in three kinds, items that some of them are of, and another workspace beside it."""
    for statement in (
        "CREATE DATABASE ws",
        "CREATE DATABASE elsewhere",
        f"CREATE TABLE ws.events__1 (id UInt32, kind String, item UInt32) {EVENTS}",
        "CREATE TABLE ws.events_quarantine__1 (id Nullable(String)) ENGINE = MergeTree ORDER BY tuple()",
        "CREATE TABLE ws.items__1 (item UInt32, name String) ENGINE = MergeTree ORDER BY item",
        "CREATE TABLE elsewhere.events__9 (id UInt32) ENGINE = MergeTree ORDER BY id",
        "INSERT INTO ws.events__1 (id, kind, item) VALUES (1, 'view', 1), (2, 'view', 2), (3, 'buy', 1)",
        "INSERT INTO ws.events__1 (id, kind, item) VALUES (4, 'view', 1), (5, 'return', 9)",
        "INSERT INTO ws.items__1 VALUES (1, 'mug'), (2, 'jug')",
        "INSERT INTO elsewhere.events__9 VALUES (77)",
    ):
        engine_warehouse.command(statement)
    yield engine_warehouse
    for database in ("ws", "elsewhere"):
        engine_warehouse.command(f"DROP DATABASE {database} SYNC")


def rows(shop: Warehouse, query: Query) -> list[list[object]]:
    """The query's rows; it is explained too, as a deploy does."""
    bound = dict(query.bound)
    with shop.reader() as reader:
        reader.query(f"EXPLAIN {query.sql}", parameters=bound or None)
        return [list(row) for row in reader.query(query.sql, parameters=bound or None).result_rows]


PIPES = (
    pipe(
        "kinds",
        counted="SELECT kind, count() AS n FROM events GROUP BY kind",
        sorted="SELECT kind, n FROM counted ORDER BY n DESC, kind",
    ),
    pipe(
        "named",
        counted="SELECT item, count() AS n FROM events GROUP BY item",
        joined="SELECT name, n FROM counted JOIN items USING item ORDER BY name",
    ),
    pipe(
        "params",
        n="""%SELECT id FROM events WHERE kind = {{String(kind, 'view')}}
        {% if defined(item) %} AND item = {{Int32(item)}} {% end %}
        ORDER BY id LIMIT {{Int32(limit, 10)}}""",
    ),
)


def names() -> Tables:
    return tables(*PIPES)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT id FROM events ORDER BY id DESC LIMIT 2", [[5], [4]]),
        ("SELECT * FROM kinds", [["view", 3], ["buy", 1], ["return", 1]]),
        ("SELECT * FROM named", [["jug", 1], ["mug", 3]]),
        ("SELECT kinds.n, named.n FROM kinds CROSS JOIN named ORDER BY kinds.n DESC, named.n LIMIT 1", [[3, 1]]),
        ("SELECT count() FROM params", [[3]]),
        ("WITH kinds AS (SELECT kind FROM kinds WHERE n = 1) SELECT count() FROM kinds", [[2]]),
        ("WITH events AS (SELECT id FROM events WHERE id > 3) SELECT count() FROM events", [[2]]),
        ("WITH 3 AS least, (SELECT max(id) FROM events) AS most SELECT least, most FROM events LIMIT 1", [[3, 5]]),
        ("SELECT count() AS events FROM events", [[5]]),
        ("SELECT count() AS kinds FROM kinds", [[3]]),
        ("SELECT events.id FROM events FINAL WHERE events.id < 2", [[1]]),
        ("SELECT e.id FROM events AS e FINAL JOIN items ON items.item = e.item WHERE items.name = 'jug'", [[2]]),
        ("SELECT count() FROM events SAMPLE 1 WHERE id > 0", [[5]]),
        ("SELECT count() FROM events PREWHERE kind = 'view' WHERE id > 1", [[2]]),
        ("SELECT id FROM events WHERE item NOT IN (SELECT item FROM items)", [[5]]),
        ("SELECT name FROM items WHERE (item, name) IN (SELECT 1, 'mug')", [["mug"]]),
        ("SELECT count() FROM events WHERE item IN (SELECT item FROM named, items WHERE n > 1)", [[4]]),
        ("SELECT id FROM events WHERE id = 1 UNION ALL SELECT n FROM kinds WHERE kind = 'buy'", [[1], [1]]),
        ("(SELECT n FROM kinds WHERE kind = 'buy') UNION ALL (WITH 0 AS x SELECT n + x FROM kinds LIMIT 0)", [[1]]),
        ("SELECT sum(n) FROM (SELECT n FROM kinds UNION ALL WITH k AS (SELECT * FROM kinds) SELECT n FROM k)", [[10]]),
        ("FROM kinds SELECT kind LIMIT 1", [["view"]]),
        ("SELECT x FROM (SELECT arrayJoin([1, 2]) AS x) ORDER BY x WITH FILL FROM 0 TO 3", [[0], [1], [2]]),
        ("SELECT kind, x FROM events ARRAY JOIN [1, 2] AS x WHERE id = 3 ORDER BY x", [["buy", 1], ["buy", 2]]),
        ("WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t WHERE x < 3) SELECT sum(x) FROM t", [[6]]),
        ("SELECT count() FROM events_quarantine", [[0]]),
        ("SELECT id FROM other.events", [[77]]),
        ("SELECT count() FROM system.one, numbers(3) AS n", [[3]]),
        ("SELECT id, row_number() OVER (PARTITION BY kind ORDER BY id) AS r FROM events QUALIFY r = 3", [[4, 3]]),
        ("SELECT /* a /* b */ FROM x */ 'it''s', \"kind\" FROM events # why\n WHERE id = 1 -- y", [["it's", "view"]]),
        ("SELECT kind FROM (SELECT * FROM kinds ORDER BY n LIMIT 1 BY n) AS k WHERE k.n = 3", [["view"]]),
        ("SELECT exists(SELECT 1 FROM events WHERE id = 5), (SELECT min(id) FROM events)", [[1, 1]]),
        ("SELECT id IS NOT DISTINCT FROM 5 AS last FROM events ORDER BY id DESC LIMIT 1", [[1]]),
        (
            "SELECT count(id), extract(year FROM toDate('2024-05-01')) FROM events GROUP BY kind HAVING kind = 'buy'",
            [[1, 2024]],
        ),
    ],
)
def test_callers_sql(shop: Warehouse, sql: str, expected: list[list[object]]) -> None:
    assert rows(shop, compile_sql(names(), sql)) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [1, 2, 4]),
        ({"item": "1"}, [1, 4]),
        ({"kind": "buy"}, [3]),
        ({"limit": "1"}, [1]),
        ({"kind": "' OR 1=1 --"}, []),
    ],
)
def test_an_endpoint_with_parameters(shop: Warehouse, values: dict[str, str], expected: list[int]) -> None:
    query = compile_node(names(), PIPES[2], None, values)
    assert [row[0] for row in rows(shop, query)] == expected


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT count() FROM events", 3),
        ("SELECT count() FROM events e FINAL", 3),
        ("SELECT count() FROM events SAMPLE 1", 3),
        ("SELECT count() FROM events PREWHERE id > 1 OR id = 0 WHERE id < 4", 1),
        ("SELECT sum(n) FROM kinds", 3),
        ("SELECT count() FROM items WHERE item IN (SELECT item FROM events)", 2),
        ("SELECT count(events.id) FROM items JOIN events ON events.item = items.item", 3),
        ("SELECT count() FROM (SELECT id FROM events UNION ALL SELECT id FROM events)", 6),
        ("WITH e AS (SELECT * FROM events) SELECT count() FROM e", 3),
    ],
)
def test_a_row_filter_holds_everywhere(shop: Warehouse, sql: str, expected: int) -> None:
    query = compile_sql(names(), sql, filters={"events": "kind = 'view' -- only"})
    assert rows(shop, query)[0][0] == expected


def test_order_survives_the_compilation(shop: Warehouse) -> None:
    one = pipe("p", a="SELECT id FROM events", b="SELECT id FROM a ORDER BY id % 2, id DESC")
    assert [row[0] for row in rows(shop, compile_node(tables(one), one))] == [4, 2, 5, 3, 1]


def test_a_secret_is_bound(shop: Warehouse) -> None:
    one = pipe("p", n="%SELECT {{tb_secret('KEY')}} AS k, length({{tb_secret('KEY')}})")
    secret = "it's a {secret:String} 100% \\ \n \t"
    assert rows(shop, compile_node(tables(one), one, secrets={"KEY": secret})) == [[secret, len(secret)]]


def test_a_view_follows_the_base_table_of_a_compiled_body(shop: Warehouse) -> None:
    one = pipe(
        "p", a="SELECT kind, id FROM events", b="WITH 1 AS one SELECT kind, count() * one AS n FROM a GROUP BY kind"
    )
    shop.command("CREATE TABLE ws.target (kind String, n UInt64) ENGINE = SummingMergeTree ORDER BY kind")
    shop.command(f"CREATE MATERIALIZED VIEW ws.view TO ws.target AS {compile_node(names_of(one), one).sql}")
    try:
        shop.command("INSERT INTO ws.events__1 (id, kind, item) VALUES (900, 'late', 1), (901, 'late', 1)")
        assert shop.query("SELECT kind, n FROM ws.target") == [{"kind": "late", "n": 2}]
    finally:
        shop.command("DROP TABLE ws.view SYNC")
        shop.command("DROP TABLE ws.target SYNC")
        shop.command("ALTER TABLE ws.events__1 DELETE WHERE id >= 900 SETTINGS mutations_sync = 2")


def names_of(*pipes: object) -> Tables:
    return tables(*pipes)  # type: ignore[arg-type]  # pipes, as `tables` takes them


# Values come back as they were sent

QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(LETTERS)
def test_any_text_comes_back_from_the_engine(shop: Warehouse, value: str) -> None:
    """But for `%` and the character 0x1A: their escapes are no escapes to the engine, which keeps the backslash."""
    sql = (
        parse("SELECT {{String(x)}}, {{x}}, {{sql_unescape(x, '%')}}, {{Array(xs)}}")
        .render({"x": value, "xs": [value, "b"]})
        .sql
    )
    kept = value.replace("%", "\\%").replace("\x1a", "\\z")
    with shop.reader() as reader:
        (row,) = reader.query(sql).result_rows
    assert list(row) == [kept, kept, value.replace("\x1a", "\\z"), [kept, "b"]]


@QUIET
@given(LETTERS)
def test_any_text_is_one_literal_of_the_query(shop: Warehouse, value: str) -> None:
    query = compile_sql(
        names(),
        "%SELECT count() FROM events WHERE kind = {{String(x)}} AND item != {{column(y, 'id')}} -- {{x}}\n",
        {"x": value},
    )
    assert rows(shop, query) == [[0]]


@QUIET
@given(LETTERS.filter(lambda text: text.replace('"', "").strip() != ""))
def test_any_text_is_one_name_of_the_query(shop: Warehouse, value: str) -> None:
    """A name that is sent is a name to the engine, whatever is in it: never more SQL."""
    template = parse("{{symbol(x)}}")
    if any(sign in value for sign in ("/*", "*/", "$")):
        with pytest.raises(TemplateError, match="no name has"):
            template.render({"x": value})
        return
    shape = template.render({"x": value}).sql
    with shop.reader() as reader:
        (row,) = reader.query(f"SELECT count() FROM system.one WHERE 1 AS {shape}").result_rows
    assert row[0] == 1


@QUIET
@given(st.sampled_from(["Int8", "UInt8", "Int32", "Int64", "UInt64", "Int128", "UInt256"]), st.integers())
def test_any_integer_comes_back(shop: Warehouse, kind: str, number: int) -> None:
    bits = int("".join(filter(str.isdigit, kind)))
    number %= 2**bits
    number -= 0 if kind.startswith("U") else 2 ** (bits - 1)
    text = "SELECT toString({{KIND(x)}}), toString({{Array(xs, 'KIND')}}[1])".replace("KIND", kind)
    sql = parse(text).render({"x": str(number), "xs": [str(number)]}).sql
    with shop.reader() as reader:
        (row,) = reader.query(sql).result_rows
    assert list(row) == [str(number)] * 2


@QUIET
@given(st.floats(), st.floats(width=32))
def test_any_float_comes_back(shop: Warehouse, wide: float, narrow: float) -> None:
    sql = (
        parse("SELECT toString({{Float64(x)}}), toString({{Float32(y)}})")
        .render({"x": repr(wide), "y": repr(narrow)})
        .sql
    )
    with shop.reader() as reader:
        (row,) = reader.query(sql).result_rows
    assert repr(float(row[0])) == repr(wide)
    assert repr(struct.unpack("f", struct.pack("f", float(row[1])))[0]) == repr(narrow)
