"""The way into the log: requests that come together share one durable commit, and are told when it is on the disk."""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from tradewind.core.errors import Conflict, Unavailable
from tradewind.core.logging import get_logger
from tradewind.events.contracts import Fact
from tradewind.events.log import EventLog, Partition

PRODUCER = "ingest"
ENTRY_BYTES = 900_000
"""Longest entry of the log, unless one row alone is longer. A Kafka broker takes a megabyte."""
_TOGETHER_BYTES = 16 * 1024**2
"""Most that one commit writes, so that nobody waits long for the others."""

logger = get_logger(__name__)


class KeyUsedOtherwise(Conflict):
    """The idempotency key belongs to a request with another body."""

    code = "key_used_otherwise"


class NotingLog(EventLog, Protocol):
    """A log that keeps notes with facts, both or neither."""

    def append(
        self,
        facts: Any,
        *,
        producer: str,
        sequence: tuple[int, int],
        after: tuple[int, int] | None = None,
        notes: Mapping[str, str] | None = None,
    ) -> None: ...

    def note(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was kept. `ends` are the places after it, by topic: who has passed them has taken all of it."""

    ends: Mapping[str, int]
    rows: int
    bad_rows: int
    is_repeated: bool = False


@dataclass(slots=True)
class Submission:
    """Lines for topics: all of them become durable, or none."""

    lines: Mapping[str, bytes]
    """By topic; each ends with a newline."""
    structures: Mapping[str, str]
    """By topic: the name of the schema that the lines were checked against."""
    rows: int
    bad_rows: int
    note: str | None = None
    """The request's own name, told again by a client that heard no answer."""
    digest: str = ""
    """Of the request, to tell a repetition from another request under the same name."""
    receipt: Future[Receipt] = field(default_factory=Future)

    @property
    def size(self) -> int:
        return sum(map(len, self.lines.values()))


class Journal:
    """One per log. A thread of its own writes; it starts with the first request."""

    def __init__(self, log: EventLog, *, most_waiting_bytes: int = 256 * 1024**2) -> None:
        self._log = log
        self._notes: NotingLog | None = log if hasattr(log, "note") else None  # type: ignore[assignment]  # has what is asked for
        self._most_waiting = most_waiting_bytes
        self._changed = threading.Condition()
        self._pending: deque[Submission] = deque()
        self._waiting_bytes = 0
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._sequence = log.sequence(PRODUCER)
        self.keeps_notes = self._notes is not None

    @property
    def waiting_bytes(self) -> int:
        """What is in memory and not yet durable."""
        return self._waiting_bytes

    def submit(self, submission: Submission) -> Future[Receipt]:
        """Puts it into the queue; the future is done when it is durable. Raises Unavailable when the queue is full."""
        with self._changed:
            if self._is_closed:
                raise Unavailable("The server is stopping. Send it again in a moment.")
            if self._waiting_bytes > self._most_waiting:
                raise Unavailable("More is waiting to be written than fits into memory. Send it again in a moment.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
                self._thread.start()
            self._pending.append(submission)
            self._waiting_bytes += submission.size
            self._changed.notify()
        return submission.receipt

    def close(self) -> None:
        """Writes what waits, and stops."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(30)

    def _run(self) -> None:
        while (group := self._next_group()) is not None:
            try:
                self._write(group)
            except BaseException as failure:  # noqa: BLE001 (each of those who wait is told)
                logger.warning("the log took nothing", reason=str(failure), requests=len(group))
                for submission in group:
                    if not submission.receipt.done():
                        refused = Unavailable(f"The log cannot be written: {failure}. Nothing was stored; try again.")
                        refused.__cause__ = failure
                        with suppress(Exception):
                            submission.receipt.set_exception(refused)

    def _next_group(self) -> list[Submission] | None:
        """Everything that waits, up to what one commit should write; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._pending or self._is_closed)
            group: list[Submission] = []
            size = 0
            while self._pending and size < _TOGETHER_BYTES:
                submission = self._pending.popleft()
                group.append(submission)
                size += submission.size
            self._waiting_bytes -= size
            return group or None

    def _write(self, group: list[Submission]) -> None:
        fresh: list[Submission] = []
        noted: dict[str, Submission] = {}
        repeated: list[tuple[Submission, Submission]] = []
        for submission in group:
            if submission.note is None or self._notes is None:
                fresh.append(submission)
                continue
            first = noted.get(submission.note)
            answered = self._notes.note(submission.note) if first is None else None
            if first is not None:
                repeated.append((submission, first))
            elif answered is not None:
                self._answer_again(submission, json.loads(answered))
            else:
                noted[submission.note] = submission
                fresh.append(submission)
        facts = list(_facts(fresh))
        notes = {name: _note_of(submission) for name, submission in noted.items()}
        major, minor = self._sequence
        if facts or notes:
            self._sequence = (major, minor + 1)
            if self._notes is not None:
                self._notes.append(facts, producer=PRODUCER, sequence=self._sequence, notes=notes)
            else:
                self._log.append(facts, producer=PRODUCER, sequence=self._sequence)
        ends = {topic: self._log.end(Partition(topic, 0)) for topic in {fact.topic for fact in facts}}
        for submission in fresh:
            mine = {topic: ends[topic] for topic, lines in submission.lines.items() if lines}
            _resolve(submission, Receipt(mine, submission.rows, submission.bad_rows))
        for submission, first in repeated:
            self._answer_again(submission, json.loads(_note_of(first)))

    def _answer_again(self, submission: Submission, answered: dict[str, Any]) -> None:
        if answered["digest"] != submission.digest:
            told = "This Idempotency-Key was used with another body. Nothing was stored; use a key of its own."
            with suppress(Exception):
                submission.receipt.set_exception(KeyUsedOtherwise(told))
            return
        # The first one may still be on its way into the table: whoever waits for it, waits for all before now.
        ends = {topic: self._log.end(Partition(topic, 0)) for topic in submission.lines}
        _resolve(submission, Receipt(ends, answered["rows"], answered["bad_rows"], is_repeated=True))


def _resolve(submission: Submission, receipt: Receipt) -> None:
    with suppress(Exception):  # who asked may have gone
        submission.receipt.set_result(receipt)


def _note_of(submission: Submission) -> str:
    return json.dumps({"rows": submission.rows, "bad_rows": submission.bad_rows, "digest": submission.digest})


def _facts(submissions: list[Submission]) -> Iterator[Fact]:
    """The submissions' lines as entries of the log: small ones together, large ones in parts."""
    now = datetime.now(UTC)
    gathered: dict[tuple[str, str], list[bytes]] = {}
    for submission in submissions:
        for topic, lines in submission.lines.items():
            if lines:
                gathered.setdefault((topic, submission.structures[topic]), []).append(lines)
    for (topic, structure), pieces in gathered.items():
        waiting: list[bytes] = []
        size = 0
        for piece in pieces:
            for part in in_parts(piece):
                if waiting and size + len(part) > ENTRY_BYTES:
                    yield Fact(topic, structure, now, b"".join(waiting))
                    waiting, size = [], 0
                waiting.append(part)
                size += len(part)
        if waiting:
            yield Fact(topic, structure, now, b"".join(waiting))


def in_parts(lines: bytes) -> Iterator[bytes]:
    """Lines in pieces of at most ENTRY_BYTES; a line that is longer is a piece of its own."""
    start = 0
    while len(lines) - start > ENTRY_BYTES:
        cut = lines.rfind(b"\n", start, start + ENTRY_BYTES) + 1
        if cut <= start:
            cut = lines.find(b"\n", start + ENTRY_BYTES) + 1 or len(lines)
        yield lines[start:cut]
        start = cut
    if start < len(lines):
        yield lines[start:]
