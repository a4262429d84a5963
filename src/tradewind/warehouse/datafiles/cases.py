"""Reads tests of endpoints: `tests/*.yaml`, and of the classic dialect checks of data quality and `*.test`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlencode

import yaml

from tradewind.warehouse.datafiles.directives import Reading
from tradewind.warehouse.datafiles.findings import did_you_mean
from tradewind.warehouse.datafiles.model import Case, Check, Place

MAX_CASES = 10_000
_MAX_DEPTH = 16
_KEYS = ("name", "description", "parameters", "expected_result", "expected_http_status")
_CHECK_KEYS = ("sql", "pipe", "params", "max_time", "max_bytes_read", "description")

_Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML without its C part is the same, slower."""


def cases_of(path: PurePosixPath, text: str, reading: Reading) -> tuple[list[Case], list[Check]]:
    """The cases of a file. A file of endpoint tests is named as its pipe."""
    file = str(path)
    try:
        root = _composed(text)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        reading.findings.error(place, f"This is not YAML: {wrong.problem}.", "Check indentation and quotes.")
        return [], []
    except (yaml.YAMLError, RecursionError, ValueError) as wrong:
        reading.findings.error(Place(file), f"This is not YAML: {str(wrong)[:200]}.", "Check indentation and quotes.")
        return [], []
    if root is None:
        return [], []
    if not isinstance(root, yaml.SequenceNode):
        reading.findings.error(_place(file, root), "Tests are a list.", "Begin each with `- name: …`.")
        return [], []
    cases: list[Case] = []
    checks: list[Check] = []
    names: set[str] = set()
    for item in root.value[:MAX_CASES]:
        if not isinstance(item, yaml.MappingNode):
            reading.findings.error(_place(file, item), "This is no test.", "Write `- name: …` and what it expects.")
            continue
        if _is_regression(item):
            reading.findings.warn(_place(file, item), "Classic regression tests are not run.", "Write endpoint tests.")
            continue
        if _is_check(item):
            checks += _checks(file, item, reading)
            continue
        case = _case(path.stem, file, item, reading)
        if case is None:
            continue
        if case.name in names:
            reading.findings.warn(case.place, f"There are two tests {case.name}.", "Rename one of them.")
        names.add(case.name)
        cases.append(case)
    return cases, checks


def classic_case_of(path: PurePosixPath, command: str, expected: str, reading: Reading) -> Case | None:
    """The case of a classic `NAME.test`, a command of the old tool, with its `.result`.

    Only one kind of command is understood: `tb pipe data PIPE --parameter value … --format CSV`. No shell is run.
    """
    place = Place(str(path))
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        words = []
    if words[:3] == ["tb", "pipe", "data"] and len(words) > 3 and not words[3].startswith("-"):
        options = _options(words[4:])
        if options is not None and options.pop("format", "").lower() == "csv":
            parameters = urlencode(options)
            return Case(words[3], place, path.stem, parameters, expected, format="csv")
    reading.findings.warn(
        place,
        "This command is not run.",
        "Only `tb pipe data PIPE --parameter value --format CSV` is; write others as cases in tests/PIPE.yaml.",
    )
    return None


def _options(words: list[str]) -> dict[str, str] | None:
    """`--name value` and `--name=value`; None if there is anything else."""
    options: dict[str, str] = {}
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.removeprefix("--").partition("=")
        if not word.startswith("--") or not name:
            return None
        options[name] = value if equals else next(waiting, "")
    return options


