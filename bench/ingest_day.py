"""A day's worth of small inserts, as fast as the server takes them: how many parts its tables come to have.

python -m bench.ingest_day [--rows 86400] [--spread 3000] [--months 12]

One row a request, as many as a sender of one row a second sends in a day; then some thousand more whose rows lie in
partitions of many months, so that each batch makes a part in each of them. The server looks at the engine's parts ten
times a second.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import threading
import time
from pathlib import Path

import httpx

from bench.crash import Worker
from bench.ingest import _connected, _exchange, _post, _request
from bench.machine import describe

MOST_PARTS = 300
_SENDERS = 64


def send(card: dict[str, str], rows: int, months: int) -> float:
    """Rows, one a request, with the day of each row in one of so many months; seconds until all are acknowledged."""
    numbers = iter(range(rows))
    lock = threading.Lock()
    began = time.perf_counter()

    def talk() -> None:
        with _connected(card) as connection:
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                request = _request(card, _row(number, months))
                while _exchange(connection, request) not in (200, 202):
                    time.sleep(0.05)  # told to wait

    threads = [threading.Thread(target=talk) for _ in range(_SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def _row(number: int, months: int) -> bytes:
    month = number % months
    row = {
        "id": number,
        "timestamp": f"{2024 + month // 12}-{month % 12 + 1:02}-{number % 28 + 1:02} 12:00:{number % 60:02}",
        "event": ("view", "cart", "sale")[number % 3],
        "product": f"P-{number % 500}",
        "store": ("berlin", "paris", "online")[number % 3],
        "quantity": number % 5,
    }
    return json.dumps(row).encode()


def run(rows: int, spread: int, months: int) -> int:
    with tempfile.TemporaryDirectory(prefix="tradewind-ingest-day-") as folder:
        log, counted = Path(folder) / "log", Path(folder) / "parts.json"
        options = ("--data-dir", str(Path(folder) / "data"), "--months", "--parts", str(counted))
        server = Worker("bench.ingest_server", *options, log=log, environment={})
        try:
            if not server.wait_until_it_speaks():
                raise RuntimeError(server.autopsy())
            card = json.loads(server.lines[0])
            for name, count, over in (("in one month", rows, 1), (f"over {months} months", spread, months)):
                seconds = send_from_a_process(card, count, over)
                print(
                    f"{count} rows {name}, one a request: {seconds:.0f} s, {count / seconds:,.0f} a second", flush=True
                )
            _post(card, _row(0, 1), wait="true")  # behind all the others: when it can be read, they can
            time.sleep(2)
            found = _stored(card)
            most = json.loads(counted.read_text())
        finally:
            server.process.terminate()
            server.finish(60)
    for table, parts in sorted(most.items(), key=lambda one: -one[1])[:8]:
        print(f"  {table}: {parts} parts at most")
    highest = max(most.values())
    is_sound = highest < MOST_PARTS and found == rows + spread + 1
    print(f"{found} rows stored of {rows + spread + 1}; at most {highest} parts in a table, {MOST_PARTS} are allowed")
    return 0 if is_sound else 1


def send_from_a_process(card: dict[str, str], rows: int, months: int) -> float:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(send, (card, rows, months))


def _stored(card: dict[str, str]) -> int:
    headers = {"Authorization": f"Bearer {card['token']}"}
    answer = httpx.get(f"{card['url']}/v0/pipes/latest.json", headers=headers, timeout=60).raise_for_status()
    return int(answer.json()["data"][0]["rows"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=86_400, help="one a second for a day")
    parser.add_argument("--spread", type=int, default=3_000, help="rows over many partitions")
    parser.add_argument("--months", type=int, default=12, help="how many partitions those lie in")
    options = parser.parse_args()
    print(describe(), flush=True)
    return run(options.rows, options.spread, options.months)


if __name__ == "__main__":
    raise SystemExit(main())
