"""A consumer's ledger: intents survive, positions move once, and nothing is skipped without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tradewind.events.ledger import BatchLedger, DeadLetter
from tradewind.events.log import Bounds, Partition

ORDERS = Partition("orders", 0)
FIRST = Bounds(ORDERS, 0, 9)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[BatchLedger]:
    ledger = BatchLedger(tmp_path / "ledger.db", "warehouse")
    yield ledger
    ledger.close_file()


def reopened(tmp_path: Path, consumer: str = "warehouse") -> BatchLedger:
    return BatchLedger(tmp_path / "ledger.db", consumer)


def test_a_new_consumer_begins_at_the_beginning(ledger: BatchLedger) -> None:
    assert ledger.position(ORDERS) == 0
    assert ledger.unfinished(ORDERS) is None


def test_an_intent_outlives_the_process_with_the_same_bounds(ledger: BatchLedger, tmp_path: Path) -> None:
    ledger.open(FIRST)
    ledger.close_file()
    again = reopened(tmp_path)
    assert again.unfinished(ORDERS) == FIRST
    assert again.position(ORDERS) == 0
    assert again.unfinished(Partition("orders", 1)) is None
    again.close_file()


def test_closing_moves_the_position_and_ends_the_intent(ledger: BatchLedger, tmp_path: Path) -> None:
    ledger.close(ledger.open(FIRST))
    ledger.close_file()
    again = reopened(tmp_path)
    assert again.position(ORDERS) == 10
    assert again.unfinished(ORDERS) is None
    again.close_file()


def test_a_second_intent_beside_an_open_one_is_refused(ledger: BatchLedger) -> None:
    ledger.open(FIRST)
    with pytest.raises(Exception, match=r"UNIQUE"):
        ledger.open(Bounds(ORDERS, 0, 4))
    assert ledger.unfinished(ORDERS) == FIRST


def test_dead_letters_are_kept_with_reason_and_place_and_only_once(ledger: BatchLedger) -> None:
    letter = DeadLetter(ORDERS, 3, "o1", "no such column", b'{"x":1}')
    ledger.close(ledger.open(FIRST), [letter])
    assert ledger.dead_letters() == [letter]
    ledger.rewind(ORDERS, 0)
    ledger.close(ledger.open(FIRST), [letter])
    assert ledger.dead_letter_count() == 1


def test_consumers_do_not_see_each_other(ledger: BatchLedger, tmp_path: Path) -> None:
    ledger.close(ledger.open(FIRST), [DeadLetter(ORDERS, 0, "k", "why", b"")])
    other = reopened(tmp_path, "alerts")
    assert other.position(ORDERS) == 0
    assert other.dead_letters() == []
    other.close_file()


def test_rewinding_forgets_an_open_intent(ledger: BatchLedger) -> None:
    ledger.close(ledger.open(FIRST))
    ledger.open(Bounds(ORDERS, 10, 19))
    ledger.rewind(ORDERS, 5)
    assert ledger.position(ORDERS) == 5
    assert ledger.unfinished(ORDERS) is None


def test_the_token_names_the_range_and_nothing_else() -> None:
    assert FIRST.token == "orders:0:0-9"
    assert len(FIRST) == 10
