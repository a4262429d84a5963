"""Tags, expressions and values of the template language, rule by rule."""

from __future__ import annotations

from typing import Any

import pytest

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates import TemplateError, parse

HERE = Place("endpoints/sales.pipe", 5, 3)


def render(text: str, values: dict[str, Any] | None = None, **how: Any) -> str:
    return parse(text, HERE).render(values or {}, **how).sql


def refusal(text: str, values: dict[str, Any] | None = None, **how: Any) -> str:
    with pytest.raises(TemplateError) as caught:
        render(text, values, **how)
    return str(caught.value)


# Tags


@pytest.mark.parametrize(
    ("text", "values", "sql"),
    [
        ("a {{x}} b", {"x": "1"}, "a '1' b"),
        ("a {{ x }} b", {"x": "1"}, "a '1' b"),
        ("{%if defined(x)%}yes{%end%}", {"x": ""}, "yes"),
        ("{% if not defined(x) %}no{% end %}", {}, "no"),
        ("{% if x == '1' %}a{% elif x == '2' %}b{% else %}c{% end %}", {"x": "2"}, "b"),
        ("{% if x == '1' %}a{% elif x == '2' %}b{% else %}c{% end %}", {"x": "3"}, "c"),
        ("{% for v in xs %}{{v}},{% end %}{{Array(xs)}}", {"xs": "a,b"}, "'a','b',['a','b']"),
        ("{% for k, v in [('a', 1), ('b', 2)] %}{{k}}={{v}} {% end %}", {}, "'a'=1 'b'=2 "),
        ("{% for v in [] %}{% else %}none{% end %}", {}, "none"),
        ("{% for v in [0, 1, 2] %}{% if v == 1 %}{% continue %}{% end %}{{v}}{% end %}", {}, "02"),
        ("{% for v in range(9) %}{% if v == 2 %}{% break %}{% end %}{{v}}{% end %}", {}, "01"),
        ("{% set n = 0 %}{% while n < 3 %}{{n}}{% set n = n + 1 %}{% end %}", {}, "012"),
        ("{% set n = 1 %}{% set n += 2 %}{{n}}", {}, "3"),
        ("{% set a, b = 'x', 'y' %}{{b}}{{'' if a else 0}}", {}, "'y'''"),
        ("{% set d = {} %}{% set d['k'] = 5 %}{{d.get('k')}}", {}, "5"),
        ("{% set xs = [] %}{% set xs.append(7) %}{{xs}}", {}, "[7]"),
        ("{% try %}{{ JSON(x).get('a')['b'] }}{% except %}none{% end %}", {"x": '{"a": {}}'}, "none"),
        ("{% try %}{{ [1][5] }}{% except IndexError as e %}no{% finally %}!{% end %}", {}, "no!"),
        ("{% try %}1{% except %}2{% else %}3{% end %}", {}, "13"),
        ("a{# {{ unknown() }} #}b", {}, "ab"),
        ("a{% comment anything goes ' here %}b", {}, "ab"),
        ("{{! x }} {%! if %}", {}, "{{ x }} {% if %}"),
        ("map{{{x}}}", {"x": "1"}, "map{'1'}"),
        ("{'a': 1}", {}, "{'a': 1}"),
        ("{{ {'a': {'b': 1}}['a']['b'] }}", {}, "1"),
        ("{{ String(x, 'a}}b') }}", {}, "'a}}b'"),
        ("{% if x == '%}' %}odd{% end %}", {"x": "%}"}, "odd"),
        ("-- {{x}} in a comment runs\n1", {"x": "v"}, "-- 'v' in a comment runs\n1"),
    ],
)  # fmt: skip
def test_tags(text: str, values: dict[str, str], sql: str) -> None:
    assert render(text, values) == sql


