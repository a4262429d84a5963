"""Which answer is given while data move: the kept one, the one that is being made, or a new one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tradewind.warehouse.serving.engine import Result
from tradewind.warehouse.serving.errors import TooManyQueries
from tradewind.warehouse.serving.results import Results
from tradewind.warehouse.versions import DataVersion, Versions


@dataclass
class Desk:
    """Results beside a clock that the test turns, and an engine whose answers say which question they belong to."""

    now: float = 0.0
    asked: int = 0
    may_answer: threading.Event = field(default_factory=threading.Event)
    versions: Versions = field(init=False)
    results: Results = field(init=False)

    def __post_init__(self) -> None:
        self.versions = Versions(lambda: self.now)
        self.results = Results(
            threads=2,
            waiting=0,
            cache_bytes=1_000_000,
            stale_seconds=0.15,
            versions=self.versions,
            timer=lambda: self.now,
        )
        self.may_answer.set()

    def ask(self, writes: int, firm: int, *, keep: float | None = None, key: str = "best") -> str:
        return self.later(writes, firm, keep=keep, key=key)()

    def later(self, writes: int, firm: int, *, keep: float | None = None, key: str = "best") -> Callable[[], str]:
        self.write(writes, firm)
        found = self.results.ask(key, DataVersion(writes, firm), self._answer, keep_seconds=keep)
        if isinstance(found, Result):
            kept = text(found)
            return lambda: kept
        future = found[0]
        return lambda: text(future.result(5))

    def write(self, writes: int, firm: int) -> None:
        """Until there have been so many writes, all up to `firm` to be seen at once."""
        while self.versions.now.writes < writes:
            self.versions.move(at_once=self.versions.now.writes < firm)

    def rest(self) -> None:
        """Until what is being made is kept."""
        wait_until(lambda: not self.results._running)

    def begun(self, count: int) -> None:
        """Until threads have taken up so many questions."""
        wait_until(lambda: self.asked == count)

    def _answer(self) -> Result:
        self.asked += 1
        number = self.asked
        assert self.may_answer.wait(5)
        return Result(f"answer {number}".encode(), size=8, rows=1, read_rows=1, read_bytes=1, seconds=0.0)


def wait_until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        if is_so():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come to that")


def text(result: Result) -> str:
    assert isinstance(result.content, bytes)
    return result.content.decode()


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.may_answer.set()
    made.results.close()


def test_an_answer_stays_while_the_data_do(desk: Desk) -> None:
    assert [desk.ask(1, 0), desk.ask(1, 0)] == ["answer 1", "answer 1"]
    desk.now = 4.9
    assert desk.ask(1, 0) == "answer 1"
    desk.now = 5.1
    assert desk.ask(1, 0) == "answer 2"


def test_while_rows_come_in_the_last_answer_is_given_and_the_next_one_made(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    desk.now = 0.1
    assert desk.ask(2, 0) == "answer 1"
    desk.rest()
    assert desk.asked == 2
    assert desk.ask(2, 0) == "answer 2"


def test_only_one_next_answer_is_made_at_a_time(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    desk.may_answer.clear()
    assert [desk.ask(writes, 0) for writes in (2, 3, 4)] == ["answer 1"] * 3
    desk.may_answer.set()
    desk.rest()
    assert desk.asked == 2


def test_an_answer_is_given_for_a_moment_after_its_data_moved_on_however_old_it_is(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    desk.now = 3.0
    desk.write(2, 0)
    desk.now = 3.1
    assert desk.ask(2, 0) == "answer 1"


def test_no_answer_is_given_that_is_outdated_for_longer_than_the_moment(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    desk.write(2, 0)
    desk.now = 0.1
    desk.write(3, 0)
    desk.now = 0.16
    assert desk.ask(3, 0) == "answer 2"


def test_the_moments_of_old_writes_are_forgotten_and_they_count_as_long_ago() -> None:
    versions = Versions(lambda: 7.0)
    assert versions.outdated_since(0) is None
    for _ in range(2000):
        versions.move(at_once=False)
    assert versions.now == DataVersion(2000, 0)
    assert [versions.outdated_since(writes) for writes in (2000, 1999, 976, 975)] == [None, 7.0, 7.0, float("-inf")]


def test_writers_of_several_threads_are_all_counted() -> None:
    versions = Versions()

    def move_often() -> None:
        for _ in range(500):
            versions.move(at_once=True)

    crew = [threading.Thread(target=move_often) for _ in range(4)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert versions.now == DataVersion(2000, 2000)


def test_who_waited_for_rows_sees_them(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    assert desk.ask(2, 2) == "answer 2"
    assert desk.ask(3, 2) == "answer 2", "what came after them may be seen a moment later"


def test_an_answer_of_older_data_does_not_take_the_place_of_a_newer_one(desk: Desk) -> None:
    desk.may_answer.clear()
    old = desk.later(1, 1)
    desk.begun(1)
    new = desk.later(2, 2)
    desk.may_answer.set()
    assert {old(), new()} == {"answer 1", "answer 2"}
    desk.rest()
    kept = desk.ask(2, 2)
    assert kept == new()


def test_equal_questions_wait_for_one_answer_and_too_many_are_refused(desk: Desk) -> None:
    desk.may_answer.clear()
    first, second = desk.later(1, 1), desk.later(1, 1)
    desk.later(1, 1, key="worst")
    with pytest.raises(TooManyQueries):
        desk.later(1, 1, key="middle")
    desk.may_answer.set()
    assert (first(), second()) == ("answer 1", "answer 1")


def test_what_is_not_kept_is_asked_each_time(desk: Desk) -> None:
    assert [desk.ask(1, 0, keep=0.0), desk.ask(1, 0, keep=0.0)] == ["answer 1", "answer 2"]


def test_the_last_answer_is_given_for_longer_while_the_next_one_is_on_its_way(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    desk.may_answer.clear()
    desk.write(2, 0)
    for now in (0.1, 0.2, 0.3):
        desk.now = now
        assert desk.ask(2, 0) == "answer 1"
    desk.now = 0.31
    late = desk.later(2, 0)
    desk.may_answer.set()
    assert (late(), desk.asked) == ("answer 2", 2)


def test_nobody_waits_for_an_answer_that_will_be_old_when_it_comes(desk: Desk) -> None:
    assert desk.ask(1, 0) == "answer 1"
    desk.may_answer.clear()
    assert desk.ask(2, 0) == "answer 1"
    desk.begun(2)
    desk.write(3, 0)
    desk.now = 0.16
    late = desk.later(3, 0)
    desk.may_answer.set()
    assert late() == "answer 3"


def test_an_answer_on_its_way_will_do_if_what_it_does_not_know_came_a_moment_ago(desk: Desk) -> None:
    desk.may_answer.clear()
    first = desk.later(1, 0)
    desk.begun(1)
    second, who_waited = desk.later(2, 0), desk.later(3, 3)
    desk.may_answer.set()
    assert (first(), second(), who_waited()) == ("answer 1", "answer 1", "answer 2")


def test_answers_that_nobody_waits_for_take_nobodys_turn(desk: Desk) -> None:
    keys = [f"question {number}" for number in range(2)]
    first = [desk.ask(1, 0, key=key) for key in keys]
    desk.may_answer.clear()
    assert [desk.ask(2, 0, key=key) for key in keys] == first
    wanted = desk.later(2, 0, key="new")
    desk.begun(4)
    assert desk.results._running.keys() == {*keys, "new"}, "one is renewed, one stands in line, one is waited for"
    desk.may_answer.set()
    wanted()


def test_an_answer_that_stood_in_line_knows_what_came_meanwhile(desk: Desk) -> None:
    for key in ("one", "other"):
        desk.ask(1, 0, key=key)
    desk.may_answer.clear()
    for key in ("one", "other"):
        desk.ask(2, 0, key=key)
    desk.begun(3)
    desk.write(3, 0)
    desk.may_answer.set()
    desk.rest()
    assert desk.ask(3, 0, key="other") == "answer 4"
    desk.rest()
    assert desk.asked == 4, "it is not made anew"
