"""POST /v0/events over a real server: every code of the format's table, and what is stored at each."""

from __future__ import annotations

import gzip
import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.ingest.conftest import EVENTS, a_column, a_source
from tests.ingest.doors import EVENT, LINE, MEGABYTE, Door, a_door

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BROKEN = {"broken": "SELECT event AS name, 1 + throwIf(event = 'bad') AS events, 0 AS quantity FROM {table} GROUP BY 1"}
PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstd.compress}


@pytest.fixture(scope="module")
def shared_door(chdb_path: Path, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with a_door(tmp_path_factory.mktemp("events"), chdb_path, migrated_sqlite) as door:
        yield door


@pytest.fixture
def door(shared_door: Door, request: pytest.FixtureRequest) -> Door:
    """A workspace of the test's own."""
    shared_door.new_workspace(request.node.name)
    return shared_door


def counts(answer: httpx.Response) -> tuple[int, int, int]:
    assert answer.headers["content-type"] == "application/json", answer.text
    told = answer.json()
    return answer.status_code, told["successful_rows"], told["quarantined_rows"]


def refused(answer: httpx.Response, status: int, text: str) -> bool:
    assert answer.status_code == status, answer.text
    assert text in answer.json()["error"]
    for name in ("limit", "remaining", "reset"):
        assert int(answer.headers[f"x-ratelimit-{name}"]) >= 0
    return True


def test_202_at_once_and_200_when_it_can_be_read(door: Door) -> None:
    assert counts(door.post()) == (202, 1, 0)
    assert counts(door.post(LINE + b"\n\n" + LINE, wait="true")) == (200, 2, 0)
    assert door.workspace.count("events") == 3
    assert door.workspace.views_agree()


def test_wrong_rows_are_counted_and_kept_apart(door: Door) -> None:
    body = LINE + b"\n" + json.dumps(EVENT | {"quantity": "3"}).encode()
    assert counts(door.post(body, wait="true")) == (200, 1, 1)
    assert door.workspace.rows("events_quarantine", "c__error") == [
        {"c__error": ["value '3' on column 'quantity' is not Int32"]}
    ]


def test_json_is_one_object_or_a_list_of_them(door: Door) -> None:
    pretty = json.dumps(EVENT, indent=2).encode()
    assert counts(door.post(pretty, format="json", wait="true")) == (200, 1, 0)
    assert counts(door.post(json.dumps([EVENT, EVENT]).encode(), format="json", wait="true")) == (200, 2, 0)
    assert refused(door.post(b"[1]", format="json"), 400, "no JSON object")
    assert door.workspace.count("events") == 3


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_packed_bodies(door: Door, encoding: str) -> None:
    pack = PACK[encoding]
    packed = pack(LINE + b"\n" + LINE)
    headers = {"Content-Encoding": encoding}
    assert counts(door.post(packed, headers=headers, wait="true")) == (200, 2, 0)
    twice = pack(LINE + b"\n") + pack(LINE)
    assert counts(door.post(twice, headers=headers, wait="true")) == (200, 2, 0)
    assert refused(door.post(packed[:-4], headers=headers), 400, "too early")
    assert refused(door.post(b"no such thing", headers=headers), 400, f"not {encoding}")
    assert refused(door.post(b"", headers=headers), 400, "empty")
    assert door.workspace.count("events") == 4


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_413_for_a_bomb(door: Door, encoding: str) -> None:
    bomb = PACK[encoding](b" " * 200 * MEGABYTE)
    assert len(bomb) < MEGABYTE
    assert refused(door.post(bomb, headers={"Content-Encoding": encoding}), 413, "2 MB once it is unpacked")


def test_413_for_a_large_body_told_or_not(door: Door) -> None:
    large = b" " * (MEGABYTE + 1)
    assert refused(door.post(large), 413, "larger than 1 MB")
    assert refused(door.post(iter([large[:1000], large[1000:]])), 413, "larger than 1 MB")
    assert counts(door.post(LINE)) == (202, 1, 0), "the connection goes on"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'{"a"', "line 1"),
        (LINE + b"\nnonsense\n" + LINE, "line 2"),
        (LINE + b'\n{"event": "\xff\xfe"}', "line 2"),
        ("{'event': 'ünïcode'}".encode("utf-16"), "UTF-8"),
        (b"[1, 2]", "no JSON object"),
        (b"null", "no JSON object"),
        (b"[" * 100_000, "NDJSON"),
    ],
)
def test_400_for_what_cannot_be_read(door: Door, content: bytes, text: str) -> None:
    assert refused(door.post(content), 400, text)
    assert counts(door.post(LINE, wait="true")) == (200, 1, 0)
    assert door.workspace.count("events") == 1
    assert door.workspace.count("events_quarantine") == 0


