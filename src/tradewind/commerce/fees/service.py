"""Use cases of fees: recorded as a channel tells of them, and told on; said again, the last word counts.

A channel that books its fees here leaves the `fees` of its orders at zero: both would be taken off profit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from tradewind.commerce.booking import Booking, Effect, Outcome, chunks
from tradewind.commerce.fees.model import Fee, FeeKind, FeeStatus
from tradewind.commerce.orders.store import ids_by_reference
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_minor, to_text
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

_TEXTS = (("external_id", 256), ("order_reference", 128), ("sku", 128), ("raw_kind", 200))
_EARLIEST, _END = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewFee:
    """A fee as a channel tells of it: a cost is positive, what is given back is negative.

    `external_id` is its key in the channel and stays the same when it is told again. `order_reference` is the
    order's external id or number there; None for a fee of the channel as a whole. `posted_at` has a zone.
    """

    external_id: str
    kind: FeeKind
    amount: Decimal
    currency: str
    posted_at: datetime
    order_reference: str | None = None
    sku: str | None = None
    status: FeeStatus = FeeStatus.SETTLED
    raw_kind: str | None = None

    def __post_init__(self) -> None:
        if not self.external_id.strip():
            raise InvalidInput("The fee has no id.", field="external_id")
        check_texts(self, _TEXTS, of=f"fee {self.external_id[:40]}")
        _check_word(self, "kind", FeeKind)
        _check_word(self, "status", FeeStatus)
        if self.posted_at.tzinfo is None:
            raise InvalidInput(f"The time of fee {self.external_id} has no zone.", field="posted_at")
        if not _EARLIEST <= self.posted_at < _END:
            raise InvalidInput(
                f"Fee {self.external_id} was posted at {self.posted_at.isoformat()}: check the year.", field="posted_at"
            )
        check_currency(self.currency)
        to_minor(self.amount, self.currency)
        if self.status == FeeStatus.WITHDRAWN and self.amount:
            raise InvalidInput(
                f"Fee {self.external_id} is withdrawn and yet {self.amount}: what is withdrawn is zero.", field="amount"
            )


def record_fees(tx: Session, fees: Sequence[NewFee], booking: Booking) -> list[Outcome]:
    """Records fees, each key once: told again with other content, the row and its fact change.

    One whose order is unknown is kept, as a cost of the channel, and finds its order when it is told again.
    """
    known = _rows(tx, {fee.external_id for fee in fees}, booking)
    orders = ids_by_reference(tx, {fee.order_reference for fee in fees if fee.order_reference}, booking.channel_id)
    outcomes: list[Outcome] = []
    created: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    for fee in fees:
        values = _values(fee, orders)
        row = known.get(fee.external_id)
        if row is None:
            row = {
                "id": new_id(),
                "channel_id": booking.channel_id,
                "external_id": fee.external_id,
                **values,
                "created_at": booking.now,
                "updated_at": booking.now,
            }
            known[fee.external_id] = created[row["id"]] = row
            outcomes.append(Outcome(Effect.CREATED, row["id"]))
        elif values.items() <= row.items():
            outcomes.append(Outcome(Effect.UNCHANGED, row["id"]))
        else:
            row.update(values, updated_at=booking.now)
            if row["id"] not in created:
                changed[row["id"]] = row
            outcomes.append(Outcome(Effect.CHANGED, row["id"]))
    _write(tx, list(created.values()), list(changed.values()), booking)
    return outcomes


def withdraw_fees(tx: Session, external_ids: Iterable[str], booking: Booking) -> int:
    """Takes fees back that the source says no more, such as estimates when it has settled; returns how many."""
    rows = [row for row in _rows(tx, set(external_ids), booking).values() if row["status"] != FeeStatus.WITHDRAWN]
    for row in rows:
        row.update(amount_minor=0, status=str(FeeStatus.WITHDRAWN), updated_at=booking.now)
    _write(tx, [], rows, booking)
    return len(rows)


def replace_fees(tx: Session, beginning: str, fees: Sequence[NewFee], booking: Booking) -> list[Outcome]:
    """Records all that a source says of one part of its books, such as a report's day.

    The part is the fees whose key begins so. Those of them that are not among `fees` are withdrawn. Raises
    InvalidInput for an empty beginning, and for a fee that is not of the part.
    """
    if not beginning:
        raise InvalidInput("Fees are replaced by the beginning of their keys: name one.", field="beginning")
    stray = next((fee for fee in fees if not fee.external_id.startswith(beginning)), None)
    if stray is not None:
        raise InvalidInput(f"The key of fee {stray.external_id} does not begin with {beginning}.", field="external_id")
    said = {fee.external_id for fee in fees}
    held = tx.scalars(
        select(Fee.external_id).where(
            Fee.channel_id == booking.channel_id,
            Fee.external_id.startswith(beginning, autoescape=True),
            Fee.status != str(FeeStatus.WITHDRAWN),
        )
    )
    # A database may take letters of either case for the same here.
    gone = [key for key in held if key.startswith(beginning) and key not in said]
    withdraw_fees(tx, gone, booking)
    return record_fees(tx, fees, booking)


def _check_word(fee: NewFee, field: str, words: type[FeeKind | FeeStatus]) -> None:
    word = getattr(fee, field)
    if word not in {str(one) for one in words}:
        raise InvalidInput(
            f"'{word}' is no {field} of fees. Use one of: {', '.join(str(one) for one in words)}.", field=field
        )


def _values(fee: NewFee, orders: dict[str, str]) -> dict[str, Any]:
    return {
        "kind": str(fee.kind),
        "raw_kind": fee.raw_kind,
        "amount_minor": to_minor(fee.amount, fee.currency),
        "currency": check_currency(fee.currency),
        "posted_at": fee.posted_at,
        "order_id": orders.get(fee.order_reference or ""),
        "order_reference": fee.order_reference,
        "sku": fee.sku,
        "status": str(fee.status),
    }


def _rows(tx: Session, external_ids: set[str], booking: Booking) -> dict[str, dict[str, Any]]:
    """The rows with these keys, held for the rest of the transaction: what is told of them is told in order."""
    columns = Fee.__table__.columns
    found: dict[str, dict[str, Any]] = {}
    for part in chunks(sorted(external_ids)):
        which: ColumnElement[bool] = Fee.external_id.in_(part)
        query = select(*columns).where(Fee.channel_id == booking.channel_id, which).order_by(Fee.id).with_for_update()
        found |= {row["external_id"]: dict(row) for row in tx.execute(query).mappings()}
    return found


def _write(tx: Session, created: list[dict[str, Any]], changed: list[dict[str, Any]], booking: Booking) -> None:
    insert_rows(tx, Fee.__table__, created)
    if changed:
        tx.execute(update(Fee), changed)
    outbox.append(tx, [_fact(row, booking) for row in (*created, *changed)])


def _fact(row: dict[str, Any], booking: Booking) -> Fact:
    payload = {
        "contract": 2,
        "fee_id": row["id"],
        "channel": booking.channel_code,
        "external_id": row["external_id"],
        "order_id": row["order_id"] or "",
        "sku": row["sku"] or "",
        "kind": row["kind"],
        "raw_kind": row["raw_kind"] or "",
        "amount": to_text(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "status": row["status"],
        "charged_at": row["posted_at"],
    }
    return Fact(Topic.FEES, row["id"], row["updated_at"], encode(payload))
