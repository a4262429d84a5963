"""The functions of the template language."""

from __future__ import annotations

from typing import Any

import pytest

from tradewind.warehouse.datafiles.templates import TemplateError, parse


def render(text: str, values: dict[str, Any] | None = None, **how: Any) -> str:
    return parse(text).render(values or {}, **how).sql


def refusal(text: str, values: dict[str, Any] | None = None, **how: Any) -> str:
    with pytest.raises(TemplateError) as caught:
        render(text, values, **how)
    return str(caught.value)


@pytest.mark.parametrize(
    ("expression", "values", "printed"),
    [
        ("column(x)", {"x": "name"}, "`name`"),
        ("column(x)", {"x": "a.b"}, "`a`.`b`"),
        ("column(x, 'd')", {}, "`d`"),
        ("column('fixed')", {}, "`fixed`"),
        ("column(x)", {"x": 'a`"b'}, r"`a\`b`"),
        ("columns(x)", {"x": "a,b"}, "`a`,`b`"),
        ("columns(x, 'a, b')", {}, "`a`,`b`"),
        ("columns(x, 'a,b', 'sum')", {}, "sum(`a`) as `a`,sum(`b`) as `b`"),
        ("symbol(x)", {"x": "a.b"}, "`a.b`"),
        ("Symbol(x)", {"x": "a"}, "`a`"),
        ("table(x)", {"x": "events"}, "events"),
        ("TABLE(x)", {"x": "tinybird.pipe_stats"}, "tinybird.pipe_stats"),
        ("table(x)", {"x": "a UNION SELECT 1"}, "`a UNION SELECT 1`"),
        ("sql_and(a=String(x), b__in=Array(y))", {"x": "v", "y": "1,2"}, "a = 'v' and b in ['1','2']"),
        ("sql_and(a__not_in=Array(y), b__lt=1)", {"y": "q"}, "a not in ['q'] and b < 1"),
        ("sql_and(b__gt=Int32(z, 1), c__lte=2, d__gte=3)", {}, "b > toInt32('1') and c <= 2 and d >= 3"),
        ("sql_and(a=String(x, defined=False), b=1)", {}, "b = 1"),
        ("sql_and(a=String(x, defined=False))", {}, "1"),
        ("split_to_array(x)", {"x": " a , b "}, "['a','b']"),
        ("split_to_array(x, separator='|')", {"x": "a|b"}, "['a','b']"),
        ("split_to_array(x, 'd,e')", {}, "['d','e']"),
        ("split_to_array(String(x, ''), separator='|')", {"x": "a|it's"}, r"['a','it\'s']"),
        ("JSON(x).get('a')", {"x": '{"a": "v"}'}, "'v'"),
        ("JSON(x, '{\"a\": 5}').get('a')", {}, "5"),
        ("JSON(x)[0]['b']", {"x": '[{"b": 2.5}]'}, "2.5"),
        ("day_diff('2024-01-31', '2024-01-01')", {}, "30"),
        ("day_diff(a, b)", {"a": "2024-01-01", "b": "2024-01-03"}, "2"),
        ("date_diff_in_days('2024-01-01', '2024-01-03')", {}, "2"),
        ("date_diff_in_hours('2024-01-01 00:00:00', '2024-01-01 02:59:59')", {}, "2"),
        ("date_diff_in_minutes('2024-01-01 01:00:00', '2024-01-01 00:00:30')", {}, "59"),
        ("date_diff_in_seconds('2024-01-01 00:00:00', '2024-01-01 00:00:30')", {}, "30"),
        ("date_diff_in_hours('01/02/2024', '02/02/2024', '%d/%m/%Y')", {}, "24"),
        ("date_diff_in_hours('2024-01-01', '2024-01-02', backup_date_format='%Y-%m-%d')", {}, "24"),
        ("sql_unescape(x, '%')", {"x": "50%'"}, r"'50%\''"),
        ("sql_unescape(x, '%')", {"x": "\\%"}, r"'\\%'"),
        ("len(x)", {"x": "abc"}, "3"),
        ("list('ab')", {}, "['a','b']"),
        ("min(1, 2) + max([3, 4]) + int('5') + float('1.5')", {}, "11.5 ".strip()),
    ],
)  # fmt: skip
def test_functions(expression: str, values: dict[str, str], printed: str) -> None:
    assert render("{{ " + expression + " }}", values) == printed


def test_enumerate_with_last() -> None:
    text = "{% for last, v in enumerate_with_last(split_to_array(x)) %}{{v}}{% if not last %},{% end %}{% end %}"
    assert render(text, {"x": "a,b,c"}) == "'a','b','c'"


