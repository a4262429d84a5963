"""Runs the tests of a project: asks its endpoints, compares what they answer, and writes down new expectations.

Who answers is not known here: a running server over HTTP, or an application in this process.

A case passes when the answer is the expected text, to the last character. Rows that tie in ORDER BY come in no
defined order, so there is a second mode that lets such rows change places: the same rows, and the columns that
ORDER BY names the same line by line.
"""

from __future__ import annotations

import difflib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qsl

from tradewind.warehouse.datafiles.model import Case, Check, Node, Pipe, Place, Project
from tradewind.warehouse.datafiles.sql_text import outer_words, plain_name, split_at_commas

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str

    @property
    def is_error(self) -> bool:
        return self.status >= 400

    @property
    def error(self) -> str:
        """What went wrong, in the server's words."""
        try:
            said = json.loads(self.text)
        except ValueError:
            return self.text
        return str(said["error"]) if isinstance(said, dict) and "error" in said else self.text


Ask = Callable[[str, Parameters], Answer]
"""Asks for a path with parameters; POST, so that long SQL fits."""

Rendered = Callable[[Node, Parameters], str | None]
"""The SQL of a node with a caller's parameters; None if that cannot be said here."""


def as_written(node: Node, _: Parameters) -> str | None:
    """The SQL of a node that is no template."""
    return None if node.is_template else node.sql


