"""kill -9, many times, at random moments of a server under traffic and import; counts what is lost or double.

python -m bench.kill [--kills 50] [--seed N] [--data-dir DIR] [--examine-every 1]

Each round starts what does not run (`tradewind up`, a seller, `tradewind import`), lets it work for a random
while under somebody who asks for the dashboard over HTTP, and kills the server, often with the others; one
time in five the server is killed while it still starts. Then everything is stopped, the stores are opened
and every side is counted: ledger, landed tables, live views.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from bench.crash import Findings, Scene, examine, write_import_file
from bench.machine import describe

_COLUMNS = ("kill", "who died", "orders", "facts", "acknowledged", "lost", "double", "differences", "seconds")


def main() -> int:
    options = _options()
    print(f"{options.kills} kills, seed {options.seed}, {describe()}")
    print(" | ".join(_COLUMNS))
    started = time.monotonic()
    unsound: list[Findings] = []
    with tempfile.TemporaryDirectory(prefix="tradewind-kill-") as folder:
        data_dir = (options.data_dir or Path(folder)) / "data"
        data_dir.parent.mkdir(parents=True, exist_ok=True)
        file, log = data_dir.parent / "orders.csv", data_dir.parent / f"{data_dir.name}.log"
        write_import_file(file, options.import_orders)
        chance, found, password, answers = random.Random(options.seed), None, "", 0
        failures: list[str] = []
        for kill in range(1, options.kills + 1):
            began = time.monotonic()
            with Scene(data_dir, file, chance) as scene:
                scene.acknowledged = found_so_far(found)
                scene.sellers, scene.password = kill - 1, password
                scene.set_up()
                who = scene.strike(longest_wait=options.longest_wait)
                scene.kill(seller=True, importer=True)
                acknowledged, password = scene.all_acknowledged(), scene.password
                answers += scene.answers
                failures += scene.failures
            found = (examine(data_dir, acknowledged), acknowledged)
            _print_row(kill, who, found[0], time.monotonic() - began)
            if not found[0].is_sound:
                unsound.append(found[0])
                print(found[0])
        with Scene(data_dir, file, chance) as scene:
            imported = scene.finish_import()
        last = examine(data_dir, found_so_far(found))
    unsound += [] if last.is_sound else [last]
    print(
        f"\n{options.kills} kills in {time.monotonic() - started:.0f} s: {last.acknowledged} orders acknowledged,"
        f" {len(last.lost)} lost; {last.facts} facts, {sum(map(abs, last.double.values()))} double;"
        f" {len(last.differences)} differences; {answers} dashboards answered meanwhile;"
        f" import finished with exit code {imported}."
    )
    if failures:
        print(f"{len(failures)} workers failed by themselves: {', '.join(sorted(set(failures)))}. See {log}.")
    return 1 if unsound or imported or failures else 0


def found_so_far(found: tuple[Findings, list[str]] | None) -> list[str]:
    return list(found[1]) if found else []


def _print_row(kill: int, who: str, found: Findings, seconds: float) -> None:
    double = sum(map(abs, found.double.values()))
    cells = (kill, who, found.orders, found.facts, found.acknowledged, len(found.lost), double, len(found.differences))
    print(" | ".join(str(cell) for cell in cells), f"| {seconds:.1f}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="chooses moments and victims")
    parser.add_argument("--longest-wait", type=float, default=3.0, help="seconds of work before a kill, at most")
    parser.add_argument("--import-orders", type=int, default=60_000, help="orders in the file that is imported")
    parser.add_argument("--data-dir", type=Path, help="where to work; default: a temporary folder")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
