"""What follows a sync: replays, webhooks, pushes, jobs that come round, keys that are changed, and kill -9."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from tests.channels.syncing import ACTOR, KEY, Rig
from tests.channels.tiny import SECRET, TinyConnection, TinyConnector, TinyServer, TinyShop
from tradewind.channels.contract import Account, CredentialField, Hint, Limit, Resource
from tradewind.channels.sync import inbox
from tradewind.channels.sync.connections import (
    change_connection,
    change_credentials,
    find_connection,
    link_sku,
    sort_entered,
)
from tradewind.channels.sync.engine import Engine, SyncUnderWay
from tradewind.channels.sync.freshness import freshness, watch
from tradewind.channels.sync.replay import replay_payloads, replay_quarantine, waiting
from tradewind.channels.sync.writeback import drift, push
from tradewind.commerce.catalog.service import NewProduct, ensure_products
from tradewind.commerce.inventory.service import ensure_location
from tradewind.commerce.inventory.told_counts import count_told
from tradewind.core.database import Database
from tradewind.core.encryption import CannotUnseal
from tradewind.core.errors import InvalidInput, NotPermitted
from tradewind.core.exclusion import file_lock
from tradewind.jobs.key_rotation import rotate
from tradewind.jobs.registry import jobs_of
from tradewind.jobs.scheduler import Scheduler, job_history


@pytest.fixture
def rig(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Rig]:
    (tmp_path / "s.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 's.db'}")
    made = Rig.make(database, tmp_path / "locks")
    yield made
    made.close()
    database.close()


def test_quarantine_is_booked_once_its_cause_is_gone(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.shop.order(1, currency="???")
    rig.shop.order(2)
    rig.sync()
    again = replay_quarantine(rig.engine, "tiny")
    assert (again.booked, again.refused) == (0, 1)
    better = TinyConnection.map

    def understands(self: TinyConnection, resource: Resource, raw: Mapping[str, Any]) -> Any:
        return better(self, resource, {**raw, "currency": "USD"})

    monkeypatch.setattr(TinyConnection, "map", understands)
    done = replay_quarantine(rig.engine, "tiny")
    assert (done.booked, done.refused) == (1, 0)
    assert rig.one("SELECT count(*) FROM orders") == 2
    with rig.database.read() as tx:
        assert waiting(tx) == []


def test_kept_payloads_are_mapped_again_without_a_call_to_the_channel(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        rig.shop.order(number, status="shipped_twice")
    rig.sync()
    calls = sum(rig.shop.calls.values())
    better = TinyConnection.map
    monkeypatch.setattr(
        TinyConnection, "map", lambda self, resource, raw: better(self, resource, {**raw, "status": "shipped"})
    )
    done = replay_payloads(rig.engine, "tiny", Resource.ORDERS)
    assert (done.booked, sum(rig.shop.calls.values())) == (30, calls)
    assert rig.rows("SELECT status, count(*) FROM orders GROUP BY 1") == [("shipped", 30)]


def test_a_new_secret_key_opens_everything_after_rotation_and_the_former_one_nothing(rig: Rig) -> None:
    rig.shop.order(1)
    rig.synced()
    turned = {one.name: one.values for one in rotate(rig.database, KEY, KEY + "-new")}
    assert turned["accounts of platforms"] == 1
    rig.engine.openings.close()
    with pytest.raises(CannotUnseal):
        rig.sync()
    rig.engine.openings._secret_key = lambda: KEY + "-new"
    assert rig.synced(full=True)["orders.unchanged"] == 1
    assert replay_payloads(rig.engine, "tiny", Resource.ORDERS).booked == 1


def test_new_credentials_are_used_from_the_next_call_on(rig: Rig) -> None:
    connector = rig.engine.connectors.get("tiny")
    with rig.database.write() as tx:
        row = find_connection(tx, "tiny", lock=True)
        change_credentials(tx, row, connector, {"secret": "wrong"}, secret_key=KEY, actor=ACTOR, now=rig.clock.now())
    assert rig.sync().status == "failed"
    with rig.database.write() as tx:
        row = find_connection(tx, "tiny", lock=True)
        change_credentials(tx, row, connector, {"secret": SECRET}, secret_key=KEY, actor=ACTOR, now=rig.clock.now())
    assert rig.sync().status == "finished"
    with pytest.raises(InvalidInput, match="no field 'passwort'"):
        sort_entered(connector, {"passwort": "x"}, None)


def test_a_sku_that_the_channel_spells_otherwise_is_linked_by_hand_or_by_its_letters(rig: Rig) -> None:
    rig.shop.order(1, lines=[{"id": "1", "sku": "MUG", "units": 1, "price": "5.00"}])
    rig.synced()
    with rig.database.write() as tx:
        row = find_connection(tx, "tiny")
        link_sku(tx, row.channel_id, "TASSE", "MUG", actor=ACTOR, now=rig.clock.now())
    rig.shop.order(2, lines=[{"id": "1", "sku": "TASSE", "units": 1, "price": "5.00"}])
    rig.shop.order(3, lines=[{"id": "1", "sku": " mug", "units": 1, "price": "5.00"}])
    rig.sync(full=True)
    assert rig.rows("SELECT sku FROM products") == [("MUG",)]


# --- Webhooks --------------------------------------------------------------------------------------------------------


class Hooked(TinyConnector):
    """The tiny connector of a channel that calls us: each body is signed with the secret."""

    def hints(self, account: Account, headers: Mapping[str, str], body: bytes) -> list[Hint]:
        proof = hmac.new(account.secret("secret").encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(headers.get("x-proof", ""), proof):
            raise NotPermitted("The signature of this message is wrong.")
        told = json.loads(body)
        return [Hint(told["event"], Resource.ORDERS, told["order"], "order.changed")]


def news(event: str, order: str) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"event": event, "order": order}).encode()
    return {"x-proof": hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()}, body


def test_a_webhook_is_kept_once_and_the_thing_itself_is_read_anew(rig: Rig) -> None:
    rig.engine.connectors._made["tiny"] = Hooked()
    rig.engine.openings.close()
    rig.shop.order(1)
    assert [inbox.hear(rig.engine, "tiny", *news("e1", "T-000001")) for _ in range(3)] == [1, 0, 0]
    inbox.hear(rig.engine, "tiny", *news("e2", "T-000001"))
    with pytest.raises(NotPermitted):
        inbox.hear(rig.engine, "tiny", {"x-proof": "00"}, news("e3", "T-000001")[1])
    assert inbox.work(rig.engine) == 2
    assert rig.shop.calls["/orders/T-000001"] == 1
    assert rig.one("SELECT count(*) FROM orders") == 1
    assert inbox.work(rig.engine) == 0


def test_news_that_cannot_be_followed_is_tried_again_and_then_left_to_polling(rig: Rig) -> None:
    rig.engine.connectors._made["tiny"] = Hooked()
    rig.engine.openings.close()
    inbox.hear(rig.engine, "tiny", *news("e1", "T-000009"))
    for _ in range(8):
        assert inbox.work(rig.engine) == 0
    assert rig.one("SELECT attempts FROM webhook_inbox") == inbox.MOST_ATTEMPTS


def test_a_channel_without_webhooks_takes_no_message(rig: Rig) -> None:
    with pytest.raises(InvalidInput, match="sends no webhooks"):
        inbox.hear(rig.engine, "tiny", {}, b"{}")


# --- Write-back ------------------------------------------------------------------------------------------------------


def on_the_shelf(rig: Rig, sku: str, units: int) -> None:
    now = rig.clock.now()
    with rig.database.write() as tx:
        product = ensure_products(tx, {sku: NewProduct(sku)}, now=now)[sku]
        place = ensure_location(tx, "berlin", name="Berlin", now=now)
        count_told(tx, place.id, {product.id: units}, at=now, now=now)


def allow(rig: Rig, **changes: Any) -> None:
    with rig.database.write() as tx:
        change_connection(tx, find_connection(tx, "tiny", lock=True), changes, actor=ACTOR, now=rig.clock.now())


def test_nothing_is_pushed_until_it_is_switched_on_and_then_only_what_differs(rig: Rig) -> None:
    rig.shop.stock = [
        {"sku": sku, "place": "us", "units": 7, "keeper": "seller", "at": "2026-03-31T00:00:00+00:00"}
        for sku in ("A", "B", "C")
    ]
    rig.synced(Resource.INVENTORY)
    on_the_shelf(rig, "A", 10)
    on_the_shelf(rig, "B", 7)
    assert push(rig.engine, "tiny").done == 0
    with rig.database.read() as tx:
        assert [(d.sku, d.ours, d.theirs) for d in drift(tx, "tiny", now=rig.clock.now())] == [("A", "10", "7")]
    allow(rig, pushes_stock=True)
    assert push(rig.engine, "tiny").done == 1
    assert push(rig.engine, "tiny").done == 0
    allow(rig, stock_buffer=2)
    assert push(rig.engine, "tiny").done == 2
    allow(rig, is_selling=False)
    push(rig.engine, "tiny")
    told = [(one["sku"], one["available"]) for one in rig.shop.pushed]
    assert told == [("A", 10), ("A", 8), ("B", 5), ("A", 0), ("B", 0)]


def test_a_push_that_broke_off_is_repeated_under_the_same_key(rig: Rig) -> None:
    rig.shop.stock = [{"sku": "A", "place": "us", "units": 7, "keeper": "seller", "at": "2026-03-31T00:00:00+00:00"}]
    rig.synced(Resource.INVENTORY)
    on_the_shelf(rig, "A", 3)
    allow(rig, pushes_stock=True)
    rig.shop.faults = ["400"]
    with pytest.raises(Exception, match="did not do push"):
        push(rig.engine, "tiny")
    key = rig.one("SELECT key FROM channel_pushes")
    assert push(rig.engine, "tiny").done == 1
    assert rig.shop.pushed[0]["key"] == key


# --- Jobs and freshness ----------------------------------------------------------------------------------------------


def test_the_scheduler_runs_what_is_due_tries_failures_again_and_keeps_the_history(rig: Rig) -> None:
    rig.shop.order(1)
    scheduler = Scheduler(rig.engine, ZoneInfo("Europe/Berlin"))
    due = scheduler.tick()
    assert {"sync:tiny:orders", "sync:tiny:inventory", "sync:tiny:products", "sync:tiny:fees", "watch"} <= set(due)
    assert "heal:tiny" not in due
    while not scheduler._turns.empty():
        job = scheduler._turns.get()[2]
        assert job is not None
        scheduler._do(job)
        scheduler._running.discard(job.name)
    assert rig.one("SELECT count(*) FROM orders") == 1
    rig.clock.advance(minutes=14)
    assert "sync:tiny:orders" not in scheduler.tick()
    scheduler._running.clear()
    rig.clock.advance(minutes=2)
    assert "sync:tiny:orders" in scheduler.tick()
    with rig.database.read() as tx:
        assert {row.fingerprint for row in job_history(tx)} == {"watch", "old-news"}
    state = {one.name: one for one in scheduler.states()}["heal:tiny"]
    assert state.next_at.isoformat() == "2026-04-02T03:30:00+02:00"
    rig.shop.faults = ["400"]
    with pytest.raises(Exception, match="not read to the end"):
        scheduler.run_now("sync:tiny:orders")
    soon = {one.name: one for one in scheduler.states()}["sync:tiny:orders"]
    assert (soon.last_status, (soon.next_at - rig.clock.now()).total_seconds() <= 60) == ("failed", True)


def test_another_process_knows_what_has_run(rig: Rig) -> None:
    zone = ZoneInfo("UTC")
    rig.synced()
    Scheduler(rig.engine, zone).run_now("watch")
    due = Scheduler(rig.engine, zone).tick()
    assert "sync:tiny:orders" not in due
    assert "watch" not in due
    assert "sync:tiny:fees" in due


def test_the_stalest_source_comes_first_and_a_silent_one_is_told(rig: Rig) -> None:
    rig.shop.order(1, updated="2026-03-31T10:00:00+00:00")
    rig.synced()
    rig.synced(Resource.PRODUCTS)
    rig.clock.advance(hours=3)
    with rig.database.write() as tx:
        found = freshness(tx, rig.engine.connectors, now=rig.clock.now())
        assert watch(tx, rig.engine.connectors, now=rig.clock.now()) == 1
    assert [str(one.resource) for one in found][2:] == ["orders", "products"]
    orders = found[2]
    assert (orders.is_late, orders.age is not None and orders.age.total_seconds()) == (True, 3 * 3600 + 120)
    assert str(orders.newest_fact_at)[:16] == "2026-03-31 10:00"
    assert rig.rows("SELECT cause FROM channel_alerts") == [("late:orders",)]
    assert len(jobs_of(rig.engine)) == 8


# --- Crashes ---------------------------------------------------------------------------------------------------------

READ = """
import sys
from pathlib import Path
from tests.channels.syncing import KEY
from tests.channels.tiny import TinyConnector
from tradewind.channels.contract import Resource
from tradewind.channels.sync.engine import Engine
from tradewind.channels.sync.registry import Connectors
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
engine = Engine(Database(sys.argv[1]), SystemClock(), Connectors([TinyConnector(limits={})]), lambda: KEY,
                folder=Path(sys.argv[2]))
