"""The ClickHouse HTTP interface as its documentation describes it, over real HTTP."""

from __future__ import annotations

import collections
import gzip
import io
import json
import shutil
import socket
import subprocess
import threading
import time
import zlib
from typing import Any

import httpx
import lz4.frame
import pyarrow.parquet
import pytest

from tests.warehouse.conftest import Door
from tradewind.warehouse.gateway import Access, GatewayServer, serve_gateway
from tradewind.warehouse.gateway_compression import decoder, encoder


def test_ping_answers_without_a_login(door: Door) -> None:
    for path in ("ping", "replicas_status", ""):
        answer = httpx.get(door.url + path)
        assert (answer.status_code, answer.text) == (200, "Ok.\n")


def test_an_unknown_path_says_where_to_go(door: Door) -> None:
    answer = httpx.get(door.url + "nowhere")
    assert answer.status_code == 404
    assert "There is no handle /nowhere" in answer.text


@pytest.mark.parametrize("way", ["basic", "headers", "parameters", "bearer"])
def test_a_token_is_taken_wherever_clients_put_it(door: Door, way: str) -> None:
    ways: dict[str, dict[str, Any]] = {
        "basic": {"auth": ("anyone", door.reader)},
        "headers": {"headers": {"X-ClickHouse-User": "anyone", "X-ClickHouse-Key": door.reader}},
        "parameters": {"params": {"user": "anyone", "password": door.reader}},
        "bearer": {"headers": {"Authorization": f"Bearer {door.reader}"}},
    }
    assert httpx.post(door.url, content="SELECT 1", **ways[way]).text == "1\n"


@pytest.mark.parametrize("auth", [None, ("default", ""), ("anyone", "wrong")])
def test_a_wrong_login_is_refused_with_the_servers_code(door: Door, auth: tuple[str, str] | None) -> None:
    answer = httpx.post(door.url, content="SELECT 1", auth=auth)
    assert answer.status_code == 401
    assert answer.headers["X-ClickHouse-Exception-Code"] == "516"
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert "tradewind token create" in answer.text


def test_a_query_may_come_in_the_url_the_body_or_both(door: Door) -> None:
    login = ("anyone", door.reader)
    assert httpx.get(door.url, params={"query": "SELECT 1 + 1"}, auth=login).text == "2\n"
    assert httpx.post(door.url, content="SELECT 1 + 1", auth=login).text == "2\n"
    assert httpx.post(door.url, params={"query": "SELECT 1"}, content="+ 1", auth=login).text == "2\n"


def test_an_answer_says_format_zone_and_summary(door: Door) -> None:
    answer = door.read("SELECT id, price FROM things ORDER BY id FORMAT JSON", query_id="mine")
    assert [row["price"] for row in answer.json()["data"]] == [9.99, 12.5, 20]
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
    assert answer.headers["X-ClickHouse-Format"] == "JSON"
    assert answer.headers["X-ClickHouse-Query-Id"] == "mine"
    assert answer.headers["X-ClickHouse-Timezone"]
    assert json.loads(answer.headers["X-ClickHouse-Summary"])["result_rows"] == "3"


def test_the_format_is_the_querys_own_or_the_default_asked_for(door: Door) -> None:
    assert door.read("SELECT 1 AS x", default_format="JSONEachRow").text == '{"x":1}\n'
    assert door.read("SELECT 1 AS x", headers={"X-ClickHouse-Format": "CSVWithNames"}).text == '"x"\n1\n'
    assert door.read("SELECT 1 AS x FORMAT TSVWithNames", default_format="JSON").text == "x\n1\n"
    assert door.read("SELECT 1 AS x FORMAT jsoneachrow").text == '{"x":1}\n'


@pytest.mark.parametrize(
    ("format_name", "header"),
    [
        ("TSVWithNames", b'n\tquo"te\n'),
        ("CSVWithNamesAndTypes", b'"n","quo""te"\n"UInt64","String"\n'),
        ("RowBinaryWithNamesAndTypes", b'\x02\x01n\x06quo"te\x06UInt64\x06String'),
        ("TSV", b""),
    ],
)
def test_a_result_of_many_blocks_has_one_header(door: Door, format_name: str, header: bytes) -> None:
    sql = f"SELECT number AS n, 'x' AS `quo\"te` FROM numbers(%d) FORMAT {format_name}"
    one, many = door.read(sql % 1).content, door.read(sql % 150_000).content
    assert one.startswith(header)
    assert many.count(header) == 1 if header else many.count(b"\n") == 150_000
    empty = door.read(sql % 0)
    assert empty.content == header