@pytest.mark.parametrize("word", "import from extends include module raw apply block autoescape".split())
def test_tags_that_reach_out_are_refused(word: str) -> None:
    assert f"{{% {word} %}} is not allowed" in refusal(f"{{% {word} x %}}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ x", "'{{' is not closed"),
        ("{% if x", "'{%' is not closed"),
        ("{# x", "'{#' is not closed"),
        ("{{ }}", "a tag is empty"),
        ("{% if x %}", "{% if %} has no {% end %}"),
        ("{% end %}", "{% end %} belongs to nothing"),
        ("{% else %}", "{% else %} belongs to nothing"),
        ("{% for a in [] %}{% elif x %}{% end %}", "belongs to no for"),
        ("{% if x %}{% else %}{% else %}{% end %}", "belongs to no if"),
        ("{% endif %}", "Write {% end %}"),
        ("{% break %}", "outside of a loop"),
        ("{% print x %}", "there is no statement"),
        ("{% set x = 1; y = 2 %}", "cannot be read"),
        ("{% set 1 = 2 %}", "no name that can be given a value"),
        ("{% for 1 in x %}{% end %}", "no name that can be given a value"),
        ("{% for a, b in ['xyz'] %}{% end %}", "3 items cannot be given to the 2 names"),
    ],
)
def test_tags_that_cannot_be_read_say_so(text: str, said: str) -> None:
    assert said in refusal(text)


def test_an_error_names_its_line_and_column() -> None:
    with pytest.raises(TemplateError) as caught:
        render("SELECT 1\nFROM t\nWHERE {{ nothing(x) }}")
    assert caught.value.place == Place("endpoints/sales.pipe", 7, 10)
    assert "line 7, column 10 of endpoints/sales.pipe" in str(caught.value)


# Expressions


@pytest.mark.parametrize(
    ("expression", "sql"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("-5", "-5"),
        ("not True", "0"),
        ("'a' 'b'", "'ab'"),
        ("'a' + 'b'", "'ab'"),
        ("'ab' * 2", "'abab'"),
        ("'abc'[1]", "'b'"),
        ("'abc'[-2:]", "'bc'"),
        ("'abcdef'[1:5:2]", "'bd'"),
        ("[1, 'a', 2.5]", "[1,'a',2.5]"),
        ("(1, 'a')", "(1,'a')"),
        ("{1}", "[1]"),
        ("{'a': 1}['a']", "1"),
        ("f'{x}-{1 + 1}'", "'v-2'"),
        ("f'{1.5:.2f}{{}}'", "'1.50{}'"),
        ("'yes' if x else 'no'", "'yes'"),
        ("1 if missing else 2", "2"),
        ("x.replace('v', 'w')", "'w'"),
        ("'a,b'.split(',')", "['a','b']"),
        ("'-'.join(['a', 'b'])", "'a-b'"),
        ("JSON('{\"a\": 1}').get('a')", "1"),
        ("0x10", "16"),
        ("1e3", "1000.0"),
        ("true", "1"),
        ("r'\\n'", "'\\\\n'"),
        ("'\\x41\\u0042'", "'AB'"),
        ("'''a\nb'''", "'a\\nb'"),
    ],
)
def test_expressions_between_braces(expression: str, sql: str) -> None:
    assert render("{{ " + expression + " }}", {"x": "v"}) == sql


