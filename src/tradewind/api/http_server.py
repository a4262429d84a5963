"""How the application listens: one place for the server's limits, for `tradewind up` and the tests alike."""

from __future__ import annotations

import logging

import uvicorn
from starlette.types import ASGIApp

STOP_WITHIN_SECONDS = 5
LONGEST_MESSAGE = 64 * 1024
"""Bytes that a client of a live channel may say at once: a question is short."""


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