def test_parameters_are_bound_not_pasted(door: Door) -> None:
    hostile = "x' OR 1 = 1 --"
    answer = door.read("SELECT count() FROM things WHERE name = {name:String}", param_name=hostile)
    assert answer.text == "0\n"
    assert door.read("SELECT {ids:Array(UInt8)}", param_ids="[1,2]").text == "[1,2]\n"


def test_the_database_may_be_named(door: Door) -> None:
    assert door.read("SELECT currentDatabase()").text == "tradewind\n"
    assert door.read("SELECT currentDatabase()", database="system").text == "system\n"
    assert door.read("SELECT currentDatabase()", headers={"X-ClickHouse-Database": "system"}).text == "system\n"
    assert door.read("SELECT 1", database="nowhere").status_code == 404


def test_nothing_carries_over_from_one_request_to_the_next(door: Door) -> None:
    assert door.read("USE system").status_code == 200
    assert door.read("SELECT currentDatabase()").text == "tradewind\n"
    assert door.write("SET max_threads = 7").status_code == 200
    assert door.write("SELECT getSetting('max_threads') = 7").text == "0\n"


def test_a_writers_session_keeps_what_it_made(door: Door) -> None:
    session = {"session_id": "mine"}
    assert door.write("SELECT 1", session_id="mine", session_check=1).status_code == 404
    assert door.write("CREATE TEMPORARY TABLE note (a UInt8)", **session).status_code == 200
    assert door.write("INSERT INTO note VALUES (7)", **session).status_code == 200
    assert door.write("SET max_threads = 7", **session).status_code == 200
    assert door.write("SELECT a, getSetting('max_threads') FROM note", **session).text == "7\t7\n"
    assert door.write("SELECT * FROM note").status_code == 404
    assert door.write("SELECT * FROM note", session_id="another").status_code == 404
    assert door.read("SELECT * FROM note", **session).status_code == 404
    assert door.write("SELECT currentDatabase()", database="system", **session).text == "system\n"


def test_a_setting_of_one_request_does_not_stay_in_the_session(door: Door) -> None:
    assert door.write("SELECT getSetting('max_block_size')", session_id="one", max_block_size=77).text == "77\n"
    assert door.write("SELECT getSetting('max_block_size') = 77", session_id="one").text == "0\n"


def test_one_session_does_one_thing_at_a_time_and_ends_in_time(door: Door) -> None:
    slow = threading.Thread(target=lambda: door.write("SELECT sleep(1)", session_id="busy", session_timeout=1))
    slow.start()
    time.sleep(0.3)
    began = time.monotonic()
    assert door.write("CREATE TEMPORARY TABLE note (a UInt8)", session_id="busy", session_timeout=1).status_code == 200
    assert time.monotonic() - began > 0.3
    slow.join()
    time.sleep(1.2)
    assert door.write("SELECT * FROM note", session_id="busy").status_code == 404


@pytest.mark.parametrize(
    ("sql", "status", "code", "words"),
    [
        ("SELEC 1", 400, 62, "Syntax error"),
        ("SELECT * FROM nowhere", 404, 60, "Unknown table expression identifier 'nowhere'"),
        ("SELECT nothing FROM things", 404, 47, "nothing"),
        ("SELECT nofunction(1)", 404, 46, "nofunction"),
        ("SELECT throwIf(1, 'told so')", 500, 395, "told so"),
        ("SELECT 1 FORMAT Nonsense", 404, 73, "Unknown format Nonsense"),
        ("", 400, 62, "query is empty"),
        ("SELECT toDate('no day')", 400, 38, "Cannot parse"),
        ("SELECT " + "1," * 200_000 + "1", 400, 62, "longer than"),
    ],
)
def test_an_error_is_the_engines_own_with_a_fitting_status(
    door: Door, sql: str, status: int, code: int, words: str
) -> None:
    answer = door.read(sql)
    assert (answer.status_code, answer.headers["X-ClickHouse-Exception-Code"]) == (status, str(code))
    assert answer.text.startswith(f"Code: {code}. DB::Exception: ")
    assert words in answer.text
    assert answer.text.count("DB::Exception") == 1


