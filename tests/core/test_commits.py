"""Writers of SQLite: in turn, behind one commit, and none told of what is not kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from bench.statements import before_commits
from tradewind.core import commits
from tradewind.core.database import Database
from tradewind.core.errors import Unavailable


class Desk:
    """A store with one table, how often it committed, and writers that wait in line until told."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.commits = 0
        self._pool = ThreadPoolExecutor(20)
        self._heard = ExitStack()
        self._heard.enter_context(before_commits(database, self._count))

    def close(self) -> None:
        self._pool.shutdown()
        self._heard.close()
        self.database.close()

    def names(self) -> list[str]:
        with self.database.read() as tx:
            return list(tx.scalars(text("SELECT name FROM notes ORDER BY rowid")))

    def write(self, name: str, *, fails: bool = False, alone: bool = False) -> str:
        with self.database.write(alone=alone) as tx:
            tx.execute(text("INSERT INTO notes VALUES (:name)"), {"name": name})
            if fails:
                raise KeyError(name)
        return name

    def begin(self, work: Callable[[], str]) -> Future[str]:
        """In a thread of its own."""
        return self._pool.submit(work)

    def start(self, work: Callable[[], str]) -> Future[str]:
        """The same, once it waits for its turn."""
        before = len(self._commits._waiting)
        begun = self.begin(work)
        while len(self._commits._waiting) == before and not begun.done():
            time.sleep(0.001)
        return begun

    @property
    def _commits(self) -> commits.Commits:
        found = self.database._commits
        assert found is not None
        return found

    def _count(self) -> None:
        self.commits += 1
        self.at_commit()

    def at_commit(self) -> None:
        """What a test wants to happen there."""


