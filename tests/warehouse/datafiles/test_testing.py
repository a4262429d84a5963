"""Running the tests of a project: what passes, what fails and why, and what is written back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.datafiles.written import read, told
from tradewind.warehouse.datafiles.case_files import updated
from tradewind.warehouse.datafiles.model import Project
from tradewind.warehouse.datafiles.testing import (
    Answer,
    Outcome,
    Parameters,
    Verdict,
    difference,
    order_in,
    run_tests,
)

PIPE = "NODE first\nSQL >\n    SELECT 1 AS x\nNODE last\nSQL >\n    {}\n"
ROWS = '{"x":1,"y":"a"}\n{"x":1,"y":"b"}\n{"x":2,"y":"a"}\n'


def project(case: str, sql: str = "SELECT x, y FROM t ORDER BY x", kind: str = "TYPE endpoint\n") -> Project:
    found = read({"p.pipe": PIPE.format(sql) + kind, "tests/p.yaml": case})
    assert told(found) == []
    return found


def answering(
    text: str, status: int = 200
) -> tuple[Callable[[str, Parameters], Answer], list[tuple[str, list[tuple[str, str]]]]]:
    asked: list[tuple[str, list[tuple[str, str]]]] = []

    def ask(path: str, parameters: Parameters) -> Answer:
        asked.append((path, list(parameters)))
        return Answer(status, text)

    return ask, asked


def expecting(rows: str, more: str = "") -> str:
    block = "".join(f"    {line}\n" for line in rows.splitlines())
    return f"- name: one\n  parameters: a=1\n{more}" + (
        f"  expected_result: |\n{block}" if rows else "  expected_result: ''\n"
    )


def run(case: str, text: str, status: int = 200, *, with_ties: bool = False, **options: str) -> Outcome:
    ask, _ = answering(text, status)
    (outcome,) = run_tests(project(case, **options), ask, with_ties=with_ties)
    return outcome


def test_the_same_text_passes() -> None:
    assert run(expecting(ROWS), ROWS).verdict is Verdict.PASSED
    assert run(expecting(""), "").verdict is Verdict.PASSED


@pytest.mark.parametrize("text", ["", ROWS[:-1], ROWS + "\n", ROWS.replace('"x":1', '"x": 1'), ROWS.replace("b", "c")])
def test_any_other_text_fails_with_what_differs(text: str) -> None:
    outcome = run(expecting(ROWS), text, with_ties=True)
    assert outcome.verdict is Verdict.FAILED
    assert outcome.reason == "The answer is another."
    assert outcome.difference
    assert outcome.answer == text


def test_blank_lines_do_not_count_in_a_classic_test() -> None:
    files = {"p.pipe": PIPE.format("SELECT 1") + "TYPE endpoint\n", "tests/a.test": "tb pipe data p --x 1 --format CSV"}
    found = read({**files, "tests/a.test.result": '\n"c"\n\n1\n'})
    ask, asked = answering('"c"\n1\n')
    assert [outcome.verdict for outcome in run_tests(found, ask)] == [Verdict.PASSED]
    assert asked == [("/v0/pipes/p.csvwithnames", [("x", "1")])]
    assert [outcome.verdict for outcome in run_tests(found, answering('"c"\n2\n')[0])] == [Verdict.FAILED]


def test_an_endpoint_is_asked_with_the_parameters_as_they_are_written() -> None:
    ask, asked = answering("")
    case = "- name: one\n  parameters: ?a=1%202&b=x y:z&a=&c=%C3%A4\n  expected_result: ''\n"
    assert [outcome.verdict for outcome in run_tests(project(case), ask)] == [Verdict.PASSED]
    assert asked == [("/v0/pipes/p.ndjson", [("a", "1 2"), ("b", "x y:z"), ("a", ""), ("c", "ä")])]


@pytest.mark.parametrize(
    ("sql", "sent"),
    [
        ("SELECT x FROM first;", "SELECT x FROM first\nFORMAT JSONEachRow"),
        ("%\n    SELECT {{Int8(a)}}", "%\nSELECT {{Int8(a)}}\nFORMAT JSONEachRow"),
    ],
)
def test_a_pipe_that_is_no_endpoint_is_asked_by_its_sql(sql: str, sent: str) -> None:
    ask, asked = answering("")
    list(run_tests(project(expecting(""), sql, kind=""), ask))
    assert asked == [("/v0/sql", [("a", "1"), ("q", sent), ("pipeline", "p")])]


def test_a_case_that_says_nothing_yet_fails_and_can_be_written() -> None:
    outcome = run("- name: one\n", "")
    assert (outcome.verdict, outcome.answer) == (Verdict.FAILED, "")
    assert "--update" in outcome.reason
    assert updated("- name: one\n", {"one": ""}) == '- name: one\n  expected_result: ""\n'


def test_an_error_fails_a_case_that_expects_rows() -> None:
    outcome = run(expecting(""), '{"error": "no such column"}', 400)
    assert (outcome.verdict, outcome.reason) == (Verdict.FAILED, "HTTP 400: no such column")


@pytest.mark.parametrize(
    ("status", "expected", "verdict"),
    [
        (400, "no such column", Verdict.PASSED),
        (400, '{"error": "no such column"}', Verdict.PASSED),
        (400, "something else", Verdict.FAILED),
        (404, "no such column", Verdict.FAILED),
    ],
)
def test_an_expected_error_is_compared(status: int, expected: str, verdict: Verdict) -> None:
    case = expecting(expected, "  expected_http_status: 400\n")
    assert run(case, '{"error": "no such column"}', status).verdict is verdict


def test_an_expected_status_does_not_matter_when_the_call_succeeds() -> None:
    assert run(expecting("", "  expected_http_status: 400\n"), "").verdict is Verdict.PASSED


SWAPPED = '{"x":1,"y":"b"}\n{"x":1,"y":"a"}\n{"x":2,"y":"a"}\n'
WRONG = '{"x":2,"y":"a"}\n{"x":1,"y":"a"}\n{"x":1,"y":"b"}\n'


def test_rows_that_tie_may_change_places_only_where_that_is_asked_for() -> None:
    strict = run(expecting(ROWS), SWAPPED)
    assert strict.verdict is Verdict.FAILED
    assert "--ties allows it" in strict.reason
    assert run(expecting(ROWS), SWAPPED, with_ties=True).verdict is Verdict.PASSED


@pytest.mark.parametrize("with_ties", [True, False])
def test_rows_in_a_wrong_order_fail(with_ties: bool) -> None:
    outcome = run(expecting(ROWS), WRONG, with_ties=with_ties)
    assert (outcome.verdict, outcome.reason) == (Verdict.FAILED, "The rows are the same, but in another order.")


def test_without_order_by_rows_have_no_order() -> None:
    assert run(expecting(ROWS), WRONG, with_ties=True, sql="SELECT x, y FROM t").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("SELECT 1", []),
        ("SELECT a FROM t ORDER BY a", ["a"]),
        ("SELECT a FROM t order by t.a DESC NULLS LAST, `b` ASC, 3 LIMIT 10", ["t.a", "b", "3"]),
        ("SELECT a FROM t ORDER BY a, b + 1, c", ["a"]),
        ("SELECT a, row_number() OVER (ORDER BY b) FROM (SELECT 1 ORDER BY c) ORDER BY a LIMIT 1 BY a", ["a"]),
        ("SELECT a, row_number() OVER (ORDER BY b) FROM t", []),
        ("SELECT a FROM t ORDER BY a WITH FILL FROM 1 TO 9 STEP 1 SETTINGS max_threads = 1", ["a"]),
        ("SELECT a FROM t UNION ALL SELECT a FROM u ORDER BY a", []),
        ("SELECT 'ORDER BY x' AS a FROM t -- ORDER BY y", []),
    ],
)
def test_the_order_of_a_query_is_read_from_its_text(sql: str, names: list[str]) -> None:
    assert order_in(sql) == names


def check(text: str, answer: str, status: int = 200) -> tuple[Outcome, list[tuple[str, list[tuple[str, str]]]]]:
    ask, asked = answering(answer, status)
    found = read({"p.pipe": PIPE.format("SELECT 1") + "TYPE endpoint\n", "tests/default.yaml": text})
    (outcome,) = run_tests(found, ask)
    return outcome, asked


def test_a_check_passes_when_no_row_comes() -> None:
    outcome, asked = check(
        "- few:\n    sql: SELECT 1;\n    pipe: p\n    params: {a: 1}\n", '{"data": [], "statistics": {}}'
    )
    assert outcome.verdict is Verdict.PASSED
    assert asked == [("/v0/sql", [("a", "1"), ("q", "SELECT 1\nFORMAT JSON")])]
    outcome, asked = check("- few:\n    pipe: p\n    params: {a: 1}\n", '{"data": []}')
    assert asked == [("/v0/pipes/p.json", [("a", "1")])]


@pytest.mark.parametrize(
    ("limits", "answer", "status", "reason"),
    [
        ("", '{"data": [{"a": 1}]}', 200, "No row was expected, and 1 came."),
        ("", '{"error": "no"}', 400, "HTTP 400: no"),
        (
            "    max_time: 1\n",
            '{"data": [], "statistics": {"elapsed": 2}}',
            200,
            "It took 2.000 s, and 1 s are allowed.",
        ),
        (
            "    max_bytes_read: 10\n",
            '{"data": [], "statistics": {"bytes_read": 11}}',
            200,
            "It read 11 bytes, and 10 are allowed.",
        ),
    ],
)
def test_a_check_fails_with_its_reason(limits: str, answer: str, status: int, reason: str) -> None:
    outcome, _ = check("- few:\n    sql: SELECT 1\n" + limits, answer, status)
    assert (outcome.verdict, outcome.reason) == (Verdict.FAILED, reason)


def test_only_some_pipes_are_run() -> None:
    ask, _ = answering("")
    found = project(expecting(""))
    assert list(run_tests(found, ask, pipes=["other"])) == []
    assert len(list(run_tests(found, ask, pipes=["p"]))) == 1


def test_a_difference_is_marked_and_bounded() -> None:
    assert difference("a\nb\n", "a\nc") == (
        "--- expected",
        "+++ came",
        "@@ -1,2 +1,2 @@",
        " a",
        "-b",
        "+c (no line break at the end)",
    )
    long = difference("", "x\n" * 5000)
    assert len(long) == 41
    assert long[-1].endswith("more lines")
    assert len(difference("", "x" * 10_000 + "\n")[-1]) == 400


FILE = """# what it is about
- name: first   # a note
  description: "kept: as it is"
  expected_result: |
    {"x":1}

  parameters: a=1
