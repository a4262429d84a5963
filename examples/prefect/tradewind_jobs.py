"""Tradewind's jobs from another environment: listed and run by its own command, so they are the very same functions."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from datetime import timedelta

NIGHTLY_BUILD = "gold"
"""What is no job of the list: all of gold from what was read by then."""


class JobFailed(Exception):
    """The job ended with an error; the message is Tradewind's."""


@dataclass(frozen=True)
class JobPlan:
    """A job and when it is due: every so often, or daily at a clock time of a zone."""

    name: str
    every: timedelta | None = None
    daily_at: str | None = None
    zone: str | None = None

    @property
    def cron(self) -> str | None:
        """The daily time as a cron line."""
        if self.daily_at is None:
            return None
        hour, minute = self.daily_at.split(":")
        return f"{int(minute)} {int(hour)} * * *"


def command() -> list[str]:
    """How Tradewind is called: TRADEWIND_COMMAND, or what is found on the path."""
    return shlex.split(os.environ.get("TRADEWIND_COMMAND", "tradewind"))


def plans() -> list[JobPlan]:
    """The jobs that there are now, each with its default schedule, and the nightly build of gold at two."""
    rows = json.loads(_run("jobs", "--json"))
    found = [_plan(row) for row in rows]
    zone = next((plan.zone for plan in found if plan.zone), "UTC")
    return [*found, JobPlan(NIGHTLY_BUILD, daily_at="02:00", zone=zone)]


def run(name: str) -> str:
    """Does a job to its end and returns what it says it did. Raises JobFailed."""
    return _run("warehouse", "build", "--full") if name == NIGHTLY_BUILD else _run("jobs", "run", name)


def _plan(row: dict[str, object]) -> JobPlan:
    if row["every_minutes"] is not None:
        return JobPlan(str(row["name"]), every=timedelta(minutes=float(str(row["every_minutes"]))))
    daily_at, _, zone = str(row["daily_at"]).partition(" ")
    return JobPlan(str(row["name"]), daily_at=daily_at, zone=zone)


def _run(*arguments: str) -> str:
    done = subprocess.run([*command(), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise JobFailed(said[-1] if said else f"tradewind {' '.join(arguments)} ended with {done.returncode}")
    return done.stdout.strip()
