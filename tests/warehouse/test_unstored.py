"""Notes of blocks that a kill kept from being stored are removed before the engine opens; all others stay."""

from __future__ import annotations

from pathlib import Path

from tradewind.warehouse.unstored import forget_unstored_blocks


def a_table(warehouse: Path, notes: str, *parts: str) -> Path:
    table = warehouse / "store" / "abc" / f"abc-{len(list(warehouse.glob('store/abc/*')))}"
    (table / "deduplication_logs").mkdir(parents=True)
    for part in parts:
        (table / part).mkdir()
    log = table / "deduplication_logs" / "deduplication_log_1.txt"
    log.write_text(notes)
    return log


def test_a_note_without_its_part_goes_and_the_others_stay(tmp_path: Path) -> None:
    merged = "1\tall_1_1_0\tall_7\n1\tall_2_2_0\tall_8\n"
    lost = a_table(tmp_path, merged + "1\tall_3_3_0\tall_9\n", "all_1_2_1", "tmp_insert_all_3_3_0", "detached")
    whole = a_table(tmp_path, merged, "all_1_2_1")
    assert forget_unstored_blocks(tmp_path) == 1
    assert lost.read_text() == whole.read_text() == merged
    assert forget_unstored_blocks(tmp_path) == 0


def test_partitions_are_looked_at_each_for_itself(tmp_path: Path) -> None:
    log = a_table(tmp_path, "1\t202601_1_1_0\ta\n1\t202602_2_2_0\tb\n", "202601_1_1_0")
    assert forget_unstored_blocks(tmp_path) == 1
    assert log.read_text() == "1\t202601_1_1_0\ta\n"


def test_what_was_dropped_on_purpose_stays_noted(tmp_path: Path) -> None:
    notes = "1\tall_1_1_0\ta\n2\tall_1_1_0\ta\n"
    log = a_table(tmp_path, notes)
    assert forget_unstored_blocks(tmp_path) == 0
    assert log.read_text() == notes


def test_half_a_line_goes(tmp_path: Path) -> None:
    log = a_table(tmp_path, "1\tall_1_1_0\ta\n1\tall_2_2", "all_1_1_0")
    assert forget_unstored_blocks(tmp_path) == 1
    assert log.read_text() == "1\tall_1_1_0\ta\n"


def test_no_warehouse_yet(tmp_path: Path) -> None:
    assert forget_unstored_blocks(tmp_path / "nothing") == 0
