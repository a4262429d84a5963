"""`/v0/sql`: what may be asked, in which form the answer comes, and what is refused."""

from __future__ import annotations

import pytest

from tests.warehouse.serving.conftest import SECRET, World, bearer


def test_without_a_format_the_answer_is_text(world: World) -> None:
    answer = world.sql("SELECT id, tenant FROM sales ORDER BY id LIMIT 2")
    assert (answer.text, answer.headers["content-type"]) == ("1\tann\n2\tann\n", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("ending", "content_type", "begins"),
    [
        ("FORMAT JSON", "application/json", "{"),
        ("format JSON ;", "application/json", "{"),
        ("FORMAT JSON -- as a document", "application/json", "{"),
        ("FORMAT JSONCompact", "application/json", "{"),
        ("FORMAT JSONStrings", "application/json", "{"),
        ("FORMAT TSV", "text/plain; charset=utf-8", "1"),
        ("FORMAT TabSeparatedWithNames", "text/plain; charset=utf-8", "n\n1"),
        ("FORMAT TabSeparatedWithNamesAndTypes", "text/plain; charset=utf-8", "n\nUInt8\n1"),
        ("FORMAT Parquet", "application/vnd.apache.parquet", "PAR1"),
        ("FORMAT Native", "application/octet-stream", ""),
        ("FORMAT RowBinaryWithNames", "application/octet-stream", "\x01\x01n"),
        ("FORMAT JSONEachRow", "application/x-ndjson; charset=utf-8", '{"n":1}'),
        ("FORMAT CSV", "text/csv; charset=utf-8", "1"),
        ("FORMAT CSVWithNames", "text/csv; charset=utf-8", '"n"\n1'),
        ("FORMAT TSVWithNames", "text/plain; charset=utf-8", "n\n1"),
        ("FORMAT PrettyCompact", "text/plain; charset=utf-8", ""),
        ("FORMAT Markdown", "text/plain; charset=utf-8", "| n |"),
        ("FORMAT RowBinary", "application/octet-stream", "\x01"),
        (";", "text/plain; charset=utf-8", "1"),
        ("/* FORMAT CSV */", "text/plain; charset=utf-8", "1"),
    ],
)
def test_format_chooses_the_form(world: World, ending: str, content_type: str, begins: str) -> None:
    answer = world.sql(f"SELECT 1 AS n {ending}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == content_type
    assert answer.text.startswith(begins)


def test_a_name_may_be_format(world: World) -> None:
    assert world.sql("SELECT 2 AS format ORDER BY format DESC").text == "2\n"
    assert world.sql("SELECT 'FORMAT JSON'").text == "FORMAT JSON\n"


def test_a_query_comes_as_address_form_text_or_json(world: World) -> None:
    post, headers = world.api.client.post, bearer(world.admin)
    asked = "SELECT count() FROM sales"
    for answer in (
        world.sql(asked),
        post("/v0/sql", headers=headers, data={"q": asked}),
        post("/v0/sql", headers=headers, content=asked),
        post("/v0/sql", headers=headers | {"Content-Type": "text/plain"}, content=asked),
        post("/v0/sql", headers=headers, json={"q": asked}),
        post("/v0/sql", headers=headers, json={"q": "%SELECT count() FROM sales WHERE id < {{Int32(n)}}", "n": 99}),
        world.sql("%SELECT count() FROM sales WHERE id < {{Int32(n)}}", template_parameters='{"n": 99}'),
    ):
        assert (answer.status_code, answer.text) == (200, "3\n"), answer.text
    assert post("/v0/sql", headers=headers).status_code == 400
    assert world.get("/v0/sql").status_code == 400


def test_pipes_are_tables_and_the_nodes_of_one_can_be_reached(world: World) -> None:
    assert world.sql("SELECT tenant, sales FROM by_tenant ORDER BY 1").text == "ann\t2\nbob\t1\n"
    assert world.sql("SELECT count() FROM _", pipeline="by_tenant").text == "2\n"
    assert world.sql("SELECT count() FROM counted", pipeline="by_tenant").text == "2\n"
    assert world.sql("SELECT count() FROM counted").status_code == 404
    reader = world.token("PIPES:READ:by_tenant")
    assert world.sql("SELECT count() FROM _", reader, pipeline="by_tenant").text == "2\n"
    assert world.sql("SELECT count() FROM counted", reader, pipeline="by_tenant").status_code == 403
    assert world.sql("SELECT 1", reader, pipeline="measured").status_code == 403


def test_it_can_be_explained(world: World) -> None:
    told = world.sql("SELECT count() FROM sales", explain="true").json()
    assert set(told) == {"debug_query", "query_explain"}


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO sales VALUES (9, 'x', 1, now())",
        "CREATE TABLE x (a Int8) ENGINE = Memory",
        "DROP TABLE sales",
        "ALTER TABLE sales DELETE WHERE 1",
        "SYSTEM SHUTDOWN",
        "KILL QUERY WHERE 1",
        "SHOW TABLES",
        "DESCRIBE sales",
        "EXPLAIN SELECT 1",
        "SET max_threads = 99",
        "USE system",
        "SELECT 1 PARALLEL WITH SELECT 2",
    ],
)
def test_only_select_is_available(world: World, text: str) -> None:
    answer = world.sql(text)
    assert answer.status_code == 405, answer.text


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE sales",
        "SELECT 1 INTO OUTFILE '/tmp/x'",
        "SELECT * FROM file('/etc/passwd')",
        "SELECT * FROM FiLe('/etc/passwd', 'LineAsString')",
        "SELECT file('/etc/passwd')",
        "SELECT * APPLY(file) FROM (SELECT '/etc/passwd')",
        "SELECT * APPLY(x -> file(x)) FROM (SELECT '/etc/passwd')",
        "SELECT * APPLY(x -> (SELECT note FROM {other}.{hidden})) FROM sales",
        "SELECT * FROM url('http://localhost', CSV, 'a String')",
        "SELECT * FROM s3('http://localhost/x')",
        "SELECT * FROM remote('localhost', system.one)",
        "SELECT * FROM cluster('default', system.one)",
        "SELECT * FROM merge('{other}', '.*')",
        "SELECT * FROM view(SELECT * FROM {other}.{hidden})",
        "SELECT * FROM viewIfPermitted(SELECT note FROM {other}.{hidden} ELSE null('note String'))",
        "SELECT * FROM loop({other}.{hidden})",
        "SELECT * FROM executable('x', TSV, 'a String')",
        "SELECT * FROM mysql('h:1', 'd', 't', 'u', 'p')",
        "SELECT * FROM sqlite('/tmp/x', 't')",
        "SELECT * FROM (EXPLAIN SELECT 1)",
        "SELECT * FROM {other}.{hidden}",
        "SELECT * FROM `{other}`.`{hidden}`",
        'SELECT * FROM "{other}"."{hidden}"',
        "FROM {other}.{hidden} SELECT note",
        "SELECT (SELECT note FROM {other}.{hidden})",
        "SELECT 1 WHERE 'x' IN {other}.{hidden}",
        "SELECT in('x', {other}.{hidden})",
        "SELECT 'x' GLOBAL NOT IN ({other}.{hidden})",
        "SELECT 1 FROM sales WHERE EXISTS (SELECT 1 FROM {other}.{hidden})",
        "SELECT * FROM sales JOIN {other}.{hidden} ON 1",
        "WITH x AS (SELECT * FROM {other}.{hidden}) SELECT * FROM x",
        "WITH (SELECT note FROM {other}.{hidden}) AS y SELECT y",
        "SELECT toInt32((SELECT note FROM {other}.{hidden}))",
        "SELECT * FROM sales LIMIT (SELECT length(note) FROM {other}.{hidden})",
        "SELECT * FROM sales ORDER BY id WITH FILL FROM (SELECT length(note) FROM {other}.{hidden})",
        "SELECT sum(id) OVER (ORDER BY id ROWS (SELECT length(note) FROM {other}.{hidden}) PRECEDING) FROM sales",
        "SELECT * REPLACE((SELECT note FROM {other}.{hidden}) AS tenant) FROM sales",
        "SELECT 1 UNION ALL SELECT length(note) FROM {other}.{hidden}",
        "(SELECT note FROM {other}.{hidden}) EXCEPT (SELECT 'x')",
        "SELECT * FROM {own}.{sales}",
        "SELECT * FROM tradewind.schema_state",
        "SELECT * FROM default.x",
        "SELECT * FROM system.tables",
        "SELECT * FROM system.query_log",
        "SELECT * FROM information_schema.tables",
        "SELECT dictGet('x', 'y', 1)",
        "SELECT joinGet('x', 'y', 1)",
        "SELECT hasColumnInTable('{other}', '{hidden}', 'note')",
        "SELECT sleep(1)",
        "SELECT sleepEachRow(1) FROM sales",
        "SELECT currentDatabase()",
        "SELECT hostName()",
        "SELECT getSetting('readonly')",
        "SELECT getServerSetting('x')",
        "SELECT filesystemAvailable()",
        "SELECT showCertificate()",
        "SELECT addressToLine(1)",
        "SELECT __getScalar('x')",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1 SETTINGS max_execution_time = 1000",
        "SELECT 1 SETTINGS max_memory_usage = 0",
        "SELECT 1 SETTINGS max_threads = 1000",
        "SELECT 1 SETTINGS additional_table_filters = {{'sales': '1'}}",
        "SELECT * FROM (SELECT 1 SETTINGS max_execution_time = 0)",
        "SELECT 1 FORMAT Template",
        "SELECT 1 FORMAT SQLInsert",
        "SELECT * FROM generateRandomX()",
        "SELECT nothing_like_it(1)",
        "%SELECT {{{{tb_secret('salt')}}}}",
        "%%SELECT 1",
        "SELECT {{x:Identifier}} FROM sales",
        "SELECT * FROM {{x:Identifier}}",
    ],
)
def test_what_reaches_elsewhere_is_refused(world: World, text: str) -> None:
    other, own = world.made.releases[world.other], world.made.releases[world.one]
    sent = text.format(other=other.database, hidden=other.tables["hidden"], own=own.database, sales=own.tables["sales"])
    answer = world.sql(sent)
    assert answer.status_code in (400, 403, 404), answer.text
    assert list(answer.json()) == ["error", "code"]
    assert SECRET not in answer.text


