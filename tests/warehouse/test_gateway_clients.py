"""Programs made for a ClickHouse server, pointed at the gateway: clickhouse-connect as a library, in Native."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import clickhouse_connect
import numpy
import pandas as pd
import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError

from tests.warehouse.conftest import Door


@pytest.fixture
def writer(door: Door) -> Iterator[Client]:
    client = clickhouse_connect.get_client(host=door.host, port=door.port, username="w", password=door.writer)
    yield client
    client.close()


@pytest.fixture
def reader(door: Door) -> Iterator[Client]:
    client = clickhouse_connect.get_client(
        host=door.host, port=door.port, username="r", password=door.reader, database="tradewind", tz_mode="aware"
    )
    yield client
    client.close()


def test_rows_come_back_with_their_types(reader: Client) -> None:
    result = reader.query(
        "SELECT id, price, toDate32('1969-12-31') AS day, toDateTime64('2026-03-10 12:00:00.5', 6, 'UTC') AS at,"
        " [id] AS ids, CAST('x' AS LowCardinality(String)) AS word, CAST(NULL AS Nullable(Int8)) AS nothing"
        " FROM things ORDER BY id LIMIT 1"
    )
    assert result.column_names == ("id", "price", "day", "at", "ids", "word", "nothing")
    assert result.first_row == (
        1, Decimal("9.99"), date(1969, 12, 31), datetime(2026, 3, 10, 12, 0, 0, 500_000, UTC), [1], "x", None,
    )  # fmt: skip


def test_parameters_and_settings_and_ids_are_taken(reader: Client) -> None:
    found = reader.query(
        "SELECT name FROM things WHERE name IN {names:Array(String)}",
        parameters={"names": ["mug", "it's \\ \n"]},
        settings={"session_id": "one", "query_id": "a-query"},
    )
    assert found.result_rows == [("mug",)]
    assert found.query_id == "a-query"
    assert found.summary["result_rows"] == "1"


def test_an_empty_result_and_a_probe_for_columns_work(reader: Client) -> None:
    assert reader.query("SELECT id FROM things WHERE 0").result_rows == []
    assert reader.query("SELECT id, name FROM things LIMIT 0").column_names == ("id", "name")
    assert reader.command("SELECT count() FROM things") == 3
    assert reader.command("EXISTS TABLE things") == 1


@pytest.mark.parametrize("compress", ["lz4", "zstd", "gzip", False])
def test_inserts_and_queries_work_in_every_compression(door: Door, compress: str | bool) -> None:
    client = clickhouse_connect.get_client(
        host=door.host, port=door.port, username="w", password=door.writer, compress=compress
    )
    rows = [[i, f"thing {i}", Decimal(i) / 4] for i in range(10, 50_010)]
    summary = client.insert("things", rows, column_names=["id", "name", "price"])
    assert summary.written_rows == 50_000
    assert client.query("SELECT count(), sum(price) FROM things").first_row == (
        50_003,
        Decimal(sum(range(10, 50_010))) / 4 + Decimal("42.49"),
    )
    client.close()


def test_data_frames_go_both_ways(writer: Client) -> None:
    writer.insert_df("things", pd.DataFrame({"id": [7, 8], "name": ["a", "b"], "price": [Decimal(1), Decimal(2)]}))
    frame = writer.query_df("SELECT name, id FROM things WHERE id > 3 ORDER BY id")
    assert list(frame["name"]) == ["a", "b"]


def test_blocks_are_streamed(writer: Client) -> None:
    total = rows = 0
    with writer.query_column_block_stream("SELECT number FROM numbers(3000000)") as stream:
        for block in stream:
            rows += len(block[0])
            total += int(numpy.sum(block[0]))
    assert (rows, total) == (3_000_000, 3_000_000 * 2_999_999 // 2)


def test_arrow_is_streamed_as_one_stream(writer: Client) -> None:
    sql = "SELECT number, toString(number) AS text, [number] AS list FROM numbers(3000000)"
    total = rows = 0
    with writer.query_arrow_stream(sql) as stream:
        for batch in stream:
            rows += batch.num_rows
            total += int(numpy.sum(batch["number"].to_numpy()))
    assert (rows, total) == (3_000_000, 3_000_000 * 2_999_999 // 2)
    assert writer.query_arrow(f"{sql} WHERE number < 0").column_names == ["number", "text", "list"]


def test_an_error_within_a_stream_is_the_engines(writer: Client) -> None:
    sql = "SELECT throwIf(number = 2000000, 'told so') + number FROM numbers(3000000) SETTINGS max_threads = 1"
    with pytest.raises(ClickHouseError, match="told so"), writer.query_column_block_stream(sql) as stream:
        for _ in stream:
            pass


def test_raw_inserts_and_files_are_taken(writer: Client) -> None:
    writer.raw_insert("things", insert_block=b"7,seven,7.70\n", fmt="CSV")
    writer.raw_insert("things", ["id", "name"], insert_block=(piece for piece in (b"8,ei", b"ght\n")), fmt="CSV")
    assert (
        writer.command("SELECT groupArray(name) FROM (SELECT name FROM things WHERE id > 3 ORDER BY id)")
        == "['seven','eight']"
    )
    assert writer.raw_query("SELECT 1 AS x", fmt="CSVWithNames") == b'"x"\n1\n'
    assert writer.query_arrow("SELECT id FROM things").num_rows == 5


def test_definitions_are_commands(writer: Client) -> None:
    writer.command("CREATE TABLE made (a UInt8) ENGINE = Memory")
    writer.command("INSERT INTO made VALUES ({a:UInt8})", parameters={"a": 7})
    assert writer.query("SELECT a FROM made").result_rows == [(7,)]
    writer.command("DROP TABLE made")


def test_a_reader_is_told_why_a_write_fails(reader: Client) -> None:
    with pytest.raises(DatabaseError, match="readonly mode: the token needs the scope sql:write"):
        reader.command("DROP TABLE things")
    with pytest.raises(DatabaseError, match="READONLY"):
        reader.insert("things", [[9, "x", Decimal(1)]])


def test_a_wrong_token_is_told_at_the_first_call(door: Door) -> None:
    with pytest.raises(DatabaseError, match="Authentication failed") as failed:
        clickhouse_connect.get_client(host=door.host, port=door.port, username="r", password="wrong")
    assert failed.value.code == 516
