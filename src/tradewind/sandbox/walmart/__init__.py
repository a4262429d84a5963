"""Walmart Marketplace as its documentation has it: headers, tokens, cursors, limits, payloads and errors.

Nothing of the connector is used here: a mistake shared by both would prove nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from tradewind.sandbox.desk import Desk, StandIn
from tradewind.sandbox.walmart.limits import LIMITS as LIMITS
from tradewind.sandbox.walmart.service import Walmart

CREDENTIALS: Mapping[str, str] = {
    "client_id": "sandbox-walmart-client",
    "client_secret": "sandbox-walmart-secret",
    "webhook_secret": "sandbox-walmart-webhooks",
}


def stand_in(desk: Desk) -> StandIn:
    server = Walmart(desk)
    return StandIn(app=server.app, refuse=server.refuse, variables=server.variables, announce=server.announce)
