"""A process that is killed in a deploy leaves the old release live, or the new one whole; nothing stays behind."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

ROUNDS = 3


def run_and_kill(folder: Path, seconds: float) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What the program found when it started, and what it told until it was killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.warehouse.workspaces.deploying", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        found = json.loads(program.stdout.readline())
        time.sleep(seconds)
        program.kill()
        told = [json.loads(line) for line in program.stdout.read().splitlines() if line.endswith("}")]
    return found, told


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_killed_deploy_leaves_a_whole_release_and_nothing_behind(tmp_path: Path) -> None:
    chance = random.Random(4)
    live: int | None = None
    acknowledged = 0
    for turn in range(ROUNDS + 1):
        found, told = run_and_kill(tmp_path / "data", 6 + 4 * chance.random() if turn < ROUNDS else 0)

        assert found["unfinished"] == []
        assert found["trials"] == 0
        assert found["tables"] == found["written_down"]
        if live is not None:
            assert found["live"] >= live
            # A body that was on its way when the process died may be there: it was just not acknowledged.
            assert acknowledged <= found["base"] <= acknowledged + 10
            assert found["counted"] == found["base"]
            assert found["amount"] == found["factor"] * found["base"]
            acknowledged = found["base"]
        acknowledged += sum(line["rows"] for line in told if "rows" in line)
        done = [line["live"] for line in told if "live" in line]
        live = done[-1] if done else found["live"]
    assert live is not None
