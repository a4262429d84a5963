"""A small HTTP server on this machine that stands in for a payment provider, and can be made to misbehave."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), strict_parsing=True)) if self.body else {}

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found


@dataclass(frozen=True)
class Said:
    status: int
    content: Any


class StandIn:
    """Answers requests with `answer`. Faults are used up one per request, the first one first.

    `500`: nothing is done. `lost`: it is done, and the answer never arrives. `late`: it is done, and the answer
    comes after `delay` seconds.
    """

    delay = 1.0

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.wrong: list[str] = []
        """What a real provider would have refused: a test that ends with any has failed."""
        self.faults: deque[str] = deque()
        self._lock = threading.Lock()
        self._released = threading.Event()
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def log_message(self, *_: object) -> None:
                pass

            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                url = urlsplit(self.path)
                headers = {name.lower(): text for name, text in self.headers.items()}
                asked = Asked(self.command, url.path, dict(parse_qsl(url.query)), headers, self.rfile.read(length))
                said = standin.handle(asked)
                if said is None:
                    self.close_connection = True
                    return
                body = orjson.dumps(said.content)
                self.send_response(said.status)
                for name, text in (("Content-Type", "application/json"), ("Content-Length", str(len(body)))):
                    self.send_header(name, text)
                self.send_header("Stripe-Should-Retry", "false")  # so that a test of a fault takes no time
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def handle(self, asked: Asked) -> Said | None:
        with self._lock:
            self.asked.append(asked)
            fault = self.faults.popleft() if self.faults else None
            if fault == "500":
                return Said(500, {"error": {"type": "api_error", "message": "out of order"}, "name": "INTERNAL"})
            said = self.answer(asked)
        if fault == "lost":
            return None
        if fault == "late":
            self._released.wait(self.delay)
        return said

    def answer(self, asked: Asked) -> Said:
        raise NotImplementedError

    def count(self, method: str, path: str) -> int:
        return sum(1 for asked in self.asked if asked.method == method and asked.path == path)

    def refuse(self, why: str, status: int, content: Any) -> Said:
        self.wrong.append(why)
        return Said(status, content)

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
