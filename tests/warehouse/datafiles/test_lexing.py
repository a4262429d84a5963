"""How a datafile is cut into directives (section 3 of the format)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.warehouse.datafiles.written import SCHEMA, pipe, read, source, told
from tradewind.warehouse.datafiles.lexing import unquoted, words_of
from tradewind.warehouse.datafiles.model import Place

NODE = "NODE one\nSQL >\n    SELECT 1\n"


def texts(line: str) -> list[str] | None:
    words = words_of(line)
    return None if words is None else [word.text for word in words]


def test_a_line_is_cut_at_white_space_and_keeps_its_quotes() -> None:
    assert texts('TOKEN "my token"  READ') == ["TOKEN", '"my token"', "READ"]
    assert texts("ENGINE\tMergeTree") == ["ENGINE", "MergeTree"]


def test_a_number_sign_outside_of_quotes_begins_a_comment() -> None:
    assert texts('ENGINE "Merge#Tree" # a note') == ["ENGINE", '"Merge#Tree"']
    assert texts("# all of it") == []


def test_an_open_quotation_makes_no_words() -> None:
    assert texts("DESCRIPTION 'half") is None
    assert texts("DESCRIPTION don't mind") == ["DESCRIPTION", "don't", "mind"]


def test_only_a_matching_pair_of_quotes_is_taken_off() -> None:
    assert unquoted('"a, b"') == "a, b"
    assert unquoted("'a'") == "a"
    assert unquoted("\"a'") == "\"a'"
    assert unquoted('"a", "b"') == '"a", "b"'
    assert unquoted('"') == '"'


def test_directives_are_written_in_any_case() -> None:
    found, findings = source("schema >\n    id String\nengine mergetree\nEngine_Sorting_Key id\n")
    assert findings == []
    assert (found.engine.name, found.engine.sorting_key) == ("MergeTree", "id")


def test_a_value_may_be_in_quotes_of_either_kind() -> None:
    found, findings = source(SCHEMA + "ENGINE 'MergeTree'\nENGINE_SORTING_KEY \"id, at\"\n")
    assert findings == []
    assert found.engine.sorting_key == "id, at"


def test_an_apostrophe_in_a_value_is_no_quotation() -> None:
    found, findings = source("DESCRIPTION It's what 'happened\n" + SCHEMA)
    assert findings == []
    assert found.description == "It's what 'happened"


def test_a_block_ends_at_a_directive_in_the_first_column_and_nowhere_else() -> None:
    found, findings = pipe("NODE one\nSQL >\n\n    SELECT 1\n    TYPE endpoint\n\n  NODE two\nTYPE endpoint\n")
    assert findings == [
        "5:5: warning: This TYPE is indented, so it is part of the SQL of node one.",
        "7:3: warning: This NODE is indented, so it is part of the SQL of node one.",
    ]
    assert found.nodes[0].sql == "  SELECT 1\n  TYPE endpoint\nNODE two"
    assert found.nodes[0].type == "endpoint"


def test_sql_need_not_be_indented() -> None:
    found, findings = pipe("NODE one\nSQL >\nSELECT 1 AS x\nFROM numbers(3)\nORDER BY x\nTYPE endpoint\n")
    assert findings == []
    assert found.nodes[0].sql == "SELECT 1 AS x\nFROM numbers(3)\nORDER BY x"


def test_a_block_line_that_cannot_be_cut_belongs_to_the_block() -> None:
    found, findings = source("DESCRIPTION >\nToken 'of our love\n" + SCHEMA)
    assert findings == []
    assert found.description == "Token 'of our love"


def test_blank_lines_and_comment_lines_vanish_from_a_block_and_nothing_else_does() -> None:
    found, findings = pipe("NODE one\nSQL >\n    SELECT '#1' AS a, -- one # two\n\n    # a note\n    2 AS b\n")
    assert findings == []
    assert found.nodes[0].sql == "SELECT '#1' AS a, -- one # two\n2 AS b"
    assert found.nodes[0].sql_lines == (3, 6)


def test_what_stands_behind_the_sign_of_a_block_is_ignored() -> None:
    found, findings = source("DESCRIPTION > lost\n    kept\n" + SCHEMA)
    assert found.description == "kept"
    assert findings == ["1:15: warning: What stands behind `DESCRIPTION >` on its line is ignored."]


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("ENGIN MergeTree\n", "ENGIN is no directive of a .datasource file.", "Did you mean ENGINE?"),
        ("ELEPHANT big\n", "ELEPHANT is no directive of a .datasource file.", "has to be indented"),
        ("SETTINGS a=1\n", "SETTINGS is no directive of a .datasource file.", "Write ENGINE_SETTINGS."),
        ("TAGS> a\n", "TAGS> is no directive of a .datasource file.", "Put a blank before the `>`: `TAGS >`."),
        ("NODE one\n", "NODE is no directive of a .datasource file.", "Nodes belong into a .pipe file."),
    ],
)
def test_an_unknown_directive_is_named_with_the_kind_of_file(text: str, message: str, fix: str) -> None:
    (finding,) = read({"events.datasource": text + SCHEMA}).errors
    assert (str(finding.place), finding.message) == ("events.datasource:1:1", message)
    assert fix in finding.fix


@pytest.mark.parametrize("line", ["ENGIN MergeTree", "SETTINGS a=1", "TAGS> a"])
def test_a_slip_in_a_directive_below_a_schema_is_not_taken_for_a_column(line: str) -> None:
    found, findings = source(SCHEMA + line + "\n")
    assert findings == [f"5:1: error: {line.split(maxsplit=1)[0]} is no directive of a .datasource file."]
    assert len(found.columns) == 3


def test_a_column_in_capitals_is_a_column() -> None:
    found, findings = source("SCHEMA >\nNODE String,\nENGIN DateTime64(3)\n")
    assert findings == []
    assert [column.name for column in found.columns] == ["NODE", "ENGIN"]


def test_a_directive_that_is_indented_below_sql_is_pointed_out() -> None:
    _, findings = pipe("NODE one\nSQL >\n    SELECT 1\n    TYPE endpoint\n")
    assert findings == ["4:5: warning: This TYPE is indented, so it is part of the SQL of node one."]


@pytest.mark.parametrize("word", ["NODE", "TOKEN", "TYPE", "DATASOURCE", "COPY_MODE", "EXPORT_SCHEDULE"])
def test_a_plain_value_refuses_a_block(word: str) -> None:
    _, findings = pipe(f"{NODE}{word} >\n    value\n")
    assert findings[0] == f"4:1: error: {word} takes a value on the same line, not a block."


@pytest.mark.parametrize("word", ["KAFKA_TOPIC", "IMPORT_SCHEDULE", "TOKEN"])
def test_a_plain_value_of_a_data_source_refuses_a_block(word: str) -> None:
    _, findings = source(f"{SCHEMA}{word} >\n    value\n")
    assert findings[0] == f"5:1: error: {word} takes a value on the same line, not a block."


def test_sql_and_forward_query_need_a_block() -> None:
    _, findings = pipe("NODE one\nSQL SELECT 1\n")
    assert "2:1: error: SQL needs a block: `>` and the text on the lines below it." in findings
    _, findings = source(SCHEMA + "FORWARD_QUERY SELECT 1\n")
    assert findings[0] == "5:1: error: FORWARD_QUERY needs a block: `>` and the text on the lines below it."


def test_sql_has_to_follow_a_node() -> None:
    _, findings = pipe("SQL >\n    SELECT 1\n" + NODE)
    assert findings == ["1:1: error: SQL stands before any NODE."]


def test_a_schema_may_stand_on_one_line() -> None:
    found, findings = source("SCHEMA `id` String, n Int8\n")
    assert findings == []
    assert [(column.name, str(column.place)) for column in found.columns] == [
        ("id", "events.datasource:1:8"),
        ("n", "events.datasource:1:21"),
    ]


def test_the_parts_of_an_engine_may_be_blocks() -> None:
    found, findings = source(SCHEMA + "ENGINE >\n    MergeTree\nENGINE_SORTING_KEY >\n    id,\n    at\n")
    assert findings == []
    assert (found.engine.name, found.engine.sorting_key) == ("MergeTree", "id,\nat")


def test_a_classic_import_query_may_be_a_block() -> None:
    found, findings = source(SCHEMA + "IMPORT_SERVICE bigquery\nIMPORT_QUERY >\n    SELECT a,\n    b\n")
    assert found.imports["import_query"] == "SELECT a,\nb"
    assert [finding.partition(" error")[1] for finding in findings] == [""]


def test_variables_of_the_environment_fill_values() -> None:
    text = SCHEMA + "KAFKA_CONNECTION_NAME ${WHERE}\nKAFKA_TOPIC x_${STAGE}_${NONE}\nKAFKA_GROUP_ID g\n"
    found, _ = source(text, environment={"WHERE": "broker", "STAGE": "test"})
    assert found.kafka is not None
    assert (found.kafka.connection, found.kafka.topic) == ("broker", "x_test_${NONE}")


def test_variables_do_not_fill_blocks() -> None:
    found, _ = pipe("NODE one\nSQL >\n    SELECT '${A}'\n", environment={"A": "b"})
    assert found.nodes[0].sql == "SELECT '${A}'"


SECRET = SCHEMA + 'KAFKA_CONNECTION_NAME c\nKAFKA_TOPIC t\nKAFKA_GROUP_ID {{ tb_secret("GROUP"%s) }}\n'


def test_secrets_are_filled_in() -> None:
    found, _ = source(SECRET % "", secrets={"GROUP": "mine"})
    assert found.kafka is not None
    assert found.kafka.group_id == "mine"


def test_a_missing_secret_takes_its_default_or_is_an_error() -> None:
    found, _ = source(SECRET % ", 'other'", secrets={})
    assert found.kafka is not None
    assert found.kafka.group_id == "other"
    _, findings = source(SECRET % "", secrets={})
    assert "7:16: error: There is no secret GROUP." in findings


def test_an_empty_secret_becomes_an_empty_value() -> None:
    _, findings = source(SECRET % "", secrets={"GROUP": ""})
    assert "7:1: error: A Kafka data source needs KAFKA_GROUP_ID." in findings


def test_without_secrets_at_hand_the_text_stays() -> None:
    found, _ = source(SECRET % "")
    assert found.kafka is not None
    assert found.kafka.group_id == '{{ tb_secret("GROUP") }}'


def test_secrets_are_not_filled_into_pipes() -> None:
    found, _ = pipe("NODE one\nSQL >\n    %\n    SELECT {{ tb_secret('A') }}\n", secrets={"A": "b"})
    assert found.nodes[0].sql == "SELECT {{ tb_secret('A') }}"


@pytest.mark.parametrize(
    ("word", "above"), [("COPY_SCHEDULE", "TYPE copy\nTARGET_DATASOURCE events"), ("EXPORT_SCHEDULE", "TYPE sink")]
)
def test_a_schedule_is_no_secret(word: str, above: str) -> None:
    _, findings = pipe(f"{NODE}{above}\n{word} {{{{ tb_secret('WHEN') }}}}\n", {"events.datasource": SCHEMA})
    assert f"error: {word} cannot be a secret." in " ".join(findings)


@pytest.mark.parametrize(
    "sql", ["%\n    SELECT {{x}}", "%SELECT {{x}}", "% SELECT {{x}}", "\n    %\n\n    SELECT {{x}}"]
)
def test_sql_that_begins_with_a_percent_sign_is_a_template(sql: str) -> None:
    found, findings = pipe(f"NODE one\nSQL >\n    {sql}\n\n")
    assert findings == []
    assert (found.nodes[0].is_template, found.nodes[0].sql) == (True, "SELECT {{x}}")


def test_the_place_of_sql_is_its_first_line() -> None:
    found, _ = pipe("NODE one\nSQL >\n\n    %\n    SELECT 1\nNODE two\nSQL >\n    # no\n    SELECT 2\n")
    assert [str(node.sql_place) for node in found.nodes] == ["answer.pipe:5:5", "answer.pipe:9:5"]
    assert [node.sql_lines for node in found.nodes] == [(5,), (9,)]


def test_other_sql_is_moved_to_the_left_margin() -> None:
    found, _ = pipe("NODE one\nSQL >\n\tSELECT 1\n\t\tAS x   \n\n")
    assert found.nodes[0].sql == "SELECT 1\n\tAS x"


def test_a_description_before_the_first_node_is_of_the_pipe() -> None:
    found, _ = pipe("DESCRIPTION of all\nNODE one\nDESCRIPTION >\n    of one,\n    long\nSQL >\n    SELECT 1\n")
    assert (found.description, found.nodes[0].description) == ("of all", "of one,\nlong")


def test_tags_with_a_value_are_of_the_node_and_others_of_the_pipe() -> None:
    found, _ = pipe('TAGS "sales"\n' + NODE + "TAGS team=web, daily,sales\n")
    assert found.tags == ("sales", "daily")
    assert found.nodes[0].tags == {"team": "web"}


def test_the_order_of_directives_does_not_matter() -> None:
    body = ["TYPE endpoint", 'TOKEN "app" READ', "DESCRIPTION what it says", "SQL >\n    SELECT 1"]
    forward, _ = pipe("NODE one\n" + "\n".join(body) + "\n")
    backward, _ = pipe("NODE one\n" + "\n".join(reversed(body)) + "\n")
    assert [replace(node, sql_place=Place("")) for node in forward.nodes] == [
        replace(node, sql_place=Place("")) for node in backward.nodes
    ]
    assert forward.tokens == backward.tokens


def test_lines_may_end_as_on_windows_and_a_mark_of_the_byte_order_is_passed_over() -> None:
    project = read({"events.datasource": b"\xef\xbb\xbfSCHEMA >\r\n    `id` String\r\n\r\nENGINE_SORTING_KEY id\r\n"})
    assert told(project) == []
    assert project.sources["events"].engine.sorting_key == "id"


def test_a_file_in_another_encoding_is_an_error_at_its_byte() -> None:
    project = read({"events.datasource": "DESCRIPTION gut\nDESCRIPTION schön\n".encode("latin-1")})
    assert told(project) == ["events.datasource:2:16: error: The file is not UTF-8."]


def test_what_is_said_twice_is_found_and_the_last_holds() -> None:
    found, findings = source(SCHEMA + "ENGINE_TTL a\nENGINE_TTL b\n")
    assert findings == ["6:1: warning: ENGINE_TTL was said on line 5 already; this one holds."]
    assert found.engine.ttl == "b"
