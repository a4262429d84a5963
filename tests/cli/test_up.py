"""`tradewind up` is the whole product in one process: it answers, shares its folder's warehouse, and stops cleanly."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.cli.conftest import Start, Tradewind

pytestmark = pytest.mark.slow


@contextmanager
def signed_in(said: dict[str, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=said["url"], timeout=30) as client:
        body = {"username": said["username"], "password": said["password"]}
        tokens = client.post("/api/v1/auth/login", json=body).json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        yield client


def test_the_first_start_prints_a_login_that_works_and_the_second_does_not_print_it_again(
    start: Start, data_dir: Path
) -> None:
    first = start()
    with signed_in(first.said) as client:
        assert client.get("/api/v1/auth/me").json()["role"] == "admin"
        assert client.get("/api/v1/dashboard/metrics").status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/ready").status_code == 200
    assert (data_dir / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (data_dir / "owner.json").stat().st_mode & 0o777 == 0o600
    assert first.said["password"] not in first.log.read_text()
    assert first.stop() == 0

    second = start()
    assert second.said["password"] is None
    assert second.stop(signal.SIGINT) == 0
    assert "Traceback" not in first.log.read_text() + second.log.read_text()
    assert not (data_dir / "owner.json").exists()


def test_a_second_server_on_the_same_folder_is_refused_and_told_who_holds_it(
    start: Start, tradewind: Tradewind, data_dir: Path
) -> None:
    server = start()

    refused = tradewind("up", "--port", "0", "--clickhouse-port", "0")

    assert refused.code == 1
    assert f"process {server.said['pid']}" in refused.err
    assert server.said["url"] in refused.err
    assert str(data_dir) in refused.err
    assert httpx.get(server.said["url"] + "/health").status_code == 200


def test_commands_reach_the_warehouse_through_the_running_server_and_can_only_read_it(
    start: Start, tradewind: Tradewind
) -> None:
    server = start()
    assert tradewind("fx", "set", "2026-03-01", "USD", "EUR", "0.9").code == 0
    deadline = time.monotonic() + 10
    while tradewind("sql", "SELECT count() AS c FROM log_fx_rates", "--json").json != [{"c": 1}]:
        assert time.monotonic() < deadline, "the running server did not bring the fact in"

    for statement in ("DROP TABLE log_fx_rates", "INSERT INTO log_fx_rates (base) VALUES ('XXX')", "CREATE DATABASE x"):
        refused = tradewind("sql", statement)
        assert refused.code == 1, statement
    assert tradewind("sql", "SELECT count() AS c FROM log_fx_rates", "--json").json == [{"c": 1}]
    status = tradewind("status", "--json").json
    assert status["server"]["pid"] == server.said["pid"]
    assert status["server"]["url"] == server.said["url"]
    assert tradewind("verify").code == 0


def test_programs_reach_the_warehouse_with_a_token_until_it_is_revoked(start: Start, tradewind: Tradewind) -> None:
    server = start()
    reader = tradewind("token", "create", "bi", "--scope", "sql:read").out.strip()
    outsider = tradewind("token", "create", "feed", "--scope", "events:append").out.strip()

    def ask(password: str, sql: str = "SELECT 41 + 1") -> httpx.Response:
        return httpx.post(server.said["clickhouse_url"], content=sql, auth=("anybody", password), timeout=30)

    assert ask(reader).text == "42\n"
    assert ask(reader, "DROP TABLE log_orders").status_code != 200
    assert ask(outsider).status_code == 401
    assert ask("wrong").status_code == 401
    assert ask("").status_code == 401
    tradewind("token", "revoke", "bi")
    assert ask(reader).status_code == 401


def test_a_port_that_is_taken_is_named_before_anything_is_touched(
    tradewind: Tradewind, data_dir: Path, free_port: int
) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        web = tradewind("up", "--port", free_port, "--clickhouse-port", "0")
        assert not list(data_dir.glob("*.db"))
        inside = tradewind("up", "--port", "0", "--clickhouse-port", free_port)

    assert web.code == 1
    assert f"Port {free_port} on 127.0.0.1 is in use by another program. Choose another with --port" in web.err
    assert inside.code == 1
    assert "--clickhouse-port" in inside.err
    assert tradewind("up", "--host", "no.such.host.invalid", "--port", "0").code == 1


def test_the_demo_sells_while_the_server_answers_and_goes_on_after_a_restart(
    start: Start, tradewind: Tradewind
) -> None:
    server = start("--demo", "--demo-orders", "300")
    with signed_in(server.said) as client:

        def orders() -> int:
            return int(client.get("/api/v1/dashboard/metrics", params={"from": "2020-01-01"}).json()["total_orders"])

        deadline = time.monotonic() + 120
        while "the demo store is complete" not in server.log.read_text():
            assert time.monotonic() < deadline, server.log.read_text()[-2000:]
            time.sleep(0.2)
        seen = orders()
        while orders() <= seen:
            assert time.monotonic() < deadline, "the simulator does not sell"
            time.sleep(0.2)
        while (told := _told(client)) != {"amazon", "shopify", "walmart"}:
            assert time.monotonic() < deadline, f"the sandbox told only of {told}: {server.log.read_text()[-3000:]}"
            time.sleep(0.5)
    assert server.stop() == 0
    assert tradewind("verify").code == 0
    rows = tradewind("connect", "list", "--json").json
    assert {(row["name"], row["state"], row["state_reason"]) for row in rows} == {
        (f"sandbox-{channel}", "paused", "the demo's sandbox is not running")
        for channel in ("amazon", "shopify", "walmart")
    }

    again = start("--demo", "--no-sandbox")
    assert again.stop() == 0
    assert "Traceback" not in server.log.read_text() + again.log.read_text()


def _told(client: httpx.Client) -> set[str]:
    """Channels whose platform has told of an order and that have a webhook, or a queue of polls, ahead of them."""
    sources = client.get("/api/v1/channels/freshness").json()["items"]
    return {one["connector"] for one in sources if one["resource"] == "orders" and one["newest_fact_at"]}


def test_a_live_line_hears_that_the_server_goes_away(start: Start) -> None:
    server = start()
    with signed_in(server.said) as client:
        token = client.headers["Authorization"].removeprefix("Bearer ")
    address = server.said["url"].replace("http", "ws").replace("localhost", "127.0.0.1")
    with connect(f"{address}/ws/dashboard") as line:
        line.send(json.dumps({"type": "auth", "token": token}))
        assert line.recv(timeout=10) == '{"type":"ready"}'
        started = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - started < 10
        with pytest.raises(ConnectionClosed) as end:
            line.recv(timeout=5)
    assert end.value.rcvd is not None
    assert end.value.rcvd.code in (1001, 1012)
