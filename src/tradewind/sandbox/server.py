"""The marketplaces in a box: one server on loopback with the three stand-ins, and the switches beside them.

    /amazon/… /shopify/… /walmart/…   as the platforms answer
    /sandbox                          what is going on; POST clock, faults and limits below it; GET truth/{channel}

Each stand-in is a module with `CREDENTIALS`, `LIMITS` and `stand_in(desk)`; it imports nothing of the connector.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from tradewind.core.clock import Clock
from tradewind.core.errors import InvalidInput, NotFound, TradewindError
from tradewind.core.logging import get_logger
from tradewind.sandbox.clock import SimulatedClock
from tradewind.sandbox.desk import Desk, Door, StandIn
from tradewind.sandbox.faults import Fault, FaultKind, Faults
from tradewind.sandbox.generated import GeneratedWorld
from tradewind.sandbox.limits import Limits
from tradewind.sandbox.markets import WARES, Ware
from tradewind.sandbox.truth import truth_of

CHANNELS = ("amazon", "shopify", "walmart")
_ATTEMPTS = 3
_ANNOUNCES_EVERY_SECONDS = 1.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SandboxPlan:
    """What world to make. It begins at `start`; `orders` is per channel and spread over all `days`.

    The clock begins `history_days` later, or at `opens_at`, and runs `speed` times as fast as the real one.
    """

    seed: int
    start: datetime
    days: int = 90
    orders: int = 9_000
    history_days: int = 0
    opens_at: datetime | None = None
    speed: float = 0.0
    is_limited: bool = True
    channels: Sequence[str] = CHANNELS
    wares: Sequence[Ware] = WARES


class Sandbox:
    """The world, its clock, a desk per channel and the app that serves them."""

    def __init__(self, plan: SandboxPlan, real: Clock) -> None:
        self.plan = plan
        self.clock = SimulatedClock(plan.opens_at or plan.start + timedelta(days=plan.history_days), real, plan.speed)
        self.world = GeneratedWorld(
            seed=plan.seed,
            start=plan.start,
            days=plan.days,
            orders=dict.fromkeys(plan.channels, plan.orders),
            clock=self.clock,
            wares=plan.wares,
        )
        self.desks: dict[str, Desk] = {}
        self.stand_ins: dict[str, StandIn] = {}
        for channel in plan.channels:
            if channel not in CHANNELS:
                raise NotFound(f"There is no stand-in for {channel}. There is one for: {', '.join(CHANNELS)}.")
            module = import_module(f"tradewind.sandbox.{channel}")
            desk = Desk(
                channel=channel,
                world=self.world,
                clock=self.clock,
                faults=Faults(seed=plan.seed),
                limits=Limits(self.clock, module.LIMITS, is_on=plan.is_limited),
                credentials=module.CREDENTIALS,
            )
            self.desks[channel] = desk
            self.stand_ins[channel] = module.stand_in(desk)
        self._announced = self.clock.now()
        self._announcing = threading.Lock()
        self.app = self._app()

    def variables(self, address: str) -> dict[str, str]:
        """The environment variables with which the connectors find their stand-ins."""
        found: dict[str, str] = {}
        for channel, stand_in in self.stand_ins.items():
            found |= stand_in.variables(f"{address}/{channel}")
        return found

    @property
    def violations(self) -> dict[str, int]:
        """How often more was asked than is published, by channel and operation."""
        return {
            f"{channel}.{operation}": count
            for channel, desk in self.desks.items()
            for operation, count in sorted(desk.limits.violations.items())
        }

    def announce(self) -> int:
        """Sends the webhooks of what has happened since the last time; returns how many were taken."""
        with self._announcing:
            since, until = self._announced, self.clock.now()
            self._announced = until
        taken = 0
        with httpx.Client(timeout=10) as http:
            for announce in (stand_in.announce for stand_in in self.stand_ins.values()):
                for news in announce(since, until) if announce else ():
                    taken += any(_is_taken(http, news.url, news.headers, news.body) for _ in range(_ATTEMPTS))
        return taken

    def announce_as_time_passes(self, stop: threading.Event) -> None:
        """Sends webhooks while the clock runs by itself, until told to stop. One that stands sends when it is moved."""
        while not stop.wait(_ANNOUNCES_EVERY_SECONDS):
            if self.clock.is_running:
                try:
                    self.announce()
                except Exception:  # told, and the next ones are sent: a stand-in's mistake is no reason to fall silent
                    logger.exception("webhooks could not be made")

    def _app(self) -> Starlette:
        mounts = [
            Mount(f"/{channel}", Door(stand_in.app, self.desks[channel], stand_in.refuse))
            for channel, stand_in in self.stand_ins.items()
        ]
        routes = [
            Route("/sandbox", self._state),
            Route("/sandbox/clock", self._move_clock, methods=["POST"]),
            Route("/sandbox/faults", self._switch_fault, methods=["POST"]),
            Route("/sandbox/faults", self._clear_faults, methods=["DELETE"]),
            Route("/sandbox/limits", self._set_limits, methods=["POST"]),
            Route("/sandbox/truth/{channel}", self._truth),
        ]
        return Starlette(routes=[*routes, *mounts], exception_handlers={TradewindError: _told})

    async def _state(self, _: Request) -> JSONResponse:
        return JSONResponse(
            {
                "now": self.clock.now().isoformat(),
                "channels": {
                    channel: {
                        "orders": self.world.count(channel),
                        "calls": dict(desk.limits.calls),
                        "violations": dict(desk.limits.violations),
                        "faults_met": dict(desk.faults.met),
                        "faults_waiting": [asdict(fault) for fault in desk.faults.waiting],
                    }
                    for channel, desk in self.desks.items()
                },
            }
        )

    async def _move_clock(self, request: Request) -> JSONResponse:
        asked = await _body(request)
        if "speed" in asked:
            self.clock.run(_number(asked, "speed"))
        self.clock.advance(seconds=_number(asked, "advance_seconds"))
        taken = await run_in_threadpool(self.announce)
        return JSONResponse({"now": self.clock.now().isoformat(), "webhooks_taken": taken})

    async def _switch_fault(self, request: Request) -> JSONResponse:
        asked = await _body(request)
        if asked.get("kind") not in set(FaultKind):
            raise InvalidInput(f"`kind` is one of {', '.join(FaultKind)}.", field="kind")
        fault = Fault(
            FaultKind(asked["kind"]), int(asked.get("times", 1)), str(asked.get("path", "")), _number(asked, "seconds")
        )
        self._desk(asked.get("channel")).faults.switch(fault)
        return JSONResponse(asdict(fault), status_code=201)

    async def _clear_faults(self, _: Request) -> JSONResponse:
        for desk in self.desks.values():
            desk.faults.clear()
        return JSONResponse({})

    async def _set_limits(self, request: Request) -> JSONResponse:
        asked = await _body(request)
        if not isinstance(asked.get("on"), bool):
            raise InvalidInput("`on` says whether the published limits hold: true or false.", field="on")
        for desk in self.desks.values():
            desk.limits.is_on = asked["on"]
        return JSONResponse({"on": asked["on"]})

    async def _truth(self, request: Request) -> JSONResponse:
        channel = request.path_params["channel"]
        self._desk(channel)
        return JSONResponse(await run_in_threadpool(truth_of, self.world, channel))

    def _desk(self, channel: object) -> Desk:
        if channel not in self.desks:
            raise NotFound(f"No channel is called {channel!r} here. There are: {', '.join(self.desks)}.")
        return self.desks[str(channel)]


@contextmanager
def running(sandbox: Sandbox, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serves the sandbox from a thread; gives its address. Port 0: any that is free."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(128)
    server = uvicorn.Server(uvicorn.Config(sandbox.app, log_level="critical", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
    thread.start()
    try:
        with announcing(sandbox):
            yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


@contextmanager
def announcing(sandbox: Sandbox) -> Iterator[None]:
    """Webhooks leave by themselves as long as the block lasts."""
    stop = threading.Event()
    thread = threading.Thread(target=sandbox.announce_as_time_passes, args=(stop,), name="webhooks", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def _is_taken(http: httpx.Client, url: str, headers: Any, body: bytes) -> bool:
    try:
        return http.post(url, headers=dict(headers), content=body).is_success
    except httpx.HTTPError as error:
        logger.warning("a webhook was not taken", url=url, reason=type(error).__name__)
        return False


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise InvalidInput("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise InvalidInput("The body is a JSON object.")
    return body


def _number(asked: dict[str, Any], name: str) -> float:
    value = asked.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise InvalidInput(f"`{name}` is a number of 0 or more.", field=name)
    return float(value)


async def _told(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TradewindError)
    status = 404 if isinstance(error, NotFound) else 422
    return JSONResponse({"code": error.code, "detail": str(error)}, status_code=status)
