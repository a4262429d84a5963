"""What BI tools send: requests of the ClickHouse JDBC driver (Metabase, DBeaver) and of Grafana plugins over HTTP.

The texts are those that the drivers put together; a reader's token has to be enough for all of them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import clickhouse_connect
import httpx
import lz4.block
import pytest

from tests.warehouse.conftest import Door

Row = dict[str, Any]
# What the JDBC driver sends with every request, whatever it asks.
JDBC: dict[str, str] = {
    "default_format": "RowBinaryWithNamesAndTypes",
    "database": "tradewind",
    "wait_end_of_query": "0",
    "compress": "1",
    "max_execution_time": "0",
    "max_result_rows": "0",
    "async_insert": "0",
    "wait_for_async_insert": "0",
}


@pytest.fixture
def sales(door: Door) -> Door:
    door.warehouse.command(
        "CREATE TABLE gold_sales_metrics (date Date32, channel LowCardinality(String), revenue Decimal(38, 4),"
        " margin Nullable(Decimal(18, 4)), orders UInt64, share Float64, at DateTime64(6, 'UTC'), tags Array(String),"
        " built_at DateTime('UTC')) ENGINE = MergeTree ORDER BY date COMMENT 'one row per day and channel'"
    )
    door.warehouse.command(
        "INSERT INTO gold_sales_metrics SELECT toDate32('2026-03-01') + number, ['shop', 'amazon'][number % 2 + 1],"
        " toDecimal128(number, 4) + 0.25, if(number = 0, NULL, toDecimal64(number, 4)), number, number / 4,"
        " toDateTime64('2026-03-01 12:00:00.5', 6, 'UTC') + toIntervalDay(number), ['a', 'b'], '2026-03-10 12:00:00'"
        " FROM numbers(10)"
    )
    return door


def jdbc(door: Door, sql: str, **more: str) -> list[Row]:
    """A statement as the JDBC driver sends it: a name and a token in headers, answered in packed binary rows."""
    answer = httpx.post(
        door.url,
        params=JDBC | more,
        content=sql,
        headers={"X-ClickHouse-User": "bi", "X-ClickHouse-Key": door.reader, "User-Agent": "clickhouse-java-v2/0.9"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    packed = (JDBC | more).get("compress") == "1"
    return binary_rows(unpacked(answer.content) if packed else answer.content)


def unpacked(content: bytes) -> bytes:
    """ClickHouse's own compression: per block a checksum of 16 bytes, method, both sizes, data."""
    whole = b""
    while content:
        method, size, full = struct.unpack_from("<BII", content, 16)
        assert method == 0x82, "not LZ4"
        whole += lz4.block.decompress(content[25 : 16 + size], uncompressed_size=full)
        content = content[16 + size :]
    return whole


def binary_rows(data: bytes) -> list[Row]:
    """RowBinaryWithNamesAndTypes as the driver reads it."""
    reader = _Reader(data)
    columns = reader.varint()
    names = [reader.text() for _ in range(columns)]
    types = [reader.text() for _ in range(columns)]
    rows = []
    while not reader.is_at_end:
        rows.append({name: reader.value(kind) for name, kind in zip(names, types, strict=True)})
    return rows


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    @property
    def is_at_end(self) -> bool:
        return self._place >= len(self._data)

    def take(self, size: int) -> bytes:
        self._place += size
        return self._data[self._place - size : self._place]

    def number(self, size: int, *, signed: bool = True) -> int:
        return int.from_bytes(self.take(size), "little", signed=signed)

    def varint(self) -> int:
        value = shift = 0
        while True:
            byte = self.number(1, signed=False)
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def text(self) -> str:
        return self.take(self.varint()).decode()

    def value(self, kind: str) -> Any:
        name, _, inner = kind.partition("(")
        inner = inner.removesuffix(")")
        match name:
            case "Nullable":
                return None if self.take(1) == b"\1" else self.value(inner)
            case "LowCardinality":
                return self.value(inner)
            case "Array":
                return [self.value(inner) for _ in range(self.varint())]
            case "Decimal":
                digits, scale = (int(part) for part in inner.split(", "))
                return Decimal(self.number(8 if digits <= 18 else 16)).scaleb(-scale)
            case "DateTime64":
                return _EPOCH + timedelta(microseconds=self.number(8) * 10 ** (6 - int(inner[0])))
        return _PLAIN[name](self)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN: dict[str, Callable[[_Reader], Any]] = {
    "String": _Reader.text,
    "UInt8": lambda reader: reader.number(1, signed=False),
    "Bool": lambda reader: reader.take(1) == b"\1",
    "Int32": lambda reader: reader.number(4),
    "UInt64": lambda reader: reader.number(8, signed=False),
    "Float64": lambda reader: struct.unpack("<d", reader.take(8))[0],
    "Date32": lambda reader: date(1970, 1, 1) + timedelta(days=reader.number(4)),
    "DateTime": lambda reader: _EPOCH + timedelta(seconds=reader.number(4, signed=False)),
}