# between
- name: second
  expected_result: ''
- parameters:
  name: third
  expected_result:
- {name: fourth, expected_result: old}
- name: fifth
  description: |
    long

"""


def results(text: str) -> dict[str, str]:
    found = read({"p.pipe": PIPE.format("SELECT 1") + "TYPE endpoint\n", "tests/p.yaml": text})
    return {case.name: case.expected_result for case in found.cases}


def test_new_expectations_leave_the_rest_as_it_is() -> None:
    rows = '{"x":2}\n{"x":3}\n'
    names = ["first", "second", "third", "fourth", "fifth"]
    new = updated(FILE, dict.fromkeys(names, rows))
    assert results(new) == dict.fromkeys(names, rows)
    for kept in ["# what it is about\n", "# a note\n", '"kept: as it is"\n', "  parameters: a=1\n", "# between\n"]:
        assert kept in new
    assert updated(new, {}) == new
    assert updated(new, dict.fromkeys(names, rows)) == new


@given(st.dictionaries(st.sampled_from(["first", "second", "third", "fourth", "fifth"]), st.text(max_size=30)))
def test_what_is_written_is_what_is_read(new: dict[str, str]) -> None:
    before = results(FILE)
    after = results(updated(FILE, new))
    assert after == {**before, **new}


@given(st.lists(st.dictionaries(st.text("xy", min_size=1), st.integers() | st.text()), min_size=1, max_size=3))
def test_rows_are_written_as_lines(rows: list[dict[str, object]]) -> None:
    import json

    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    assert results(updated(FILE, {"second": text}))["second"] == text


def test_cases_know_their_places() -> None:
    found = project(expecting(ROWS))
    assert PurePosixPath(found.cases[0].place.file) == PurePosixPath("tests/p.yaml")
