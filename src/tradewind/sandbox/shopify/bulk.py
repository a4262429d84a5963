"""Bulk operations: one at a time, written to a file of lines, ready when it has been asked after twice or has run."""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from tradewind.core.clock import Clock
from tradewind.sandbox.shopify.query import Field, Inner, Operation, QueryError, answer, parse
from tradewind.sandbox.shopify.rendering import gid
from tradewind.sandbox.shopify.searching import Search, read_search

_MOST_CONNECTIONS = 5
_DEEPEST = 2
_RUNS = timedelta(seconds=20)


class Orders(Protocol):
    def all_orders(self, search: Search) -> Iterator[Mapping[str, Any]]: ...


class BulkShelf:
    """The operations of a shop and their files, which go with this object."""

    def __init__(self, orders: Orders, clock: Clock) -> None:
        self._orders, self._clock = orders, clock
        self._folder = Path(tempfile.mkdtemp(prefix="sandbox-shopify-"))
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._operations: list[dict[str, Any]] = []
        self._running: tuple[Operation, bool] | None = None
        self._ends_at = clock.now()
        self.address = ""
        """Where files are fetched, as the last request came in."""

    def run(self, one: Field) -> dict[str, Any]:
        if self._running is not None and self._clock.now() >= self._ends_at:
            # Nobody asks after it, as after a crash: it ends all the same.
            self._finish(self._operations[-1], *self._running)
        if self._running is not None:
            last = self._operations[-1]["id"]
            message = f"A bulk query operation for this app and shop is already in progress: {last}."
            error = {"field": None, "message": message, "code": "OPERATION_IN_PROGRESS"}
            return {"bulkOperation": None, "userErrors": [error]}
        try:
            operation = parse(str(one.arguments.get("query")), {})
            _check(operation)
        except QueryError as wrong:
            return {
                "bulkOperation": None,
                "userErrors": [{"field": ["query"], "message": str(wrong), "code": "INVALID"}],
            }
        self._running = (operation, bool(one.arguments.get("groupObjects", False)))
        self._ends_at = self._clock.now() + _RUNS
        told = {
            "id": gid("BulkOperation", str(720_000 + len(self._operations))),
            "status": "CREATED",
            "errorCode": None,
            "objectCount": "0",
            "rootObjectCount": "0",
            "fileSize": None,
            "url": None,
            "partialDataUrl": None,
        }
        self._operations.append(told)
        return {"bulkOperation": told, "userErrors": []}

    def poll(self, id_: str) -> Mapping[str, Any] | None:
        """Created, then running, then completed."""
        told = next((one for one in self._operations if one["id"] == id_), None)
        if told is not None and told["status"] == "CREATED":
            told["status"] = "RUNNING"
        elif told is not None and told["status"] == "RUNNING" and self._running is not None:
            self._finish(told, *self._running)
        return told

    def file(self, name: str) -> Path | None:
        path = self._folder / name
        return path if path.parent == self._folder and path.is_file() else None

    def _finish(self, told: dict[str, Any], operation: Operation, is_grouped: bool) -> None:
        name = f"{len(self._operations)}.jsonl"
        path = self._folder / name
        roots = children = 0
        late: list[str] = []
        with path.open("w", encoding="utf-8") as out:
            root = operation.fields[0]
            for order in self._orders.all_orders(read_search(root.arguments.get("query"), "updated_at", "id")):
                lines = list(_lines(order, _node(root).selection))
                roots, children = roots + 1, children + len(lines) - 1
                out.write(lines[0])
                if is_grouped:
                    out.writelines(lines[1:])
                else:
                    late += lines[1:]
            out.writelines(late)
        told |= {
            "status": "COMPLETED",
            "objectCount": str(roots + children),
            "rootObjectCount": str(roots),
            "fileSize": str(path.stat().st_size),
            "url": f"{self.address}/{name}?signature=sandbox" if roots else None,
        }
        self._running = None


def _check(operation: Operation) -> None:
    """The rules for bulk queries. Raises QueryError."""
    if operation.kind != "query" or [one.name for one in operation.fields] != ["orders"]:
        raise QueryError("The sandbox runs bulk queries of orders alone.")
    count, depth = _connections(operation.fields, inside_list=False)
    if count > _MOST_CONNECTIONS or depth > _DEEPEST:
        raise QueryError("Bulk queries cannot contain more than 5 connections, nested 2 deep.")


def _connections(fields: Sequence[Field], *, inside_list: bool) -> tuple[int, int]:
    """How many connections there are, and how deep they lie in each other."""
    count = deepest = 0
    for one in fields:
        is_connection = any(part.name == "edges" for part in one.selection)
        if is_connection and inside_list:
            raise QueryError("Queries that contain a connection field within a list field are not supported.")
        inner, depth = _connections(
            one.selection, inside_list=inside_list or (one.name in ("refunds", "transactions", "fulfillments"))
        )
        count, deepest = count + inner + is_connection, max(deepest, depth + is_connection)
    return count, deepest


def _node(connection: Field) -> Field:
    edges = next(one for one in connection.selection if one.name == "edges")
    return next(one for one in edges.selection if one.name == "node")


def _lines(order: Mapping[str, Any], fields: Sequence[Field]) -> Iterator[str]:
    """The order's line, without its connections, and one for each member of theirs."""
    connections = [one for one in fields if isinstance(order.get(one.name), Inner)]
    told = answer(order, [one for one in fields if one not in connections], "Order")
    yield json.dumps(told, separators=(",", ":")) + "\n"
    for one in connections:
        for child in order[one.name].nodes:
            told = answer(child, _node(one).selection, "LineItem") | {"__parentId": order["id"]}
            yield json.dumps(told, separators=(",", ":")) + "\n"
