"""One process owns a folder; others are told who, and a dead owner is no owner."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.spine import a_platform, platform_settings
from tradewind.core.errors import Unavailable
from tradewind.ownership import CARD_FILE, LOCK_FILE, FolderHeld, FolderLock, owner_of
from tradewind.platform import Platform, connect

HOLD = """
import sys, time
from pathlib import Path
from tradewind.ownership import FolderLock
lock = FolderLock(Path(sys.argv[1]), "A Tradewind server")
print("held", flush=True)
time.sleep(600)
"""


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        yield holder
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()


def test_a_second_process_is_refused_and_told_who_holds_the_folder(data_dir: Path) -> None:
    with another_process(data_dir) as holder:
        with pytest.raises(FolderHeld, match=rf"A Tradewind server \(process {holder.pid}, since 20") as refused:
            FolderLock(data_dir, "A second server")
        assert "Stop it first, or use another folder with --data-dir." in str(refused.value)
        card = owner_of(data_dir)
        assert card is not None
        assert (card.pid, card.purpose) == (holder.pid, "A Tradewind server")


def test_kill_9_frees_the_folder(data_dir: Path) -> None:
    with another_process(data_dir) as holder:
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        assert (data_dir / CARD_FILE).exists()  # the dead cannot tidy up
        assert owner_of(data_dir) is None
        lock = FolderLock(data_dir, "The next one")
        assert lock.card.pid == os.getpid()
        lock.release()


def test_who_only_looks_keeps_nobody_from_the_folder_however_long_it_takes(data_dir: Path) -> None:
    FolderLock(data_dir, "Before").release()
    with (data_dir / LOCK_FILE).open("a") as looks:  # as `owner_of` does, and off the processor for a while
        fcntl.flock(looks, fcntl.LOCK_SH)
        threading.Timer(0.6, looks.close).start()
        lock = FolderLock(data_dir, "A server")
    assert lock.card.pid == os.getpid()
    with pytest.raises(FolderHeld):
        FolderLock(data_dir, "Another one")
    lock.release()


def test_releasing_leaves_no_trace_of_an_owner(data_dir: Path) -> None:
    lock = FolderLock(data_dir, "One")
    lock.release()
    assert owner_of(data_dir) is None
    assert not (data_dir / CARD_FILE).exists()
    FolderLock(data_dir, "Two").release()


def test_what_the_owner_tells_is_readable_by_its_user_alone(data_dir: Path) -> None:
    lock = FolderLock(data_dir, "One")
    lock.publish(replace(lock.card, clickhouse_port=8123, clickhouse_password="secret"))
    assert (data_dir / CARD_FILE).stat().st_mode & 0o777 == 0o600
    lock.release()


def test_looking_who_owns_a_folder_never_keeps_an_owner_out(data_dir: Path) -> None:
    FolderLock(data_dir, "makes the file").release()
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            owner_of(data_dir)

    lookers = [threading.Thread(target=look) for _ in range(3)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(100):
            FolderLock(data_dir, "One of many starts").release()
    finally:
        stop.set()
        for looker in lookers:
            looker.join()


def test_a_card_torn_in_half_still_refuses_the_second(data_dir: Path) -> None:
    lock = FolderLock(data_dir, "One")
    (data_dir / CARD_FILE).write_text('{"pid": 1')
    with pytest.raises(FolderHeld, match=r"Another process holds"):
        FolderLock(data_dir, "Two")
    lock.release()


def test_a_second_platform_on_a_folder_touches_nothing(data_dir: Path, chdb_path: Path) -> None:
    with a_platform(data_dir, chdb_path) as platform:
        before = platform.warehouse.query("SELECT count() AS n FROM schema_state")
        with pytest.raises(FolderHeld):
            Platform(platform.settings)
        assert platform.warehouse.query("SELECT count() AS n FROM schema_state") == before
    with a_platform(data_dir, chdb_path):
        pass  # free again


def test_a_command_beside_an_owner_that_does_not_answer_yet_is_told_to_try_again(
    data_dir: Path, chdb_path: Path
) -> None:
    def look() -> None:
        with connect(platform_settings(data_dir, chdb_path)):
            pass

    with (
        another_process(data_dir) as holder,
        pytest.raises(Unavailable, match=rf"process {holder.pid}\) holds .* Try again"),
    ):
        look()
