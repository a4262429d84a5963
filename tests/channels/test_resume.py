"""A run that breaks off goes on where its last chunk committed: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.channels.conftest import Shop
from tradewind.channels.files.options import Step
from tradewind.channels.files.problems import ImportUnderWay

ORDERS = 3_000
HEADER = "order_number,placed_at,sku,quantity,unit_price,currency,customer_id,type\n"

IMPORT = """
import sys
from pathlib import Path
from tradewind.channels.files.options import ImportOptions
from tradewind.channels.files.service import run_import
from tradewind.core.database import Database
url, path, data_dir = sys.argv[1:]
options = ImportOptions(data_dir=Path(data_dir), chunk_orders=50, location="main")
print("resumed after", run_import(Database(url), "generic", Path(path), options=options).resumed_after)
"""


def many_orders(count: int = ORDERS) -> str:
    """Orders with lines spread over the file, some refunds, and now and then a row that cannot be booked."""
    chance = random.Random(7)
    rows = []
    for number in range(count):
        sku, price = f"SKU-{number % 97}", f"{number % 50 + 0.99:.2f}"
        at = f"2026-01-{number % 28 + 1:02}"
        rows.append(f"A{number},{at},{sku},{number % 4 or 'none'},{price},EUR,C{number % 211},\n")
        rows.append(f"A{number},{at},EXTRA,1,1.00,EUR,C{number % 211},\n")
        if number % 10 == 1:
            rows.append(f"A{number},{at},{sku},1,{price},EUR,C{number % 211},refund\n")
    chance.shuffle(rows)
    return HEADER + "".join(rows)


@pytest.mark.crash
@pytest.mark.slow
def test_kill_9_in_the_middle_loses_nothing_and_doubles_nothing(
    shop: Shop, store_url: str, migrated_sqlite: Path, tmp_path: Path
) -> None:
    path = shop.file("orders.csv", many_orders())
    chance = random.Random(11)
    cut_short = 0
    # Each life gets a little further than the one before, and the last one ends in peace.
    for further in (1, 400, 300, 500):
        process = _start(shop, store_url, path)
        _wait_for_orders(shop, process, shop.value("SELECT count(*) FROM orders") + further)
        time.sleep(chance.random() / 20)
        process.kill()
        output = process.communicate()[0]
        cut_short += process.returncode == -signal.SIGKILL and shop.rows("SELECT status FROM sync_runs") == [
            ("running",)
        ]
    assert cut_short > 0, "no life of the import ended in the middle"
    process = _start(shop, store_url, path)
    output = process.communicate()[0]
    assert process.returncode == 0, output
    assert int(output.split()[-1]) > 0

    calm = _calm_import(migrated_sqlite, tmp_path, path)
    assert shop.booked() == calm.booked()
    (run,) = shop.rows("SELECT status, counts FROM sync_runs")
    (calm_run,) = calm.rows("SELECT status, counts FROM sync_runs")
    assert run[0] == "finished"
    assert _json(run[1]) == _json(calm_run[1])
    assert _report(shop) == _report(calm)
    assert _stock_is_the_sum_of_its_movements(shop)
    assert not list((shop.data_dir / "tmp").iterdir()), "a dead process left its staging file"
    calm.database.close()


def _start(shop: Shop, url: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", IMPORT, url, str(path), str(shop.data_dir)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _wait_for_orders(shop: Shop, process: subprocess.Popen[str], wanted: int) -> None:
    while process.poll() is None and shop.value("SELECT count(*) FROM orders") < wanted:
        time.sleep(0.005)


def _calm_import(migrated: Path, tmp_path: Path, path: Path) -> Shop:
    """The same import in a store of its own, undisturbed."""
    from tradewind.core.database import Database

    folder = tmp_path / "calm"
    folder.mkdir()
    (folder / "store.db").write_bytes(migrated.read_bytes())
    calm = Shop(Database(f"sqlite:///{folder / 'store.db'}"), folder / "data", folder)
    calm.run("generic", path, chunk_orders=50, location="main")
    return calm


def _json(stored: object) -> object:
    import json

    return json.loads(stored) if isinstance(stored, str) else stored


def _report(shop: Shop) -> str:
    (path,) = (shop.data_dir / "imports").iterdir()
    return path.read_text()


def _stock_is_the_sum_of_its_movements(shop: Shop) -> bool:
    wrong = shop.value(
        "SELECT count(*) FROM stock s WHERE s.on_hand <> (SELECT sum(m.delta) FROM stock_movements m"
        " WHERE m.product_id = s.product_id AND m.location_id = s.location_id)"
    )
    return bool(wrong == 0)


class Unplugged(RuntimeError):
    """Somebody pulled the plug."""


def test_an_import_that_fails_goes_on_behind_its_last_chunk_and_says_so(shop: Shop) -> None:
    path = shop.file("orders.csv", many_orders(400))

    def unplug(step: Step) -> None:
        if step.stage == "orders" and step.done >= 150:
            raise Unplugged

    with pytest.raises(Unplugged):
        shop.run("generic", path, chunk_orders=50, progress=unplug)
    assert shop.rows("SELECT status FROM sync_runs") == [("failed",)]
    booked = shop.value("SELECT count(*) FROM orders")
    assert 0 < booked < 400

    steps: list[Step] = []
    result = shop.run("generic", path, chunk_orders=50, progress=steps.append)
    assert result.resumed_after == 150
    first = next(step for step in steps if step.stage == "orders")
    assert (first.resumed_after, first.done, first.total) == (150, 150, 400)
    assert result.count("orders.created") == shop.value("SELECT count(*) FROM orders") > booked
    assert result.count("rows.read") == len(many_orders(400).splitlines()) - 1
    assert shop.rows("SELECT status FROM sync_runs") == [("finished",)]


def test_the_same_file_twice_changes_nothing_and_says_when_it_came(shop: Shop) -> None:
    path = shop.file("orders.csv", HEADER + "A,2026-01-02,MUG,1,9.99,EUR,C1,\nB,2026-01-02,MUG,1,9.99,EUR,C1,refund\n")
    first = shop.run("generic", path)
    before = shop.booked(), shop.counts()
    second = shop.run("generic", path, now="2026-07-01T00:00:00+00:00")
    third = shop.run("generic", path, again=True)
    assert (shop.booked(), shop.counts()) == before
    assert not first.changed_nothing
    assert second.already_imported_at == "2026-06-01T12:00:00Z"
    assert third.already_imported_at is None
    for result in (second, third):
        assert result.changed_nothing
        assert (result.count("orders.unchanged"), result.count("refunds.unchanged")) == (1, 1)
        assert result.sums() == first.sums()


def test_a_copy_under_another_name_is_the_same_file(sqlite_shop: Shop) -> None:
    text = HEADER + "A,2026-01-02,MUG,1,9.99,EUR,C1,\n"
    sqlite_shop.run("generic", sqlite_shop.file("orders.csv", text))
    assert sqlite_shop.run("generic", sqlite_shop.file("copy.csv", text)).already_imported_at is not None
    assert sqlite_shop.run("generic", sqlite_shop.file("copy.csv", text), channel="other").count("orders.created") == 1


def test_two_imports_of_one_file_at_once_do_not_tread_on_each_other(shop: Shop) -> None:
    path = shop.file("orders.csv", many_orders(200))
    others: list[int] = []

    def second_import(step: Step) -> None:
        if step.stage == "orders" and step.done == 50 and not others:
            others.append(shop.run("generic", path, chunk_orders=50).count("orders.created"))

    with pytest.raises(ImportUnderWay, match="Another process imports the same file"):
        shop.run("generic", path, chunk_orders=50, progress=second_import)
    assert others == [shop.value("SELECT count(*) FROM orders")]
    assert shop.rows("SELECT status FROM sync_runs") == [("finished",)]
    assert shop.value("SELECT count(*) FROM outbox WHERE topic = 'orders'") == shop.value("SELECT count(*) FROM orders")
