"""The use case: read a file under a preset, book what it tells, say what came of it.

A run goes in phases: all files are read first, so that a broken one refuses the import before anything is
booked; then products, orders and payments are booked in chunks. Each chunk is one transaction that also
moves the run's position: after a crash the same command goes on behind the last chunk that committed.
"""

from __future__ import annotations

import gc
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from tradewind.channels.files.booker import Booker, problems_of
from tradewind.channels.files.fields import Holds
from tradewind.channels.files.opening import open_tables
from tradewind.channels.files.options import ImportOptions, Progress, Step, quiet
from tradewind.channels.files.orders import OrderReader, Told
from tradewind.channels.files.preset import Preset, load_preset
from tradewind.channels.files.problems import ErrorReport, Problem, UnreadableFile
from tradewind.channels.files.reading import fingerprint
from tradewind.channels.files.records import read_ad_spend, read_lookup, read_payment, read_product
from tradewind.channels.files.result import ImportResult, Tally
from tradewind.channels.files.runs import Position, Run, check_position, fail_run, last_run, move_run, start_run
from tradewind.channels.files.staging import Staging
from tradewind.channels.files.tables import Staged, TableReader
from tradewind.commerce.advertising.service import Key
from tradewind.commerce.booking import Outcome
from tradewind.core.clock import Clock, SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import InvalidInput

ROWS_PER_CHUNK = 10
"""A chunk holds up to so many rows per order it may hold: orders with many lines make smaller chunks."""

_ALLOCATIONS_BETWEEN_COLLECTIONS = 200_000

PHASES = ("products", "orders", "payments", "ad_spend", "done")


Thing = TypeVar("Thing")
BookChunk = Callable[[Session, datetime], list[Problem]]
"""Books a chunk in a transaction and returns what it refused."""


def run_import(
    database: Database,
    preset: Preset | str,
    path: Path,
    *,
    options: ImportOptions,
    progress: Progress = quiet,
    clock: Clock | None = None,
) -> ImportResult:
    """Imports a file or folder. Raises when nothing could be done; refused rows are in the result and its report.

    The same content again changes nothing: it is recognised before it is read, unless `again` is asked for
    or some of it was refused the last time.
    """
    chosen = load_preset(preset) if isinstance(preset, str) else preset
    chosen = chosen.changed(
        channel=options.channel, location=options.location, currency=options.currency, timezone=options.timezone
    )
    with _rare_collections():
        return _Import(database, chosen, path, options, progress, clock or SystemClock()).run()


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Lets Python look for reference cycles seldom: what a chunk makes has none and dies by itself.

    Looking as often as usual costs a fifth of the processor time of an import.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class _Import:
    """One import from its first to its last step."""

    def __init__(
        self, database: Database, preset: Preset, path: Path, options: ImportOptions, progress: Progress, clock: Clock
    ) -> None:
        self._database = database
        self._preset = preset
        self._path = path
        self._options = options
        self._progress = progress
        self._clock = clock
        self._started = time.monotonic()
        self._readers = dict(enumerate(open_tables(preset, path)))

    def run(self) -> ImportResult:
        content = self._fingerprint()
        with self._database.read() as tx:
            before = last_run(tx, content)
        if before is not None and before.status == "finished" and not (self._options.again or self._options.is_dry_run):
            tally = Tally.from_json(before.counts)
            if not tally.counts["rows.refused"]:
                return self._known_already(before, tally)
        with closing(Staging(self._options.data_dir / "tmp")) as staging:
            self._stage(staging)
            run = self._begin(before, content)
            booker = Booker(
                self._database,
                self._preset,
                Tally.from_json(run.counts) if run is not None else Tally(),
                is_dry_run=self._options.is_dry_run,
            )
            report = ErrorReport(self._report_path(run), keep_bytes=run.position.report_bytes if run is not None else 0)
            work = _Work(
                self._database,
                self._preset,
                self._readers,
                staging,
                booker,
                report,
                run,
                self._options,
                self._progress,
                self._clock,
            )
            try:
                work.do()
            except Exception as broken:
                if run is not None:
                    with suppress(Exception):
                        fail_run(self._database, run.id, str(broken), now=self._clock.now())
                raise
        return self._result(run, booker.tally, report, resumed_after=_orders_done(run))

    def _fingerprint(self) -> str:
        """Digest of all files and of how they are read."""
        told = hashlib.sha256(self._preset.model_dump_json(by_alias=True).encode())
        digests: dict[Path, str] = {}
        for reader in self._readers.values():
            path = reader.source.path
            digests[path] = digests.get(path) or fingerprint(path)
            told.update(f"{reader.name}:{digests[path]};".encode())
        return told.hexdigest()

    def _stage(self, staging: Staging) -> None:
        """Lays out the rows of all files; tables that orders are made of share the orders' numbers."""
        expected = [reader.source.rows_expected for reader in self._readers.values()]
        total = sum(rows for rows in expected if rows is not None) if None not in expected else None
        done = 0
        for number, reader in self._readers.items():
            staging.create(number, len(reader.picked))
            key_of = reader.key_getter() if reader.table.holds_orders else None
            for batch in reader.source.batches():
                staging.add(number, batch, reader.picked, key_of)
                done += len(batch)
                self._progress(Step("reading", done, total))
        self._progress(Step("reading", done, done))
        if not any(staging.row_count(number) for number, reader in self._readers.items() if reader.table.is_telling):
            names = ", ".join(reader.file for reader in self._readers.values() if reader.table.is_telling)
            raise UnreadableFile(f"{names} has a header and no rows: there is nothing to import. Export it again.")
        lookups = {
            reader.name: self._lookup(staging, number, reader)
            for number, reader in self._readers.items()
            if reader.table.holds is Holds.LOOKUP
        }
        for reader in self._readers.values():
            reader.compile(lookups)

    def _lookup(self, staging: Staging, number: int, reader: TableReader) -> dict[str, str]:
        reader.compile({})
        return read_lookup(reader, staging.rows(number))

    def _begin(self, before: Run | None, content: str) -> Run | None:
        """The run to go on with, or a new one; none in a dry run."""
        if self._options.is_dry_run:
            return None
        if before is not None and before.status != "finished":
            return before
        now = self._clock.now()
        booker = Booker(self._database, self._preset, Tally(), is_dry_run=False)
        with self._database.write() as tx:
            booking = booker.booking(tx, now)
            return start_run(tx, channel_id=booking.channel_id, source=str(self._path), fingerprint=content, now=now)

    def _report_path(self, run: Run | None) -> Path:
        if self._options.errors_path is not None:
            return self._options.errors_path
        name = run.id if run is not None else f"dry-run-{self._preset.name}"
        return self._options.data_dir / "imports" / f"{name}-errors.csv"

    def _known_already(self, before: Run, tally: Tally) -> ImportResult:
        at = before.finished_at.isoformat(timespec="seconds").replace("+00:00", "Z") if before.finished_at else None
        report = self._report_path(before)
        result = self._result(before, tally.all_unchanged(), None, resumed_after=0)
        return replace(result, already_imported_at=at, errors_path=report if report.exists() else None)

    def _result(self, run: Run | None, tally: Tally, report: ErrorReport | None, *, resumed_after: int) -> ImportResult:
        return ImportResult(
            preset=self._preset.name,
            source=str(self._path),
            channel=self._preset.channel.code,
            run_id=run.id if run is not None else None,
            is_dry_run=self._options.is_dry_run,
            resumed_after=resumed_after,
            already_imported_at=None,
            tally=tally,
            errors_path=report.path if report is not None and report.size else None,
            seconds=time.monotonic() - self._started,
        )


