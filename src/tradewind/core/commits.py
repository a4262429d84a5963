"""Writers of SQLite: one after the other, in the order in which they came, and one commit for all that wait.

SQLite lets one writer in and makes the others poll, so a busy writer that comes back at once keeps everybody else
out for seconds; and each commit waits for the disk. So writers of this process queue. One that is done hands the
open transaction to the next in the queue, and the last one commits for all of them: nobody is told that their
work is kept before it is. Each works behind a savepoint, so that one who fails takes back only their own.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tradewind.core.errors import Unavailable
from tradewind.core.prepared import lend_driver

_MOST_TOGETHER = 64
"""Writers that share one commit."""
_OPEN_SECONDS = 0.02
"""How long a shared transaction may have been open when the next writer is let in: those before wait for it."""


class Commits:
    """Not re-entrant: a thread that asks for a turn inside its own waits for itself.

    All groups work on one connection, one after the other. Its transactions are begun and ended at the driver; the
    toolkit is told that one is always open (`connect` hands in such a connection), and so leaves them alone.
    """

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._connection: Connection | None = None
        self._guard = threading.Lock()
        self._waiting: deque[_Waiter] = deque()
        self._taken = False

    def close(self, timeout: float) -> None:
        """Gives up the connection, once nobody works on it; the next writer gets a fresh one."""
        self._take_turn(timeout, alone=True)
        self._drop()
        self._pass_on(None)

    @contextmanager
    def write(self, timeout: float, *, alone: bool) -> Iterator[Session]:
        """A session for the block; at its end the work is on the disk, or nothing of it was done.

        Who is `alone` shares no commit: those who work for long let nobody wait for them who was done before.
        Raises TimeoutError when the turn does not come in time, Unavailable when a shared commit failed.
        """
        group = self._enter(timeout, alone)
        is_done = False
        try:
            with group.work() as session:
                yield session
            is_done = True
        finally:
            self._leave(group, is_done=is_done, alone=alone)
        group.wait()

    def _enter(self, timeout: float, alone: bool) -> _Group:
        """Waits for the turn; the group that was handed over with it, or a new one."""
        me = self._take_turn(timeout, alone=alone)
        if me.group is None:
            try:
                me.group = self._begin()
            except BaseException:
                self._drop()
                self._pass_on(None)
                raise
        return me.group

    def _begin(self) -> _Group:
        if self._connection is None:
            self._connection = self._connect()
        return _Group(self._connection)

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()  # whatever state it is in, the next one begins on a fresh one
            connection.close()

    def _take_turn(self, timeout: float, *, alone: bool) -> _Waiter:
        me = _Waiter(alone)
        with self._guard:
            if not self._taken:
                self._taken = True
                return me
            self._waiting.append(me)
        came = False
        try:
            came = me.turn.acquire(timeout=timeout)
        finally:
            if not came:  # in time, or at all: whoever waits may be interrupted
                self._give_up(me)
        if not came:
            raise TimeoutError
        return me

    def _give_up(self, me: _Waiter) -> None:
        """Takes one who waits no longer out of the queue; a turn that came in that very moment goes on to the next."""
        with self._guard:
            if me in self._waiting:
                self._waiting.remove(me)
                return
        me.turn.acquire()
        if me.group is None:
            self._pass_on(None)
        else:
            self._leave(me.group, is_done=False, alone=False)

    def _leave(self, group: _Group, *, is_done: bool, alone: bool) -> None:
        group.members += is_done
        # Of a first one who failed everything is taken back, and with it the group ends.
        if group.members and group.is_open and not alone and group.has_room and self._pass_on(group):
            return
        if not group.finish():
            self._drop()
        self._pass_on(None)
        group.finished.set()

    def _pass_on(self, group: _Group | None) -> bool:
        """Gives the turn to the next: with the group, if they share it; without one, whoever they are."""
        with self._guard:
            following = self._waiting[0] if self._waiting else None
            if group is not None and (following is None or following.alone):
                return False
            if following is None:
                self._taken = False
                return True
            self._waiting.popleft()
        following.group = group
        following.turn.release()
        return True


class _Waiter:
    __slots__ = ("alone", "group", "turn")

    def __init__(self, alone: bool) -> None:
        self.alone = alone
        self.turn = threading.Lock()
        """Held until the turn comes."""
        self.turn.acquire()
        self.group: _Group | None = None


class _Group:
    """Writers that share a transaction: begun by the first, committed by the last."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._driver = cast(Any, connection.connection.dbapi_connection)
        self._driver.execute("BEGIN IMMEDIATE")
        self._since = time.monotonic()
        self._finisher: int | None = None
        self._error: BaseException | None = None
        self.members = 0
        self.finished = threading.Event()

    @contextmanager
    def work(self) -> Iterator[Session]:
        """One writer's part. What is taken back when it fails is only theirs; the first has nobody before them."""
        mark = self.members > 0
        if mark:
            self._driver.execute("SAVEPOINT writer")
        # The session's own commit does all but commit: the transaction stays open for the next.
        session = Session(self._connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        lend_driver(session, self._connection)
        try:
            yield session
            if session.in_transaction():  # not when all that ran were prepared statements
                session.commit()
        except BaseException:
            if mark and self.is_open:
                self._driver.execute("ROLLBACK TO writer")
                self._driver.execute("RELEASE writer")
            raise
        else:
            if mark:
                self._driver.execute("RELEASE writer")
        finally:
            session.close()

    @property
    def is_open(self) -> bool:
        """Whether the engine still holds the transaction: when its disk is full it gives up all of it."""
        return bool(self._driver.in_transaction)

    @property
    def has_room(self) -> bool:
        return self.members < _MOST_TOGETHER and time.monotonic() - self._since < _OPEN_SECONDS

    def finish(self) -> bool:
        """Commits what was done, if anything was; whether the connection is still good."""
        self._finisher = threading.get_ident()
        try:
            if not self.members:
                self._driver.rollback()
            elif self.is_open:
                self._driver.commit()
            else:
                self._error = Unavailable("The engine gave up the transaction")
        except BaseException as broken:  # noqa: BLE001 (each of those who share it is told)
            self._error = broken
        # A session that failed while it wrote its objects has ended the transaction in the toolkit's eyes.
        return self._error is None and self._connection.in_transaction()

    def wait(self) -> None:
        """Waits until the work is on the disk. Raises what refused it; Unavailable for the others who shared it."""
        self.finished.wait()
        if self._error is not None and self._finisher == threading.get_ident():
            raise self._error
        if self._error is not None:
            raise Unavailable("What was written could not be kept; nothing was written. Try again.") from self._error
