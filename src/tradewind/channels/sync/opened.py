"""Connections at work: one caller per account and process, so that all jobs share its limits and its token."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import httpx
from sqlalchemy import select

from tradewind.channels.contract import Account, Connection, Connector, Limit
from tradewind.channels.sync.caller import AccountCaller
from tradewind.channels.sync.connections import account_of
from tradewind.channels.sync.limiter import Buckets
from tradewind.channels.sync.model import CallBudget, ChannelConnection
from tradewind.channels.sync.pacing import Pacer
from tradewind.channels.sync.registry import Connectors
from tradewind.channels.sync.vault import Vault, vault_of
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.core.bulk import put_rows
from tradewind.core.clock import Clock
from tradewind.core.database import Database

_KEPT_EXACTLY_BELOW = 1.0
"""Calls a second. The buckets of faster operations are written down at most once a second."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection with all that a run of it needs."""

    row: ChannelConnection
    channel_code: str
    account: Account
    connector: Connector
    connection: Connection
    caller: AccountCaller
    vault: Vault


class Openings:
    """Opens connections, each once per process and set of credentials."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        pacer: Pacer,
        connectors: Connectors,
        secret_key: Callable[[], str],
        http: Callable[[], httpx.Client] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._pacer = pacer
        self._connectors = connectors
        self._secret_key = secret_key
        self._http = http
        self._lock = threading.Lock()
        self._open: dict[str, Opened] = {}
        self._buckets: dict[str, Buckets] = {}
        self._kept_at: dict[tuple[str, str], float] = {}

    def get(self, connection_id: str) -> Opened:
        """The connection, with the credentials as they are now. Raises NotFound for a connector that is gone."""
        with self._lock:
            with self._database.read() as tx:
                row = tx.get_one(ChannelConnection, connection_id)
                code = tx.get_one(SalesChannel, row.channel_id).code
                tx.expunge_all()
            known = self._open.get(connection_id)
            if known is not None and _is_same(known.row, row):
                return Opened(row, code, known.account, known.connector, known.connection, known.caller, known.vault)
            if known is not None:
                known.caller.close()
            connector = self._connectors.get(row.connector)
            account = account_of(row, code, connector, self._secret_key())
            caller = AccountCaller(
                connector,
                account,
                buckets=self._buckets_of(connection_id, connector),
                clock=self._clock,
                pacer=self._pacer,
                http=None if self._http is None else self._http(),
                keep=lambda operation, limit, tokens: self._keep(connection_id, operation, limit, tokens),
            )
            vault = vault_of(row, self._secret_key())
            made = Opened(row, code, account, connector, connector.open(account, caller), caller, vault)
            self._open[connection_id] = made
            return made

    def close(self) -> None:
        with self._lock:
            for one in self._open.values():
                with suppress(RuntimeError):
                    one.caller.close()
            self._open.clear()

    def _buckets_of(self, connection_id: str, connector: Connector) -> Buckets:
        if connection_id not in self._buckets:
            now, seconds = self._clock.now(), self._pacer.seconds()
            with self._database.read() as tx:
                rows = tx.scalars(select(CallBudget).where(CallBudget.connection_id == connection_id)).all()
                kept = {row.operation: self._as_left(row, connector, now, seconds) for row in rows}
            self._buckets[connection_id] = Buckets(connector.limits, kept)
        return self._buckets[connection_id]

    @staticmethod
    def _as_left(row: CallBudget, connector: Connector, now: datetime, seconds: float) -> tuple[float, float]:
        """Tokens of a former process, and when it counted them, by this process's stop-watch."""
        at = seconds - max(0.0, (now - row.at).total_seconds())
        limit = connector.limits.get(row.operation)
        if limit is None or limit.rate < _KEPT_EXACTLY_BELOW:
            return row.tokens, at
        # It may have gone on for a second after it wrote this down.
        return min(row.tokens, 0.0), min(at + 1.0, seconds)

    def _keep(self, connection_id: str, operation: str, limit: Limit, tokens: float) -> None:
        now = self._pacer.seconds()
        last = self._kept_at.get((connection_id, operation))
        if limit.rate >= _KEPT_EXACTLY_BELOW and last is not None and now - last < 1.0:
            return
        self._kept_at[connection_id, operation] = now
        row = {
            "connection_id": connection_id,
            "operation": operation[:64],
            "tokens": tokens,
            "at": self._clock.now(),
        }
        with self._database.write() as tx:
            put_rows(tx, CallBudget.__table__, [row])


def _is_same(known: ChannelConnection, row: ChannelConnection) -> bool:
    """Whether what was opened is still what is entered."""
    names = ("sealed_secrets", "sealed_key", "settings", "connector")
    return all(getattr(known, name) == getattr(row, name) for name in names)
