"""Throws broken and hostile SQL and parameters at the query side and looks at what it gives away.

    python -m bench.fuzz_sql --statements 50000

Two workspaces stand in a new engine. For every text: the answer is rows or an error of ours, in time; no row of the
other workspace, nothing of a file, no connection to a socket that listens beside, no table made or dropped, no file
written, memory stays bounded. Exit code 1 says that something of this did not hold.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.sql_texts import Places, a_text, a_value
from tradewind.core.errors import TradewindError
from tradewind.core.settings import ServingSettings, WarehouseSettings
from tradewind.warehouse.client import Warehouse
from tradewind.warehouse.datafiles.model import Column, DataSource, Node, NodeType, Pipe, Place, Project
from tradewind.warehouse.serving.compiler import ProjectCompiler
from tradewind.warehouse.serving.engine import open_engine
from tradewind.warehouse.serving.formats import of_endpoint
from tradewind.warehouse.serving.queries import Queries
from tradewind.warehouse.serving.service_sources import ServiceSources
from tradewind.warehouse.workspaces.release import Release
from tradewind.warehouse.workspaces.scopes import Scope, Token

SECRET, CANARY = "rows-of-somebody-else-7f3a", "inside-of-a-file-9c1d"
HERE = Place("fuzz")
_ALLOWED_SECONDS = 12.0
_PARAMETERS = """%SELECT {{Int32(n, 1)}}, {{String(s, 'x')}}, {{Array(a, 'String', 'a')}}, {{Date(d, '2020-01-01')}},
{{Float64(f, 0)}}, {{Boolean(b, 0)}}, {{DateTime(t, '2020-01-01 00:00:00')}} FROM sales
WHERE {{column(c, 'tenant')}} != {{String(s, 'x')}} {% if defined(w) %} AND tenant = {{String(w)}} {% end %}
ORDER BY {{symbol(o, 'id')}} LIMIT {{Int32(n, 1)}}"""


class Fuzz:
    """The two workspaces, and what has been seen so far."""

    def __init__(self, folder: Path, *, seconds: float = 2.0, engine: Path | None = None) -> None:
        self.folder = folder
        limits = WarehouseSettings(query_timeout_seconds=seconds, query_max_rows=10_000, query_max_memory_mb=256)
        self.warehouse = Warehouse(f"chdb://{engine or folder / 'engine'}", limits)
        serving = ServingSettings(connections=4, result_max_mb=8, cache_mb=0)
        self.engine = open_engine(self.warehouse, serving)
        services = ServiceSources(self.warehouse)
        self.queries = Queries(self.warehouse, self.engine, services, ProjectCompiler(), serving)
        for database in ("ws_own", "ws_other"):
            self.warehouse.command(f"CREATE DATABASE {database}")
        self.warehouse.command(
            "CREATE TABLE ws_own.sales__1 (id Int64, tenant String, amount Float64, at DateTime)"
            " ENGINE = MergeTree ORDER BY id"
        )
        self.warehouse.command("INSERT INTO ws_own.sales__1 SELECT number, 'ann', 1.5, now() FROM numbers(100)")
        self.warehouse.command("CREATE TABLE ws_other.hidden__1 (note String) ENGINE = MergeTree ORDER BY note")
        self.warehouse.command(f"INSERT INTO ws_other.hidden__1 VALUES ('{SECRET}')")
        (folder / "canary.txt").write_text(CANARY)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.places = Places(
            "ws_own",
            "sales__1",
            "ws_other",
            "hidden__1",
            str(folder / "canary.txt"),
            str(folder / "written.txt"),
            self.listener.getsockname()[1],
        )
        columns = tuple(
            Column(n, t) for n, t in (("id", "Int64"), ("tenant", "String"), ("amount", "Float64"), ("at", "DateTime"))
        )
        pipes = {
            "by_tenant": _pipe("by_tenant", "SELECT tenant, count() AS n FROM sales GROUP BY tenant"),
            "typed": _pipe("typed", _PARAMETERS),
            "secretive": _pipe("secretive", "%SELECT {{tb_secret('salt')}}"),
        }
        project = Project({"sales": DataSource("sales", HERE, columns)}, pipes)
        self.release = Release("own", "own", "ws_own", 1, project, {"sales": "sales__1"}, {"salt": "s3cr3t-salt"})
        self.admin = Token("a", "own", "admin", (Scope("ADMIN"),))
        self.reader = Token("r", "own", "reader", (Scope("DATASOURCES:READ", "sales", "tenant = 'bob'"),))
        self.outcomes: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.slowest = 0.0
        self._lock = threading.Lock()
        services.ensure("ws_own", "pipe_stats_rt")
        self.before = self._tables()

    def ask(self, seed: int) -> None:
        """Asks one text, or an endpoint with hostile parameters, and judges the answer."""
        chance = random.Random(seed)
        is_endpoint = chance.random() < 0.25
        token = self.admin if chance.random() < 0.7 else self.reader
        text = a_text(chance, self.places)
        values = {
            name: a_value(chance, self.places) for name in chance.sample("nsadfbtcwox", chance.choice((1, 1, 2, 4)))
        }
        began = time.perf_counter()
        content = b""
        try:
            if is_endpoint:
                form = of_endpoint(chance.choice(("json", "csv", "ndjson")))
                assert form is not None
                planned = self.queries.endpoint(self.release, self.admin, "typed", form, values)
            else:
                pipeline = "by_tenant" if chance.random() < 0.1 else None
                planned = self.queries.query(self.release, token, text, values, pipeline=pipeline)
            result = self.queries.run(planned)
            content = b"".join(result.pieces())
            outcome = "rows"
        except TradewindError as refused:
            content = str(refused).encode()
            outcome = f"{type(refused).__name__} {getattr(refused, 'status', '')}"
        except Exception as failure:  # noqa: BLE001 (what is not ours is what is looked for)
            outcome = f"unexpected {type(failure).__name__}"
            self._complain(f"{outcome}: {failure}", text, values, is_endpoint)
        took = time.perf_counter() - began
        for found, what in ((SECRET, "another workspace's row"), (CANARY, "a file"), ("root:x:", "a file")):
            if found.encode() in content and found not in text:
                self._complain(f"told {what}", text, values, is_endpoint)
        if token is self.reader and outcome == "rows" and not is_endpoint and b"ann" in content and "ann" not in text:
            self._complain("told a row behind the filter", text, values, is_endpoint)
        if took > _ALLOWED_SECONDS:
            self._complain(f"took {took:.1f} s", text, values, is_endpoint)
        with self._lock:
            self.outcomes[outcome] += 1
            self.slowest = max(self.slowest, took)

    def look_around(self) -> None:
        """What must not have changed, whatever was asked."""
        if self._tables() != self.before:
            self.wrong.append("tables were made, dropped or filled")
        if (self.folder / "written.txt").exists():
            self.wrong.append("a file was written")
        try:
            self.listener.accept()
            self.wrong.append("a connection was opened")
        except BlockingIOError:
            pass

    def close(self) -> None:
        self.queries.close()
        self.engine.close()
        self.listener.close()
        for database in ("ws_own", "ws_other", "tradewind_nothing"):
            self.warehouse.command(f"DROP DATABASE IF EXISTS {database} SYNC")
        self.warehouse.close()

    def _tables(self) -> list[dict[str, Any]]:
        return self.warehouse.query(
            "SELECT database, name, total_rows FROM system.tables WHERE database NOT IN"
            " ('system', 'INFORMATION_SCHEMA', 'information_schema') ORDER BY 1, 2"
        ) + self.warehouse.query("SELECT name FROM system.functions WHERE origin != 'System'")

    def _complain(self, what: str, text: str, values: dict[str, str], is_endpoint: bool) -> None:
        with self._lock:
            self.wrong.append(f"{what}: {values if is_endpoint else text!r}")


def _pipe(name: str, sql: str) -> Pipe:
    node = Node("n", HERE, sql.removeprefix("%"), is_template=sql.startswith("%"), type=NodeType.ENDPOINT)
    return Pipe(name, HERE, (node,))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--statements", type=int, default=50_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=4)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="tradewind-fuzz-") as folder:
        fuzz = Fuzz(Path(folder))
        began = time.perf_counter()
        with ThreadPoolExecutor(chosen.threads) as pool:
            for _ in pool.map(fuzz.ask, range(chosen.seed, chosen.seed + chosen.statements), chunksize=1):
                pass
        fuzz.look_around()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = {
            "statements": chosen.statements,
            "seconds": round(time.perf_counter() - began, 1),
            "slowest_seconds": round(fuzz.slowest, 2),
            "peak_memory_mb": memory,
            "outcomes": dict(fuzz.outcomes.most_common()),
            "wrong": fuzz.wrong[:50],
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
        fuzz.close()
    sys.exit(1 if fuzz.wrong or memory > 3000 else 0)


if __name__ == "__main__":
    main()