@pytest.mark.parametrize(
    "expression",
    ["x == 'a'", "1 < 2", "x and y", "x or y", "x in ['a']", "1 / 2", "5 % 2", "2 ** 2", "x.upper()", "[v for v in x]"],
)
def test_comparisons_and_more_stand_in_statements_only(expression: str) -> None:
    assert "cannot stand between {{ and }}" in refusal("{{ " + expression + " }}", {"x": "1"})
    assert render("{% set v = " + expression + " %}ok", {"x": "1"}) == "ok"


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("x == 'a'", True),
        ("x != 'a'", False),
        ("'a' == x == 'a'", True),
        ("x in ['a', 'b']", True),
        ("x not in ['a', 'b']", False),
        ("missing is None", True),
        ("missing is not None", False),
        ("1 < 2 <= 2", True),
        ("x.startswith('a') and x.upper() == 'A'", True),
        ("x == 'b' or not missing", True),
        ("len(x) > 0 and 7 // 2 == 3 and 7 % 4 == 3 and 2 ** 3 == 8", True),
        ("'%s-%d' % (x, 5) == 'a-5'", True),
        ("[v for v in range(5) if v > 2] == [3, 4]", True),
        ("{v: 1 for v in 'ab'} == {'a': 1, 'b': 1}", True),
        ("sorted([2, 1]) == [1, 2] and max(1, 2) == 2 and min([3, 4]) == 3", True),
        ("list(zip('ab', [1, 2])) == [('a', 1), ('b', 2)]", True),
        ("any(v == 2 for v in [1, 2])", True),
        ("int('5') + float('1.5') == 6.5 and str(5) == '5'", True),
        ("Int32(n) > 4 and Int32(n) == 5", True),
        ("Float64(f) < 2", True),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    sql = render("{% if " + condition + " %}yes{% else %}no{% end %}", {"x": "a", "n": "5", "f": "1.5"})
    assert sql == ("yes" if holds else "no")


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("x.__class__", "underscore"),
        ("x._private()", "underscore"),
        ("x.real", "is no call"),
        ("__import__('os')", "no name that a template can use"),
        ("__builtins__", "no name that a template can use"),
        ("eval('1')", "no function eval()"),
        ("open('x')", "no function open()"),
        ("getattr(x, 'y')", "no function getattr()"),
        ("(lambda: 1)()", "'lambda' cannot stand here"),
        ("x()", "no function x()"),
        ("(x)(1)", "only functions and methods can be called"),
        ("x.format(1)", "cannot stand between"),
        ("x := 1", "cannot stand|is not expected|missing"),
        ("*x", "a value is missing"),
        ("x[", "a value is missing|cannot be read|missing"),
        ("x y", "'y' is not expected"),
        ("'a", "cannot be read"),
        ("Int3(x)", "Did you mean Int32()?"),
        ("f'{x'", "not closed"),
        ("x; y", "cannot be read"),
    ],
)
def test_what_no_template_can_do(expression: str, said: str) -> None:
    message = refusal("{{ " + expression + " }}", {"x": "1"})
    assert any(one in message for one in said.split("|")), message


@pytest.mark.parametrize("method", ["format", "encode", "format_map", "translate", "expandtabs", "zfill", "ljust"])
def test_methods_that_reach_out_or_blow_up_are_not_there(method: str) -> None:
    assert "has no method" in refusal("{% set y = x." + method + "(1) %}", {"x": "1"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ JSON(x).get('a').get('b') }}", "What is not defined has no method get()"),
        ("{{ x.get('a') }}", "A text has no method get()"),
        ("{{ JSON(x)['nope'] }}", "there is no key 'nope'"),
        ("{{ [1][3] }}", "the index is out of range"),
        ("{{ 1 + 'a' }}", "unsupported operand"),
        ("{% set y = 1 / 0 %}", "division by zero"),
        ("{{ missing }}", "the expression 'missing' is null"),
        ("{{ JSON(x).get('a_very_long_key_that_is_cut') }}", "the expression 'JSON(x).get('a_very_' is null"),
        ("{% for v in missing %}{% end %}", "not defined"),
        ("{% for v in 5 %}{% end %}", "A whole number cannot be looped over"),
        ("{% if missing > 5 %}{% end %}", "cannot be compared by size"),
        ("{% if x > 5 %}{% end %}", "write Int32"),
        ("{{ Int32(x, 1, 2, 3) }}", "takes at most 3 values"),
        ("{{ Int32() }}", "needs x"),
        ("{{ Int32(x, wrong=1) }}", "takes no wrong="),
    ],
)
def test_what_goes_wrong_is_a_plain_400(text: str, said: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(text, {"x": "{}"})
    assert said in str(caught.value)
    assert str(caught.value).startswith("Template Syntax Error: ")
    assert caught.value.status == 400


# Values


def test_an_unsent_parameter_is_undefined_and_an_empty_one_is_not() -> None:
    text = "{% if defined(x) %}sent{% else %}not{% end %}"
    assert render(text) == "not"
    assert render(text, {"x": ""}) == "sent"


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("plain", "'plain'"),
        ("\0", r"'\0'"),
        ("\r", r"'\r'"),
        ("\b", r"'\b'"),
        ("\t", r"'\t'"),
        ("\x1a", r"'\z'"),
        ("\n", r"'\n'"),
        ('"', r"'\"'"),
        ("'", r"'\''"),
        ("\\", r"'\\'"),
        ("100%", r"'100\%'"),
        ("`", r"'\`'"),
        ("' OR 1=1 --", r"'\' OR 1=1 --'"),
        ("é€😀", "'é€😀'"),
    ],
)
def test_text_is_escaped(value: str, printed: str) -> None:
    assert render("{{x}}", {"x": value}) == printed
    assert render("{{String(x)}}", {"x": value}) == printed