@pytest.mark.parametrize("compress", ["1", "0"])
def test_jdbc_reads_every_kind_of_column(sales: Door, compress: str) -> None:
    rows = jdbc(sales, "SELECT * FROM gold_sales_metrics ORDER BY date LIMIT 2", compress=compress)
    assert rows[0] == {
        "date": date(2026, 3, 1), "channel": "shop", "revenue": Decimal("0.25"), "margin": None, "orders": 0,
        "share": 0.0, "at": datetime(2026, 3, 1, 12, 0, 0, 500_000, UTC), "tags": ["a", "b"],
        "built_at": datetime(2026, 3, 10, 12, tzinfo=UTC),
    }  # fmt: skip
    assert (rows[1]["margin"], rows[1]["share"]) == (Decimal(1), 0.25)


def test_jdbc_connects(sales: Door) -> None:
    (told,) = jdbc(sales, "SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1")
    answer = httpx.post(sales.url, content="SELECT 1", auth=("bi", sales.reader))
    assert told["timezone"] == answer.headers["X-ClickHouse-Timezone"]
    assert int(told["version"].split(".")[0]) >= 24
    assert jdbc(sales, "select 1 as one", compress="0") == [{"one": 1}]
    assert httpx.get(f"{sales.url}ping").text == "Ok.\n"


def test_jdbc_lists_databases_tables_and_columns(sales: Door) -> None:
    schemas = jdbc(
        sales,
        "SELECT name AS TABLE_SCHEM, '' AS TABLE_CATALOG FROM system.databases WHERE name LIKE '%'"
        " ORDER BY TABLE_SCHEM",
    )
    assert "tradewind" in {row["TABLE_SCHEM"] for row in schemas}
    tables = jdbc(
        sales,
        "SELECT '' AS TABLE_CAT, t.database AS TABLE_SCHEM, t.name AS TABLE_NAME, CASE"
        " WHEN t.name LIKE '.inner.%' THEN 'SYSTEM TABLE' WHEN t.engine LIKE 'System%' THEN 'SYSTEM TABLE'"
        " WHEN t.engine = 'View' THEN 'VIEW' WHEN t.engine = 'MaterializedView' THEN 'MATERIALIZED VIEW'"
        " WHEN t.is_temporary = 1 THEN 'LOCAL TEMPORARY' ELSE 'TABLE' END AS TABLE_TYPE, t.comment AS REMARKS"
        " FROM system.tables t WHERE t.database LIKE 'tradewind' AND t.name LIKE '%' ORDER BY t.database, t.name",
    )
    found = {row["TABLE_NAME"]: (row["TABLE_TYPE"], row["REMARKS"]) for row in tables}
    assert found["gold_sales_metrics"] == ("TABLE", "one row per day and channel")
    columns = jdbc(
        sales,
        "SELECT database AS TABLE_SCHEM, table AS TABLE_NAME, name AS COLUMN_NAME, type AS TYPE_NAME, toInt32(position)"
        " AS ORDINAL_POSITION, comment AS REMARKS, if(startsWith(type, 'Nullable('), 'YES', 'NO') AS IS_NULLABLE"
        " FROM system.columns WHERE database LIKE 'tradewind' AND table LIKE 'gold\\\\_sales\\\\_metrics'"
        " AND name LIKE '%' ORDER BY TABLE_SCHEM, TABLE_NAME, ORDINAL_POSITION",
    )
    assert [(row["COLUMN_NAME"], row["IS_NULLABLE"]) for row in columns][:4] == [
        ("date", "NO"), ("channel", "NO"), ("revenue", "NO"), ("margin", "YES"),
    ]  # fmt: skip
    described = jdbc(sales, "DESCRIBE TABLE `tradewind`.`gold_sales_metrics`", compress="0")
    assert [row["name"] for row in described][:2] == ["date", "channel"]


def test_metabase_samples_groups_and_asks_again(sales: Door) -> None:
    assert jdbc(sales, 'SELECT TRUE AS "_" FROM "tradewind"."gold_sales_metrics" WHERE 1 <> 1 LIMIT 0') == []
    rows = jdbc(
        sales,
        "-- Metabase:: userID: 1 queryType: MBQL queryHash: 8e1f\n"
        'SELECT toStartOfMonth("tradewind"."gold_sales_metrics"."at") IS NOT NULL AS "month",'
        ' sum("tradewind"."gold_sales_metrics"."revenue") AS "sum", count() AS "count"'
        ' FROM "tradewind"."gold_sales_metrics" WHERE ("tradewind"."gold_sales_metrics"."channel" = \'shop\''
        ' AND "tradewind"."gold_sales_metrics"."date" >= parseDateTimeBestEffort(\'2026-03-01\'))'
        ' GROUP BY "month" ORDER BY "month" ASC',
    )
    assert rows == [{"month": 1, "sum": Decimal("21.25"), "count": 5}]


