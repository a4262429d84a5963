"""Open tables, read back by those who will read them: deltalake, DuckDB and Polars say what the warehouse says."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from deltalake import DeltaTable, write_deltalake

from tests.warehouse.conftest import READER, WRITER, Door
from tradewind.core.errors import Conflict, InvalidInput, Unavailable
from tradewind.warehouse.exporting import service
from tradewind.warehouse.exporting.service import Exported, ExportRunning, Format, Step, export
from tradewind.warehouse.exporting.source import Warehouse, models, personal_columns
from tradewind.warehouse.medallion import PROJECT

GOLD, SILVER = "gold_sales_metrics", "silver_customers"
BOTH = pytest.mark.parametrize("form", list(Format))


@contextmanager
def opened(door: Door, token: str = WRITER) -> Iterator[Warehouse]:
    with Warehouse.open(door.host, door.port, "export", token, database="tradewind", secure=False) as warehouse:
        yield warehouse


def run(door: Door, folder: Path, form: Format, **more: Any) -> dict[str, Exported]:
    """What became of each table that is built."""
    with opened(door) as warehouse:
        done = export(warehouse, folder, form, **({"layers": ["gold", "silver"]} | more))
    return {table.table: table for table in done if table.status != "missing"}


def read(folder: Path, form: Format, table: str = GOLD, columns: list[str] | None = None) -> pa.Table:
    if form is Format.DELTA:
        return DeltaTable(str(folder / table)).to_pyarrow_table(columns=columns)
    return pq.read_table(folder / table, columns=columns)


@pytest.fixture
def sales(door: Door) -> Door:
    """Two models as a build leaves them: one of gold, with every kind of column, and the customers of silver."""
    door.warehouse.command(_GOLD_TABLE)
    fill(door, 1000)
    door.warehouse.command(
        f"CREATE TABLE {SILVER} (customer_id String, email Nullable(String), name Nullable(String),"
        " phone Nullable(String), city Nullable(String), birth_date Nullable(Date32), country Nullable(String))"
        " ENGINE = MergeTree ORDER BY customer_id"
    )
    door.warehouse.command(
        f"INSERT INTO {SILVER} VALUES ('c-1', 'ada@secret.example', 'Ada Secret', '+49 30 secret', 'Secretville',"
        " '1815-12-10', 'DE')"
    )
    return door


_GOLD_TABLE = f"""
    CREATE TABLE {GOLD} (
        date Date32, month Date, channel LowCardinality(String), currency FixedString(3), revenue Decimal(38, 4),
        rate Nullable(Decimal(38, 16)), wide Decimal(76, 4), orders UInt64, units Nullable(Int64), tiny UInt8,
        at DateTime64(6, 'UTC'), seen DateTime('Asia/Kathmandu'), noted Nullable(DateTime64(3, 'UTC')),
        kind Enum8('sale' = 1, 'it\\'s (a) refund' = 2), id UUID, is_whole Bool, prices Array(Decimal(18, 4)),
        whens Array(Nullable(DateTime)), pair Tuple(name String, units UInt32), words Map(String, UInt16),
        share Float64, built_at DateTime64(6, 'UTC')
    ) ENGINE = MergeTree ORDER BY date
"""
_GOLD_ROWS = f"""
    INSERT INTO {GOLD} SELECT
        toDate32('1969-12-31') + number % 7, toDate('2026-03-01'), ['shop', 'amazon'][number % 2 + 1], 'EUR',
        toDecimal128(number, 4) / 7, if(number % 3 = 0, NULL, toDecimal128(number, 16) / 3), toDecimal256(number, 4),
        number, if(number % 2 = 0, NULL, -toInt64(number)), number % 256,
        toDateTime64('2026-03-10 12:00:00.123456', 6, 'UTC'), toDateTime('2026-03-29 00:15:00', 'Asia/Kathmandu'),
        if(number % 2 = 0, NULL, toDateTime64('2026-03-10 12:00:00.5', 3, 'UTC')),
        ['sale', 'it\\'s (a) refund'][number % 2 + 1], toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), number % 2,
        [number, 0.5], [NULL, toDateTime('2026-03-10 12:00:00', 'UTC')], ('a', number), map('a', number % 9),
        number / 4, {{built_at:DateTime64(6, 'UTC')}}
    FROM numbers({{first:UInt64}}, {{rows:UInt64}})
"""


def fill(door: Door, rows: int, *, built_at: str = "2026-03-10 12:00:00", first: int = 0) -> None:
    door.warehouse.command(_GOLD_ROWS, {"first": first, "rows": rows, "built_at": built_at})


@BOTH
def test_every_kind_of_column_arrives_as_itself(sales: Door, tmp_path: Path, form: Format) -> None:
    done = run(sales, tmp_path, form)
    assert (done[GOLD].status, done[GOLD].rows, done[SILVER].rows) == ("new", 1000, 1)
    rows = read(tmp_path, form).sort_by("orders")
    types = {field.name: str(field.type) for field in rows.schema}
    assert types["date"] == types["month"] == "date32[day]"
    assert (types["revenue"], types["rate"], types["wide"]) == (
        "decimal128(38, 4)", "decimal128(38, 16)", "decimal128(38, 4)",
    )  # fmt: skip
    assert (types["orders"], types["tiny"], types["at"], types["seen"], types["noted"]) == (
        "int64", "int16", "timestamp[us, tz=UTC]", "timestamp[us, tz=UTC]", "timestamp[us, tz=UTC]",
    )  # fmt: skip
    row = rows.slice(1, 1).to_pylist()[0]
    assert row == {
        "date": date(1970, 1, 1), "month": date(2026, 3, 1), "channel": "amazon", "currency": "EUR",
        "revenue": Decimal("0.1428"), "rate": Decimal("0.3333333333333333"), "wide": Decimal("1.0000"),
        "orders": 1, "units": -1, "tiny": 1, "at": datetime(2026, 3, 10, 12, 0, 0, 123456, UTC),
        "seen": datetime(2026, 3, 28, 18, 30, tzinfo=UTC),
        "noted": datetime(2026, 3, 10, 12, 0, 0, 500_000, UTC), "kind": "it's (a) refund",
        "id": "61f0c404-5cb3-11e7-907b-a6006ad3dba0", "is_whole": True, "prices": [Decimal(1), Decimal("0.5")],
        "whens": [None, datetime(2026, 3, 10, 12, tzinfo=UTC)], "pair": {"name": "a", "units": 1}, "words": [("a", 1)],
        "share": 0.25, "built_at": datetime(2026, 3, 10, 12, tzinfo=UTC),
    }  # fmt: skip
    assert (rows["rate"][0].as_py(), rows["units"][0].as_py(), rows["noted"][0].as_py()) == (None, None, None)


def test_three_readers_find_the_sums_of_the_warehouse(sales: Door, tmp_path: Path) -> None:
    fill(sales, 200_000, first=1000)
    for form in Format:
        run(sales, tmp_path / form, form)
    (expected,) = sales.warehouse.query(
        f"SELECT count() AS n, sum(revenue) AS a, sum(units) AS b, countIf(isNull(rate)) AS c FROM {GOLD}"
    )
    should = tuple(expected.values())
    assert should[0] == 201_000
    asked = "SELECT count(*), sum(revenue), sum(units), count(*) - count(rate) FROM {}"
    delta, parquet = tmp_path / "delta" / GOLD, tmp_path / "parquet" / GOLD
    dataset = DeltaTable(str(delta)).to_pyarrow_dataset()
    with duckdb.connect() as duck:
        duck.register("dataset", dataset)
        for place in ("dataset", f"read_parquet('{parquet}/*.parquet')"):
            assert duck.execute(asked.format(place)).fetchall() == [should]
    assert dataset.count_rows() == 201_000
    figures = (pl.len(), pl.col("revenue").sum(), pl.col("units").sum(), pl.col("rate").null_count())
    for scanned in (pl.scan_delta(str(delta)), pl.scan_parquet(parquet)):
        assert scanned.select(a=figures[0], b=figures[1], c=figures[2], d=figures[3]).collect().row(0) == should


@BOTH
def test_only_what_changed_gets_a_version(sales: Door, tmp_path: Path, form: Format) -> None:
    first = run(sales, tmp_path, form)
    assert {table.status for table in first.values()} == {"new"}
    again = run(sales, tmp_path, form)
    assert {table.status for table in again.values()} == {"unchanged"}

    # A build that finds nothing new leaves other moments and the same rows, in whatever order they are stored.
    sales.warehouse.command(f"TRUNCATE TABLE {GOLD}")
    fill(sales, 500, built_at="2026-03-11 12:00:00", first=500)
    fill(sales, 500, built_at="2026-03-11 12:00:00")
    assert run(sales, tmp_path, form)[GOLD].status == "unchanged"

    sales.warehouse.command(f"INSERT INTO {GOLD} SELECT * REPLACE (revenue + 0.0001 AS revenue) FROM {GOLD} LIMIT 1")
    changed = run(sales, tmp_path, form)
    assert (changed[GOLD].status, changed[SILVER].status) == ("changed", "unchanged")
    assert changed[GOLD].version == (first[GOLD].version or 0) + 1
    assert read(tmp_path, form).num_rows == 1001


@BOTH
def test_unknown_is_not_zero_for_a_version_either(sales: Door, tmp_path: Path, form: Format) -> None:
    run(sales, tmp_path, form)
    sales.warehouse.command(f"ALTER TABLE {GOLD} UPDATE rate = 0 WHERE isNull(rate) SETTINGS mutations_sync = 2")
    assert run(sales, tmp_path, form)[GOLD].status == "changed"
    assert read(tmp_path, form)["rate"].null_count == 0


def test_history_is_kept_and_columns_may_come_go_and_change(sales: Door, tmp_path: Path) -> None:
    run(sales, tmp_path, Format.DELTA)
    sales.warehouse.command(f"ALTER TABLE {GOLD} ADD COLUMN margin Nullable(Decimal(38, 4)), DROP COLUMN words")
    sales.warehouse.command(f"ALTER TABLE {GOLD} MODIFY COLUMN tiny String SETTINGS mutations_sync = 2")
    assert run(sales, tmp_path, Format.DELTA)[GOLD].version == 1
    newest = read(tmp_path, Format.DELTA)
    assert "margin" in newest.column_names
    assert "words" not in newest.column_names
    assert newest.schema.field("tiny").type == pa.string()
    before = DeltaTable(str(tmp_path / GOLD), version=0).to_pyarrow_table()
    assert (before.num_rows, "words" in before.column_names) == (1000, True)
    entries = DeltaTable(str(tmp_path / GOLD)).history()
    assert [entry["tradewind.rows"] for entry in entries] == ["1000", "1000"]
    assert len({entry["tradewind.digest"] for entry in entries}) == 2


@BOTH
def test_personal_data_stay_behind(sales: Door, tmp_path: Path, form: Format) -> None:
    run(sales, tmp_path, form)
    assert read(tmp_path, form, SILVER).to_pylist() == [{"customer_id": "c-1", "country": "DE"}]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"ecret" in content for content in files)


def test_every_model_that_reads_who_customers_are_says_which_columns_are_personal() -> None:
    personal = personal_columns(SILVER)
    assert personal == {"email", "name", "phone", "city", "birth_date"}
    readers = [path for path in (PROJECT / "models").rglob("*.sql") if f"'{SILVER}'" in path.read_text()]
    assert {"gold_customer_analytics", "gold_customer_metrics"} <= {path.stem for path in readers}
    for path in readers:
        (model,) = yaml.safe_load(path.with_suffix(".yml").read_text())["models"]
        columns = {column["name"] for column in model["columns"]}
        assert columns & personal == personal_columns(path.stem), path.stem


@BOTH
def test_an_empty_table_is_a_table(sales: Door, tmp_path: Path, form: Format) -> None:
    sales.warehouse.command(f"TRUNCATE TABLE {GOLD}")
    assert run(sales, tmp_path, form)[GOLD].rows == 0
    assert (read(tmp_path, form).num_rows, "revenue" in read(tmp_path, form).column_names) == (0, True)
    assert run(sales, tmp_path, form)[GOLD].status == "unchanged"


@BOTH
def test_a_dry_run_tells_and_writes_nothing(sales: Door, tmp_path: Path, form: Format) -> None:
    folder = tmp_path / "lake"
    assert run(sales, folder, form, dry_run=True)[GOLD].status == "new"
    assert not folder.exists()
    run(sales, folder, form)
    fill(sales, 1, first=1000)
    assert run(sales, folder, form, dry_run=True)[GOLD].status == "changed"
    assert read(folder, form).num_rows == 1000


@BOTH
def test_a_table_that_is_built_anew_while_it_is_read_is_read_again(
    sales: Door, tmp_path: Path, form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: Callable[..., Any] = Warehouse.state
    looks = []

    def then_built(self: Warehouse, relation: Any) -> Any:
        state = looked(self, relation)
        looks.append(state)
        if len(looks) == 1:
            fill(sales, 10, first=1000)
        return state

    monkeypatch.setattr(Warehouse, "state", then_built)
    done = run(sales, tmp_path, form, layers=["gold"])
    assert (done[GOLD].status, done[GOLD].rows, len(looks)) == ("new", 1010, 2)
    assert read(tmp_path, form).num_rows == 1010
    if form is Format.DELTA:
        assert len(DeltaTable(str(tmp_path / GOLD)).history()) == 1

    monkeypatch.setattr(service, "_TRIES", 0)
    with pytest.raises(Unavailable, match="changes faster than it can be read"):
        run(sales, tmp_path, form, layers=["gold"])


@BOTH
def test_what_breaks_off_leaves_the_last_version(sales: Door, tmp_path: Path, form: Format) -> None:
    run(sales, tmp_path, form)
    sales.warehouse.command(f"RENAME TABLE {GOLD} TO kept")
    sales.warehouse.command(
        f"CREATE VIEW {GOLD} AS SELECT number + throwIf(number = 900000, 'told so') AS orders FROM numbers(1000000)"
    )
    try:
        with pytest.raises(Unavailable, match="told so"):
            run(sales, tmp_path, form, layers=["gold"])
    finally:
        sales.warehouse.command(f"DROP VIEW {GOLD}")
    assert read(tmp_path, form).num_rows == 1000


@BOTH
def test_what_is_not_ours_is_left_alone(sales: Door, tmp_path: Path, form: Format) -> None:
    theirs = tmp_path / GOLD
    if form is Format.DELTA:
        write_deltalake(str(theirs), pa.table({"a": [1]}))
    else:
        theirs.mkdir()
        (theirs / "a.txt").write_text("mine")
    before = sorted(path.name for path in theirs.rglob("*"))
    with pytest.raises(Conflict, match="Choose another folder"):
        run(sales, tmp_path, form)
    assert sorted(path.name for path in theirs.rglob("*")) == before


def test_wrong_words_are_answered_with_the_right_ones(sales: Door, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"'platinum'.*gold, silver"):
        run(sales, tmp_path, Format.DELTA, layers=["platinum"])
    with pytest.raises(Unavailable, match="Authentication failed"), opened(sales, "wrong"):
        pass
    sales.warehouse.command("CREATE TABLE gold_monthly_sales (a AggregateFunction(sum, UInt8)) ENGINE = Memory")
    with pytest.raises(InvalidInput, match=r"gold_monthly_sales\.a is of type AggregateFunction"):
        run(sales, tmp_path, Format.DELTA)


def test_a_number_that_does_not_fit_is_refused_and_not_wrapped(sales: Door, tmp_path: Path) -> None:
    sales.warehouse.command("CREATE TABLE gold_monthly_sales (a UInt64) ENGINE = MergeTree ORDER BY ()")
    sales.warehouse.command("INSERT INTO gold_monthly_sales VALUES (18446744073709551615)")
    with pytest.raises(InvalidInput, match="gold_monthly_sales is too large"):
        run(sales, tmp_path, Format.DELTA, layers=["gold"])
    assert not DeltaTable.is_deltatable(str(tmp_path / "gold_monthly_sales"))
    sales.warehouse.command("ALTER TABLE gold_monthly_sales UPDATE a = 7 WHERE 1 SETTINGS mutations_sync = 2")
    run(sales, tmp_path, Format.DELTA, layers=["gold"])
    assert read(tmp_path, Format.DELTA, "gold_monthly_sales").to_pylist() == [{"a": 7}]


def test_a_reader_may_export_what_stays_within_its_limits(sales: Door, tmp_path: Path) -> None:
    with opened(sales, READER) as warehouse:
        done = export(warehouse, tmp_path, Format.PARQUET, layers=["gold"])
    assert [table.rows for table in done if table.status == "new"] == [1000]


@BOTH
def test_progress_is_told_and_a_folder_takes_one_export(sales: Door, tmp_path: Path, form: Format) -> None:
    steps: list[Step] = []

    def meanwhile(step: Step) -> None:
        steps.append(step)
        if step.rows == 0:
            with pytest.raises(ExportRunning, match="Another export writes into"):
                run(sales, tmp_path, form)

    with opened(sales) as warehouse:
        export(warehouse, tmp_path, form, layers=["gold", "silver"], progress=meanwhile)
    assert [(step.table, step.rows) for step in steps] == [(GOLD, 0), (GOLD, 1000), (SILVER, 0), (SILVER, 1)]
    assert {step.total for step in steps} == {len(models(["gold", "silver"]))}


_CHILD = """
import sys
from pathlib import Path
from tradewind.warehouse.exporting.service import Format, export
from tradewind.warehouse.exporting.source import Warehouse
host, port, token, folder, form = sys.argv[1:]
with Warehouse.open(host, int(port), "export", token, database="tradewind", secure=False) as warehouse:
    print("ready", flush=True)
    export(warehouse, Path(folder), Format(form), layers=["gold"])
"""


@pytest.mark.crash
@pytest.mark.slow
@BOTH
def test_killed_at_any_moment_the_last_version_can_be_read(sales: Door, tmp_path: Path, form: Format) -> None:
    fill(sales, 100_000, first=1000)
    run(sales, tmp_path, form, layers=["gold"])
    chance = random.Random(20260310)
    killed = 0
    for attempt in range(5):
        before = read(tmp_path, form, columns=["revenue"]).num_rows
        fill(sales, 1, first=1_000_000 + attempt)
        (now,) = sales.warehouse.query(f"SELECT count() AS n FROM {GOLD}")
        line = [sys.executable, "-c", _CHILD, sales.host, str(sales.port), sales.writer, str(tmp_path), form]
        with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.05, 0.5))
            child.send_signal(signal.SIGKILL)
        killed += child.returncode == -signal.SIGKILL
        assert read(tmp_path, form, columns=["revenue"]).num_rows in (before, now["n"])
    assert killed
    fill(sales, 1, first=2_000_000)
    run(sales, tmp_path, form, layers=["gold"])
    assert read(tmp_path, form).num_rows == 101_006
    if form is Format.DELTA:
        newest = DeltaTable(str(tmp_path / GOLD)).version()
        versions = [DeltaTable(str(tmp_path / GOLD), version=number) for number in range(newest + 1)]
        known = {Path(uri).name for version in versions for uri in version.file_uris()}
        assert {path.name for path in (tmp_path / GOLD).glob("*.parquet")} == known
    else:
        assert len(list((tmp_path / ".versions" / GOLD).iterdir())) == 2
