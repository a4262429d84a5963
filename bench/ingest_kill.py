"""kill -9 under ingest, many times, with clients that send again until they are answered; counts what is left.

python -m bench.ingest_kill [--kills 200] [--minutes M] [--clients 4] [--seed N]

Every request has an Idempotency-Key, and is sent again, to the next server too, until it is acknowledged. At the end
what was acknowledged has to be in the base table, in every view and in the quarantine, each row once.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bench.crash import Worker
from bench.ingest_server import VIEWS, opened
from bench.machine import describe

_ANSWERED = (200, 202)
_AGAIN = (429, 503)


@dataclass
class Sent:
    """What clients were told is kept."""

    rows: int = 0
    bad_rows: int = 0
    quantity: int = 0
    requests: int = 0
    repeated: int = 0
    failures: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Findings:
    """What was acknowledged beside what is stored."""

    acknowledged: tuple[int, int]
    """Rows, and the sum of their quantity."""
    base: tuple[int, int]
    distinct: int
    views: dict[str, tuple[int, int]]
    quarantined: tuple[int, int]
    """Bad rows: acknowledged, stored."""

    @property
    def is_sound(self) -> bool:
        same = all(view == self.base for view in self.views.values())
        is_once = self.distinct == self.base[0] and self.quarantined[0] == self.quarantined[1]
        return same and is_once and self.base == self.acknowledged


class Clients:
    """Some senders of rows, to whatever server there is."""

    def __init__(self, count: int, seed: int) -> None:
        self.sent = Sent()
        self._address: tuple[str, str] | None = None
        self._stop = threading.Event()
        self._ids = itertools.count(1)
        self._threads = [
            threading.Thread(target=self._run, args=(random.Random(seed + number), number), daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def talk_to(self, url: str, token: str) -> None:
        self._address = (url, token)

    def stop(self) -> None:
        """Lets everybody finish the request they are at, however often it has to be sent."""
        self._stop.set()
        for thread in self._threads:
            thread.join(120)

    def _run(self, chance: random.Random, number: int) -> None:
        with httpx.Client(timeout=20) as client:
            for count in itertools.count():
                if self._stop.is_set():
                    return
                self._send(client, chance, f"{number}-{count}")

    def _send(self, client: httpx.Client, chance: random.Random, key: str) -> None:
        rows = [self._row(chance) for _ in range(chance.choice((1, 1, 5, 50, 500)))]
        bad = [row for row in rows if not isinstance(row["quantity"], int)]
        body = b"\n".join(json.dumps(row).encode() for row in rows)
        wait = chance.choice(("true", "false"))
        for attempt in itertools.count():
            if self._address is None:
                time.sleep(0.05)
                continue
            url, token = self._address
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
            try:
                answer = client.post(
                    f"{url}/v0/events", params={"name": "events", "wait": wait}, content=body, headers=headers
                )
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            if answer.status_code in _AGAIN:
                time.sleep(0.1)
                continue
            with self.sent.lock:
                told = answer.json()
                right = {"successful_rows": len(rows) - len(bad), "quarantined_rows": len(bad)}
                if answer.status_code not in _ANSWERED or told != right:
                    self.sent.failures.append(f"{answer.status_code} {answer.text[:200]}")
                    return
                self.sent.requests += 1
                self.sent.repeated += attempt > 0
                self.sent.rows += len(rows) - len(bad)
                self.sent.bad_rows += len(bad)
                self.sent.quantity += sum(row["quantity"] for row in rows if isinstance(row["quantity"], int))
            return

    def _row(self, chance: random.Random) -> dict[str, object]:
        return {
            "id": next(self._ids),
            "timestamp": "2026-03-10 12:00:00",
            "event": chance.choice(("view", "cart", "sale")),
            "product": f"P-{chance.randrange(100)}",
            "store": chance.choice(("berlin", "paris", "online")),
            "quantity": chance.randrange(1, 9) if chance.random() > 0.03 else "many",
        }


def run(
    data_dir: Path, kills: int, *, seed: int, clients: int = 4, longest_wait: float = 1.5, minutes: float = float("inf")
) -> tuple[Findings, Sent, int]:
    """Kills that many servers under traffic, or as many as there is time for: what is stored at the end, beside what
    was acknowledged, and how many were killed.
    """
    chance = random.Random(seed)
    senders = Clients(clients, seed)
    log = data_dir.parent / f"{data_dir.name}.log"
    senders.start()
    began, kill = time.monotonic(), 0
    while True:
        if time.monotonic() - began > minutes * 60:
            kills = kill
        server = Worker("bench.ingest_server", "--data-dir", str(data_dir), log=log, environment={})
        if kill and kill < kills and chance.random() < 0.1:
            time.sleep(chance.uniform(0.5, 3.0))  # while it starts
        elif server.wait_until_it_speaks():
            card = json.loads(server.lines[0])
            senders.talk_to(card["url"], card["token"])
            if kill < kills:
                time.sleep(chance.uniform(0.05, longest_wait))
        else:
            raise RuntimeError(f"The server did not start after {kill} kills. {server.autopsy()}")
        if kill == kills:
            senders.stop()
            server.process.terminate()
            server.finish(60)
            return examine(data_dir, senders.sent), senders.sent, kills
        server.kill()
        kill += 1
        if kill % 20 == 0:
            print(f"{kill} kills after {time.monotonic() - began:.0f} s", flush=True)


def examine(data_dir: Path, sent: Sent) -> Findings:
    """Opens the stores, lands what is still in the log, and counts."""
    platform = opened(data_dir)
    try:
        platform.ingest.settle()
        release = platform.workspaces.live(platform.workspaces.default())
        assert release is not None

        def figures(name: str, what: str) -> tuple[int, ...]:
            (row,) = platform.warehouse.query(f"SELECT {what} FROM {release.table(name)}")
            return tuple(int(value) for value in row.values())

        rows, quantity, distinct = figures("events", "count() AS n, sum(quantity) AS q, uniqExact(id) AS d")
        views = {name: figures(name, "sum(events) AS n, sum(quantity) AS q") for name in VIEWS}
        (bad,) = figures("events_quarantine", "count() AS n")
        return Findings(
            (sent.rows, sent.quantity),
            (rows, quantity),
            distinct,
            {name: (found[0], found[1]) for name, found in views.items()},
            (sent.bad_rows, bad),
        )
    finally:
        platform.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="no more kills after so long")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="chooses moments and rows")
    options = parser.parse_args()
    print(f"{options.kills} kills, seed {options.seed}, {describe()}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tradewind-ingest-kill-") as folder:
        found, sent, kills = run(
            Path(folder) / "data", options.kills, seed=options.seed, clients=options.clients, minutes=options.minutes
        )
    print(
        f"{kills} kills in {time.monotonic() - started:.0f} s: {sent.requests} requests acknowledged,"
        f" {sent.repeated} of them after being sent again; rows {found.acknowledged[0]} acknowledged,"
        f" {found.base[0]} stored, {found.distinct} different; views {found.views}; quarantine {found.quarantined}."
    )
    for failure in sorted(set(sent.failures)):
        print(f"refused: {failure}")
    print("sound" if found.is_sound else "NOT SOUND")
    return 0 if found.is_sound and not sent.failures else 1


if __name__ == "__main__":
    raise SystemExit(main())
