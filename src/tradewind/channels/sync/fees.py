"""Fees of channels into the books. A report that is read again takes the place of what it said before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from tradewind.channels.contract import Mapped
from tradewind.channels.unified import UnifiedFee
from tradewind.commerce.booking import Booking
from tradewind.commerce.fees.service import NewFee, record_fees, replace_fees
from tradewind.core.errors import TradewindError

if TYPE_CHECKING:
    from tradewind.channels.sync.booking import Batch


class FeeBook:
    """Remembers which reports have begun anew, as long as one run lasts: their next pages only add."""

    def __init__(self) -> None:
        self._begun: set[str] = set()

    @property
    def begun(self) -> frozenset[str]:
        return frozenset(self._begun)

    def take_back(self, begun: frozenset[str]) -> None:
        """A transaction was undone: what it began has not begun."""
        self._begun = set(begun)

    def book(self, tx: Session, pairs: Sequence[tuple[Mapped, Any]], booking: Booking, batch: Batch) -> None:
        by_report: dict[str | None, list[tuple[Mapped, NewFee]]] = defaultdict(list)
        for item, told in pairs:
            try:
                by_report[told.replaces].append((item, _fee(told)))
                batch.saw(told.posted_at)
            except TradewindError as refused:
                batch.refuse(item, refused)
        for report, told_fees in by_report.items():
            fees = [fee for _, fee in told_fees]
            if report is not None and report not in self._begun:
                outcomes = replace_fees(tx, _beginning(report), fees, booking)
                self._begun.add(report)
            else:
                outcomes = record_fees(tx, fees, booking)
            for (item, _), outcome in zip(told_fees, outcomes, strict=True):
                batch.counts[f"fees.{outcome.effect}"] += 1
                if outcome.error is not None:
                    batch.refuse(item, outcome.error)


def _beginning(report: str) -> str:
    return f"{report}|"


def _fee(told: UnifiedFee) -> NewFee:
    beginning = "" if told.replaces is None else _beginning(told.replaces)
    key = told.external_id if told.external_id.startswith(beginning) else f"{beginning}{told.external_id}"
    return NewFee(
        external_id=key,
        kind=told.kind,
        amount=told.amount,
        currency=told.currency,
        posted_at=told.posted_at,
        order_reference=told.order_external_id,
        sku=told.sku,
        status=told.status,
        raw_kind=told.raw_kind,
    )