@pytest.fixture(autouse=True)
def _no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, a shared transaction stays open for the next."""
    monkeypatch.setattr(commits, "_OPEN_SECONDS", 60)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    database = Database(f"sqlite:///{tmp_path}/store.db")
    with database.write() as tx:
        tx.execute(text("CREATE TABLE notes (name TEXT PRIMARY KEY)"))
    desk = Desk(database)
    yield desk
    desk.close()


def in_line(desk: Desk, *works: Callable[[], str]) -> list[Future[str]]:
    """Lets them queue behind a writer who has the turn, and then lets that one end."""
    with desk.database.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES ('first')"))
        return [desk.start(work) for work in works]


def test_those_who_wait_share_one_commit_in_the_order_in_which_they_came(desk: Desk) -> None:
    told = in_line(desk, *(partial(desk.write, n) for n in "abcde"))
    assert [one.result(5) for one in told] == [*"abcde"]
    assert desk.names() == ["first", *"abcde"]
    assert desk.commits == 1


def test_one_who_fails_takes_back_only_their_own(desk: Desk) -> None:
    good, bad, last = in_line(
        desk, lambda: desk.write("good"), lambda: desk.write("bad", fails=True), lambda: desk.write("last")
    )
    assert (good.result(5), last.result(5)) == ("good", "last")
    with pytest.raises(KeyError, match="bad"):
        bad.result(5)
    assert desk.names() == ["first", "good", "last"]
    assert desk.commits == 1


def test_what_was_done_is_kept_when_the_last_one_fails(desk: Desk) -> None:
    good, bad = in_line(desk, lambda: desk.write("good"), lambda: desk.write("bad", fails=True))
    assert good.result(5) == "good"
    with pytest.raises(KeyError):
        bad.result(5)
    assert desk.names() == ["first", "good"]


def test_nobody_is_told_before_the_commit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_door, open_it = threading.Event(), threading.Event()

    def hold() -> None:
        at_the_door.set()
        open_it.wait(5)

    monkeypatch.setattr(desk, "at_commit", hold)
    told = desk.begin(lambda: desk.write("a"))
    assert at_the_door.wait(5)
    time.sleep(0.05)
    assert not told.done()
    assert desk.names() == []
    open_it.set()
    assert told.result(5) == "a"


def test_a_commit_that_fails_fails_for_all_who_share_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError("the disk is away")

    monkeypatch.setattr(desk, "at_commit", refuse)
    told: list[Future[str]] = []

    def first() -> str:
        with desk.database.write() as tx:
            tx.execute(text("INSERT INTO notes VALUES ('first')"))
            told.extend([desk.start(partial(desk.write, "a")), desk.start(partial(desk.write, "b"))])
        return "first"

    with pytest.raises(Unavailable, match="nothing was written"):
        first()
    with pytest.raises(Unavailable, match="nothing was written"):
        told[0].result(5)
    with pytest.raises(OSError, match="the disk is away"):
        told[1].result(5)  # the one whose commit it was
    monkeypatch.undo()
    assert desk.names() == []
    assert desk.write("after") == "after"
    assert desk.names() == ["after"]


def test_who_works_for_long_shares_with_nobody(desk: Desk) -> None:
    short, long, other = in_line(
        desk, lambda: desk.write("short"), lambda: desk.write("long", alone=True), lambda: desk.write("other")
    )
    assert [one.result(5) for one in (short, long, other)] == ["short", "long", "other"]
    assert desk.commits == 3


def test_a_group_that_has_been_open_for_long_lets_nobody_else_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "_OPEN_SECONDS", 0.02)
    with desk.database.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES ('first')"))
        waiting = desk.start(lambda: desk.write("a"))
        time.sleep(0.05)
    assert waiting.result(5) == "a"
    assert desk.commits == 2


def test_one_who_gives_up_leaves_the_line_and_the_others_go_on(tmp_path: Path, desk: Desk) -> None:
    hasty = Database(f"sqlite:///{tmp_path}/store.db", lock_timeout_seconds=0.1)
    hasty_desk = Desk(hasty)
    told: list[Future[str]] = []
    with hasty.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES ('first')"))
        told = [hasty_desk.start(lambda: hasty_desk.write("a"))]
        with pytest.raises(Unavailable, match="holds the database for too long"):
            told[0].result(5)
    assert hasty_desk.write("b") == "b"
    hasty_desk.close()
    assert desk.names() == ["first", "b"]


class _Late:
    """A turn that comes in the very moment in which its writer gives up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()

    def acquire(self, timeout: float = -1) -> bool:
        assert self._lock.acquire(timeout=5)
        if timeout >= 0:
            self._lock.release()  # it is there for whoever asks again
        return timeout < 0

    def release(self) -> None:
        self._lock.release()


class _LateWaiter(commits._Waiter):  # the moment cannot be brought about from outside
    def __init__(self, alone: bool) -> None:
        super().__init__(alone)
        self.turn = _Late()  # type: ignore[assignment]  # does what is asked of a lock


@pytest.mark.parametrize("alone", [False, True])
def test_a_turn_that_comes_too_late_by_a_hair_goes_on_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    late: Future[str]
    with desk.database.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES ('first')"))
        with monkeypatch.context() as patch:
            patch.setattr(commits, "_Waiter", _LateWaiter)
            late = desk.start(partial(desk.write, "late", alone=alone))
        following = desk.start(partial(desk.write, "next"))
    with pytest.raises(Unavailable, match="holds the database for too long"):
        late.result(5)
    assert following.result(5) == "next"
    assert desk.names() == ["first", "next"]


def test_many_at_once_lose_nothing_and_double_nothing(desk: Desk) -> None:
    chance = Random(7)
    plan = [(f"{n:03}", chance.random() < 0.2, chance.random() < 0.1) for n in range(300)]
    with ThreadPoolExecutor(12) as pool:
        told = [pool.submit(desk.write, name, fails=fails, alone=alone) for name, fails, alone in plan]
        kept = [one.result() for one in told if one.exception() is None]
    assert sorted(desk.names()) == sorted(kept) == [name for name, fails, _ in plan if not fails]
    assert desk.commits < len(kept)