class Verdict(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test went."""

    pipe: str
    name: str
    place: Place
    verdict: Verdict
    reason: str = ""
    difference: tuple[str, ...] = ()
    """Lines, marked with `-` what was expected and with `+` what came."""
    seconds: float = 0.0
    answer: str | None = field(default=None, repr=False)
    """What the endpoint answered, if it answered with rows or with the error that the case expects."""


def run_tests(
    project: Project,
    ask: Ask,
    *,
    with_ties: bool = False,
    pipes: Iterable[str] = (),
    rendered: Rendered = as_written,
) -> Iterator[Outcome]:
    """Runs all cases and checks, or those of some pipes, in the order of their files."""
    wanted = set(pipes)
    for case in project.cases:
        if _is(wanted, case.pipe):
            yield run_case(project, case, ask, with_ties=with_ties, rendered=rendered)
    for check in project.checks:
        if _is(wanted, check.pipe or ""):
            yield run_check(check, ask)


def _is(wanted: set[str], pipe: str) -> bool:
    return not wanted or pipe in wanted


def run_case(
    project: Project, case: Case, ask: Ask, *, with_ties: bool = False, rendered: Rendered = as_written
) -> Outcome:
    """Asks the case's endpoint. An error fails it unless the case says a status; a success is compared either way."""
    pipe = project.pipe(case.pipe)
    if pipe is None or not pipe.nodes:
        return Outcome(case.pipe, case.name, case.place, Verdict.SKIPPED, f"There is no pipe {case.pipe}.")
    started = time.perf_counter()
    parameters = parse_qsl(case.parameters, keep_blank_values=True)
    answer = _asked(pipe, case.format, parameters, ask)
    seconds = time.perf_counter() - started
    if answer.is_error:
        return _judged_error(case, answer, seconds)
    if not case.is_written:
        return Outcome(
            case.pipe,
            case.name,
            case.place,
            Verdict.FAILED,
            "It does not say yet what it expects: --update writes down what comes.",
            difference("", answer.text),
            seconds,
            answer.text,
        )
    if answer.text == case.expected_result or (
        case.format == "csv" and _filled(answer.text) == _filled(case.expected_result)
    ):
        return Outcome(case.pipe, case.name, case.place, Verdict.PASSED, seconds=seconds, answer=answer.text)
    reason = "The answer is another."
    if Counter(answer.text.split("\n")) == Counter(case.expected_result.split("\n")):
        sql = rendered(pipe.output, parameters)
        if _same_order(case.expected_result, answer.text, None if sql is None else order_in(sql)):
            if with_ties:
                return Outcome(case.pipe, case.name, case.place, Verdict.PASSED, seconds=seconds, answer=answer.text)
            reason = "The rows are the same, but those that tie in ORDER BY stand in another order: --ties allows it."
        else:
            reason = "The rows are the same, but in another order."
    return Outcome(
        case.pipe,
        case.name,
        case.place,
        Verdict.FAILED,
        reason,
        difference(case.expected_result, answer.text),
        seconds,
        answer.text,
    )


def _filled(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


_ENGINE_FORMATS = {"ndjson": "JSONEachRow", "csv": "CSVWithNames"}


def _asked(pipe: Pipe, form: str, parameters: Parameters, ask: Ask) -> Answer:
    if pipe.endpoint is not None:
        return ask(f"/v0/pipes/{pipe.name}.{'csvwithnames' if form == 'csv' else form}", parameters)
    node = pipe.output
    sql = node.sql.rstrip().rstrip(";")
    text = ("%\n" if node.is_template else "") + f"{sql}\nFORMAT {_ENGINE_FORMATS[form]}"
    return ask("/v0/sql", [*parameters, ("q", text), ("pipeline", pipe.name)])


def _judged_error(case: Case, answer: Answer, seconds: float) -> Outcome:
    """An error text has no line break at its end, and a block of YAML always has one: it does not count."""
    said = f"HTTP {answer.status}: {answer.error}"
    if case.expected_status is None:
        return Outcome(case.pipe, case.name, case.place, Verdict.FAILED, said, seconds=seconds)
    if answer.status != case.expected_status:
        reason = f"Status {case.expected_status} was expected. {said}"
        return Outcome(case.pipe, case.name, case.place, Verdict.FAILED, reason, seconds=seconds)
    expected = case.expected_result.rstrip("\n")
    if expected in (answer.error.rstrip("\n"), answer.text.rstrip("\n")):
        return Outcome(case.pipe, case.name, case.place, Verdict.PASSED, seconds=seconds, answer=answer.error)
    shown = difference(expected, answer.error)
    reason = "The error says something else."
    return Outcome(case.pipe, case.name, case.place, Verdict.FAILED, reason, shown, seconds, answer.error)


def run_check(check: Check, ask: Ask) -> Outcome:
    """Asks the check's query: it passes when no row comes, in time and within its bytes."""
    pipe = check.pipe or ""
    parameters = list(check.parameters.items())
    started = time.perf_counter()
    if check.sql is not None:
        text = re.sub(r"[\s;]+\Z", "", check.sql) + "\nFORMAT JSON"
        answer = ask("/v0/sql", [*parameters, ("q", text)])
    else:
        answer = ask(f"/v0/pipes/{pipe}.json", parameters)
    seconds = time.perf_counter() - started
    reason, shown = _judged_rows(check, answer)
    verdict = Verdict.FAILED if reason else Verdict.PASSED
    return Outcome(pipe, check.name, check.place, verdict, reason, shown, seconds)


def _judged_rows(check: Check, answer: Answer) -> tuple[str, tuple[str, ...]]:
    """Why a check failed, empty if it did not, and the rows that should not be."""
    if answer.is_error:
        return f"HTTP {answer.status}: {answer.error}", ()
    said = json.loads(answer.text)
    rows, statistics = said.get("data", []), said.get("statistics", {})
    if rows:
        shown = tuple(f"+{json.dumps(row, ensure_ascii=False)}" for row in rows[:_MAX_LINES])
        return f"No row was expected, and {len(rows):,} came.", shown
    took, read = statistics.get("elapsed", 0), statistics.get("bytes_read", 0)
    if check.max_seconds is not None and took > check.max_seconds:
        return f"It took {took:.3f} s, and {check.max_seconds:g} s are allowed.", ()
    if check.max_bytes_read is not None and read > check.max_bytes_read:
        return f"It read {read:,} bytes, and {check.max_bytes_read:,.0f} are allowed.", ()
    return "", ()


_MAX_LINES = 40
_MAX_WIDTH = 400


def difference(expected: str, came: str) -> tuple[str, ...]:
    """What differs, line by line with two lines around it; long lines and long differences are cut."""
    lines = difflib.unified_diff(_lines(expected), _lines(came), "expected", "came", n=2, lineterm="")
    kept = [line if len(line) <= _MAX_WIDTH else line[: _MAX_WIDTH - 1] + "…" for line in lines]
    if len(kept) > _MAX_LINES:
        kept = [*kept[:_MAX_LINES], f"… {len(kept) - _MAX_LINES} more lines"]
    return tuple(kept)


_MAX_COMPARED = 2000


def _lines(text: str) -> list[str]:
    """Lines as a diff shows them: one without a line break at the end of the text says so."""
    if not text:
        return []
    lines = text.split("\n")
    last = lines.pop()
    return (lines if last == "" else [*lines, last + " (no line break at the end)"])[:_MAX_COMPARED]


# --- which rows tie ---

_AFTER_ORDER = frozenset({"LIMIT", "OFFSET", "SETTINGS", "FORMAT", "FETCH", "INTO", "INTERPOLATE", "UNION"})
_DIRECTION = re.compile(
    r"\s+(?:ASC|DESC|NULLS\s+(?:FIRST|LAST)|COLLATE\s+'[^']*'|WITH\s+FILL\b.*)\s*$", re.IGNORECASE | re.DOTALL
)


def order_in(sql: str) -> list[str]:
    """The columns of the ORDER BY that sorts the whole, up to the first that is an expression."""
    words = outer_words(sql)
    said = [word.text.upper() for word in words]
    if "UNION" in said or "INTERSECT" in said or "EXCEPT" in said:
        return []
    at = max((n for n in range(len(said) - 1) if said[n] == "ORDER" and said[n + 1] == "BY"), default=None)
    if at is None:
        return []
    end = next((word.start for word in words[at + 2 :] if word.text.upper() in _AFTER_ORDER), len(sql))
    names: list[str] = []
    for part, _ in split_at_commas(sql[words[at + 1].end : end]):
        expression = part
        while (shorter := _DIRECTION.sub("", expression)) != expression:
            expression = shorter
        name = expression.strip() if expression.strip().isdigit() else plain_name(expression)
        if name is None:
            break
        names.append(name)
    return names


def _same_order(expected: str, came: str, keys: list[str] | None) -> bool:
    """Whether two texts of the same rows differ only in the order of rows that tie; any order if no keys are known."""
    if keys is None:
        return True
    try:
        rows = [[json.loads(line) for line in text.splitlines()] for text in (expected, came)]
    except ValueError:
        return False
    return all(_keys_of(one, keys) == _keys_of(two, keys) for one, two in zip(*rows, strict=True))


def _keys_of(row: object, keys: list[str]) -> list[object]:
    """The values that a row is sorted by, as far as it shows them."""
    if not isinstance(row, dict):
        return [row]
    columns, found = list(row), []
    for key in keys:
        if key.isdigit():
            if not 1 <= int(key) <= len(columns):
                break
            found.append(row[columns[int(key) - 1]])
        else:
            name = key if key in row else key.rpartition(".")[2]
            if name not in row:
                break
            found.append(row[name])
    return found