def test_jdbc_is_told_in_the_engines_words_and_never_writes(sales: Door) -> None:
    headers = {"X-ClickHouse-User": "bi", "X-ClickHouse-Key": sales.reader}
    for sql, code in (
        ("SELECT nothing FROM gold_sales_metrics", "47"),
        ("DROP TABLE gold_sales_metrics", "164"),
        ("INSERT INTO gold_sales_metrics (orders) VALUES (1)", "164"),
    ):
        answer = httpx.post(sales.url, params=JDBC | {"compress": "0"}, content=sql, headers=headers)
        assert answer.status_code >= 400
        assert answer.headers["x-clickhouse-exception-code"] == code
    refused = httpx.post(sales.url, params=JDBC, content="SELECT 1", headers=headers | {"X-ClickHouse-Key": "wrong"})
    assert refused.headers["x-clickhouse-exception-code"] == "516"


def grafana(door: Door, sql: str, *, method: str = "POST") -> Any:
    """A panel of a Grafana plugin that speaks HTTP and JSON."""
    url = httpx.URL(door.url)
    told: dict[str, str] = {"add_http_cors_header": "1", "default_format": "JSON", "database": "tradewind"}
    if method == "GET":
        answer = httpx.get(url, params=told | {"query": sql}, auth=("grafana", door.reader))
    else:
        answer = httpx.post(url, params=told, content=sql, auth=("grafana", door.reader))
    assert answer.status_code == 200, answer.text
    return json.loads(answer.content)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_grafana_checks_the_source_and_lists_what_is_there(sales: Door, method: str) -> None:
    assert grafana(sales, "SELECT 1 FORMAT JSON", method=method)["data"] == [{"1": 1}]
    assert {"name": "tradewind"} in grafana(sales, "SELECT name FROM system.databases FORMAT JSON", method=method)[
        "data"
    ]
    tables = "SELECT name FROM system.tables WHERE database = 'tradewind' ORDER BY name FORMAT JSON"
    assert {"name": "gold_sales_metrics"} in grafana(sales, tables, method=method)["data"]
    columns = (
        "SELECT name, type FROM system.columns WHERE database = 'tradewind' AND table = 'gold_sales_metrics'"
        " AND match(type, '^DateTime$|^DateTime\\\\(|^Date|^DateTime64') ORDER BY name FORMAT JSON"
    )
    assert [row["name"] for row in grafana(sales, columns, method=method)["data"]] == ["at", "built_at", "date"]


def test_grafana_draws_a_line_over_time(sales: Door) -> None:
    """Its macros put seconds and bounds into the text; numbers come with the names of their types."""
    answer = grafana(
        sales,
        "SELECT (intDiv(toUInt32(toDateTime(at)), 86400) * 86400) * 1000 AS t, channel, sum(revenue) AS revenue"
        " FROM tradewind.gold_sales_metrics WHERE at >= toDateTime(1772323200) AND at <= toDateTime(1772582400)"
        " GROUP BY t, channel ORDER BY t FORMAT JSON",
    )
    assert [column["name"] for column in answer["meta"]] == ["t", "channel", "revenue"]
    assert [(row["channel"], row["revenue"]) for row in answer["data"]] == [
        ("shop", 0.25),
        ("amazon", 1.25),
        ("shop", 2.25),
    ]
    variable = grafana(sales, "SELECT DISTINCT channel FROM gold_sales_metrics ORDER BY channel FORMAT JSON")
    assert variable["data"] == [{"channel": "amazon"}, {"channel": "shop"}]


def test_clickhouse_connect_reads_gold_as_a_table(sales: Door) -> None:
    client = clickhouse_connect.get_client(
        host=sales.host, port=sales.port, username="bi", password=sales.reader, database="tradewind"
    )
    try:
        frame = client.query_df(
            "SELECT channel, sum(revenue) AS revenue FROM gold_sales_metrics GROUP BY channel ORDER BY 1"
        )
        assert list(frame["revenue"]) == [Decimal("26.25"), Decimal("21.25")]
        arrow = client.query_arrow("SELECT * FROM gold_sales_metrics ORDER BY date")
        assert arrow.column("margin").null_count == 1
    finally:
        client.close()
