"""`tradewind import`, as people and programs call it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("migrated_folder")

GOOD = "order_number,placed_at,sku,quantity,unit_price,currency\nA1,2026-01-02,MUG,2,9.99,EUR\n"
BAD = GOOD + "A2,2026-01-02,MUG,-2,9.99,EUR\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(GOOD)
    return path


def tradewind(data_dir: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = "from tradewind.cli.main import main; main()"
    command = [sys.executable, "-c", program, "import", *map(str, arguments), "--data-dir", str(data_dir)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_an_import_tells_what_it_booked_and_a_second_one_that_nothing_changed(data_dir: Path, orders: Path) -> None:
    first = tradewind(data_dir, "generic", orders)
    assert first.returncode == 0, first.stderr
    assert "1 created" in first.stdout
    assert "gross 19.98" in first.stdout
    second = tradewind(data_dir, "generic", orders)
    assert second.returncode == 0
    assert "nothing has changed" in second.stdout
    assert "1 unchanged" in second.stdout


def test_refused_rows_give_exit_code_2_and_the_way_to_the_report(data_dir: Path, orders: Path, tmp_path: Path) -> None:
    orders.write_text(BAD)
    report = tmp_path / "errors.csv"
    found = tradewind(data_dir, "generic", orders, "--errors", report)
    assert found.returncode == 2
    assert f"listed in {report}" in found.stdout
    assert "orders.csv,3,quantity,'-2,negative_quantity" in report.read_text()


def test_what_cannot_be_done_at_all_gives_exit_code_1_and_one_clean_sentence(data_dir: Path, orders: Path) -> None:
    found = tradewind(data_dir, "online-retail", orders)
    assert found.returncode == 1
    assert found.stderr.startswith("tradewind: orders.csv does not fit the preset online-retail")
    assert "Traceback" not in found.stderr
    assert found.stdout == ""


def test_json_is_one_document_with_exact_numbers(data_dir: Path, orders: Path) -> None:
    orders.write_text(BAD)
    found = tradewind(data_dir, "generic", orders, "--json")
    assert found.returncode == 2
    document = json.loads(found.stdout, parse_float=str)
    assert document["orders"] == {"created": 1, "changed": 0, "unchanged": 0, "refused": 1}
    assert document["rows"] == {"read": 2, "booked": 1, "left_out": 0, "refused": 1}
    assert document["sums"]["EUR"]["gross"] == "19.98"
    assert document["exit_code"] == 2
    assert Path(document["errors_file"]).exists()


def test_a_dry_run_books_nothing(data_dir: Path, orders: Path) -> None:
    dry = tradewind(data_dir, "generic", orders, "--dry-run")
    assert dry.returncode == 0
    assert "Dry run: nothing was booked" in dry.stdout
    assert "1 created" in tradewind(data_dir, "generic", orders).stdout


def test_presets_are_listed_and_shown(data_dir: Path) -> None:
    listed = tradewind(data_dir, "--presets")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [
        "ad-spend",
        "amazon-orders",
        "generic",
        "olist",
        "online-retail",
        "shopify-orders",
    ]
    shown = tradewind(data_dir, "--show", "generic")
    assert "order_number: { from: order_number, required: true }" in shown.stdout
    assert tradewind(data_dir, "--show", "nope").returncode == 1


def test_a_call_without_a_path_says_how_it_goes(data_dir: Path) -> None:
    found = tradewind(data_dir, "generic")
    assert found.returncode == 2
    assert "tradewind import PRESET PATH" in found.stderr
