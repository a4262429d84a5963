"""Use cases of advertising: what a campaign cost on a day is stated, and stated anew until the platform settles it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tradewind.commerce.advertising.model import AdSpend
from tradewind.commerce.booking import Effect, Outcome, chunks
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.core.bulk import insert_rows
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.money import check_currency, to_minor, to_text
from tradewind.core.text import check_texts
from tradewind.events import outbox
from tradewind.events.contracts import Fact, Topic, encode

MOST_COUNTED = 10**15
"""Clicks or impressions of one campaign on one day: more is a slip of a column."""
_TEXTS = (("channel", 64), ("campaign", 200))
_EARLIEST, _END = date(1970, 1, 1), date(2200, 1, 1)

Key = tuple[str, str, date]


class SpendStatedTwice(InvalidInput):
    """One batch says two things of the same campaign and day: which of them, or their sum, nobody can tell."""

    code = "spend_stated_twice"

    def __init__(self, statement: NewAdSpend) -> None:
        super().__init__(
            f"The spend of campaign '{statement.campaign}' on {statement.day} for {statement.channel} is stated twice."
            " Add the rows of one campaign and day up, and state the sum.",
            field="campaign",
        )


@dataclass(frozen=True, slots=True)
class NewAdSpend:
    """What one campaign cost on one business day of the store. `channel` is the code of where its buyers were sent."""

    channel: str
    campaign: str
    day: date
    amount: Decimal
    currency: str
    clicks: int | None = None
    impressions: int | None = None

    def __post_init__(self) -> None:
        if not self.campaign.strip():
            raise InvalidInput("The spend has no campaign. Name one, such as all.", field="campaign")
        check_texts(self, _TEXTS, of=f"campaign {self.campaign[:40]}")
        if not _EARLIEST <= self.day < _END:
            raise InvalidInput(f"Campaign {self.campaign[:40]} ran on {self.day}: check the year.", field="day")
        check_currency(self.currency)
        if to_minor(self.amount, self.currency) < 0:
            raise InvalidInput(
                f"Campaign {self.campaign[:40]} cost {self.amount} on {self.day}. State what is left of a day after"
                " credits; it is zero at least.",
                field="amount",
            )
        for field in ("clicks", "impressions"):
            count = getattr(self, field)
            if count is not None and not 0 <= count <= MOST_COUNTED:
                raise InvalidInput(f"Campaign {self.campaign[:40]} has {count} {field}.", field=field)

    @property
    def key(self) -> Key:
        return self.channel, self.campaign, self.day


def record_ad_spend(tx: Session, statements: Sequence[NewAdSpend], *, now: datetime) -> list[Outcome]:
    """Records statements, one per channel, campaign and day: stated again with other content, the last one counts.

    Refused alone are a statement for a channel that nobody knows, and the second one of a key in the batch.
    """
    channels = _channels(tx, {statement.channel for statement in statements})
    known = _rows(tx, statements, channels)
    outcomes: list[Outcome] = []
    created: list[tuple[dict[str, Any], str]] = []
    changed: list[tuple[dict[str, Any], str]] = []
    stated: set[Key] = set()
    for statement in statements:
        channel_id = channels.get(statement.channel)
        if channel_id is None:
            outcomes.append(Outcome(Effect.REFUSED, error=_unknown_channel(tx, statement.channel)))
            continue
        if statement.key in stated:
            outcomes.append(Outcome(Effect.REFUSED, error=SpendStatedTwice(statement)))
            continue
        stated.add(statement.key)
        values = _values(statement)
        row = known.get((channel_id, statement.campaign, statement.day))
        if row is None:
            row = {
                "id": new_id(),
                "channel_id": channel_id,
                "campaign": statement.campaign,
                "day": statement.day,
                **values,
                "created_at": now,
                "updated_at": now,
            }
            created.append((row, statement.channel))
            outcomes.append(Outcome(Effect.CREATED, row["id"]))
        elif values.items() <= row.items():
            outcomes.append(Outcome(Effect.UNCHANGED, row["id"]))
        else:
            changed.append((row | values | {"updated_at": now}, statement.channel))
            outcomes.append(Outcome(Effect.CHANGED, row["id"]))
    insert_rows(tx, AdSpend.__table__, [row for row, _ in created])
    if changed:
        tx.execute(update(AdSpend), [row for row, _ in changed])
    outbox.append(tx, [_fact(row, channel) for row, channel in (*created, *changed)])
    return outcomes


def _channels(tx: Session, codes: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in chunks(sorted(codes)):
        query = select(SalesChannel.code, SalesChannel.id).where(SalesChannel.code.in_(part))
        found |= {row.code: row.id for row in tx.execute(query)}
    return found


def _unknown_channel(tx: Session, code: str) -> InvalidInput:
    known = tx.scalars(select(SalesChannel.code).order_by(SalesChannel.code).limit(100))
    choices = ", ".join(known) or "none yet: a channel comes into being with its first order or import"
    return InvalidInput(f"There is no channel '{code[:40]}'. The channels are: {choices}.", field="channel")


def _rows(tx: Session, statements: Sequence[NewAdSpend], channels: dict[str, str]) -> dict[Key, dict[str, Any]]:
    """The rows that may be meant, held for the rest of the transaction: what is told of them is told in order."""
    found: dict[Key, dict[str, Any]] = {}
    if not statements:
        return found
    days = [statement.day for statement in statements]
    table = AdSpend.__table__.columns
    for part in chunks(sorted({statement.campaign for statement in statements})):
        query = (
            select(*table)
            .where(
                AdSpend.channel_id.in_(sorted(channels.values())),
                AdSpend.campaign.in_(part),
                AdSpend.day.between(min(days), max(days)),
            )
            .order_by(AdSpend.id)
            .with_for_update()
        )
        found |= {(row["channel_id"], row["campaign"], row["day"]): dict(row) for row in tx.execute(query).mappings()}
    return found


def _values(statement: NewAdSpend) -> dict[str, Any]:
    return {
        "amount_minor": to_minor(statement.amount, statement.currency),
        "currency": check_currency(statement.currency),
        "clicks": statement.clicks,
        "impressions": statement.impressions,
    }


def _fact(row: dict[str, Any], channel: str) -> Fact:
    payload = {
        "contract": 1,
        "spend_id": row["id"],
        "day": row["day"],
        "channel": channel,
        "campaign": row["campaign"],
        "amount": to_text(row["amount_minor"], row["currency"]),
        "currency": row["currency"],
        "clicks": row["clicks"],
        "impressions": row["impressions"],
    }
    day: date = row["day"]
    return Fact(Topic.AD_SPEND, row["id"], datetime(day.year, day.month, day.day, tzinfo=UTC), encode(payload))
