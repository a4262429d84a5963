"""Files by `url`: fetched as a job from where everybody may, and from nowhere inside."""

from __future__ import annotations

import gzip
import io
import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.api.conftest import serving
from tests.ingest.test_source_lifecycle import CSV, SCHEMA, URL, Shelf, refused
from tests.spine import NOON, a_platform
from tradewind.core.clock import ManualClock
from tradewind.core.errors import InvalidInput, NotPermitted, TradewindError, Unavailable
from tradewind.warehouse.ingest.fetching import Fetcher, Resolve, is_public, location, resolved

MEGABYTE = 1024**2


class Files(BaseHTTPRequestHandler):
    """Gives files, leads elsewhere, and does what a file server should not."""

    hosts: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        self.hosts.append(self.headers["Host"])
        path, _, query = self.path.partition("?")
        if path == "/to":
            self.send_response(302)
            self.send_header("Location", query)
            self.end_headers()
            return
        if path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(50):
                self.wfile.write(b"1")
                self.wfile.flush()
                time.sleep(0.1)
            return
        body = {
            "/rows.csv": CSV,
            "/rows.csv.gz": gzip.compress(CSV),
            "/rows": CSV,
            "/large.csv": CSV * (3 * MEGABYTE // len(CSV)),
        }.get(path)
        self.send_response(200 if body is not None else 404)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture
def fetching(tmp_path: Path, chdb_path: Path, port: int) -> Iterator[Shelf]:
    clock = ManualClock(NOON)
    ingest = {"max_file_mb": 2, "fetch_hosts": f"files.internal, 127.0.0.1:{port}", "batch_wait_ms": 5}
    with a_platform(tmp_path / "data", chdb_path, clock=clock, ingest=ingest) as platform:
        platform.start()
        with serving(platform, clock) as api:
            home = platform.workspaces.branches.create_workspace("fetching")
            yield Shelf(api.client, platform, home.id, platform.serving.tokens.admin_value(home.id))
        for home in platform.workspaces.all():
            platform.warehouse.command(f"DROP DATABASE IF EXISTS `{home.database}` SYNC")


def fetched(fetcher: Fetcher, url: str) -> bytes:
    into = io.BytesIO()
    fetcher.fetch(url, into)
    return into.getvalue()


def a_fetcher(*hosts: str, seconds: float = 20.0, resolve: Resolve = resolved) -> Fetcher:
    return Fetcher(hosts, most_bytes=MEGABYTE, seconds=seconds, resolve=resolve)


def test_a_file_elsewhere_is_appended_and_replaces_as_a_job(fetching: Shelf, port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    shelf = fetching
    made = shelf.ask("POST", URL, params={"name": "sold", "schema": SCHEMA, "url": f"{base}/rows.csv"})
    job = shelf.done(made)
    assert (job["kind"], job["status"], job["statistics"]["rows"]) == ("import", "done", 2)
    assert shelf.ids() == [1, 2]
    packed = shelf.ask("POST", URL, data={"name": "sold", "mode": "append", "url": f"{base}/rows.csv.gz"})
    assert shelf.done(packed)["status"] == "done"
    asked = {"format": "csv", "url": f"{base}/to?/rows"}
    assert shelf.done(shelf.ask("POST", "/v1/datasources/sold/append", params=asked))["status"] == "done"
    assert shelf.ids() == [1, 1, 1, 2, 2, 2]
    replaced = shelf.ask("POST", "/v1/datasources/sold/replace", params={"url": f"{base}/rows.csv"})
    assert shelf.done(replaced)["kind"] == "replace"
    assert shelf.ids() == [1, 2]
    for path, text in (("/none.csv", "answers 404"), ("/large.csv", "larger than 2 MB")):
        failed = shelf.done(shelf.post(b"", mode="append", url=base + path))
        assert (failed["status"], text in failed["error"]) == ("error", True), failed
    inside = shelf.done(shelf.post(b"", mode="append", url=f"http://localhost:{port}/rows.csv"))
    assert (inside["status"], "not public" in inside["error"]) == ("error", True), inside
    assert shelf.ids() == [1, 2]


def test_what_cannot_be_meant_is_told_at_once(fetching: Shelf) -> None:
    shelf = fetching
    there = "http://example.com/rows.csv"
    assert refused(shelf.post(b"", url=there), 400, "invalid_input", "needs its schema")
    shelf.create()
    assert refused(shelf.post(CSV, mode="append", url=there), 400, "invalid_input", "not both")
    sample = shelf.ask("POST", "/v0/analyze", params={"url": there})
    assert refused(sample, 400, "invalid_input", "not fetched")
    for wrong in ("file:///etc/passwd", "ftp://example.com/x", "//example.com", "http://", "http://u:p@example.com/x"):
        assert refused(shelf.post(b"", mode="append", url=wrong), 400, "invalid_input", "url")
    few = shelf.token("DATASOURCES:READ:sold")
    assert shelf.post(b"", token=few, mode="append", url=there).status_code == 403


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 localhost 10.0.0.1 172.16.9.9 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 [::1] [::]"
    " [fe80::1] [fc00::1] [::ffff:127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] 2130706433 127.1 0x7f000001".split(),
)
def test_nothing_inside_is_fetched(port: int, host: str) -> None:
    with pytest.raises((NotPermitted, Unavailable, InvalidInput)):
        fetched(a_fetcher(), f"http://{host}:{port}/rows.csv")
    outward = a_fetcher(f"127.0.0.1:{port}")
    if host != "127.0.0.1":
        with pytest.raises((NotPermitted, Unavailable, InvalidInput)):
            fetched(outward, f"http://127.0.0.1:{port}/to?http://{host}:{port}/rows.csv")
    with pytest.raises(TradewindError, match="http"):
        fetched(outward, f"http://127.0.0.1:{port}/to?file:///etc/passwd")


def test_a_host_is_asked_for_once_and_all_its_addresses_count(port: int) -> None:
    asked: list[str] = []

    def resolve(host: str, _: int) -> list[str]:
        """A name that means something else the second time."""
        asked.append(host)
        return ["127.0.0.1"] if asked.count(host) == 1 else ["192.0.2.1"]

    named = f"http://files.internal:{port}/rows.csv"
    assert fetched(a_fetcher("files.internal", resolve=resolve), named) == CSV
    assert (asked, Files.hosts[-1]) == (["files.internal"], f"files.internal:{port}")
    for addresses in (["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"]):
        with pytest.raises(NotPermitted, match="not public"):
            fetched(a_fetcher(resolve=lambda *_, found=addresses: found), named)


def test_it_ends_in_time_and_leads_on_only_so_often(port: int) -> None:
    mine = f"127.0.0.1:{port}"
    began = time.monotonic()
    with pytest.raises(Unavailable, match=r"longer than 0\.5 s"):
        fetched(a_fetcher(mine, seconds=0.5), f"http://{mine}/slow")
    assert time.monotonic() - began < 4
    with pytest.raises(InvalidInput, match="leads on"):
        fetched(a_fetcher(mine), f"http://{mine}/to?" + "/to?" * 9 + "/rows.csv")
    with pytest.raises(InvalidInput, match="larger than 1 MB"):
        fetched(a_fetcher(mine), f"http://{mine}/large.csv")


def test_a_proxy_of_the_environment_is_not_used(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://192.0.2.1:9")
    assert fetched(a_fetcher(f"127.0.0.1:{port}"), f"http://127.0.0.1:{port}/rows.csv") == CSV


INSIDE = [
    ipaddress.ip_network(text)
    for text in "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 127.0.0.0/8 169.254.0.0/16 100.64.0.0/10 224.0.0.0/4"
    " 240.0.0.0/4 ::1/128 fe80::/10 fc00::/7 ff00::/8 ::ffff:0:0/96 64:ff9b::/96 2002::/16".split()
]


@given(st.sampled_from(INSIDE).flatmap(lambda network: st.ip_addresses(network=network)))
def test_no_address_inside_is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert not is_public(str(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111"])
def test_addresses_of_everybody_are_public(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        found = location(f"http://{text}")
    except InvalidInput:
        return
    assert found.scheme == "http"
    assert found.host
    assert not found.userinfo
