"""Tests of endpoints and fixtures, as files say them (section 9 of the format)."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from tests.warehouse.datafiles.written import SCHEMA, read, told
from tradewind.warehouse.datafiles.model import Check

PIPE = {"answer.pipe": "NODE one\nSQL >\n    SELECT 1\nTYPE endpoint\n"}


def cases_in(
    text: str, file: str = "tests/answer.yaml"
) -> tuple[list[tuple[str, str, str, str, int | None]], list[str]]:
    project = read({**PIPE, file: text})
    cases = [
        (case.name, case.description, case.parameters, case.expected_result, case.expected_status)
        for case in project.cases
    ]
    return cases, [line.removeprefix(f"{file}:") for line in told(project)]


def test_cases_are_read_as_they_are_written() -> None:
    cases, findings = cases_in(
        "- name: first\n  description: what it shows\n  parameters: ?a=1&b=%20\n"
        '  expected_result: |\n    {"x":1}\n    {"x":2}\n\n'
        "- name: 2\n  parameters:\n  expected_result: ''\n"
        "- name: wrong\n  parameters: 'a=x'\n  expected_result: No such a.\n  expected_http_status: 400\n"
    )
    assert findings == []
    assert cases == [
        ("first", "what it shows", "a=1&b=%20", '{"x":1}\n{"x":2}\n', None),
        ("2", "", "", "", None),
        ("wrong", "", "a=x", "No such a.", 400),
    ]


@pytest.mark.parametrize("file", ["tests/answer.yml", "web/tests/answer.yaml"])
def test_tests_stand_in_a_folder_tests(file: str) -> None:
    assert len(cases_in("- name: a\n  expected_result: ''\n", file)[0]) == 1


def test_a_file_without_a_pipe_is_passed_over_with_a_warning() -> None:
    cases, findings = cases_in("- name: a\n  expected_result: ''\n", "tests/anser.yaml")
    assert cases == []
    assert findings == ["1:1: warning: There is no pipe anser, so these tests are not run."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- name: 'a\n", "2:1: error: This is not YAML: found unexpected end of stream."),
        ("a: 1\n", "1:1: error: Tests are a list."),
        ("- one\n", "1:3: error: This is no test."),
        ("- expected_result: ''\n", "1:3: error: A test needs a name."),
        ("- name: a\n  expected_result: [1]\n", "2:20: error: expected_result has to be a text."),
        ("- name: a\n  expected_result: ''\n  expected_http_status: no\n", "3:25: error: no is no HTTP status."),
        (
            "- name: a\n  expected_result: ''\n  parameter: a=1\n",
            "3:3: warning: A test has no key parameter; it is ignored.",
        ),
        (
            "- name: a\n  expected_result: ''\n- name: a\n  expected_result: ''\n",
            "3:3: warning: There are two tests a.",
        ),
        ("- pipe: x\n  tests:\n    - coverage:\n", "1:3: warning: Classic regression tests are not run."),
        ("- a:\n    max_time: 1\n", "1:3: error: This check asks nothing."),
        ("- a:\n    sql: SELECT 1\n    max_time: soon\n", "3:15: error: max_time has to be a number."),
    ],
)
def test_what_is_wrong_in_a_file_of_tests_is_found(text: str, expected: str) -> None:
    assert cases_in(text)[1] == [expected]


def test_an_empty_file_has_no_tests() -> None:
    assert cases_in("") == ([], [])
    assert cases_in("# nothing yet\n") == ([], [])


def test_classic_checks_of_data_are_read() -> None:
    project = read(
        {
            "tests/default.yaml": "- no_bad:\n    max_bytes_read: null\n    max_time: 1.5\n    sql: SELECT 1\n"
            "- few:\n    pipe: answer\n    params:\n      a: 1\n"
            "- both:\n    sql: SELECT * FROM answer\n    pipe:\n      name: answer\n      params:\n        a: b\n"
        }
    )
    assert told(project) == []
    assert [(c.name, c.sql, c.pipe, c.parameters, c.max_seconds) for c in project.checks] == [
        ("no_bad", "SELECT 1", None, {}, 1.5),
        ("few", None, "answer", {"a": "1"}, None),
        ("both", "SELECT * FROM answer", "answer", {"a": "b"}, None),
    ]
    assert isinstance(project.checks[0], Check)


def fixtures(*names: str) -> dict[str, str]:
    project = read({"events.datasource": SCHEMA, "old.datasource": "VERSION 2\n" + SCHEMA, **dict.fromkeys(names, "")})
    assert all(isinstance(path, PurePosixPath) for path in project.fixtures.values())
    return {name: str(path) for name, path in project.fixtures.items()}


def test_the_first_kind_of_fixture_is_taken() -> None:
    all_three = ["fixtures/events.sql", "fixtures/events.csv", "fixtures/events.ndjson"]
    assert fixtures(*all_three) == {"events": "fixtures/events.ndjson"}
    assert fixtures(*all_three[:2]) == {"events": "fixtures/events.csv"}
    assert fixtures(*all_three[:1]) == {"events": "fixtures/events.sql"}


def test_fixtures_stand_where_current_and_classic_projects_have_them() -> None:
    assert fixtures("datasources/fixtures/events.csv") == {"events": "datasources/fixtures/events.csv"}
    assert fixtures("datasources/fixtures/events.csv", "fixtures/events.csv") == {"events": "fixtures/events.csv"}
    assert fixtures("fixtures/old__v2.csv") == {"old": "fixtures/old__v2.csv"}
    assert fixtures("events.csv", "fixtures/events.txt") == {}


def test_a_fixture_of_nothing_warns() -> None:
    project = read({"events.datasource": SCHEMA, "fixtures/event.csv": ""})
    assert told(project) == [
        "fixtures/event.csv:1:1: warning: There is no data source event, so this fixture fills nothing."
    ]


def test_a_source_that_another_workspace_shares_is_named_by_it_and_only_read() -> None:
    project = read(
        {
            "vendor/other/datasources/events.datasource": "TOKEN a READ\n" + SCHEMA,
            "a.pipe": "NODE one\nSQL >\n    SELECT 1\nTYPE materialized\nDATASOURCE other.events\n",
        }
    )
    assert list(project.sources) == ["other.events"]
    assert project.sources["other.events"].shared_from == "other"
    assert project.sources["other.events"].tokens == ()
    assert told(project) == [
        "a.pipe:1:1: error: Node one writes into other.events, which another workspace shares: it is only read."
    ]


def test_what_is_wrong_with_tests_forbids_no_deploy() -> None:
    project = read({**PIPE, "tests/answer.yaml": b"\xff", "tests/other.yaml": "- 1\n"})
    assert project.errors == ()
    assert [str(finding.place) for finding in project.test_findings] == [
        "tests/answer.yaml:1:1",
        "tests/other.yaml:1:3",
    ]


def classic(command: str) -> tuple[list[tuple[str, str, str, str]], list[str]]:
    project = read({**PIPE, "tests/some.test": command, "tests/some.test.result": '\n"a"\n1\n'})
    return [(case.pipe, case.name, case.parameters, case.expected_result) for case in project.cases], told(project)


def test_a_classic_command_that_asks_an_endpoint_is_a_case() -> None:
    cases, findings = classic("tb pipe data answer --from 2024-01-11 --to='a b' --format CSV\n\n")
    assert findings == []
    assert cases == [("answer", "some", "from=2024-01-11&to=a+b", '\n"a"\n1\n')]


@pytest.mark.parametrize(
    "command",
    ["", "rm -rf /", "tb sql 'SELECT 1'", "tb pipe data answer", "tb pipe data answer x --format CSV", "tb 'pipe"],
)
def test_other_commands_are_not_run(command: str) -> None:
    cases, findings = classic(command)
    assert cases == []
    assert findings == ["tests/some.test:1:1: warning: This command is not run."]
