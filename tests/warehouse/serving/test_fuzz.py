"""Broken and hostile SQL finds nothing; the long run of the same is bench/fuzz_sql.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.fuzz_sql import SECRET, Fuzz
from tradewind.core.errors import TradewindError
from tradewind.warehouse.serving.errors import QueryRefused
from tradewind.warehouse.serving.syntax import read_tree


@pytest.fixture(scope="module")
def fuzz(chdb_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzz]:
    made = Fuzz(tmp_path_factory.mktemp("fuzz"), seconds=1.0, engine=chdb_path)
    yield made
    made.close()


@pytest.mark.slow
def test_three_hundred_texts_find_nothing(fuzz: Fuzz) -> None:
    for seed in range(300):
        fuzz.ask(seed)
    fuzz.look_around()
    assert fuzz.wrong == []
    assert fuzz.outcomes["rows"] > 10, "some of them have to run, or nothing was tried"


_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=_NAMES, alias=_NAMES)
def test_no_name_hides_the_table_beside_it(fuzz: Fuzz, name: str, alias: str) -> None:
    def quoted(text: str) -> str:
        return "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"

    hidden = "ws_other.hidden__1"
    text = f"SELECT {quoted(name)} AS {quoted(alias)}, 1 IN {hidden} FROM {hidden} AS {quoted(alias)}"
    try:
        syntax = fuzz.queries.guard.parse(text)
    except TradewindError:
        return
    assert "ws_other.hidden__1" in syntax.tables


_TREE_LINES = st.from_regex(r" {0,4}[A-Z][a-zA-Z]{0,12}( \w+)?( \(children [0-9]\))?", fullmatch=True)


@settings(max_examples=40)
@given(lines=st.lists(_TREE_LINES, max_size=12))
def test_any_tree_is_read_or_refused(lines: list[str]) -> None:
    try:
        read_tree("\n".join(lines))
    except QueryRefused as refused:
        status = refused.status
    else:
        status = 200
    assert status in (200, 403, 405, 413)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_answered_or_refused(fuzz: Fuzz, text: str) -> None:
    try:
        planned = fuzz.queries.query(fuzz.release, fuzz.reader, text, {})
        content = b"".join(fuzz.queries.run(planned).pieces())
    except TradewindError:
        return
    assert SECRET.encode() not in content
