"""Ninety days of faults and kill -9: the books are the world's truth, and no published limit was ever passed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from bench.channels import START, Rehearsal
from tradewind.commerce.fees.model import Fee
from tradewind.commerce.orders.model import Order
from tradewind.core.database import Database
from tradewind.sandbox.audit import differences, skipped
from tradewind.sandbox.server import CHANNELS, SandboxPlan

KILLS = {"amazon": (60,), "shopify": (40,), "walmart": (150,)}
Rehearsed = tuple[Rehearsal, list[str]]


@pytest.fixture(scope="module")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    """One seller on all three channels, killed while each of them is being read; and what was wrong afterwards."""
    plan = SandboxPlan(seed=11, start=START, days=90, orders=90, channels=CHANNELS)
    run = Rehearsal(tmp_path_factory.mktemp("seller"), plan, timedelta(days=5), timedelta(days=10), KILLS)
    return run, run.run()


pytestmark = [
    pytest.mark.crash,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("ninety_days"),
]


@pytest.mark.parametrize("channel", CHANNELS)
def test_ninety_days_with_faults_and_kills_end_at_the_truth(rehearsed: Rehearsed, channel: str) -> None:
    run, wrong = rehearsed
    assert [line for line in wrong if channel in line] == []
    assert channel in run.killed
    assert run.faults_met[channel] > 5
    assert run.calls[channel] > 50


def test_the_audit_sees_what_is_lost_behind_a_watermark(rehearsed: Rehearsed) -> None:
    run, _ = rehearsed
    assert run.sandbox is not None
    database = Database(f"sqlite:///{run.folder / 'store.db'}")
    with database.read() as tx:
        tx.execute(delete(Fee))
        for channel in CHANNELS:
            assert {line.split()[1] for line in differences(tx, run.sandbox.world, channel)} == {"fee"}
            assert skipped(tx, run.sandbox.world, channel) == []
        tx.execute(update(Order).values(status="confirmed"))
        for channel in CHANNELS:
            assert len(skipped(tx, run.sandbox.world, channel)) > 50
    database.close()
