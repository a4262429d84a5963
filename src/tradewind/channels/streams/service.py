"""Follows the topics `sales` and `items`, and books what they tell exactly once.

The position of each partition moves in the transaction that books the messages before it. What cannot be
booked becomes a dead letter in the same transaction, so nothing is skipped without a trace.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from tradewind.channels.streams.booker import Refused, book_sales, book_stock
from tradewind.channels.streams.model import StreamDeadLetter, StreamPosition
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput, NotFound, TradewindError
from tradewind.core.ids import new_id
from tradewind.core.logging import get_logger
from tradewind.core.paging import Page, one_id
from tradewind.core.settings import StreamsSettings
from tradewind.events.kafka_client import Address
from tradewind.events.kafka_consumer import Follower, PositionMoved, Record

MOST_REPLAYED = 1_000
_LONGEST_REASON = 2_000
_DATAS_FAULT = (TradewindError, DataError, ValueError, OverflowError)
"""What a message may bring upon itself. Anything else is tried again with the whole batch."""

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was not booked."""

    id: str
    place: str
    """topic:partition:offset"""
    code: str
    reason: str
    value: bytes | None
    refused_at: datetime
    replayed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many dead letters were booked after all, and how many were refused again."""

    booked: int
    refused: int


class Streams:
    """The channel of topics. `run` in a thread of its own; several processes may."""

    def __init__(self, database: Database, clock: Clock, settings: StreamsSettings) -> None:
        self._database = database
        self._clock = clock
        self._settings = settings
        self._currency = settings.currency
        self.follower: Follower | None = None

    @property
    def is_on(self) -> bool:
        return self._settings.url is not None

    def run(self, stop: threading.Event) -> None:
        """Follows the topics until told to stop; returns at once where no cluster is set."""
        if self._settings.url is None:
            return
        address = Address.of(self._settings.url.get_secret_value())
        self.follower = Follower(
            address.settings,
            group=self._settings.group,
            topics=[self._settings.sales_topic, self._settings.items_topic],
            taker=self,
        )
        self.follower.run(stop)

    def position(self, topic: str, partition: int) -> int | None:
        with self._database.read() as tx:
            return tx.scalar(select(StreamPosition.next_offset).where(*self._at(topic, partition)))

    def begin(self, topic: str, partition: int, offset: int) -> None:
        """All of a topic counts: the first batch writes the position down."""

    def take(self, records: Sequence[Record]) -> None:
        """Books records of one partition and moves its position, in one transaction."""
        now = self._clock.now()
        with self._database.write() as tx:
            self._move(tx, records, now)
            refused = self._book(tx, records, now)
            for one in refused:
                tx.add(self._letter(one, now))
        if refused:
            logger.warning("messages refused", topic=records[0].topic, count=len(refused), first=str(refused[0].error))

    def dead_letters(self, *, limit: int = 100) -> list[DeadLetter]:
        """The newest dead letters that still wait."""
        return list(self.dead_letter_page(limit=limit).items)

    def dead_letter_page(self, *, limit: int, cursor: str | None = None, waits: bool = True) -> Page[DeadLetter]:
        """Dead letters, the newest first: those that wait, or those that were booked since."""
        row = StreamDeadLetter
        query = select(row).where(self._waits() if waits else self._booked()).order_by(row.id.desc()).limit(limit + 1)
        if cursor is not None:
            query = query.where(row.id < one_id(cursor))
        with self._database.read() as tx:
            return Page.cut(tx.scalars(query).all(), limit, lambda letter: [letter.id], _dead)

    def dead_letter(self, letter_id: str) -> DeadLetter:
        """One by its id, also when it was booked since. Raises NotFound."""
        row = StreamDeadLetter
        with self._database.read() as tx:
            found = tx.scalar(select(row).where(row.consumer == self._settings.group, row.id == letter_id))
            if found is None:
                raise NotFound(
                    f"There is no dead letter {letter_id[:64]}. List those that there are: tradewind letter list."
                )
            return _dead(found)

    def dead_letter_count(self) -> int:
        with self._database.read() as tx:
            return self.waiting_in(tx)

    def waiting_in(self, tx: Session) -> int:
        return tx.scalar(select(func.count()).select_from(StreamDeadLetter).where(self._waits())) or 0

    def replay(self, ids: Sequence[str] | None = None, *, limit: int = MOST_REPLAYED) -> Replayed:
        """Books dead letters again, oldest first: those named, or all that wait. Safe to repeat."""
        with self._database.write(alone=True) as tx:
            return self.replay_in(tx, ids, limit=limit)

    def replay_in(self, tx: Session, ids: Sequence[str] | None = None, *, limit: int = MOST_REPLAYED) -> Replayed:
        """The same in a transaction of the caller's."""
        now = self._clock.now()
        query = select(StreamDeadLetter).where(self._waits()).order_by(StreamDeadLetter.id).limit(limit)
        if ids is not None:
            query = query.where(StreamDeadLetter.id.in_(list(ids)[:limit]))
        booked = refused = 0
        for row in tx.scalars(query.with_for_update()).all():
            record = Record(row.topic, row.partition, row.offset, row.told_at, row.key, row.value)
            again = self._book(tx, [record], now)
            if again:
                row.code, row.reason = _why(again[0].error)
                refused += 1
            else:
                row.replayed_at = now
                booked += 1
        return Replayed(booked, refused)

    def _book(self, tx: Session, records: Sequence[Record], now: datetime) -> list[Refused]:
        """Books all of them together, or, where one spoils it for the others, one by one."""
        book = self._booker(records[0].topic)
        try:
            with tx.begin_nested():
                return book(tx, records, currency=self._currency, now=now)
        except _DATAS_FAULT as failure:
            _must_be_the_datas(failure)
            if len(records) == 1:
                return [Refused(records[0], _told(failure))]
        refused: list[Refused] = []
        for record in records:
            refused += self._book(tx, [record], now)
        return refused

    def _booker(self, topic: str) -> Callable[..., list[Refused]]:
        return book_sales if topic == self._settings.sales_topic else book_stock

    def _move(self, tx: Session, records: Sequence[Record], now: datetime) -> None:
        """Moves the position past the records. Raises PositionMoved where somebody has, or is about to."""
        first, last = records[0], records[-1]
        at = self._at(first.topic, first.partition)
        known = tx.scalar(select(StreamPosition.next_offset).where(*at).with_for_update())
        if known is None:
            tx.add(
                StreamPosition(
                    consumer=self._settings.group,
                    topic=first.topic,
                    partition=first.partition,
                    next_offset=last.offset + 1,
                    updated_at=now,
                )
            )
            tx.flush()
            return
        if first.offset < known:
            raise PositionMoved(first.place)
        tx.execute(update(StreamPosition).where(*at).values(next_offset=last.offset + 1, updated_at=now))

    def _at(self, topic: str, partition: int) -> tuple[ColumnElement[bool], ...]:
        row = StreamPosition
        return row.consumer == self._settings.group, row.topic == topic, row.partition == partition

    def _waits(self) -> ColumnElement[bool]:
        row = StreamDeadLetter
        return and_(row.consumer == self._settings.group, row.replayed_at.is_(None))

    def _booked(self) -> ColumnElement[bool]:
        row = StreamDeadLetter
        return and_(row.consumer == self._settings.group, row.replayed_at.is_not(None))

    def _letter(self, refused: Refused, now: datetime) -> StreamDeadLetter:
        record = refused.record
        code, reason = _why(refused.error)
        return StreamDeadLetter(
            id=new_id(),
            consumer=self._settings.group,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            key=record.key,
            value=record.value,
            told_at=record.at,
            code=code,
            reason=reason,
            refused_at=now,
        )


def _must_be_the_datas(failure: BaseException) -> None:
    """Raises again what another attempt may mend."""
    if isinstance(failure, TradewindError) and failure.is_retryable:
        raise failure


def _told(failure: BaseException) -> TradewindError:
    if isinstance(failure, TradewindError):
        return failure
    return InvalidInput(f"The message holds a value that cannot be stored: {str(failure).splitlines()[0][:300]}")


def _why(error: TradewindError) -> tuple[str, str]:
    return error.code, str(error).replace("\0", "�")[:_LONGEST_REASON]


def _dead(row: StreamDeadLetter) -> DeadLetter:
    place = f"{row.topic}:{row.partition}:{row.offset}"
    return DeadLetter(row.id, place, row.code, row.reason, row.value, row.refused_at, row.replayed_at)
