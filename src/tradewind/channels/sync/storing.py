"""One batch into the books: payloads, facts, quarantine, counts and the cursor in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from tradewind.channels.contract import Mapped, Resource
from tradewind.channels.surprises import where
from tradewind.channels.sync import runs
from tradewind.channels.sync.alerts import raise_alert
from tradewind.channels.sync.booking import Batch, Booker
from tradewind.channels.sync.model import SyncCursor
from tradewind.channels.sync.payloads import Refusal, Telling, keep, news, quarantine, tellings
from tradewind.channels.sync.vault import Vault
from tradewind.core.errors import InvalidInput, TradewindError
from tradewind.core.logging import get_logger

_DATAS_FAULT = (TradewindError, DataError, ValueError, ArithmeticError, LookupError, TypeError, AttributeError)
"""What a payload may bring upon itself. Anything else ends the run, and its window is read again."""
UNKNOWN = "unknown_"
"""Warnings that begin so tell of a value that the mapping has never seen: somebody should look once."""


logger = get_logger(__name__)


class Store:
    """Books the batches of one run."""

    def __init__(
        self, booker: Booker, vault: Vault, connection_id: str, resource: Resource, tally: runs.Tally, *, force: bool
    ) -> None:
        self._booker = booker
        self._vault = vault
        self._connection_id = connection_id
        self._resource = resource
        self._tally = tally
        self._force = force

    def book(self, tx: Session, items: Sequence[Mapped], scope: str, now: datetime) -> list[Refusal]:
        """Books what is new of a batch; what cannot be booked goes to quarantine. Returns that."""
        told = tellings(items)
        rejected = [_rejection(one) for one in told if one.item.rejected and not one.item.records]
        fresh = told if self._force else news(tx, self._connection_id, self._resource, told)
        self._tally.counts["payloads.read"] += len(items)
        self._tally.counts["payloads.known"] += len(told) - len(fresh)
        fresh = [one for one in fresh if one.item.records or not one.item.rejected]
        batch, refused = self._attempt(tx, fresh, now)
        refused += rejected + [_rejection(one) for one in fresh if one.item.rejected and one.item.records]
        away = {id(one.telling) for one in refused}
        booked = [one for one in fresh if id(one) not in away]
        keep(tx, self._connection_id, self._resource, booked, batch.warnings, vault=self._vault, now=now)
        put_aside = quarantine(tx, self._connection_id, self._resource, refused, vault=self._vault, now=now)
        self._count(batch, booked=len(booked), refused=len(refused), put_aside=put_aside)
        self._warn(tx, batch, now)
        self._seen(tx, scope, batch.newest, now)
        runs.save(tx, self._tally, now=now)
        return refused

    def _attempt(self, tx: Session, told: Sequence[Telling], now: datetime) -> tuple[Batch, list[Refusal]]:
        """Books all together, or in halves where one spoils it for the others."""
        if not told:
            return Batch(), []
        try:
            with tx.begin_nested():
                batch = self._booker.book(tx, [one.item for one in told], now)
        except _DATAS_FAULT as failure:
            if isinstance(failure, TradewindError) and failure.is_retryable:
                raise
            if len(told) == 1:
                return Batch(), [_refusal(told[0], failure)]
        else:
            refused = [_refusal(one, batch.refused[one.item.external_id]) for one in told
                       if one.item.external_id in batch.refused]  # fmt: skip
            return batch, refused
        middle = len(told) // 2
        first, refused_first = self._attempt(tx, told[:middle], now)
        second, refused_second = self._attempt(tx, told[middle:], now)
        first.counts += second.counts
        first.warnings |= second.warnings
        first.saw(second.newest)
        return first, refused_first + refused_second

    def _count(self, batch: Batch, *, booked: int, refused: int, put_aside: int) -> None:
        self._tally.counts.update(batch.counts)
        self._tally.counts["payloads.booked"] += booked
        self._tally.counts["payloads.refused"] += refused
        self._tally.counts["payloads.quarantined"] += put_aside

    def _warn(self, tx: Session, batch: Batch, now: datetime) -> None:
        for codes in batch.warnings.values():
            self._tally.warnings.update(codes)
        for code in sorted({code for codes in batch.warnings.values() for code in codes if code.startswith(UNKNOWN)}):
            message = (
                f"The channel sent a value that is not known yet ({code}). It was booked; the payloads that hold it"
                " carry this warning. Update the connector, then replay them: tradewind channel replay"
            )
            raise_alert(tx, self._connection_id, code, message, now=now, once=True)

    def _seen(self, tx: Session, scope: str, newest: datetime | None, now: datetime) -> None:
        if newest is None:
            return
        here = (
            SyncCursor.connection_id == self._connection_id,
            SyncCursor.resource == str(self._resource),
            SyncCursor.scope == scope,
        )
        later = SyncCursor.newest_fact_at.is_(None) | (SyncCursor.newest_fact_at < newest)
        tx.execute(update(SyncCursor).where(*here, later).values(newest_fact_at=newest, updated_at=now))


def _rejection(one: Telling) -> Refusal:
    first = one.item.rejected[0]
    reasons = "; ".join(dict.fromkeys(rejected.reason for rejected in one.item.rejected))
    return Refusal(one, first.code, reasons, first.external_id or one.item.external_id or None)


def _refusal(one: Telling, failure: BaseException) -> Refusal:
    if isinstance(failure, LookupError | TypeError | AttributeError):
        logger.error("a payload could not be booked", error=type(failure).__name__, at=where(failure))
        failure = InvalidInput(f"The payload has a shape that cannot be booked (unexpected {type(failure).__name__}).")
    elif not isinstance(failure, TradewindError):
        words = str(failure).splitlines()[0][:300] if str(failure) else type(failure).__name__
        failure = InvalidInput(f"The payload holds a value that cannot be stored: {words}")
    return Refusal(one, failure.code, str(failure), one.item.external_id)
