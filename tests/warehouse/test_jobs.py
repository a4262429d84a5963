"""Jobs run on a bounded number of threads, can be watched and cancelled, and outlive the process that began them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.spine import NOON
from tradewind.core.clock import SystemClock
from tradewind.core.database import Database
from tradewind.core.errors import Conflict, InvalidInput, NotFound, TooManyRequests, Unavailable
from tradewind.core.settings import JobsSettings
from tradewind.warehouse.workspaces.jobs import Job, JobRunning, Jobs, Task, Work
from tradewind.warehouse.workspaces.model import ProjectJob, Workspace

MakeJobs = Callable[..., Jobs]
PATIENCE = 20.0


@pytest.fixture
def make_jobs(store: Database) -> Iterator[MakeJobs]:
    with store.write() as tx:
        for name in ("shop", "other"):
            tx.add(Workspace(id=name, name=name, database=f"ws_{name}", created_at=NOON))
    made: list[Jobs] = []

    def make(**settings: int) -> Jobs:
        made.append(Jobs(store, SystemClock(), JobsSettings.model_validate(settings)))
        return made[-1]

    yield make
    for jobs in made:
        jobs.close()


def nothing(_: Task) -> None:
    return None


def until_cancelled(started: threading.Event) -> Work:
    def work(task: Task) -> None:
        started.set()
        while True:
            task.sleep(PATIENCE)

    return work


def wait_for(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_job_is_done_and_its_history_says_what_it_did(make_jobs: MakeJobs) -> None:
    jobs = make_jobs()
    asked = {"mode": "replace"}
    job_id = jobs.start("shop", "copy", lambda _: {"rows": 7, "bytes": 70}, pipe="daily", source="days", details=asked)
    job = jobs.wait("shop", job_id, PATIENCE)
    assert (job.status, job.rows, job.statistics, job.details) == ("done", 7, {"bytes": 70}, asked)
    assert (job.kind, job.pipe, job.source, job.error) == ("copy", "daily", "days", None)
    assert job.started_at is not None
    assert job.created_at <= job.started_at <= job.updated_at


def test_what_went_wrong_is_told_when_it_is_meant_for_people_and_only_logged_when_not(make_jobs: MakeJobs) -> None:
    jobs = make_jobs()

    def refuses(_: Task) -> None:
        raise InvalidInput("The column `price` is missing.")

    def breaks(_: Task) -> None:
        raise RuntimeError("password=hunter2")

    told = jobs.wait("shop", jobs.start("shop", "append", refuses), PATIENCE)
    assert (told.status, told.error) == ("error", "The column `price` is missing.")
    broken = jobs.wait("shop", jobs.start("shop", "append", breaks), PATIENCE)
    assert broken.status == "error"
    assert broken.error is not None
    assert broken.id in broken.error
    assert "hunter2" not in broken.error


def test_progress_can_be_seen_while_a_job_works(make_jobs: MakeJobs) -> None:
    jobs = make_jobs()
    go_on = threading.Event()

    def work(task: Task) -> None:
        task.progress(3, blocks=1)
        go_on.wait(PATIENCE)
        task.progress(5, blocks=2)

    job_id = jobs.start("shop", "append", work)
    wait_for(lambda: jobs.get("shop", job_id).rows == 3)
    assert jobs.get("shop", job_id).status == "working"
    assert jobs.get("shop", job_id).statistics == {"blocks": 1}
    go_on.set()
    job = jobs.wait("shop", job_id, PATIENCE)
    assert (job.rows, job.statistics) == (5, {"blocks": 2})


def test_no_more_jobs_work_at_once_than_there_are_threads_and_all_get_their_turn(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(threads=2)
    now, most, guard = 0, 0, threading.Lock()

    def work(_: Task) -> None:
        nonlocal now, most
        with guard:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with guard:
            now -= 1

    ids = [jobs.start("shop", "append", work) for _ in range(8)]
    assert {jobs.wait("shop", job_id, PATIENCE).status for job_id in ids} == {"done"}
    assert most == 2


def test_too_many_waiting_jobs_are_refused_for_the_moment(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(threads=1, waiting=1)
    started = threading.Event()
    first = jobs.start("shop", "append", until_cancelled(started))
    jobs.start("shop", "append", nothing)
    with pytest.raises(TooManyRequests, match="2 jobs wait or work") as refused:
        jobs.start("shop", "append", nothing)
    assert refused.value.retry_after_seconds > 0
    jobs.cancel("shop", first)
    jobs.wait("shop", first, PATIENCE)
    wait_for(lambda: len(jobs.recent("shop", status="done")) == 1)
    jobs.start("shop", "append", nothing)


def test_a_working_job_is_asked_to_stop_and_a_waiting_one_never_begins(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(threads=1)
    started, ran = threading.Event(), threading.Event()
    working = jobs.start("shop", "copy", until_cancelled(started))
    waiting = jobs.start("shop", "copy", lambda _: ran.set())
    assert started.wait(PATIENCE)
    assert jobs.cancel("shop", waiting).status == "cancelled"
    jobs.cancel("shop", working)
    assert jobs.wait("shop", working, PATIENCE).status == "cancelled"
    assert jobs.wait("shop", jobs.start("shop", "copy", nothing), PATIENCE).status == "done"
    assert not ran.is_set()
    with pytest.raises(Conflict, match="is over"):
        jobs.cancel("shop", working)


def test_one_run_of_a_pipe_at_a_time(make_jobs: MakeJobs) -> None:
    jobs = make_jobs()
    started = threading.Event()
    first = jobs.start("shop", "copy", until_cancelled(started), pipe="daily", is_alone=True)
    with pytest.raises(JobRunning, match=f"copy of daily is under way already, as job {first}"):
        jobs.start("shop", "copy", nothing, pipe="daily", is_alone=True)
    assert jobs.under_way("shop", "copy", pipe="daily") == [first]
    for workspace, kind, pipe in (("other", "copy", "daily"), ("shop", "sink", "daily"), ("shop", "copy", "hourly")):
        job = jobs.start(workspace, kind, nothing, pipe=pipe, is_alone=True)
        assert jobs.wait(workspace, job, PATIENCE).status == "done"
    jobs.cancel("shop", first)
    jobs.wait("shop", first, PATIENCE)
    again = jobs.start("shop", "copy", nothing, pipe="daily", is_alone=True)
    assert jobs.wait("shop", again, PATIENCE).status == "done"


def test_the_history_shows_the_newest_first_by_what_is_asked_and_forgets_the_oldest(make_jobs: MakeJobs) -> None:
    jobs = make_jobs(history=5)
    ids = []
    for number in range(8):
        ids.append(jobs.start("shop", "copy" if number % 2 else "sink", nothing, pipe=f"p{number}"))
        jobs.wait("shop", ids[-1], PATIENCE)
    assert [job.id for job in jobs.recent("shop")] == ids[:2:-1]
    assert [job.pipe for job in jobs.recent("shop", kind="sink")] == ["p6", "p4"]
    assert [job.pipe for job in jobs.recent("shop", limit=1)] == ["p7"]
    assert [job.pipe for job in jobs.recent("shop", pipe="p5", status="done")] == ["p5"]
    with pytest.raises(NotFound, match=ids[0]):
        jobs.get("shop", ids[0])


def test_a_job_is_seen_in_its_own_workspace_alone(make_jobs: MakeJobs) -> None:
    jobs = make_jobs()
    job_id = jobs.start("shop", "copy", nothing)
    jobs.wait("shop", job_id, PATIENCE)
    assert jobs.recent("other") == []
    with pytest.raises(NotFound):
        jobs.get("other", job_id)
    with pytest.raises(NotFound):
        jobs.cancel("other", job_id)


def left_behind(store: Database, job_id: str, kind: str, status: str, **columns: object) -> None:
    row = {"attempts": 1, "cancel_asked": False, "details": {"rows": 4}} | columns
    with store.write() as tx:
        tx.add(
            ProjectJob(
                id=job_id,
                workspace_id="shop",
                kind=kind,
                status=status,
                statistics={},
                is_alone=True,
                created_at=NOON,
                updated_at=NOON,
                **row,
            )
        )


def test_after_a_crash_a_job_is_done_again_from_its_details_or_marked_as_failed(
    store: Database, make_jobs: MakeJobs
) -> None:
    jobs = make_jobs()
    left_behind(store, "a", "copy", "working")
    left_behind(store, "b", "append", "working")
    left_behind(store, "c", "copy", "waiting", cancel_asked=True)
    left_behind(store, "d", "copy", "working", attempts=3)
    left_behind(store, "e", "copy", "done")

    def copy_again(job: Job) -> Work:
        return lambda _: {"rows": job.details["rows"]}

    jobs.resumes("copy", copy_again)
    assert jobs.recover() == 1
    again = jobs.wait("shop", "a", PATIENCE)
    assert (again.status, again.rows, again.attempts) == ("done", 4, 2)
    found = {job.id: (job.status, job.error) for job in jobs.recent("shop")}
    cut_off = "The server stopped while this was under way. Start it again."
    assert found == {
        "a": ("done", None),
        "b": ("error", cut_off),
        "c": ("cancelled", None),
        "d": ("error", cut_off),
        "e": ("done", None),
    }
    assert jobs.recover() == 0


def test_a_stop_leaves_resumable_jobs_for_the_next_start_and_fails_the_others(
    store: Database, make_jobs: MakeJobs
) -> None:
    jobs = make_jobs(threads=2)
    jobs.resumes("copy", lambda _: nothing)
    events = [threading.Event(), threading.Event()]
    copying = jobs.start("shop", "copy", until_cancelled(events[0]))
    appending = jobs.start("shop", "append", until_cancelled(events[1]))
    waiting = jobs.start("shop", "copy", nothing)
    assert all(event.wait(PATIENCE) for event in events)
    jobs.close()
    with pytest.raises(Unavailable, match="stopping"):
        jobs.start("shop", "copy", nothing)
    after = make_jobs()
    after.resumes("copy", lambda _: nothing)
    assert after.get("shop", appending).status == "error"
    assert after.recover() == 2
    assert after.wait("shop", copying, PATIENCE).status == "done"
    assert after.wait("shop", waiting, PATIENCE).status == "done"


def test_listeners_hear_of_every_step(make_jobs: MakeJobs) -> None:
    jobs = make_jobs()
    heard: list[str] = []

    def breaks(_: Job) -> None:
        raise RuntimeError("a listener's own trouble")

    jobs.listen(breaks)
    jobs.listen(lambda job: heard.append(job.status))
    jobs.wait("shop", jobs.start("shop", "copy", nothing), PATIENCE)
    assert heard == ["waiting", "working", "done"]
