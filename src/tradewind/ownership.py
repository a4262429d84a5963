"""Who owns the embedded stores: one process at a time, and others can find out where it listens.

A lock on a file in the data folder is held for as long as the process lives, and the system takes it
away when the process dies, however it dies. What the owner wants others to know lies beside it, readable
only by the same user.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tradewind.core.errors import Conflict, Unavailable
from tradewind.core.folders import private_folder

LOCK_FILE = "owner.lock"
CARD_FILE = "owner.json"
_TRIES, _PAUSE_SECONDS = 40, 0.005
_PATIENT_TRIES = 2_000
"""While nobody but those who look holds the lock: one of them may be kept off the processor for seconds."""


@dataclass(frozen=True, slots=True)
class OwnerCard:
    """What the owner tells other processes of the same user."""

    pid: int
    purpose: str
    since: str
    url: str | None = None
    """Address of the web app and the API, once it listens."""
    clickhouse_host: str | None = None
    clickhouse_port: int | None = None
    clickhouse_password: str | None = None
    """Lets this machine's own commands in as the user `tradewind`; new at every start."""

    def silent(self, folder: Path) -> Unavailable:
        """What to raise when the owner does not answer: a command that holds the folder, or a server starting up."""
        return Unavailable(f"{self.purpose} (process {self.pid}) holds {folder} and does not answer yet. Try again.")


class FolderHeld(Conflict):
    """Another process owns the folder."""

    code = "folder_held"

    def __init__(self, folder: Path, card: OwnerCard | None) -> None:
        self.card = card
        who = (
            f"{card.purpose} (process {card.pid}, since {card.since}{', ' + card.url if card.url else ''})"
            if card
            else "Another process"
        )
        super().__init__(f"{who} holds {folder}. Stop it first, or use another folder with --data-dir.")


class FolderLock:
    """Ownership of a data folder for as long as this object is not released."""

    def __init__(self, folder: Path, purpose: str) -> None:
        private_folder(folder)
        self._card_path = folder / CARD_FILE
        self._file = (folder / LOCK_FILE).open("a")  # held open: closing it would give the lock away
        if not self._locked():
            self._file.close()
            raise FolderHeld(folder, _read(self._card_path))
        self.card = OwnerCard(os.getpid(), purpose, datetime.now(UTC).isoformat(timespec="seconds"))
        self.publish(self.card)

    def _locked(self) -> bool:
        # Whoever only looks shares the lock for an instant; an owner holds it alone and for good.
        refused = 0
        for _ in range(_PATIENT_TRIES):
            if self._taken(fcntl.LOCK_EX):
                return True
            if self._taken(fcntl.LOCK_SH):
                fcntl.flock(self._file, fcntl.LOCK_UN)
            else:
                refused += 1
                if refused == _TRIES:
                    return False
            time.sleep(_PAUSE_SECONDS)
        return False

    def _taken(self, how: int) -> bool:
        try:
            fcntl.flock(self._file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def publish(self, card: OwnerCard) -> None:
        """Tells others where the owner can be reached."""
        self.card = card
        fresh = self._card_path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(card), file)
        fresh.replace(self._card_path)

    def release(self) -> None:
        self._card_path.unlink(missing_ok=True)
        self._file.close()


def owner_of(folder: Path) -> OwnerCard | None:
    """The card of the living owner of a folder; None when nobody owns it."""
    lock = folder / LOCK_FILE
    if not lock.exists():
        return None
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(folder / CARD_FILE)
    return None


def _read(path: Path) -> OwnerCard | None:
    try:
        return OwnerCard(**json.loads(path.read_text()))
    except (OSError, ValueError, TypeError):
        return None
