"""A server with one deployed project, in a process of its own, for the measures of ingest.

python -m bench.ingest_server --data-dir DIR [--views 3] [--months] [--parts FILE]

Prints one line of JSON when it answers: its address and the workspace's admin token. With `--parts` it keeps in that
file how many parts each table had at most.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
from pathlib import Path, PurePosixPath

import uvicorn

from tradewind.api.app import create_app
from tradewind.api.http_server import begin_to_answer, server_config
from tradewind.api.services import Services
from tradewind.core.logging import configure_logging
from tradewind.core.settings import load_settings
from tradewind.core.sockets import bound
from tradewind.platform import Platform

_SOURCE = """SCHEMA >
    `id` UInt64 `json:$.id`,
    `timestamp` DateTime `json:$.timestamp`,
    `event` LowCardinality(String) `json:$.event`,
    `product` String `json:$.product`,
    `store` LowCardinality(String) `json:$.store`,
    `quantity` Int32 `json:$.quantity`

ENGINE MergeTree
ENGINE_SORTING_KEY event, product, timestamp
"""
_TARGET = """SCHEMA >
    `name` String,
    `events` UInt64,
    `quantity` Int64

ENGINE SummingMergeTree
ENGINE_SORTING_KEY name
"""
_VIEW = """NODE counted
SQL >
    SELECT {column} AS name, count() AS events, sum(quantity) AS quantity FROM events GROUP BY name

TYPE materialized
DATASOURCE {target}
"""
_ENDPOINT = """NODE latest
SQL >
    SELECT count() AS rows, max(id) AS newest FROM events

TYPE endpoint
"""
VIEWS = {"by_product": "product", "by_event": "event", "by_store": "store"}


_BY_MONTH = "ENGINE_PARTITION_KEY toYYYYMM(timestamp)\n"
_PARTS = "SELECT table, count() AS parts FROM system.parts WHERE active GROUP BY table"


def project(views: int, *, by_month: bool = False) -> dict[PurePosixPath, bytes]:
    """The project's files: a source, and some views on it."""
    files = {"events.datasource": _SOURCE + (_BY_MONTH if by_month else ""), "latest.pipe": _ENDPOINT}
    for target, column in list(VIEWS.items())[:views]:
        files[f"{target}.datasource"] = _TARGET
        files[f"{target}_view.pipe"] = _VIEW.format(column=column, target=target)
    return {PurePosixPath(name): text.encode() for name, text in files.items()}


def opened(data_dir: Path, views: int = 3, *, by_month: bool = False) -> Platform:
    """A platform with the project live."""
    platform = Platform(load_settings(data_dir=data_dir))
    workspaces = platform.workspaces
    workspace_id = workspaces.default()
    if workspaces.live(workspace_id) is None:
        outcome = workspaces.deploy(workspace_id, project(views, by_month=by_month))
        if outcome.result != "success":
            raise RuntimeError("; ".join(map(str, outcome.errors)))
    return platform


def watch_parts(platform: Platform, file: Path, stop: threading.Event) -> None:
    """Ten times a second; the file is written anew whenever a table has more of them than ever before."""
    most: dict[str, int] = {}
    while not stop.wait(0.1):
        more = {
            row["table"]: row["parts"]
            for row in platform.warehouse.query(_PARTS)
            if row["parts"] > most.get(row["table"], 0)
        }
        if more:
            most |= more
            fresh = file.with_suffix(".new")
            fresh.write_text(json.dumps(most))
            fresh.replace(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--views", type=int, default=3, choices=range(4))
    parser.add_argument("--months", action="store_true", help="a partition for each month")
    parser.add_argument("--parts", type=Path)
    options = parser.parse_args()
    configure_logging("warning")
    platform = opened(options.data_dir, options.views, by_month=options.months)
    try:
        platform.start()
        if options.parts is not None:
            platform.spawn("parts", lambda stop: watch_parts(platform, options.parts, stop))
        services = Services.of(platform)
        with bound("127.0.0.1", 0) as listening:
            listening.listen(1000)
            server = uvicorn.Server(server_config(create_app(platform, services)))
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            token = platform.serving.tokens.admin_value(platform.workspaces.default())
            begin_to_answer()
            print(json.dumps({"url": url, "token": token}), flush=True)
            asyncio.run(server.serve([listening]))
    finally:
        platform.close()


if __name__ == "__main__":
    main()