print(engine.sync("tiny", Resource.ORDERS).status)
"""


@pytest.mark.crash
def test_kill_minus_nine_in_the_middle_loses_and_doubles_nothing(rig: Rig, tmp_path: Path) -> None:
    for number in range(2000):
        rig.shop.order(number)
    rig.shop.page_size, rig.shop.delay = 50, 0.02
    command = [sys.executable, "-c", READ, rig.database.url, str(tmp_path / "locks")]
    booked, kills = 0, 0
    for wanted in (400, 1000):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
        while process.poll() is None and booked < wanted:
            time.sleep(0.02)
            booked = rig.one("SELECT count(*) FROM orders")
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.communicate()
    assert kills == 2
    assert rig.one("SELECT watermark FROM sync_cursors") is None
    rig.shop.delay = 0
    rig.synced()
    assert rig.one("SELECT count(*), count(DISTINCT external_id), sum(version) FROM orders") == (2000, 2000, 2000)
    expected = sum(1 + n % 3 for n in range(2000))
    assert rig.one("SELECT sum(quantity) FROM order_items") == expected
    assert {row[0] for row in rig.rows("SELECT status FROM sync_runs")} == {"failed", "finished"}


def test_two_processes_do_not_read_the_same_at_once(rig: Rig) -> None:
    with file_lock(rig.engine._folder, f"sync:{rig.connection_id}:orders") as mine:
        assert mine
        with pytest.raises(SyncUnderWay, match="being read already"):
            rig.sync()
    assert rig.sync().status == "finished"


def test_a_bucket_outlives_its_process(migrated_sqlite: Path, tmp_path: Path) -> None:
    (tmp_path / "s.db").write_bytes(migrated_sqlite.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 's.db'}")
    slow = {"orders": Limit(0.01, 3)}
    rig = Rig.make(database, tmp_path / "locks", limits=slow)
    try:
        for number in range(150):
            rig.shop.order(number)
        rig.synced()
        again = Engine(
            database, rig.clock, rig.engine.connectors, lambda: KEY, folder=tmp_path / "locks", pacer=rig.pacer
        )
        rig.pacer.waited.clear()
        rig.clock.advance(minutes=1)
        again.sync("tiny", Resource.ORDERS)
        assert sum(rig.pacer.waited) == pytest.approx(102 - 60, abs=0.1)
        again.close()
        with database.read() as tx:
            assert tx.scalar(text("SELECT count(*) FROM channel_budgets")) == 1
    finally:
        rig.close()
        database.close()


def test_a_tiny_shop_is_a_server_that_checks(rig: Rig) -> None:
    shop = TinyShop()
    server = TinyServer(shop)
    assert shop.answer("GET", "/me", {}, b"")[0] == 401
    assert shop.answer("POST", "/token", {}, b'{"secret": "x"}')[0] == 400
    server.close()


def test_what_is_optional_is_not_asked_for_and_what_the_environment_names_is_taken() -> None:
    class Choosy(TinyConnector):
        fields = (*TinyConnector.fields, CredentialField("more", "More", default=""))

    plain, hidden = sort_entered(Choosy(), {"url": "http://x"}, {"TINY_SECRET": "from outside"})
    assert (plain, hidden) == ({"url": "http://x"}, {"secret": "from outside", "more": ""})
    with pytest.raises(InvalidInput, match="or set TINY_SECRET"):
        sort_entered(Choosy(), {"url": "http://x"}, {})