@pytest.mark.parametrize(
    ("format_name", "data"),
    [
        ("CSV", b"7,seven,7.70\n8,eight,8.80\n"),
        ("JSONEachRow", b'{"id":7,"name":"seven","price":"7.70"}\n{"id":8,"name":"eight","price":"8.80"}\n'),
        ("Values", b"(7, 'seven', 7.7), (8, concat('ei', 'ght'), 8.8)"),
    ],
)
@pytest.mark.parametrize("place", ["query and body", "body", "query"])
def test_rows_are_inserted_wherever_sql_and_data_stand(door: Door, format_name: str, data: bytes, place: str) -> None:
    head = f"INSERT INTO things /* FORMAT CSV, VALUES */ (id, name, price) FORMAT {format_name}\n"
    if place == "query and body":
        answer = door.write(data, query=head)
    elif place == "body":
        answer = door.write(head.encode() + data)
    else:
        answer = door.write(b"", query=head + data.decode())
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.headers["X-ClickHouse-Summary"])["written_rows"] == "2"
    assert "X-ClickHouse-Format" not in answer.headers
    rows = door.warehouse.query("SELECT name, price FROM things WHERE id > 3 ORDER BY id")
    assert [(row["name"], str(row["price"])) for row in rows] == [("seven", "7.70"), ("eight", "8.80")]


def test_an_insert_with_a_bad_row_stores_nothing(door: Door) -> None:
    answer = door.write("INSERT INTO things FORMAT CSV\n7,seven,7.70\nsoon,eight,8.80\n")
    assert answer.status_code == 400
    assert "row 2" in answer.text
    assert door.read("SELECT count() FROM things").text == "3\n"


def test_an_insert_of_nothing_is_no_error(door: Door) -> None:
    assert door.write("", query="INSERT INTO things FORMAT CSV").status_code == 200


def test_large_values_are_read_as_literals(door: Door) -> None:
    values = ",".join(f"({i},'thing {i}',1)" for i in range(10, 40_010))
    assert len(values) > 300_000
    assert door.write(f"INSERT INTO things VALUES {values}").status_code == 200
    assert door.read("SELECT count() FROM things").text == "40003\n"


def test_definitions_and_inserts_from_select_work_for_writers(door: Door) -> None:
    steps = [
        "CREATE TABLE made ENGINE = MergeTree ORDER BY id AS SELECT id, price FROM things",
        "INSERT INTO made SELECT id + 10, price FROM things",
        "CREATE OR REPLACE VIEW seen AS SELECT sum(price) AS total FROM made",
        "ALTER TABLE made ADD COLUMN note String DEFAULT ''",
        "RENAME TABLE made TO done",
        "CREATE TABLE made ENGINE = Memory AS SELECT 1 AS id",
        "EXCHANGE TABLES made AND done",
        "OPTIMIZE TABLE made FINAL",
        "TRUNCATE TABLE done",
        "DROP TABLE done SYNC",
    ]
    for step in steps:
        answer = door.write(step)
        assert (answer.status_code, answer.text) == (200, ""), step
    assert door.read("SELECT total FROM seen").text == "84.98\n"


def test_a_get_never_changes_anything(door: Door) -> None:
    answer = httpx.get(door.url, params={"query": "DROP TABLE things"}, auth=("anyone", door.writer))
    assert answer.status_code == 403
    assert door.read("SELECT count() FROM things").text == "3\n"


def test_settings_shape_a_readers_result(door: Door) -> None:
    sql = "SELECT toUInt64(1) AS x FORMAT JSONEachRow"
    assert door.read(sql, output_format_json_quote_64bit_integers=1).text == '{"x":"1"}\n'
    assert door.read("SELECT number FROM numbers(10)", max_result_rows=5).status_code == 500
    assert door.write("SELECT 1", no_such_setting=1).status_code == 404


