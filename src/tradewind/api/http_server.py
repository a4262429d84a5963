"""How the application listens: one place for the server's limits, for `tradewind up` and the tests alike."""

from __future__ import annotations

import gc
import logging

import uvicorn
from starlette.types import ASGIApp

from tradewind.core.priority import go_first

STOP_WITHIN_SECONDS = 5
LONGEST_MESSAGE = 64 * 1024
"""Bytes that a client of a live channel may say at once: a question is short."""
_COLLECTOR = (700, 10, 10)
"""Python's own thresholds: a start may have raised them."""


def begin_to_answer() -> None:
    """Called by the thread that is about to take requests, when everything else of the server stands.

    What stands then stands until the end: the collector need not walk over it each time, for which requests would wait
    a fifth of a second. And the threads that there are then work behind this one.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECTOR)
    go_first()


def server_config(app: ASGIApp) -> uvicorn.Config:
    # It would write whole addresses, and a token may stand in one. Off for good, whoever sets up logs later.
    logging.getLogger("uvicorn.access").disabled = True
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_interval=20,
        ws_ping_timeout=20,
    )