def _composed(text: str) -> yaml.Node | None:
    """The document. Its depth is looked at first: the parser's C part would run out of stack."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise ValueError("it is nested too deeply")
    return yaml.compose(text, Loader=_Loader)


def _place(file: str, node: yaml.Node) -> Place:
    return Place(file, node.start_mark.line + 1, node.start_mark.column + 1)


def _is_check(item: yaml.MappingNode) -> bool:
    """A classic check is a mapping from its one name to a mapping."""
    return len(item.value) == 1 and isinstance(item.value[0][1], yaml.MappingNode)


def _is_regression(item: yaml.MappingNode) -> bool:
    """`pipe:` and `tests:`: what the classic tools run by calling a changed endpoint again."""
    keys = {key.value for key, _ in item.value if isinstance(key, yaml.ScalarNode)}
    return keys == {"pipe", "tests"}


def _pairs(
    file: str, item: yaml.MappingNode, known: tuple[str, ...], reading: Reading
) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in item.value:
        if not isinstance(key, yaml.ScalarNode) or key.value not in known:
            written = str(key.value)[:60] if isinstance(key, yaml.ScalarNode) else "this"
            reading.findings.warn(
                _place(file, key),
                f"A test has no key {written}; it is ignored.",
                did_you_mean(written, known, f"Known are {', '.join(known)}."),
            )
        else:
            yield key.value, value


def _text(file: str, key: str, node: yaml.Node, reading: Reading) -> str:
    """A scalar as it is written; null is nothing."""
    if not isinstance(node, yaml.ScalarNode):
        reading.findings.error(
            _place(file, node), f"{key} has to be a text.", f"Write `{key}: …` on one line or after `|`."
        )
        return ""
    return "" if node.tag == "tag:yaml.org,2002:null" else str(node.value)


def _case(pipe: str, file: str, item: yaml.MappingNode, reading: Reading) -> Case | None:
    texts = {key: (_text(file, key, node, reading), node) for key, node in _pairs(file, item, _KEYS, reading)}
    place = _place(file, item)
    name = texts["name"][0] if "name" in texts else ""
    if not name:
        reading.findings.error(place, "A test needs a name.", "Add `name: what_it_shows`.")
        return None
    status: int | None = None
    if "expected_http_status" in texts and texts["expected_http_status"][0]:
        written, node = texts["expected_http_status"]
        if re.fullmatch(r"[1-5]\d\d", written):
            status = int(written)
        else:
            reading.findings.error(
                _place(file, node), f"{written[:60]} is no HTTP status.", "Write a number such as 400."
            )
    parameters = texts["parameters"][0].strip().removeprefix("?") if "parameters" in texts else ""
    return Case(
        pipe=pipe,
        place=place,
        name=name,
        parameters=parameters,
        expected_result=texts["expected_result"][0] if "expected_result" in texts else "",
        expected_status=status,
        description=texts["description"][0] if "description" in texts else "",
        is_written="expected_result" in texts,
    )


def _checks(file: str, item: yaml.MappingNode, reading: Reading) -> list[Check]:
    key, body = item.value[0]
    place = _place(file, item)
    values = dict(_pairs(file, body, _CHECK_KEYS, reading))
    sql = _text(file, "sql", values["sql"], reading) if "sql" in values else ""
    called = values.get("pipe")
    params = values.get("params")
    if isinstance(called, yaml.MappingNode):
        inside = dict(_pairs(file, called, ("name", "params"), reading))
        called, params = inside.get("name"), inside.get("params", params)
    pipe = _text(file, "pipe", called, reading) if called is not None else ""
    parameters: dict[str, str] = {}
    if isinstance(params, yaml.MappingNode):
        parameters = {
            str(name.value): _text(file, "params", value, reading)
            for name, value in params.value
            if isinstance(name, yaml.ScalarNode)
        }
    if not sql and not pipe:
        reading.findings.error(place, "This check asks nothing.", "Add `sql: SELECT …`, or `pipe:` with its name.")
        return []
    return [
        Check(
            name=str(key.value) if isinstance(key, yaml.ScalarNode) else "check",
            place=place,
            sql=sql or None,
            pipe=pipe or None,
            parameters=parameters,
            max_seconds=_number(file, "max_time", values.get("max_time"), reading),
            max_bytes_read=_number(file, "max_bytes_read", values.get("max_bytes_read"), reading),
        )
    ]


def _number(file: str, key: str, node: yaml.Node | None, reading: Reading) -> float | None:
    text = _text(file, key, node, reading) if node is not None else ""
    if not text:
        return None
    if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text):
        return float(text)
    assert node is not None  # only a node has a text
    reading.findings.error(_place(file, node), f"{key} has to be a number.", f"Write `{key}: 1`, or leave it away.")
    return None