def test_settings_about_writing_that_drivers_always_send_do_not_stop_a_reader(door: Door) -> None:
    assert door.read("SELECT 1", async_insert=0, wait_for_async_insert=1, input_format_null_as_default=1).text == "1\n"
    assert door.read("SELECT 1", join_algorithm="hash").status_code == 403


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd", "lz4"])
def test_answers_and_bodies_are_compressed_when_asked(door: Door, encoding: str) -> None:
    with httpx.stream(
        "POST",
        door.url,
        content="SELECT number FROM numbers(100000)",
        params={"enable_http_compression": 1},
        auth=("anyone", door.reader),
        headers={"Accept-Encoding": encoding},
    ) as answer:
        assert answer.headers["Content-Encoding"] == encoding
        packed = b"".join(answer.iter_raw())
    reader = decoder(encoding, in_blocks=False)
    assert b"".join(reader.decompress(packed)).count(b"\n") == 100_000
    assert len(packed) < 500_000  # 588,890 plain

    writer = encoder(encoding, in_blocks=False)
    body = writer.compress(b"7,seven,7.70\n") + writer.compress(b"8,eight,8.80\n") + writer.flush()
    sent = door.send(body, door.writer, {"Content-Encoding": encoding}, query="INSERT INTO things FORMAT CSV")
    assert sent.status_code == 200, sent.text
    assert door.read("SELECT count() FROM things").text == "5\n"


def test_encodings_agree_with_the_libraries_everyone_uses(door: Door) -> None:
    assert gzip.decompress(_raw(door, "gzip")) == b"1\n"
    assert zlib.decompress(_raw(door, "deflate")) == b"1\n"
    assert lz4.frame.decompress(_raw(door, "lz4")) == b"1\n"
    assert _raw(door, "br, identity") == b"1\n"
    assert gzip.decompress(_raw(door, "zstd;q=0.1, gzip;q=0.9")) == b"1\n"


def _raw(door: Door, accepted: str) -> bytes:
    login = ("anyone", door.reader)
    with httpx.stream("POST", door.url, content="SELECT 1", auth=login, headers={"Accept-Encoding": accepted}) as got:
        return b"".join(got.iter_raw())


def test_clickhouses_own_compression_is_spoken_both_ways(door: Door) -> None:
    packed = door.read("SELECT number FROM numbers(100000)", compress=1).content
    assert b"".join(decoder("", in_blocks=True).decompress(packed)).count(b"\n") == 100_000

    body = encoder(None, in_blocks=True).compress(b"7,seven,7.70\n")
    broken = body[:-1] + bytes([body[-1] ^ 1])
    refused = door.write(broken, query="INSERT INTO things FORMAT CSV", decompress=1)
    assert refused.status_code == 500
    assert "Checksum" in refused.text
    assert door.write(body, query="INSERT INTO things FORMAT CSV", decompress=1).status_code == 200
    assert door.read("SELECT count() FROM things").text == "4\n"


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(b"SELECT 1", mtime=0)[:-9]], ids=["foreign", "cut"])
def test_a_broken_body_is_named_as_such(door: Door, body: bytes) -> None:
    answer = door.send(body, door.reader, {"Content-Encoding": "gzip"})
    assert answer.status_code == 500
    assert "cannot be decompressed" in answer.text


def test_a_body_has_a_limit_also_when_it_is_packed(door: Door) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    answer = door.send(bomb, door.reader, {"Content-Encoding": "gzip"})
    assert answer.status_code == 413
    assert "larger than" in answer.text


def test_a_large_result_of_a_writer_is_streamed(door: Door) -> None:
    began = time.monotonic()
    login = ("anyone", door.writer)
    with httpx.stream(
        "POST", door.url, content="SELECT number FROM numbers(8000000)", auth=login, timeout=60
    ) as answer:
        pieces = answer.iter_bytes()
        next(pieces)
        first = time.monotonic() - began
        assert "X-ClickHouse-Exception-Tag" in answer.headers
        rest = sum(len(piece) for piece in pieces)
    assert rest > 60_000_000
    assert first < (time.monotonic() - began) / 2


def test_an_error_in_the_middle_cuts_the_answer_off(door: Door) -> None:
    sql = "SELECT throwIf(number = 2000000, 'told so') + number FROM numbers(3000000) SETTINGS max_threads = 1"
    login = ("anyone", door.writer)
    got = bytearray()
    with httpx.stream("POST", door.url, content=sql, auth=login, headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status_code == 200
        tag = answer.headers["X-ClickHouse-Exception-Tag"]
        with pytest.raises(httpx.RemoteProtocolError):
            collections.deque(map(got.extend, answer.iter_bytes()), maxlen=0)
    assert f"__exception__\r\n{tag}\r\n".encode() in got
    assert b"told so" in got


def test_with_wait_end_of_query_the_same_error_comes_alone(door: Door) -> None:
    sql = "SELECT throwIf(number = 2000000, 'told so') + number FROM numbers(3000000) SETTINGS max_threads = 1"
    answer = door.write(sql, wait_end_of_query=1)
    assert answer.status_code == 500
    assert "told so" in answer.text


def test_a_query_ends_when_its_client_hangs_up(door: Door) -> None:
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            door.url, content="SELECT count() FROM numbers(1000000000000)", auth=("anyone", door.writer), timeout=1.0
        )
    deadline = time.monotonic() + 10
    while _running(door) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _running(door) == 0