@pytest.mark.parametrize(
    ("expression", "sent", "printed"),
    [
        ("Int8(x)", "-128", "toInt8('-128')"),
        ("Int32(x)", "5", "toInt32('5')"),
        ("Int32(x)", "+5", "toInt32('5')"),
        ("UInt8(x)", "255", "toUInt8('255')"),
        ("UInt64(x)", "18446744073709551615", "toUInt64('18446744073709551615')"),
        ("Int256(x)", str(-(2**255)), f"toInt256('{-(2**255)}')"),
        ("UInt256(x)", "+1", "toUInt256('1')"),
        ("Int(x)", "5", "5"),
        ("Integer(x)", "-5", "-5"),
        ("Float32(x)", "1", "toFloat32('1.0')"),
        ("Float64(x)", "1e300", "toFloat64('1e+300')"),
        ("Float64(x)", "inf", "toFloat64('inf')"),
        ("Boolean(x)", "true", "1"),
        ("Boolean(x)", "FALSE", "0"),
        ("Boolean(x)", "0", "0"),
        ("Boolean(x)", "anything", "1"),
        ("bool(x)", "1", "1"),
        ("Date(x)", "2024-12-31", "'2024-12-31'"),
        ("Date(x)", "2024-99-99", "'2024-99-99'"),
        ("DateTime(x)", "2024-12-31 23:59:59", "'2024-12-31 23:59:59'"),
        ("DateTime(x)", "2024-12-31T23:59:59.000Z", "'2024-12-31T23:59:59.000Z'"),
        ("DateTime(x)", "31/12/2024 1:2:3", "'31/12/2024 1:2:3'"),
        ("DateTime64(x)", "2024-12-31 23:59:59.123", "'2024-12-31 23:59:59.123'"),
        ("Array(x)", "a,b'c", r"['a','b\'c']"),
        ("Array(x, 'Int32')", "1,2", "[1,2]"),
        ("Array(x, Int32)", "1,2", "[1,2]"),
        ("Array(x, 'Float32')", "1,2", "[1.0,2.0]"),
        ("Array(x, 'Date')", "2024-01-01", "['2024-01-01']"),
        ("Int32(x) * 10", "5", "50"),
        ("Int32(x, 1) * Int32(size, 10)", "3", "30"),
    ],
)
def test_types_print(expression: str, sent: str, printed: str) -> None:
    assert render("{{ " + expression + " }}", {"x": sent}) == printed


@pytest.mark.parametrize(
    ("expression", "sent"),
    [
        ("Int8(x)", "128"),
        ("Int32(x)", "1.5"),
        ("Int32(x)", "1_000"),
        ("Int32(x)", "٣"),
        ("Int32(x)", "5\n"),
        ("Int32(x)", ""),
        ("Int(x)", "2147483648"),
        ("UInt8(x)", "-1"),
        ("UInt8(x)", "+1"),
        ("UInt256(x)", "-1"),
        ("Float64(x)", "1_0"),
        ("Float64(x)", "abc"),
        ("Date(x)", "2024-1-1"),
        ("Date(x)", "2024-01-01\n"),
        ("Date(x)", "2024-01-01 00:00:00"),
        ("DateTime(x)", "2024-12-31"),
        ("DateTime64(x)", "2024-12-31 23:59:59"),
    ],
)
def test_types_refuse_and_name_value_and_type(expression: str, sent: str) -> None:
    message = refusal("{{ " + expression + " }}", {"x": sent})
    assert sent in message
    assert expression.split("(", maxsplit=1)[0] in message


