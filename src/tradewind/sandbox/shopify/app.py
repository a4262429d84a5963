"""Shopify's doors: the token endpoint, GraphQL with its cost bucket, and the files of bulk operations."""

from __future__ import annotations

import json
import math
import re
import threading
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from tradewind.sandbox.desk import Desk
from tradewind.sandbox.faults import FaultKind
from tradewind.sandbox.limits import Grant
from tradewind.sandbox.shopify.query import Field, Operation, QueryError, answer, parse
from tradewind.sandbox.shopify.shop import VERSIONS, Shop

GRAPHQL = "graphql"
MOST_POINTS = 1000
_POINTS = {
    "orders": 21.0,
    "nodes": 8.0,
    "productVariants": 5.0,
    "inventoryItems": 2.5,
    "balanceTransactions": 4.0,
}
"""Points per row; Shopify reckons them from the selection, by a rule of its own."""
_MUTATION_POINTS = 10.0
_TOKEN_SECONDS = 86_399
_VERSION = re.compile(r"20\d\d-(01|04|07|10)")
_NOT_FOUND = {"errors": "Not Found"}
_NO_ACCESS = {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"}
_THROTTLED = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}


class App:
    """One shop's HTTP side."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.shop = desk, Shop(desk)
        self._tokens: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self.asgi = Starlette(
            routes=[
                Route("/admin/oauth/access_token", self._token, methods=["POST"]),
                Route("/admin/api/{version}/graphql.json", self._graphql, methods=["POST"]),
                Route("/bulk/{name}", self._file),
            ],
            exception_handlers={404: _not_found, 405: _not_found},
        )

    async def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        known = self.desk.credentials
        if form.get("grant_type") != "client_credentials" or any(
            form.get(name) != known[name] for name in ("client_id", "client_secret")
        ):
            error = {"error": "invalid_request", "error_description": "The client_id or client_secret is invalid."}
            return JSONResponse(error, status_code=400)
        token = f"shpat_{uuid.uuid4().hex}"
        self._tokens[token] = self.desk.clock.now() + timedelta(seconds=_TOKEN_SECONDS)
        return JSONResponse({"access_token": token, "scope": "read_orders", "expires_in": _TOKEN_SECONDS})

    async def _graphql(self, request: Request) -> Response:
        version = request.path_params["version"]
        if not _VERSION.fullmatch(version) or version > VERSIONS[-1]:
            return JSONResponse(_NOT_FOUND, status_code=404)
        # An outdated version is answered by the oldest that there is.
        headers = {"X-Shopify-API-Version": max(version, VERSIONS[0]), "X-Request-Id": str(uuid.uuid4())}
        if not self._is_known(request.headers.get("X-Shopify-Access-Token", "")):
            return JSONResponse(_NO_ACCESS, status_code=401, headers=headers)
        if request.headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            return JSONResponse({"errors": "Not Acceptable"}, status_code=406, headers=headers)
        try:
            body = json.loads(await request.body())
        except ValueError:
            body = None
        if not isinstance(body, Mapping) or not isinstance(body.get("query"), str):
            told = {"errors": {"query": "Required parameter missing or invalid"}}
            return JSONResponse(told, status_code=400, headers=headers)
        root = f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"
        answered = await run_in_threadpool(self._answered, body, f"{root}/bulk")
        return JSONResponse(answered, headers=headers)

    async def _file(self, request: Request) -> Response:
        """Fetched without a token, in parts if one likes; the address is what is secret."""
        path = self.shop.bulk.file(request.path_params["name"])
        if path is None or request.query_params.get("signature") != "sandbox":
            return Response("<Error><Code>AccessDenied</Code></Error>", status_code=403, media_type="application/xml")
        return FileResponse(path, media_type="application/jsonl")

    def _is_known(self, token: str) -> bool:
        ends_at = self._tokens.get(token)
        return token == self.desk.credentials["access_token"] or (
            ends_at is not None and self.desk.clock.now() < ends_at
        )

    def _answered(self, body: Mapping[str, Any], files: str) -> dict[str, Any]:
        with self._lock:
            self.shop.bulk.address = files
            try:
                operation = parse(body["query"], body.get("variables") or {}, body.get("operationName"))
                requested = math.ceil(_points(operation.fields, operation))
            except QueryError as wrong:
                return {"errors": [wrong.told()]}
            if requested > MOST_POINTS:
                message = f"Query cost is {requested}, which exceeds the single query max cost limit ({MOST_POINTS})."
                told = QueryError(message, "MAX_COST_EXCEEDED", cost=requested, maxCost=MOST_POINTS).told()
                return {"errors": [told]}
            grant = self.desk.limits.take(self.desk.credentials["shop"], GRAPHQL, requested)
            if not grant.is_allowed:
                return {"errors": [_THROTTLED], "extensions": self._cost(requested, None, grant)}
            return self._executed(operation, requested, grant)

    def _executed(self, operation: Operation, requested: int, grant: Grant) -> dict[str, Any]:
        roots = self.shop.mutations() if operation.kind == "mutation" else self.shop.queries()
        of = "Mutation" if operation.kind == "mutation" else "QueryRoot"
        try:
            data = answer(roots, operation.fields, of)
        except QueryError as wrong:
            return {"errors": [wrong.told()]}
        actual = min(requested, max(1, math.ceil(requested * _filled(operation, data))))
        bucket = self.desk.limits.bucket(self.desk.credentials["shop"], GRAPHQL)
        bucket.give_back(requested - actual, self.desk.clock.now())
        return {"data": data, "extensions": self._cost(requested, actual, grant)}

    def _cost(self, requested: int, actual: int | None, grant: Grant) -> dict[str, Any]:
        bucket = self.desk.limits.bucket(self.desk.credentials["shop"], GRAPHQL)
        level = bucket.level(self.desk.clock.now()) if self.desk.limits.is_on else grant.left
        return {
            "cost": {
                "requestedQueryCost": requested,
                "actualQueryCost": actual,
                "throttleStatus": {
                    "maximumAvailable": float(bucket.limit.burst),
                    "currentlyAvailable": math.floor(level),
                    "restoreRate": float(bucket.limit.rate),
                },
            }
        }


def _points(fields: Sequence[Field], operation: Operation) -> float:
    """What a query may cost: a mutation 10, a connection by the rows it asks for, anything else 1."""
    if operation.kind == "mutation":
        return _MUTATION_POINTS * len(fields)
    total = 0.0
    for one in fields:
        rows = one.arguments.get("first")
        if one.name == "nodes":
            total += len(one.arguments.get("ids") or ()) * _POINTS["nodes"]
        elif isinstance(rows, int):
            total += 2 + rows * _POINTS.get(one.name, 1.0)
        elif one.name == "shopifyPaymentsAccount":
            total += _points(one.selection, operation)
        else:
            total += _POINTS["orders"] if one.name == "order" else 1
    return total


def _filled(operation: Operation, data: Mapping[str, Any]) -> float:
    """The share of the rows asked for that came."""
    shares = [
        len(told.get("nodes") or ()) / rows
        for one in operation.fields
        if isinstance(rows := one.arguments.get("first"), int) and isinstance(told := data.get(one.alias), Mapping)
    ]
    return max(shares, default=1.0)


def refuse(kind: FaultKind) -> Response:
    """A fault at the door in Shopify's words."""
    if kind is FaultKind.THROTTLED:
        status = {"maximumAvailable": 2000.0, "currentlyAvailable": 0, "restoreRate": 100.0}
        cost = {"requestedQueryCost": 50, "actualQueryCost": None, "throttleStatus": status}
        return JSONResponse({"errors": [_THROTTLED], "extensions": {"cost": cost}})
    if kind is FaultKind.EXPIRED_TOKEN:
        return JSONResponse(_NO_ACCESS, status_code=401)
    status_code = {FaultKind.UNAVAILABLE: 503, FaultKind.TIMEOUT: 504}.get(kind, 500)
    return Response("<html><body>Shopify is away for a moment</body></html>", status_code, media_type="text/html")


async def _not_found(_: Request, __: Exception) -> Response:
    return JSONResponse(_NOT_FOUND, status_code=404)