def _orders_done(run: Run | None) -> int:
    return run.position.done if run is not None and run.position.phase == "orders" else 0


@dataclass(slots=True)
class _Work:
    """The booking phases over staged rows."""

    database: Database
    preset: Preset
    readers: dict[int, TableReader]
    staging: Staging
    booker: Booker
    report: ErrorReport
    run: Run | None
    options: ImportOptions
    progress: Progress
    clock: Clock
    position: Position = field(default_factory=Position)

    def do(self) -> None:
        if self.run is not None:
            self.position = self.run.position
        phases = (self._products, self._orders, self._payments, self._ad_spend)
        for phase, work in zip(PHASES, phases, strict=False):
            if PHASES.index(self.position.phase) > PHASES.index(phase):
                continue
            work(self.position.done if self.position.phase == phase else 0)
            self._commit(PHASES[PHASES.index(phase) + 1], 0, _nothing, ends=work is phases[-1])

    def _commit(self, phase: str, done: int, book: BookChunk, *, ends: bool = False) -> None:
        """One chunk: its facts, its lines in the report, and the new position, all or nothing."""
        now = self.clock.now()
        with self.booker.transaction() as tx:
            if self.run is not None:
                check_position(tx, self.run.id, self.position)
            self.report.write(book(tx, now))
            reached = Position(phase, done, self.report.size)
            if self.run is not None:
                move_run(tx, self.run.id, reached, self.booker.tally.as_json(), now=now, ends=ends)
        self.position = reached

    # --- Orders ----------------------------------------------------------------------------------------------------

    def _orders(self, after: int) -> None:
        total = self.staging.order_count()
        if not total:
            return
        tables = {number: reader for number, reader in self.readers.items() if reader.table.holds_orders}
        reader = OrderReader(self.preset, tables, self.clock.now())
        self.progress(Step("orders", after, total, resumed_after=after))
        # The tables' numbers follow the preset, which names the orders before their lines.
        for last, chunk in self._chunks(self.staging.orders(sorted(tables), after=after), reader):
            self._commit("orders", last, partial(self._book_orders, chunk))
            self.progress(Step("orders", last, total, resumed_after=after))

    def _book_orders(self, chunk: list[Told], tx: Session, now: datetime) -> list[Problem]:
        self.booker.book(tx, chunk, now)
        return problems_of(chunk)

    def _chunks(
        self, orders: Iterator[tuple[int, list[tuple[int, Staged]]]], reader: OrderReader
    ) -> Iterator[tuple[int, list[Told]]]:
        chunk: list[Told] = []
        rows = last = 0
        for order, order_rows in orders:
            chunk.append(reader.read(order_rows))
            rows += len(order_rows)
            last = order
            if len(chunk) >= self.options.chunk_orders or rows >= self.options.chunk_orders * ROWS_PER_CHUNK:
                yield last, chunk
                chunk, rows = [], 0
        if chunk:
            yield last, chunk

    # --- Products, payments and advertising -------------------------------------------------------------------------

    def _products(self, after: int) -> None:
        self._rows(Holds.PRODUCTS, "products", after, self._book_products)

    def _payments(self, after: int) -> None:
        self._rows(Holds.PAYMENTS, "payments", after, self._book_payments)

    def _rows(
        self,
        holds: Holds,
        phase: str,
        after: int,
        book: Callable[[TableReader, list[Staged], Session, datetime], list[Problem]],
    ) -> None:
        for number, reader in self.readers.items():
            if reader.table.holds is not holds:
                continue
            total = self.staging.row_count(number)
            rows = self.staging.rows(number, after=after)
            while chunk := list(islice(rows, 2 * self.options.chunk_orders)):
                self._commit(phase, chunk[-1][0], partial(book, reader, chunk))
                self.progress(Step(phase, chunk[-1][0], total))

    def _book_products(self, reader: TableReader, chunk: list[Staged], tx: Session, now: datetime) -> list[Problem]:
        flaws: list[Problem] = []
        products = [
            product for row in chunk if (product := read_product(reader, row, self.preset.currency, flaws)) is not None
        ]
        self.booker.catalogue(tx, products, now)
        self.booker.account_rows(len(chunk), len(chunk) - len(products))
        return flaws

    def _book_payments(self, reader: TableReader, chunk: list[Staged], tx: Session, now: datetime) -> list[Problem]:
        return self._book_each(
            reader,
            chunk,
            lambda row, flaws: read_payment(reader, row, self.preset.currency, flaws),
            lambda payments: self.booker.pay(tx, payments, now),
            "amount",
        )

    def _ad_spend(self, after: int) -> None:
        """Rows that were booked before a break count as stated: one that repeats them is refused all the same."""
        stated = {
            statement.key
            for number, reader in self.readers.items()
            if after and reader.table.holds is Holds.AD_SPEND
            for row in self.staging.rows(number, until=after)
            if (statement := read_ad_spend(reader, row, self.preset, [])) is not None
        }
        self._rows(Holds.AD_SPEND, "ad_spend", after, partial(self._book_ad_spend, stated))

    def _book_ad_spend(
        self, stated: set[Key], reader: TableReader, chunk: list[Staged], tx: Session, now: datetime
    ) -> list[Problem]:
        return self._book_each(
            reader,
            chunk,
            lambda row, flaws: read_ad_spend(reader, row, self.preset, flaws),
            lambda statements: self.booker.advertise(tx, statements, stated, now),
            "campaign",
        )

    def _book_each(
        self,
        reader: TableReader,
        chunk: list[Staged],
        read: Callable[[Staged, list[Problem]], Thing | None],
        book: Callable[[list[Thing]], list[Outcome]],
        blamed: str,
    ) -> list[Problem]:
        """Books rows that stand alone; `blamed` is the field that a refusal is about where it names none."""
        flaws: list[Problem] = []
        things = [(row, read(row, flaws)) for row in chunk]
        good = [(row, thing) for row, thing in things if thing is not None]
        refused = len(chunk) - len(good)
        for (row, _), outcome in zip(good, book([thing for _, thing in good]), strict=True):
            if outcome.error is not None:
                refused += 1
                field = (outcome.error.field if isinstance(outcome.error, InvalidInput) else None) or blamed
                text = reader.text(field, row)
                flaws.append(reader.problem(row, field, text, outcome.error.code, str(outcome.error)))
        self.booker.account_rows(len(chunk), refused)
        return flaws


def _nothing(tx: Session, now: datetime) -> list[Problem]:  # noqa: ARG001 (a chunk that only moves the position)
    return []