@pytest.mark.parametrize(
    ("text", "values", "said"),
    [
        ("{{ column(x) }}", {}, "required parameter"),
        ("{{ column(x) }}", {"x": ""}, "empty name"),
        ("{{ columns(x, 'a', 'sum(1)') }}", {}, "no function's name"),
        ("{{ sql_and(a__like='b') }}", {}, "no operator 'like'"),
        ("{{ sql_and('a') }}", {}, "only values with a name"),
        ("{{ split_to_array(x, separator='') }}", {"x": "a"}, "separator"),
        ("{{ JSON(x) }}", {"x": "{a"}, "is no JSON"),
        ("{{ JSON(x) }}", {"x": "[" * 5000}, "is no JSON"),
        ("{{ day_diff(a, '2024-01-01') }}", {}, "not defined"),
        ("{{ day_diff('x', '2024-01-01') }}", {}, "is no date"),
        ("{{ date_diff_in_hours('2024-01-01', '2024-01-02') }}", {}, "is no date as %Y-%m-%d %H:%M:%S"),
        ("{{ date_diff_in_hours('x', 'y', none_if_error=True) }}", {}, "is null"),
        ("{{ sql_unescape(x, '\\'') }}", {"x": "a"}, "no quote"),
        ("{{ sql_unescape(x, '\\\\') }}", {"x": "a"}, "backslash"),
        ("{{ max_threads(1000) }}", {}, "from 1 to 64"),
        ("{{ cache_ttl('2h') }}", {}, "5s, 1m, 5m, 30m and 1h"),
        ("{{ activate('all') }}", {}, "analyzer"),
        ("{{ backend_hint('a\\nb') }}", {}, "short text"),
        ("{{ custom_error({}, 200) }}", {}, "400 to 599"),
        ("{{ table(x) }}", {}, "required parameter"),
        ("{{ Array(x, 'UUID') }}", {"x": "a"}, "no type that Array() knows"),
    ],
)
def test_functions_refuse(text: str, values: dict[str, str], said: str) -> None:
    message = refusal(text, values)
    assert said in message
    assert message.startswith("Template Syntax Error: ")


def test_error_says_exactly_its_message() -> None:
    with pytest.raises(TemplateError) as caught:
        render("{% if not defined(x) %}{{ error('x is needed, see the docs') }}{% end %}")
    assert str(caught.value) == "x is needed, see the docs"
    assert caught.value.status == 400
    assert caught.value.body is None


def test_custom_error_has_a_status_and_a_body() -> None:
    with pytest.raises(TemplateError) as caught:
        render("{{ custom_error({'error': 'gone', 'id': x}, 410) }}", {"x": "5"})
    assert caught.value.status == 410
    assert caught.value.body == {"error": "gone", "id": "5"}
    assert str(caught.value) == '{"error": "gone", "id": "5"}'
    with pytest.raises(TemplateError) as caught:
        render("{{ custom_error('plain') }}")
    assert (caught.value.status, caught.value.body) == (400, "plain")


@pytest.mark.parametrize(
    ("expression", "comment"),
    [
        ("max_threads(4)", "-- max_threads 4\n"),
        ("cache_ttl('5m')", "-- cache_ttl 5m\n"),
        ("backend_hint('join_a')", "-- backend_hint join_a\n"),
        ("activate('parallel_replicas')", "-- activate parallel_replicas\n"),
        ("disable('analyzer')", "-- disable analyzer\n"),
    ],
)
def test_hints_print_a_comment_that_ends_its_line(expression: str, comment: str) -> None:
    assert render("{{ " + expression + " }}SELECT 1") == comment + "SELECT 1"


@pytest.mark.parametrize(("ttl", "seconds"), [("5s", 5), ("1m", 60), ("5m", 300), ("30m", 1800), ("1h", 3600)])
def test_cache_ttl_and_max_threads_are_told(ttl: str, seconds: int) -> None:
    rendered = parse("{{ max_threads(3) }}{{ cache_ttl('" + ttl + "') }}").render()
    assert (rendered.max_threads, rendered.cache_seconds) == (3, seconds)


def test_secrets_are_bound_and_never_in_the_text() -> None:
    template = parse("SELECT {{ tb_secret('KEY') }}, {{ tb_secret('OTHER', 'd') }}")
    rendered = template.render(secrets={"KEY": "very-secret"})
    assert rendered.sql == "SELECT {KEY: String}, {OTHER: String}"
    assert rendered.bound == {"KEY": "very-secret", "OTHER": "d"}
    with pytest.raises(TemplateError, match="There is no secret KEY"):
        template.render(secrets={})
    with pytest.raises(TemplateError, match="only be used in a pipe"):
        template.render(secrets=None)
    assert template.render(secrets={}, checking=True).bound["KEY"] == "__no_value__"
