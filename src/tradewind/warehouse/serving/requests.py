"""What requests of the query side did: a row of `tinybird.pipe_stats_rt` each, told to the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from tradewind.warehouse.serving.journal import Journal
from tradewind.warehouse.workspaces.scopes import Value

QUERY_API = "query_api"
"""The pipe that /v0/sql counts as."""
_LONGEST = 2000
_SECRET = frozenset({"token"})


@dataclass(frozen=True, slots=True)
class Served:
    """One request and how it went."""

    database: str
    release: int
    pipe: str
    started_at: datetime
    seconds: float
    status: int
    request_id: str
    method: str
    path: str
    query: str
    parameters: Mapping[str, Value]
    token_id: str = ""
    token_name: str = ""
    rows: int = 0
    read_rows: int = 0
    read_bytes: int = 0
    error: str | None = None
    user_agent: str | None = None
    client_ip: str | None = None
    tags: tuple[str, ...] = ()


class Requests:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def record(self, served: Served) -> None:
        """Tells of a request. Tokens are left out, wherever they stood."""
        parameters = {
            name: (value if isinstance(value, str) else ",".join(value))[:_LONGEST]
            for name, value in list(served.parameters.items())[:100]
            if name not in _SECRET
        }
        self._journal.add(
            served.database,
            "pipe_stats_rt",
            {
                "start_datetime": served.started_at.strftime("%Y-%m-%d %H:%M:%S"),
                "pipe_id": served.pipe,
                "pipe_name": served.pipe,
                "duration": served.seconds,
                "read_bytes": served.read_bytes,
                "read_rows": served.read_rows,
                "cpu_time": 0.0,
                "result_rows": served.rows,
                "url": without_token(served.path, served.query)[:_LONGEST],
                "error": int(served.status >= 400),
                "error_message": served.error,
                "status_code": served.status,
                "request_id": served.request_id,
                "token": served.token_id,
                "token_name": served.token_name,
                "parameters": parameters,
                "method": served.method,
                "release": str(served.release),
                "user_agent": served.user_agent,
                "client_ip": served.client_ip,
                "resource_tags": list(served.tags),
                "memory_usage": 0,
                "replica": "",
            },
        )


def without_token(path: str, query: str) -> str:
    """An address that may be written down: a token in it is left out."""
    kept = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True) if name.lower() not in _SECRET]
    return f"{path}?{urlencode(kept)}" if kept else path
