"""Which words of a query name tables."""

from __future__ import annotations

import pytest

from tradewind.warehouse.datafiles.sql_tables import analyze
from tradewind.warehouse.datafiles.sql_words import SqlError, unquoted
from tradewind.warehouse.quoting import identifier


def tables(sql: str) -> list[str]:
    return [reference.name for reference in analyze(sql).references]


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT 1", []),
        ("SELECT * FROM a", ["a"]),
        ("select * from a as b", ["a"]),
        ("SELECT * FROM `a b`, \"c\"", ["a b", "c"]),
        ("SELECT * FROM ws.a", ["ws.a"]),
        ("FROM a SELECT x", ["a"]),
        ("SELECT * FROM a, b AS c, d e", ["a", "b", "d"]),
        ("SELECT * FROM a FINAL, b SAMPLE 1/10 OFFSET 1/2, c", ["a", "b", "c"]),
        ("SELECT * FROM a LEFT JOIN b ON a.x = b.x, c", ["a", "b", "c"]),
        ("SELECT * FROM a GLOBAL ANY LEFT JOIN b USING (x)", ["a", "b"]),
        ("SELECT * FROM a ASOF JOIN b USING x, y", ["a", "b"]),
        ("SELECT * FROM a CROSS JOIN b PASTE JOIN c", ["a", "b", "c"]),
        ("SELECT * FROM a ARRAY JOIN xs AS x, ys", ["a"]),
        ("SELECT * FROM a LEFT ARRAY JOIN xs JOIN b USING x", ["a", "b"]),
        ("SELECT * FROM (SELECT * FROM a) AS s, (SELECT 1) JOIN b USING x", ["a", "b"]),
        ("SELECT (SELECT max(x) FROM a), exists(SELECT 1 FROM b) FROM c", ["a", "b", "c"]),
        ("SELECT * FROM a WHERE x IN b AND y NOT IN ws.c", ["a", "b", "ws.c"]),
        ("SELECT * FROM a WHERE (x, y) IN (SELECT p, q FROM b) AND z IN (1, 2) AND u IN 'x'", ["a", "b"]),
        ("SELECT * FROM a WHERE x GLOBAL IN b", ["a", "b"]),
        ("SELECT [1] AS arr, x IN arr FROM a", ["a"]),
        ("SELECT x IN tuple(1, 2) FROM a", ["a"]),
        ("SELECT 1 FROM a UNION ALL SELECT 2 FROM b EXCEPT SELECT 3 FROM c", ["a", "b", "c"]),
        ("SELECT 1 FROM a INTERSECT DISTINCT SELECT 4 FROM d", ["a", "d"]),
        ("(SELECT 1 FROM a) UNION ALL (SELECT 2 FROM b)", ["a", "b"]),
        ("SELECT * EXCEPT (x) REPLACE (y AS z) FROM a", ["a"]),
        ("SELECT extract(year FROM d), trim(BOTH ' ' FROM s), substring(s FROM 2) FROM a", ["a"]),
        ("SELECT x IS DISTINCT FROM y, x IS NOT DISTINCT FROM z FROM a", ["a"]),
        ("SELECT x FROM a ORDER BY x WITH FILL FROM 1 TO 10 STEP 2", ["a"]),
        ("SELECT t.from, b.join FROM t JOIN b USING id", ["t", "b"]),
        ("SELECT sum(x) OVER (PARTITION BY y ORDER BY z) FROM a WINDOW w AS (ORDER BY x)", ["a"]),
        ("SELECT x FROM a GROUP BY x WITH TOTALS HAVING x IN b ORDER BY x LIMIT 1, 2", ["a", "b"]),
        ("SELECT x FROM a LIMIT 1 BY y, z", ["a"]),
        ("SELECT * FROM a PREWHERE x = 1 WHERE y = 2 QUALIFY 1", ["a"]),
        ("WITH t AS (SELECT * FROM a) SELECT * FROM t", ["a"]),
        ("WITH a AS (SELECT * FROM a) SELECT * FROM a", ["a"]),
        ("WITH t AS (SELECT 1 FROM a), u AS (SELECT * FROM t, b) SELECT * FROM u WHERE x IN t", ["a", "b"]),
        ("WITH t AS MATERIALIZED (SELECT 1 FROM a) SELECT * FROM t", ["a"]),
        ("WITH t (x, y) AS (SELECT 1, 2 FROM a) SELECT * FROM t", ["a"]),
        ("WITH RECURSIVE t AS (SELECT 1 AS x UNION ALL SELECT x + 1 FROM t) SELECT * FROM t, a", ["a"]),
        ("WITH 5 AS n, [1, 2] AS xs, (SELECT max(x) FROM a) AS m, x -> x + 1 AS f SELECT n FROM b", ["a", "b"]),
        ("WITH now() AS d SELECT * FROM (WITH u AS (SELECT 1 FROM a) SELECT * FROM u) JOIN u USING x", ["a", "u"]),
        ("SELECT * FROM (SELECT 1 UNION ALL WITH t AS (SELECT 2 FROM b) SELECT * FROM t)", ["b"]),
        ("SELECT 'FROM x' -- FROM y\n, /* FROM /* nested */ z */ `FROM` # FROM q\n FROM a", ["a"]),
        ("SELECT $$ FROM x $$, $t$ ' FROM y $t$ FROM a", ["a"]),
        ("SELECT '\\' FROM x', 'it''s FROM y', x'4142' FROM a", ["a"]),
        ("SELECT ‘FROM x’, “FROM” FROM a", ["a"]),
        ("SELECT if(a > 1, 2, 3) AS b FROM c -- the end", ["c"]),
        ("SELECT arrayMap(x -> (x IN d), [1]) FROM c", ["d", "c"]),
        ("SELECT {'a': 1}, x.1, t::String, a ? b : c FROM c", ["c"]),
        ("SELECT * FROM numbers(10) AS n, generateRandom('x Int8') JOIN a USING x", ["a"]),
        ("SELECT * FROM (VALUES (1, 2)), a", ["a"]),
    ],
)  # fmt: skip
def test_tables_are_found(sql: str, found: list[str]) -> None:
    assert sorted(tables(sql)) == sorted(found)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", "empty"),
        (" -- nothing\n;", "empty"),
        ("INSERT INTO a SELECT 1", "Only SELECT"),
        ("DROP TABLE a", "Only SELECT"),
        ("EXPLAIN SELECT 1", "Only SELECT"),
        ("SHOW TABLES", "Only SELECT"),
        ("SELECT 1; SELECT 2", "Only one query"),
        ("SELECT 1 FROM a INTO OUTFILE 'x'", "INTO"),
        ("SELECT * FROM (EXPLAIN SELECT 1)", "holds no SELECT"),
        ("SELECT * FROM (a JOIN b)", "holds no SELECT"),
        ("SELECT * FROM 'file.csv'", "name is missing"),
        ("SELECT * FROM {t:Identifier}", "name is missing"),
        ("SELECT * FROM", "name is missing"),
        ("SELECT 'a", "not closed"),
        ("SELECT `a", "not closed"),
        ("SELECT /* /* */", "not closed"),
        ("SELECT $$ a", "not closed"),
        ("SELECT (1", "not closed"),
        ("SELECT 1)", "never opened"),
        ("SELECT " + "(" * 200 + "1" + ")" * 200, "nested deeper"),
    ],
)
def test_what_is_no_single_select_is_refused(sql: str, said: str) -> None:
    with pytest.raises(SqlError, match=said):
        analyze(sql)