def test_what_only_computes_is_available(world: World) -> None:
    for text in (
        "SELECT count() FROM numbers(10)",
        "SELECT count() FROM numbers_mt(10)",
        "SELECT * FROM values('a Int8', 1)",
        "SELECT * FROM generate_series(1, 3)",
        "SELECT count() FROM system.functions",
        "SELECT * FROM system.one",
        "SELECT arrayMap(x -> x + 1, [1, 2])",
        "SELECT uniqMerge(s) FROM (SELECT uniqState(id) AS s FROM sales)",
        "SELECT countIf(id > 1), sumOrNull(amount), quantileTiming(0.5)(amount) FROM sales",
        "SELECT * APPLY(toString) FROM sales",
        "SELECT COLUMNS('id|amount') APPLY(max) FROM sales",
        "SELECT id, row_number() OVER (PARTITION BY tenant ORDER BY id) FROM sales",
        "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t",
        "SELECT tenant FROM sales ARRAY JOIN [1, 2] AS x",
        "SELECT 'a\nb', 'a;b', $$it's$$",
        "SELECT id FROM sales WHERE id IN (SELECT id FROM private) SETTINGS join_use_nulls = 1",
        "SELECT toDate(at) AS d, count() FROM sales GROUP BY d ORDER BY d WITH FILL",
        "SELECT CASE WHEN id > 1 THEN 'a' ELSE 'b' END, id BETWEEN 1 AND 2, id::String, INTERVAL 1 DAY FROM sales",
        "SELECT count() FROM sales_quarantine",
        "SELECT * FROM sales AS s LEFT JOIN private AS p ON s.id = p.id AND p.note != 'x'",
        "SELECT now() - INTERVAL 1 HOUR, today(), rand() % 2, generateUUIDv4()",
        "SELECT JSONExtractString('{\"a\": 1}', 'a'), extractAll('aa', 'a'), domain('http://x.example')",
    ):
        answer = world.sql(text)
        assert answer.status_code == 200, (text, answer.text)