def _running(door: Door) -> int:
    rows = door.warehouse.query("SELECT count() AS n FROM system.processes WHERE query LIKE '%1000000000000%'")
    return int(rows[0]["n"]) - 1  # the question itself


def test_more_readers_than_connections_wait_for_their_turn(door: Door) -> None:
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(door.read("SELECT sleep(0.3)").text)) for _ in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["0\n"] * 9


def test_an_expired_query_says_so(door: Door) -> None:
    answer = door.read("SELECT count() FROM numbers(1000000000000)")
    assert answer.status_code == 408
    assert "Timeout exceeded" in answer.text


def test_binary_documents_arrive_whole(door: Door) -> None:
    data = door.read("SELECT number AS n FROM numbers(150000) FORMAT Parquet").content
    assert pyarrow.parquet.read_table(io.BytesIO(data)).num_rows == 150_000
    assert door.read("SELECT number AS n FROM numbers(20000) FORMAT JSON").json()["rows"] == 20_000


def test_a_multipart_form_carries_query_and_parameters(door: Door) -> None:
    form = {"query": (None, "SELECT {x:String} || {y:String}"), "param_x": (None, "a"), "param_y": (None, "b")}
    assert httpx.post(door.url, files=form, auth=("anyone", door.reader)).text == "ab\n"
    table = {"t": ("t.csv", b"1\n")}
    assert (
        httpx.post(door.url, data={"query": "SELECT * FROM t"}, files=table, auth=("anyone", door.reader)).status_code
        == 501
    )


def test_curl_works_as_in_the_documentation(door: Door) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("needs curl")
    common = [curl, "-sS", "--max-time", "20", "-u", f"me:{door.writer}"]

    def run(*more: str, stdin: str = "") -> str:
        return subprocess.run([*common, *more], input=stdin, capture_output=True, text=True, check=True).stdout

    assert run(f"{door.url}?query=SELECT%201") == "1\n"
    assert run(door.url, "--data-binary", "SELECT name FROM things WHERE id = 1") == "mug\n"
    assert (
        run(f"{door.url}?query=INSERT%20INTO%20things%20FORMAT%20CSV", "--data-binary", "@-", stdin="4,cup,1.5\n") == ""
    )
    assert run(door.url, "-d", "SELECT count() FROM things") == "4\n"
    assert run("--compressed", f"{door.url}?enable_http_compression=1", "-d", "SELECT 'packed'") == "packed\n"


def test_a_taken_port_is_an_error_and_a_stopped_gateway_frees_its_own(door: Door, gateway: GatewayServer) -> None:
    with pytest.raises(OSError, match="in use"):
        serve_gateway(door.warehouse, lambda _user, _password: None, port=gateway.port)
    second = serve_gateway(door.warehouse, lambda _user, _password: None, port=0)
    port = second.port
    assert httpx.get(f"http://127.0.0.1:{port}/ping").text == "Ok.\n"
    second.stop()
    second.stop()
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_a_gateway_that_stops_ends_what_would_go_on_for_ever(door: Door) -> None:
    gateway = serve_gateway(door.warehouse, lambda _user, _password: Access("anyone", may_write=True), port=0)
    ends: list[Exception | int] = []

    def ask() -> None:
        try:
            sql = "SELECT count() FROM numbers(1000000000000)"
            ends.append(httpx.post(f"http://127.0.0.1:{gateway.port}", content=sql, timeout=60).status_code)
        except httpx.HTTPError as failure:
            ends.append(failure)

    client = threading.Thread(target=ask)
    client.start()
    deadline = time.monotonic() + 10
    while not _running(door) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _running(door) == 1
    gateway.stop(patience_seconds=0.5)
    client.join()
    assert _running(door) == 0
    assert len(ends) == 1
    assert ends[0] != 200