def test_an_array_names_the_item_that_is_wrong() -> None:
    message = refusal("{{ Array(ids, 'Int32') }}", {"ids": "1,x,3"})
    assert "item 1" in message
    assert "ids" in message
    assert "'x'" in message
    assert "Int32" in message


def test_repeated_keys_are_an_array() -> None:
    assert render("{{ Array(x) }}", {"x": ["a,b", "c"]}) == "['a,b','c']"
    assert "several times" in refusal("{{ String(x) }}", {"x": ["a", "b"]})


def test_a_bare_list_prints_as_an_escaped_array() -> None:
    text = "{% if x != [''] %}{{x}} {{Array(x)}}{% end %}"
    assert render(text, {"x": "a,it's"}) == r"['a','it\'s'] ['a','it\'s']"
    assert render(text, {"x": ""}) == ""


def test_the_array_text_is_looped_over_by_its_items() -> None:
    assert render("{% for v in Array(x, 'Int8') %}{{v}};{% end %}", {"x": "1,2"}) == "toInt8('1');toInt8('2');"


def test_a_minus_behind_a_minus_makes_no_comment() -> None:
    assert render("1 -{{ Int32(x) * 1 }}", {"x": "-5"}) == "1 - -5"


# Missing values


def test_defaults_and_defined_false() -> None:
    assert (
        render("{{ Int32(x, 7) }} {{ String(y, default='d') }} {{ Date(z, '2024-01-01') }}")
        == "toInt32('7') 'd' '2024-01-01'"
    )
    assert render("{% if String(x, defined=False) is None %}none{% end %}") == "none"
    assert "is null" in refusal("{{ String(x, defined=False) }}")


def test_required_and_enum_are_documentation_only() -> None:
    text = "{{ String(x, 'a', required=True, description='d', enum=['b'], example='b', format='f') }}"
    assert render(text) == "'a'"
    assert render(text, {"x": "c"}) == "'c'"
    assert render("{{ Boolean(x, 1, description='d') }}") == "1"


def test_a_missing_parameter_names_all_that_have_no_default() -> None:
    text = "{{ String(a) }} {{ Int32(b, 1) }} {{ Date(c) }} {% if defined(d) %}{% end %}"
    message = refusal(text)
    assert message.startswith("Template Syntax Error: ")
    assert "a, c and d" in message
    assert "default" in message
    assert refusal("{{ String(only) }}").startswith("Template Syntax Error: a required parameter is not defined: only.")


def test_a_boolean_is_never_missing() -> None:
    assert render("{{ Boolean(x) }}") == "0"


# Names


