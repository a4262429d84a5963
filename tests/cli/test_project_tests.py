"""`tradewind test run`: the tests of a project, in a folder of its own."""

from __future__ import annotations

import importlib.util
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Tradewind

EXAMPLE = ROOT / "examples" / "ecommerce"

SOURCE = """SCHEMA >
    `id` String `json:$.id`,
    `n` Int32 `json:$.n`,
    `at` DateTime `json:$.at` DEFAULT '2020-01-01 00:00:00'

ENGINE_SORTING_KEY id
ENGINE_TTL at + toIntervalDay(1)
"""
ENDPOINT = """NODE found
SQL >
    %
    SELECT id, n FROM numbers_of WHERE n >= {{Int32(least, 0)}} ORDER BY n

TYPE endpoint
"""
PLAIN = "NODE all\nSQL >\n    SELECT count() AS c FROM found_numbers\n"
NDJSON = '{"id":"b","n":1}\n{"id":"a","n":1}\n{"id":"c","n":"many"}\n{"id":"d","n":2}\n'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in {
        "datasources/numbers_of.datasource": SOURCE,
        "endpoints/found_numbers.pipe": ENDPOINT,
        "pipes/counted.pipe": PLAIN,
        "fixtures/numbers_of.ndjson": NDJSON,
        "tests/found_numbers.yaml": (
            '# kept\n- name: least\n  parameters: least=2\n  expected_result: |\n    {"id":"d","n":2}\n'
            '- name: all\n  expected_result: |\n    {"id":"b","n":1}\n    {"id":"a","n":1}\n    {"id":"d","n":2}\n'
            "- name: wrong\n  parameters: least=x\n  expected_http_status: 400\n"
        ),
        "tests/counted.yaml": '- name: three\n  expected_result: |\n    {"c":3}\n',
        "tests/default.yaml": "- no_large:\n    sql: SELECT * FROM numbers_of WHERE n > 1\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.slow
def test_tests_are_run_updated_and_run_again(tradewind: Tradewind, project: Path) -> None:
    told = tradewind("test", "run", "--folder", project, "--json")
    assert told.code == 1, told.err
    verdicts = {test["name"]: (test["verdict"], test["reason"]) for test in told.json["tests"]}
    assert verdicts["least"] == ("passed", "")
    assert verdicts["three"] == ("passed", "")
    assert verdicts["all"][0] == "failed"
    assert "--ties allows it" in verdicts["all"][1]
    assert verdicts["no_large"] == ("failed", "No row was expected, and 1 came.")
    assert "1 of 4 rows do not fit numbers_of" in told.err

    tied = tradewind("test", "run", "found_numbers", "--folder", project, "--ties", "--update")
    assert tied.code == 0, tied.out
    assert "2 passed, 0 failed, 1 updated" in tied.out
    text = (project / "tests" / "found_numbers.yaml").read_text()
    assert text.startswith("# kept\n- name: least\n  parameters: least=2\n")
    assert "least" in text.partition("- name: wrong")[2]

    again = tradewind("test", "run", "found_numbers", "--folder", project)
    assert again.code == 1
    assert "1 failed" in again.out


def test_a_project_with_errors_names_them(tradewind: Tradewind, project: Path) -> None:
    (project / "pipes" / "counted.pipe").write_text("NODE all\nSQL >\n    SELECT nothing FROM numbers_of\n")
    (project / "datasources" / "numbers_of.datasource").write_text(SOURCE.replace("Int32", "Integr"))
    told = tradewind("test", "run", "--folder", project)
    assert told.code == 1
    assert "datasources/numbers_of.datasource:3:9: error: Column n: There is no type Integr." in told.err


def test_a_pipe_that_is_not_there_is_named(tradewind: Tradewind, project: Path) -> None:
    told = tradewind("test", "run", "nothing", "--folder", project)
    assert (told.code, told.err.strip()) == (1, f"tradewind: There is no pipe nothing in {project}.")


def test_a_server_that_is_away_is_told(tradewind: Tradewind, project: Path) -> None:
    told = tradewind("test", "run", "--folder", project, "--url", "http://127.0.0.1:9", "--token", "x")
    assert told.code == 1
    assert "http://127.0.0.1:9 does not answer" in told.err


@pytest.mark.slow
def test_the_example_passes_its_own_tests(tradewind: Tradewind) -> None:
    told = tradewind("test", "run", "--folder", EXAMPLE, "--json")
    assert told.code == 0, told.out
    assert (told.json["passed"], told.json["failed"]) == (8, 0)
    assert told.err == ""


def test_the_fixtures_of_the_example_are_what_its_program_writes(tmp_path: Path) -> None:
    copy = Path(shutil.copy(EXAMPLE / "make_fixtures.py", tmp_path))
    spec = importlib.util.spec_from_file_location("make_fixtures", copy)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    made.main()
    for kept in sorted((EXAMPLE / "fixtures").iterdir()):
        assert (tmp_path / "fixtures" / kept.name).read_bytes() == kept.read_bytes()


def test_the_expected_stock_of_the_example_is_what_its_fixtures_add_up_to() -> None:
    """Summed up here, without the engine: deliveries less sales."""
    import yaml

    stock: Counter[str] = Counter()
    for name, sign in (("warehouse_stock", 1), ("ecomm_events", -1)):
        for line in (EXAMPLE / "fixtures" / f"{name}.ndjson").read_text().splitlines():
            row = json.loads(line)
            if name == "warehouse_stock" or row["event"] == "sale":
                stock[row["product"]] += sign * row.get("amount", row.get("quantity", 1))
    cases = yaml.safe_load((EXAMPLE / "tests" / "api_product_grid.yaml").read_text())
    rows = [json.loads(line) for case in cases for line in case["expected_result"].splitlines()]
    assert len(rows) > 20
    for row in rows:
        expected = stock[row["id"]]
        assert row["stock"] == expected
        assert row["stock_status"] == (0 if expected > 100 else 1 if expected > 0 else 2)