@pytest.mark.parametrize(
    ("sql", "text", "form"),
    [
        ("SELECT 1;", "SELECT 1", None),
        ("SELECT 1 ; -- done\n;;", "SELECT 1", None),
        ("SELECT 1 FORMAT JSON", "SELECT 1", "JSON"),
        ("SELECT 1 format CSVWithNames ;", "SELECT 1", "CSVWithNames"),
        ("SELECT count() AS format FROM a", "SELECT count() AS format FROM a", None),
        ("SELECT format FROM a", "SELECT format FROM a", None),
    ],
)
def test_the_end_is_cut(sql: str, text: str, form: str | None) -> None:
    analysis = analyze(sql)
    assert (analysis.text, analysis.format) == (text, form)


def test_names_are_quoted_and_unquoted() -> None:
    for name in ("a", "a b", "a`b", 'a"b', "a\\b", "a\\`b"):
        assert unquoted(identifier(name)) == name
    assert unquoted("`a``b`") == "a`b"
    assert unquoted('"a""b"') == 'a"b'


def test_functions_are_told_apart() -> None:
    analysis = analyze("SELECT File('x'), `sleep`(1) FROM url('y'), Numbers (5) WHERE in (1)")
    assert analysis.functions == ("url", "Numbers")
    assert {"file", "sleep"} <= analysis.calls
