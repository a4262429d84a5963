"""kill -9 under ingest: with clients that send again, base, views and quarantine hold what was acknowledged, once."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from bench.ingest_kill import run


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_server_killed_under_ingest_loses_no_row_and_doubles_none(tmp_path: Path) -> None:
    seed = secrets.randbelow(10**6)
    found, sent, _ = run(tmp_path / "data", 4, seed=seed, clients=3)
    assert sent.failures == [], f"seed {seed}"
    assert sent.rows > 0
    assert sent.bad_rows > 0
    assert sent.repeated > 0
    assert found.is_sound, f"seed {seed}: {found}"