@pytest.mark.slow
def test_limits_end_what_takes_too_much(world: World) -> None:
    for text, status in (
        ("SELECT sum(cityHash64(number, number)) FROM numbers(1000000000000)", 408),
        ("SELECT number FROM numbers(2000000) FORMAT CSV", 413),
        ("SELECT groupArray(toString(number)) FROM numbers(200000000)", 413),
        ("SELECT repeat('x', 1000000) FROM numbers(1000) FORMAT JSON", 413),
        ("SELECT " + "(" * 400 + "1" + ")" * 400, 400),
        ("SELECT '" + "x" * 300_000 + "'", 413),
    ):
        answer = world.api.client.post("/v0/sql", headers=bearer(world.admin), data={"q": text})
        assert answer.status_code == status, (text[:60], answer.text[:200])
        assert list(answer.json()) == ["error", "code"]


def test_workspaces_see_their_own_rows_only(world: World) -> None:
    theirs = world.made.admin(world.other)
    assert world.sql("SELECT note FROM hidden", theirs).text == f"{SECRET}\n"
    assert world.sql("SELECT note FROM hidden").status_code == 404
    assert world.sql("SELECT count() FROM sales", theirs).text == "1\n"
    assert world.sql("SELECT * FROM by_tenant", theirs).status_code == 404
