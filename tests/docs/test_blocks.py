"""Every fenced block of the documents does what it says, on a real server."""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

from tests.docs.conftest import Desk
from tests.docs.markdown import ROOT, Block, blocks, documents

NOT_RUN = ("", "text", "mermaid")
RUN = ("sh", "bash", "python", "sql", "json")
WITH_BLOCKS = [document for document in documents() if any(block.language not in NOT_RUN for block in blocks(document))]


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("document", WITH_BLOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_block_runs(document: Path, desk: Desk, request: pytest.FixtureRequest) -> None:
    if document.parent.parent == ROOT / "examples":
        desk.bring(document.parent, request.getfixturevalue("own_shop"))
    told = [block for block in blocks(document) if block.language not in NOT_RUN and not block.reason]
    for block, following in zip_longest(told, told[1:]):
        try:
            run(block, desk, following)
        except AssertionError as failure:
            raise AssertionError(f"{block.place}\n{block.text}\n\n{failure}") from None


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_block_is_run_or_says_why_not(document: Path) -> None:
    silent = [
        f"{block.place}: {block.language}"
        for block in blocks(document)
        if not (block.language in NOT_RUN or block.language in RUN or block.file or block.reason)
    ]
    assert silent == [], "write `<!-- not run: reason -->` above the fence, or name a file behind the language"


def test_the_readme_begins_with_what_a_newcomer_needs() -> None:
    """A sentence, a picture, the two commands, and a call with its answer within forty lines."""
    first = [block for block in blocks(ROOT / "README.md") if block.line <= 40]
    assert [block.language for block in first] == ["text", "sh", "sh", "json"]
    picture, commands, call, answer = first
    assert picture.line < commands.line < call.line < answer.line
    assert answer.line + answer.text.count("\n") + 2 <= 40
    assert {line.split("#")[0].strip() for line in commands.text.splitlines()} == {"make up", "make test"}


def test_a_shape_is_compared_in_depth() -> None:
    live = read('{"a": 1.5, "b": [{"c": "x", "d": null}], "e": true}')
    assert differences(read('{"a": 2, "b": [{"c": "y"}], "e": false}'), live) == []
    assert differences(read('{"z": 2}'), live) == ["z: is not in the answer"]
    assert differences(read('{"b": [{"c": 1}]}'), live) == ["b.c: number here, text in the answer"]
    assert differences(read('{"e": 1}'), live) == ["e: number here, truth in the answer"]


def run(block: Block, desk: Desk, following: Block | None = None) -> None:
    if block.file:
        desk.write(block.file, block.text)
    elif block.language in ("sh", "bash"):
        shown = read(following.text) if following is not None and following.language == "json" else None
        desk.shell(block.text, shows_error=isinstance(shown, dict) and "request_id" in shown)
    elif block.language == "python":
        desk.python(block.text)
    elif block.language == "sql":
        desk.sql(block.text)
    else:
        assert block.language == "json", f"nothing runs {block.language}"
        assert differences(read(block.text), read(desk.answer)) == []


def read(text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as wrong:
        raise AssertionError(f"This is not JSON ({wrong}):\n{text}") from wrong


def differences(shown: Any, live: Any, place: str = "") -> list[str]:
    """Where a shown document, perhaps shortened, has another shape than the live one."""
    if shown is None or live is None:
        return []
    if kind(shown) != kind(live):
        return [f"{place}: {kind(shown)} here, {kind(live)} in the answer"]
    if isinstance(shown, dict):
        inside = [(f"{place}.{name}".lstrip("."), name, value) for name, value in shown.items()]
        missing = [f"{where}: is not in the answer" for where, name, _ in inside if name not in live]
        return missing + [
            found for where, name, value in inside if name in live for found in differences(value, live[name], where)
        ]
    if isinstance(shown, list) and shown and live:
        return differences(shown[0], live[0], place)
    return []


def kind(value: Any) -> str:
    names = {bool: "truth", int: "number", Decimal: "number", str: "text", dict: "object", list: "list"}
    return names[type(value)]
