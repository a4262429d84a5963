"""A reader changes nothing and reaches nothing; a writer owns tables, not the machine.

Each way in was seen to work on the bare engine, `readonly = 1` set, before the gateway closed it.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.conftest import Door

WRITES = [
    "INSERT INTO things VALUES (9, 'x', 1)",
    "INSERT INTO things SELECT 9, 'x', 1",
    "INSERT INTO FUNCTION file('{out}') SELECT 1",
    "CREATE TABLE made (a UInt8) ENGINE = Memory",
    "CREATE TEMPORARY TABLE made (a UInt8)",
    "CREATE VIEW made AS SELECT 1",
    "CREATE FUNCTION made AS x -> x",
    "CREATE DATABASE made",
    "DROP TABLE things",
    "TRUNCATE TABLE things",
    "DETACH TABLE things",
    "ATTACH TABLE things",
    "RENAME TABLE things TO stolen",
    "EXCHANGE TABLES things AND things",
    "ALTER TABLE things DELETE WHERE 1",
    "ALTER TABLE things ADD COLUMN x UInt8",
    "UPDATE things SET name = '' WHERE 1",
    "DELETE FROM things WHERE 1",
    "OPTIMIZE TABLE things FINAL",
    "SET readonly = 0",
    "SET max_execution_time = 0",
    "SET param_x = 1",
    "GRANT ALL ON *.* TO default",
    "CREATE USER made",
    "BACKUP TABLE things TO File('{out}')",
    "UNDROP TABLE things",
]
ENGINE_ROOM = [
    "SYSTEM SHUTDOWN",
    "SYSTEM KILL",
    "SYSTEM STOP MERGES",
    "SYSTEM DROP MARK CACHE",
    "KILL QUERY WHERE 1",
    "KILL MUTATION WHERE 1",
    "BEGIN TRANSACTION",
    "EXECUTE AS default SELECT 1",
    "SELECT 1 PARALLEL WITH SELECT 2",
]
OUTSIDE = [
    "SELECT file('{secret}')",
    "SELECT `file`('{secret}')",
    "SELECT \"file\"('{secret}')",
    "SELECT file/**/('{secret}')",
    "SELECT file --\n('{secret}')",
    "SELECT arrayMap(x -> file(x), ['{secret}'])",
    "SELECT arrayMap(file, ['{secret}'])",
    "SELECT * APPLY(file) FROM (SELECT '{secret}')",
    "SELECT * APPLY file FROM (SELECT '{secret}')",
    "EXPLAIN SELECT file('{secret}')",
    "WITH (SELECT file('{secret}')) AS x SELECT x",
    "SELECT * FROM file('{secret}', 'LineAsString')",
    "SELECT * FROM (SELECT * FROM file('{secret}', 'LineAsString') SETTINGS readonly = 0)",
    "DESCRIBE TABLE file('{secret}')",
    "DESCRIBE file('{secret}', 'LineAsString')",
    "DESCRIBE TABLE url('http://127.0.0.1:1/')",
    "DESCRIBE TABLE s3('http://127.0.0.1:1/bucket/key', 'CSV')",
    "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM urlCluster('default', 'http://127.0.0.1:1/', 'LineAsString')",
    "SELECT * FROM s3('http://127.0.0.1:1/bucket/key', 'CSV')",
    "SELECT * FROM remote('127.0.0.1:1', system.one)",
    "SELECT * FROM remoteSecure('127.0.0.1:1', system.one)",
    "SELECT * FROM cluster('default', system.one)",
    "SELECT * FROM mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')",
    "SELECT * FROM sqlite('{secret}', 't')",
    "SELECT * FROM mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'x Int8')",
    "SELECT * FROM redis('127.0.0.1:1', 'k', 'k String')",
    "SELECT * FROM executable('id', 'TSV', 'a String')",
    "SELECT * FROM Python(secret)",
    "SELECT * FROM python('secret')",
    "SELECT * FROM filesystem('/')",
    "SELECT * FROM icebergLocal('/tmp')",
    "SELECT * FROM eval('SELECT 1')",
    "SELECT aiGenerate('x')",
    "SELECT AIEmbed('x')",
    "SELECT name FROM things INTO OUTFILE '{out}'",
    "SELECT name FROM things INTO OUTFILE '{out}' TRUNCATE FORMAT CSV",
    "SELECT name FROM things INTO /* */ OUTFILE '{out}' APPEND AND STDOUT",
    "SHOW TABLES INTO OUTFILE '{out}'",
    "EXPLAIN SELECT 1 INTO OUTFILE '{out}'",
    "SELECT format_schema FROM (SELECT 1 SETTINGS format_schema = '{secret}')",
]
DEFINITIONS = [
    "CREATE TABLE made (a String) ENGINE = File(CSV)",
    "CREATE TABLE made (a String) ENGINE = URL('http://127.0.0.1:1/', CSV)",
    "CREATE TABLE made (a String) ENGINE = Executable('id', TSV)",
    "CREATE TABLE made (a String) ENGINE = SQLite('{out}', 't')",
    "CREATE TABLE made (a String) ENGINE = Distributed('default', 'system', 'one')",
    "CREATE TABLE made AS file('{secret}')",
    "CREATE TABLE made (a String DEFAULT file('{secret}')) ENGINE = Memory",
    "CREATE TABLE made ENGINE = MergeTree ORDER BY a SETTINGS disk = disk(type = local, path = '{out}') AS SELECT 1 a",
    "CREATE OR REPLACE TABLE made ENGINE = Log AS SELECT file('{secret}') AS a",
    "CREATE VIEW made AS SELECT file('{secret}')",
    "CREATE FUNCTION made AS x -> file(x)",
    "CREATE DATABASE made ENGINE = Filesystem('/')",
    "CREATE DATABASE made ENGINE = SQLite('{out}')",
    "CREATE DICTIONARY made (a UInt64) PRIMARY KEY a SOURCE(EXECUTABLE(COMMAND 'id' FORMAT TSV)) LAYOUT(FLAT())",
    "CREATE NAMED COLLECTION made AS a = 1",
    "CREATE USER made",
    "ATTACH TABLE made FROM '/tmp' (a UInt8) ENGINE = MergeTree ORDER BY a",
    "ALTER TABLE things ADD COLUMN x String DEFAULT file('{secret}')",
    "INSERT INTO FUNCTION file('{out}', 'CSV', 'a UInt8') VALUES (1)",
    "INSERT INTO FUNCTION file('{out}', 'CSV', 'a UInt8') SELECT 1",
    "INSERT INTO things FROM INFILE '{secret}' FORMAT CSV",
    "INSERT INTO things VALUES (9, file('{secret}'), 1)",
    "INSERT INTO things (id, name) SELECT 9, file('{secret}')",
]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the secret of the server")
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "written.txt"


@pytest.mark.parametrize("sql", [*WRITES, *ENGINE_ROOM, *DEFINITIONS])
def test_a_reader_never_writes(door: Door, sql: str, secret: Path, out: Path) -> None:
    before = _state(door)
    answer = door.read(sql.format(secret=secret, out=out))
    assert answer.status_code in (400, 403), answer.text
    assert _state(door) == before
    assert not out.exists()


@pytest.mark.parametrize("sql", OUTSIDE)
@pytest.mark.parametrize("who", ["reader", "writer"])
def test_no_query_reaches_outside_the_warehouse(door: Door, sql: str, who: str, secret: Path, out: Path) -> None:
    answer = door.send(sql.format(secret=secret, out=out), door.reader if who == "reader" else door.writer)
    assert answer.status_code in (400, 403), answer.text
    assert answer.headers["X-ClickHouse-Exception-Code"] in ("62", "497"), answer.text
    assert "secret of the server" not in answer.text
    assert not out.exists()


@pytest.mark.parametrize("sql", [*ENGINE_ROOM, *DEFINITIONS])
def test_a_writer_owns_tables_and_not_the_machine(door: Door, sql: str, secret: Path, out: Path) -> None:
    before = _state(door)
    answer = door.write(sql.format(secret=secret, out=out))
    assert answer.status_code in (400, 403), answer.text
    assert _state(door) == before
    assert not out.exists()


def test_a_function_bound_as_a_parameter_reaches_outside_no_better(door: Door, secret: Path) -> None:
    for sql in ("SELECT arrayMap({f:Identifier}, ['%s'])", "SELECT * APPLY {f:Identifier} FROM (SELECT '%s')"):
        for name in ("file", "`file`", '"file"'):
            answer = door.read(sql % secret, param_f=name)
            assert answer.status_code in (400, 403), answer.text
            assert "secret of the server" not in answer.text


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1; DROP TABLE things",
        "SELECT 1;;DROP TABLE things",
        "SELECT 1 -- ;\n; DROP TABLE things",
        "SELECT '\\';' ; DROP TABLE things",
        "SELECT $$;$$; DROP TABLE things; SELECT $$",
        "INSERT INTO things VALUES (9, 'x', 1); DROP TABLE things",
    ],
)
@pytest.mark.parametrize("who", ["reader", "writer"])
def test_one_text_is_one_statement(door: Door, sql: str, who: str, secret: Path) -> None:
    answer = door.send(sql.format(secret=secret), door.reader if who == "reader" else door.writer)
    assert answer.status_code in (400, 403), answer.text
    assert "things" in _state(door)


def test_what_follows_the_rows_of_an_insert_is_never_run(door: Door, secret: Path) -> None:
    answer = door.write(f"INSERT INTO things VALUES (9, 'x', 1) (10, 'y', 1); SELECT file('{secret}')")
    assert "secret of the server" not in answer.text
    assert answer.text == "" or answer.status_code >= 400


@pytest.mark.parametrize(
    "clause",
    ["readonly = 0", "max_execution_time = 1000", "max_memory_usage = 0", "max_result_rows = 0", "allow_ddl = 0"],
)
def test_a_reader_cannot_loosen_a_limit_in_the_statement(door: Door, clause: str) -> None:
    answer = door.read(f"SELECT 1 SETTINGS {clause}")
    assert answer.status_code == 403
    assert answer.headers["X-ClickHouse-Exception-Code"] == "164"


@pytest.mark.parametrize("name", ["max_execution_time", "max_result_rows", "max_memory_usage", "max_threads"])
def test_a_reader_may_tighten_a_limit_and_not_loosen_it(door: Door, name: str) -> None:
    own = float(door.read(f"SELECT getSetting('{name}')").text)
    assert float(door.read(f"SELECT getSetting('{name}')", **{name: "0"}).text) == own
    assert float(door.read(f"SELECT getSetting('{name}')", **{name: "99999999999"}).text) == own
    assert float(door.read(f"SELECT getSetting('{name}')", **{name: "1"}).text) in (1, own)


def test_a_reader_cannot_turn_readonly_off_as_a_parameter(door: Door) -> None:
    assert door.read("SELECT 1", readonly=0).status_code == 403
    assert door.read("SELECT getSetting('readonly')", readonly=2).text == "1\n"
    assert door.read("SELECT 1", allow_ddl=1).status_code == 403
    assert door.write("SELECT 1", format_schema="x").status_code == 403


@pytest.mark.parametrize("end", ["`", "\\`", "``", "\\\\`", "'", "\\"])
def test_no_parameter_of_the_request_is_read_as_sql(door: Door, end: str, secret: Path, out: Path) -> None:
    sneaks = [
        f"{end}; DROP TABLE things; --",
        f"{end}; SELECT file('{secret}') INTO OUTFILE '{out}'; --",
        f"{end} = 1, `max_execution_time` = '999",
        f"{end} = 1, max_execution_time = 999 --",
    ]
    question = "SELECT getSetting('max_execution_time'), getSetting('readonly')"
    for sneak in sneaks:
        tries: list[dict[str, str]] = [
            {"database": f"tradewind{sneak}"},
            {f"output_format_json_quote_decimals{sneak}": "1"},
            {"date_time_output_format": f"simple{sneak}"},
            {"session_timezone": f"UTC{sneak}"},
            {"max_result_rows": f"1{sneak}"},
            {"max_result_bytes": f"1{sneak}"},
            {"param_x": sneak},
            {f"param_x{sneak}": "1"},
            {"session_id": sneak},
            {"query_id": sneak},
            {"default_format": f"TSV{sneak}"},
        ]
        for one in tries:
            answer = door.read(question, **one)
            assert answer.text == "3\t1\n" or answer.status_code >= 400, one
            assert "things" in _state(door), one
            assert not out.exists(), one


def test_settings_of_a_subquery_change_no_limit(door: Door) -> None:
    inner = "SELECT getSetting('max_execution_time') AS x SETTINGS max_execution_time = 1000"
    assert door.read(f"SELECT x FROM ({inner})").text == "3\n"


def test_a_table_may_still_be_named_like_a_function_that_is_refused(door: Door) -> None:
    assert door.write("CREATE TABLE url (url String, s3 UInt8) ENGINE = Memory").status_code == 200
    assert door.write("INSERT INTO url (url, s3) VALUES ('a', 1)").status_code == 200
    assert door.write("CREATE TABLE IF NOT EXISTS tradewind.s3 (s3 UInt8) ENGINE = Memory").status_code == 200
    assert door.read("SELECT url, s3 FROM url WHERE url != ''").status_code == 200
    assert door.read("SELECT 'file(1)', 'INTO OUTFILE' AS `into outfile`").text == "file(1)\tINTO OUTFILE\n"


_PIECES = st.sampled_from(
    r"""SELECT 1 ' " ` ; -- /* */ # $$ \ ( ) , file ('SECRET') INTO OUTFILE 'OUT' FROM things AS FORMAT CSV ’ *
    INSERT VALUES DROP TABLE KILL QUERY WHERE""".split()
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(_PIECES, min_size=1, max_size=14), gap=st.sampled_from(["", " ", "\n"]))
def test_no_jumble_of_quotes_and_comments_gets_past(
    door: Door, secret: Path, out: Path, pieces: list[str], gap: str
) -> None:
    text = gap.join(pieces).replace("SECRET", str(secret)).replace("OUT'", f"{out}'")
    answer = door.read(text)
    assert "secret of the server" not in answer.text
    assert not out.exists()
    assert _state(door)["things"] == 3


def _state(door: Door) -> dict[str, int]:
    """What the warehouse holds: every table of every database that is not the engine's, with its rows."""
    rows = door.warehouse.query(
        "SELECT name, toInt64(ifNull(total_rows, -1)) AS rows FROM system.tables"
        " WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY name"
    )
    names = door.warehouse.query("SELECT name FROM system.databases ORDER BY name")
    return {row["name"]: row["rows"] for row in rows} | {f"database {row['name']}": 1 for row in names}


@pytest.mark.parametrize(
    "text",
    [
        " \n\t" * 60_000 + "SELECT 1",
        "INSERT " + "/*" * 100_000,
        "INSERT INTO things " + "'" * 100_001,
        "INSERT INTO things " + "`'\"" * 60_000,
        "SELECT " + " " * 200_000 + "(",
        "SELECT '" + " (version 1" * 20_000,
        "SELECT {" + "a:{" * 80_000,
        "--\n" * 80_000 + "INSERT",
        "#! " * 80_000,
        "(" * 200_000,
    ],
)
def test_no_text_holds_the_process_up(door: Door, text: str) -> None:
    # Measured in the one thread that all requests share: a slow pattern would hold every other request too.
    began = time.process_time()
    for token in (door.reader, door.writer):
        door.send(text, token)
    assert time.process_time() - began < 2
