"""The sandbox in a process of its own, for as long as the one that began it lives: it ends with its standard input."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import TypeAdapter

from tradewind.core.clock import SystemClock
from tradewind.core.errors import Unavailable
from tradewind.sandbox.server import Sandbox, SandboxPlan, running

_PLAN = TypeAdapter(SandboxPlan)
_VARIABLES = TypeAdapter(dict[str, str])
_POLITENESS = 10
"""Added to its niceness: whoever looks at the store goes first."""


class SandboxNotStarted(Unavailable):
    code = "sandbox_not_started"


@contextmanager
def beside(plan: SandboxPlan) -> Iterator[Mapping[str, str]]:
    """Runs a sandbox beside this process; gives the variables that point the connectors at it.

    Its first world is made before they are told, so the first call is answered at once. Raises SandboxNotStarted.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tradewind.sandbox.beside"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl+C is for the server, which ends this one in its turn
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(_PLAN.dump_json(plan) + b"\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise SandboxNotStarted("The marketplaces in a box did not start. See the messages above.")
        yield _VARIABLES.validate_json(line)
    finally:
        process.stdin.close()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def main() -> None:
    """Reads the plan, serves until standard input ends."""
    os.nice(_POLITENESS)
    sandbox = Sandbox(_PLAN.validate_json(sys.stdin.readline()), SystemClock())
    for channel in sandbox.desks:
        sandbox.world.count(channel)
    with running(sandbox) as address:
        sys.stdout.buffer.write(_VARIABLES.dump_json(sandbox.variables(address)) + b"\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