def test_400_for_parameters(door: Door) -> None:
    assert refused(door.post(name=None), 400, "Name the data source")
    assert refused(door.post(format="csv"), 400, "ndjson or json")
    assert refused(door.post(wait="perhaps"), 400, "wait is true or false")
    assert refused(door.post(headers={"Content-Encoding": "br"}), 400, "gzip or zstd")
    assert refused(door.post(headers={"Idempotency-Key": "k" * 201}), 400, "1 to 200")


def test_an_empty_body_is_no_rows(door: Door) -> None:
    assert counts(door.post(b"", wait="true")) == (200, 0, 0)
    assert counts(door.post(b"\n \n", wait="true")) == (200, 0, 0)


def test_403_for_who_may_not(door: Door) -> None:
    one = door.workspace.release.workspace_id
    assert refused(door.post(token="tw_nobody"), 403, "not valid")
    assert refused(door.post(token=door.made.token(one, "DATASOURCES:READ:events")), 403, "DATASOURCES:APPEND:events")
    assert counts(door.post(token=door.made.token(one, "DATASOURCES:APPEND:events"))) == (202, 1, 0)
    by_query = door.client.post("/v0/events", params={"name": "events", "token": door.admin}, content=LINE)
    assert by_query.status_code == 202
    assert refused(door.client.post("/v0/events", params={"name": "events"}, content=LINE), 403, "no token")


def test_404_for_a_source_that_is_not_there(door: Door) -> None:
    assert refused(door.post(name="nothing"), 404, "no data source 'nothing'")
    assert refused(door.post(name="events_quarantine"), 404, "no data source")


def test_422_when_a_view_fails_after_the_rows_are_in(door: Door) -> None:
    door.deploy(EVENTS, views=BROKEN)
    assert counts(door.post(wait="true")) == (200, 1, 0)
    bad = json.dumps(EVENT | {"event": "bad"}).encode()
    assert refused(door.post(bad, wait="true"), 422, "Do not send them again")
    assert counts(door.post(wait="true")) == (200, 1, 0), "what comes after is not held up"
    assert door.workspace.rows("events", "event") == [{"event": "bad"}, {"event": "view"}, {"event": "view"}]
    assert door.workspace.rows("broken", "name, events") == [{"events": 1, "name": "view"}] * 2


def test_429_over_the_rate_with_headers_on_every_answer(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = door.post()
    assert int(answer.headers["x-ratelimit-limit"]) == 10_000
    assert int(answer.headers["x-ratelimit-remaining"]) < 10_000
    assert answer.headers["x-ratelimit-reset"] == "1"
    assert "retry-after" not in answer.headers
    monkeypatch.setattr(door.made.platform.ingest.rates, "_limit", 3)
    monkeypatch.setattr("tradewind.warehouse.ingest.rates._WINDOW_SECONDS", 60.0)
    door.made.platform.ingest.rates.forget()
    answers = [door.post() for _ in range(4)]
    assert [a.status_code for a in answers] == [202, 202, 202, 429]
    assert [a.headers["x-ratelimit-remaining"] for a in answers] == ["2", "1", "0", "0"]
    assert refused(answers[3], 429, "3 requests")
    assert 0 < int(answers[3].headers["retry-after"]) <= 60
    door.made.platform.ingest.rates.forget()


def test_429_when_too_much_waits(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    pressure = door.made.platform.ingest.pressure
    monkeypatch.setattr(pressure, "_reason", "More than 1 MB of rows wait for their tables.")
    monkeypatch.setattr(pressure, "_looked_at", float("inf"))
    answer = door.post()
    assert refused(answer, 429, "More than 1 MB")
    assert int(answer.headers["retry-after"]) > 0


def test_a_key_makes_a_request_happen_once(door: Door) -> None:
    keyed = {"Idempotency-Key": "order-1"}
    assert counts(door.post(headers=keyed)) == (202, 1, 0)
    assert counts(door.post(headers=keyed, wait="true")) == (200, 1, 0)
    assert door.workspace.count("events") == 1
    assert refused(door.post(b"{}", headers=keyed), 409, "another body")


def test_many_at_once_are_all_there(door: Door) -> None:
    def send(number: int) -> None:
        event = EVENT | {"product": f"P{number}"}
        for _ in range(10):
            assert door.post(json.dumps(event).encode() + b"\n" + json.dumps(event).encode()).status_code == 202

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts(door.post(wait="true")) == (200, 1, 0)
    assert door.workspace.count("events") == 161
    assert door.workspace.views_agree()


def test_wrong_methods_and_paths(door: Door) -> None:
    assert door.client.get("/v0/events").status_code == 405
    assert door.client.get("/v0/nothing").status_code == 404


def test_a_row_as_a_whole_in_one_column(door: Door) -> None:
    door.deploy(a_source("raw", a_column("all", "String", "$")), views={})
    assert counts(door.post(b'{"x": {"y": [1, 2.50]}}', name="raw", wait="true")) == (200, 1, 0)
    assert door.workspace.rows("raw") == [{"all": '{"x":{"y":[1,2.50]}}'}]