@pytest.mark.parametrize("name", ["format", "q"])
def test_names_of_the_api_cannot_be_parameters(name: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse("\n{{ String(" + name + ") }}", HERE)
    assert caught.value.place is not None
    assert caught.value.place.line == 6


def test_reserved_names_are_warned_about() -> None:
    findings = parse("{{ String(token) }} {{ Int32(job_timestamp, 1) }} {{ String(mine) }}").findings
    assert [finding.level for finding in findings] == ["warning", "warning"]
    assert "token" in findings[0].message


def test_a_literal_where_a_parameter_belongs_is_refused_at_deploy_time() -> None:
    for text in ("{{ Float32(1.5) }}", "{{ String('') }}", "{{ Array('a') }}", "{{ Boolean(1) }}"):
        assert "fixed value" in refusal(text, checking=True)


# Metadata


def test_parameters_are_found_without_rendering() -> None:
    text = """
    {% if defined(flag) and interval == 'day' %}
      {{ Int32(limit, 10, description='how many', required=True, enum=[10, 20], example=10, format='n') }}
      {{ column(order_by, 'date') }} {{ Array(ids, 'Int64') }} {{ Array(names, String, 'a,b') }}
    {% end %}
    {% for item in split_to_array(String(message, ''), separator='|') %}{{ item }}{% end %}
    {% set local = Date(day) %}{{ local }} {{ UInt64(big, 18446744073709551615) }} {{ JSON(filters).get('a') }}
    {{ bare }} {{ Int32(bare) }}
    """
    found = {parameter.name: parameter for parameter in parse(text, HERE).parameters}
    assert list(found) == "flag interval limit order_by ids names message day big filters bare".split()
    limit = found["limit"]
    assert (limit.type, limit.default, limit.required, limit.description) == ("Int32", 10, True, "how many")
    assert (limit.enum, limit.example, limit.format) == ((10, 20), 10, "n")
    assert (found["flag"].type, found["flag"].default) == ("String", None)
    assert (found["order_by"].type, found["order_by"].default) == ("String", None)
    assert (found["ids"].type, found["names"].type, found["names"].default) == ("Array(Int64)", "Array(String)", "a,b")
    assert (found["message"].type, found["message"].default) == ("String", "")
    assert (found["day"].type, found["filters"].type) == ("Date", "JSON")
    assert found["big"].default == "18446744073709551615"
    assert found["bare"].type == "Int32"


def test_the_first_typed_use_wins_and_later_ones_complete_it() -> None:
    (parameter,) = parse("{{ Date(d) }} {{ String(d, '2024-01-01', description='day') }}").parameters
    assert (parameter.type, parameter.default, parameter.description) == ("Date", "2024-01-01", "day")


# Checking without a caller


@pytest.mark.parametrize(
    ("text", "sql"),
    [
        ("{{ String(x) }} {{ x }}", "'__no_value__' '__no_value__'"),
        ("{{ String(x, '') }} {{ String(y, 'd') }}", "'__no_value__' 'd'"),
        ("{{ Int32(x) }} {{ Int32(y, 5) }} {{ Int(z) }}", "toInt32('0') toInt32('5') 0"),
        ("{{ Float64(x) }}", "toFloat64('0.0')"),
        ("{{ Date(x) }} {{ DateTime(y) }}", "'2019-01-01' '2019-01-01 00:00:00'"),
        ("{{ DateTime64(z) }}", "'2019-01-01 00:00:00.000'"),
        ("{{ Array(x) }} {{ Array(y, 'Int32') }} {{ Array(z, 'Int32', '1,2') }}", "[''] [0,0] [1,2]"),
        ("{% for v in xs %}{{ v }},{% end %}", "'__no_value__','__no_value__','__no_value__',"),
        ("{{ x.split(',') }}", "['__no_value__','__no_value__']"),
        ("{% if x.startswith('a') %}a{% else %}b{% end %}", "b"),
        ("{% if x == 'a' %}a{% elif x != 'a' %}b{% end %}", "b"),
        ("{% if defined(x) %}a{% else %}b{% end %}", "b"),
        ("{{ error('no') }}{{ custom_error({'a': 1}) }}ok", "ok"),
        ("{% if day_diff(a, b) == 0 %}same{% end %}", "same"),
        ("{{ column(x, 'c') }}", "`c`"),
        ("{% for f in JSON(x).get('list') %}{{ f.get('a') }}{% end %}", "'__no_value__'" * 3),
        ("{{ Int32(page, 0) * Int32(size, 10) }}", "0"),
    ],
)
def test_checking_prints_placeholders(text: str, sql: str) -> None:
    assert render(text, checking=True) == sql


def test_checking_a_comparison_by_size_asks_for_a_type() -> None:
    assert "Int32(x, 0)" in refusal("{% if x > 5 %}{% end %}", checking=True)
    assert render("{% if Int32(x, 9) > 5 %}yes{% end %}", checking=True) == "yes"


def test_checking_tells_which_names_only_a_caller_knows() -> None:
    rendered = parse("{{ column(a) }} {{ column(b, 'x') }} {{ table(c) }}").render(checking=True)
    assert rendered.unknown == ("a", "c")
