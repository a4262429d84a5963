"""Pipes and their nodes (section 5 of the format)."""

from __future__ import annotations

import pytest

from tests.warehouse.datafiles.written import SCHEMA, pipe, read, told
from tradewind.warehouse.datafiles.directives import problem_with_cron
from tradewind.warehouse.datafiles.model import Engine, NodeType, Permission, TokenLine

ONE = "NODE one\nSQL >\n    SELECT 1\n"
EVENTS = {"events.datasource": SCHEMA}
EXISTING = {
    **EVENTS,
    "out.connection": "TYPE s3\nS3_REGION x\n",
    "broker.connection": "TYPE kafka\nKAFKA_BOOTSTRAP_SERVERS b\n",
}
KAFKA_SINK = "TYPE sink\nEXPORT_CONNECTION_NAME broker\nEXPORT_KAFKA_TOPIC t\nEXPORT_SCHEDULE 0 * * * *\n"
BUCKET_SINK = (
    "TYPE sink\nEXPORT_CONNECTION_NAME out\nEXPORT_BUCKET_URI s3://b\nEXPORT_FILE_TEMPLATE f\n"
    "EXPORT_SCHEDULE @on-demand\n"
)


def test_nodes_are_read_in_order() -> None:
    found, findings = pipe(ONE + "SCOPE two\nDESCRIPTION the second\nSQL >\n    SELECT 2\nTYPE standard\n")
    assert findings == []
    assert [(node.name, node.sql, node.description, node.type) for node in found.nodes] == [
        ("one", "SELECT 1", "", "standard"),
        ("two", "SELECT 2", "the second", "standard"),
    ]
    assert found.output.name == "two"
    assert found.node("one") is found.nodes[0]
    assert found.node("three") is None


@pytest.mark.parametrize("written", ["endpoint", "Endpoint", "ENDPOINT", '"endpoint"'])
def test_an_endpoint_is_the_node_that_is_served(written: str) -> None:
    found, findings = pipe(f"{ONE}TYPE {written}\nNODE two\nSQL >\n    SELECT 2\n")
    assert findings == []
    assert found.endpoint is found.nodes[0]
    assert found.output is found.nodes[0]


def test_a_pipe_without_type_is_served_if_somebody_may_read_it() -> None:
    assert pipe(ONE)[0].endpoint is None
    found, _ = pipe(f"{ONE}NODE two\nSQL >\n    SELECT 2\nTOKEN app READ\n")
    assert found.endpoint is found.nodes[1]


def test_classic_serves_the_last_node_of_a_pipe_without_type() -> None:
    found, _ = pipe(ONE + "NODE two\nSQL >\n    SELECT 2\n", compat="classic")
    assert [node.type for node in found.nodes] == [NodeType.STANDARD, NodeType.ENDPOINT]
    copy, _ = pipe(ONE + "TYPE copy\nTARGET_DATASOURCE events\n", EVENTS, compat="classic")
    assert copy.endpoint is None


def test_tokens_stand_before_or_after_a_node_and_only_read() -> None:
    found, findings = pipe(f"TOKEN first READ\n{ONE}TOKEN 'the second' READ\nTOKEN first READ\n")
    assert findings == []
    assert found.tokens == (TokenLine("first", Permission.READ), TokenLine("the second", Permission.READ))
    _, findings = pipe(ONE + "TOKEN a APPEND\n")
    assert findings == ["4:1: error: A token cannot be given APPEND by a pipe."]


def test_a_materialization_names_its_target() -> None:
    found, findings = pipe(ONE + "TYPE materialized\nDATASOURCE events\nDEPLOYMENT_METHOD alter\n", EVENTS)
    assert findings == []
    assert found.materialized is found.nodes[0]
    assert (found.nodes[0].datasource, found.nodes[0].alters_in_place) == ("events", True)
    assert pipe(ONE + "TYPE materialized\n")[1] == [
        "4:1: error: Node one is materialized, but names no data source that it writes into."
    ]
    assert pipe(ONE + "TYPE materialized\nDATASOURCE event\n", EVENTS)[1] == [
        "1:1: error: Node one writes into event (DATASOURCE), and there is no such data source."
    ]
    assert pipe(ONE + "TYPE materialized\nDATASOURCE events\nDEPLOYMENT_METHOD x\n", EVENTS)[1] == [
        "6:19: error: DEPLOYMENT_METHOD cannot be x."
    ]


def test_a_copy_has_a_target_a_schedule_and_a_mode() -> None:
    text = (
        ONE
        + "TYPE COPY\nTARGET_DATASOURCE events\nCOPY_SCHEDULE 0  5 * * 1-5\nCOPY_MODE Replace\nON_DEMAND_COMPUTE True\n"
    )
    found, findings = pipe(text, EVENTS)
    assert findings == []
    assert found.copy is not None
    assert (found.copy.target_datasource, found.copy.copy_schedule, found.copy.copy_mode) == (
        "events",
        "0 5 * * 1-5",
        "replace",
    )
    found, findings = pipe(ONE + "TYPE copy\nTARGET_DATASOURCE events\nCOPY_SCHEDULE @on-demand\nMODE append\n", EVENTS)
    assert findings == []
    assert (found.nodes[0].copy_schedule, found.nodes[0].copy_mode) == (None, "append")
    found, findings = pipe(ONE + "TYPE copy\nTARGET_DATASOURCE events\n", EVENTS)
    assert findings == []
    assert (found.nodes[0].copy_schedule, found.nodes[0].copy_mode) == (None, "append")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("COPY_SCHEDULE every day", "6:15: error: COPY_SCHEDULE: a schedule has five fields, this has 2."),
        ("COPY_SCHEDULE 61 * * * *", "6:15: error: COPY_SCHEDULE: the minute 61 is not between 0 and 59."),
        ("COPY_SCHEDULE @on-demnd", "6:15: error: There is no schedule @on-demnd."),
        ("COPY_MODE upsert", "6:11: error: COPY_MODE cannot be upsert."),
        ("ON_DEMAND_COMPUTE perhaps", "6:19: error: ON_DEMAND_COMPUTE is True or False, not perhaps."),
    ],
)
def test_what_is_wrong_in_a_copy_is_found(line: str, expected: str) -> None:
    assert pipe(f"{ONE}TYPE copy\nTARGET_DATASOURCE events\n{line}\n", EVENTS)[1] == [expected]


def test_a_copy_needs_a_target() -> None:
    assert pipe(ONE + "TYPE copy\n")[1] == [
        "4:1: error: Node one is a copy, but names no data source that it writes into."
    ]
    assert pipe(ONE + "TYPE copy\nTARGET_DATASOURCE nothing\n")[1] == [
        "1:1: error: Node one writes into nothing (TARGET_DATASOURCE), and there is no such data source."
    ]


@pytest.mark.parametrize("cron", ["* * * * *", "*/5 0-6 1,15 jan-MAR 0-7", "0 0 * * sun", "1-59/2 * * * *"])
def test_schedules_that_are_right(cron: str) -> None:
    assert problem_with_cron(cron) is None


@pytest.mark.parametrize(
    "cron",
    [
        "* * * *",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * * 13 *",
        "* * * * 8",
        "*/0 * * * *",
        "a * * * *",
        "1, * * * *",
        "-1 * * * *",
    ],
)
def test_schedules_that_are_wrong(cron: str) -> None:
    assert problem_with_cron(cron) is not None


def test_a_sink_writes_to_kafka_or_into_a_bucket() -> None:
    found, findings = pipe(ONE + KAFKA_SINK, EXISTING)
    assert findings == []
    assert found.sink is found.nodes[0]
    assert found.nodes[0].exports == {"connection_name": "broker", "kafka_topic": "t", "schedule": "0 * * * *"}
    found, findings = pipe(
        ONE + BUCKET_SINK + "EXPORT_FORMAT Parquet\nEXPORT_COMPRESSION gz\nEXPORT_WRITE_STRATEGY truncate\n", EXISTING
    )
    assert findings == []
    assert found.nodes[0].exports["bucket_uri"] == "s3://b"
    assert pipe(ONE + KAFKA_SINK.replace("sink", "stream"), EXISTING)[0].sink is not None


@pytest.mark.parametrize(
    ("sink", "word"),
    [(KAFKA_SINK, "EXPORT_CONNECTION_NAME"), (KAFKA_SINK, "EXPORT_SCHEDULE")]
    + [
        (BUCKET_SINK, word)
        for word in ("EXPORT_CONNECTION_NAME", "EXPORT_SCHEDULE", "EXPORT_BUCKET_URI", "EXPORT_FILE_TEMPLATE")
    ],
)
def test_a_sink_needs_its_directives(sink: str, word: str) -> None:
    kept = "".join(line + "\n" for line in sink.splitlines() if not line.startswith(word))
    assert pipe(ONE + kept, EXISTING)[1] == [f"4:1: error: Node one is a sink and needs {word}."]


@pytest.mark.parametrize(
    ("sink", "line", "expected"),
    [
        (
            KAFKA_SINK,
            "EXPORT_BUCKET_URI b",
            "8:1: error: EXPORT_BUCKET_URI is for a bucket, and EXPORT_KAFKA_TOPIC for Kafka.",
        ),
        (BUCKET_SINK, "EXPORT_FORMAT xml", "9:15: error: EXPORT_FORMAT cannot be xml."),
        (BUCKET_SINK, "EXPORT_WRITE_STRATEGY old", "9:23: error: EXPORT_WRITE_STRATEGY cannot be old."),
        (BUCKET_SINK, "EXPORT_SERVICE s3", "9:1: warning: EXPORT_SERVICE is not needed; the connection says it."),
    ],
)
def test_what_is_wrong_in_a_sink_is_found(sink: str, line: str, expected: str) -> None:
    assert pipe(f"{ONE}{sink}{line}\n", EXISTING)[1] == [expected]


def test_a_sink_without_its_connection_warns() -> None:
    assert pipe(ONE + BUCKET_SINK)[1] == [
        "1:1: warning: There is no connection out in this project: this is kept, but nothing flows through it."
    ]


@pytest.mark.parametrize(
    ("line", "word", "kind"),
    [
        ("DATASOURCE events", "DATASOURCE", "standard"),
        ("TYPE endpoint\nCOPY_MODE append", "COPY_MODE", "endpoint"),
        ("EXPORT_SCHEDULE @on-demand", "EXPORT_SCHEDULE", "standard"),
    ],
)
def test_directives_of_another_type_warn(line: str, word: str, kind: str) -> None:
    findings = pipe(f"{ONE}{line}\n", EVENTS)[1]
    assert [finding.partition(": ")[2] for finding in findings] == [
        f"warning: {word} does nothing for a node of type {kind}."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: error: A pipe needs at least one NODE."),
        ("DESCRIPTION x\n", "1:1: error: A pipe needs at least one NODE."),
        ("NODE\nSQL >\n    SELECT 1\n", "1:1: error: NODE needs a name."),
        ("NODE a b\nSQL >\n    SELECT 1\n", "1:6: error: `a b` cannot be the name of a node."),
        ("NODE one\n", "1:1: error: Node one has no SQL."),
        ("NODE one\nSQL >\n\n", "2:1: error: The SQL of node one is empty."),
        (ONE + ONE, "4:1: error: There are two nodes one."),
        (ONE + "TYPE endpiont\n", "4:6: error: There is no type of node endpiont."),
        ("TYPE endpoint\n" + ONE, "1:1: error: TYPE stands before any NODE."),
        (ONE + "SCHEMA >\n    a String\n", None),
        (
            ONE + "TYPE endpoint\nNODE two\nTYPE endpoint\nSQL >\n    SELECT 1\n",
            "5:1: error: Node two is of type endpoint, and node one of type endpoint: a pipe has one such node.",
        ),
    ],
)
def test_what_is_wrong_in_a_pipe_is_found(text: str, expected: str | None) -> None:
    findings = pipe(text)[1]
    assert findings == ([] if expected is None else [expected])


def test_the_classic_engine_of_a_target_is_read() -> None:
    text = ONE + "TYPE materialized\nDATASOURCE mine\nENGINE AggregatingMergeTree\nENGINE_SORTING_KEY a\n"
    found, findings = pipe(text)
    assert findings == []
    assert found.nodes[0].engine == Engine("AggregatingMergeTree", sorting_key="a")
    assert "6:1: error: ENGINE cannot stand in a .pipe file." in pipe(text, compat="forward")[1]


def test_a_pipe_may_have_a_filter_and_a_version() -> None:
    found, findings = pipe("VERSION 2\nFILTER \"a = 'x y'\"\n" + ONE)
    assert (found.filter and found.filter.condition, found.alias) == ("a = 'x y'", "answer__v2")
    assert findings == ["1:1: warning: VERSION is of the classic dialect: both answer and answer__v2 name this."]


@pytest.mark.parametrize("condition", ["", '""', "a = {{String(a)}}", "{% if x %} a = 1 {% end %}"])
def test_a_filter_is_a_condition_and_no_template(condition: str) -> None:
    found, findings = pipe(f"FILTER {condition}\n" + ONE)
    assert found.filter is None
    assert findings == ["1:1: error: FILTER takes a condition on the pipe's columns, without a template."]


def test_a_pipe_of_a_playground_is_not_served() -> None:
    project = read({"playgrounds/look.pipe": ONE + "TYPE endpoint\nTOKEN a READ\n"})
    assert project.pipes["look"].endpoint is None
    assert told(project) == []


def test_names_are_told_apart() -> None:
    project = read({"a.pipe": ONE.replace("one", "b"), "b.pipe": ONE, "b.datasource": SCHEMA})
    assert told(project) == [
        "a.pipe:1:1: warning: Node b is named as a data source; inside this pipe the name means the node.",
        "b.pipe:1:1: error: There is a data source b as well: SQL could not tell them apart.",
    ]


@pytest.mark.parametrize("name", ["a b", "1a", "a`b", "a.b", "ä", "a" * 201])
def test_a_name_is_one_that_sql_can_say(name: str) -> None:
    project = read({f"{name}.pipe": ONE})
    assert project.pipes == {}
    assert told(project) == [f"{name}.pipe:1:1: error: `{name[:80]}` cannot be the name of a pipe."]


def test_two_files_of_one_name_are_one_if_they_say_the_same() -> None:
    same = read({"x/a.pipe": ONE, "y/a.pipe": ONE.replace("    ", "  ")})
    assert told(same) == []
    other = read({"x/a.pipe": ONE, "y/a.pipe": ONE.replace("1", "2")})
    assert told(other) == ["y/a.pipe:1:1: warning: There is another pipe a, in x/a.pipe; this one holds."]
    assert other.pipes["a"].nodes[0].sql == "SELECT 2"


INCLUDED = "NODE shared\nSQL >\n    SELECT $what AS x\n"


def test_classic_files_include_others() -> None:
    project = read({"pipes/a.pipe": 'INCLUDE "../parts/b.incl" "what=7"\n' + ONE, "parts/b.incl": INCLUDED})
    assert told(project) == []
    assert [(node.name, node.sql) for node in project.pipes["a"].nodes] == [
        ("shared", "SELECT 7 AS x"),
        ("one", "SELECT 1"),
    ]
    assert project.pipes["a"].nodes[0].place.file == "parts/b.incl"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"a.pipe": "INCLUDE none.incl\n" + ONE}, "a.pipe:1:9: error: There is no file none.incl to include."),
        ({"a.pipe": "INCLUDE ../../x\n" + ONE}, "a.pipe:1:9: error: There is no file ../../x to include."),
        ({"a.pipe": "INCLUDE\n" + ONE}, "a.pipe:1:1: error: INCLUDE names no file."),
        (
            {"a.pipe": "INCLUDE b.incl\n" + ONE, "b.incl": "INCLUDE b.incl\n"},
            "b.incl:1:1: error: Files include one another more than 5 deep.",
        ),
    ],
)
def test_what_cannot_be_included_is_found(files: dict[str, str], expected: str) -> None:
    assert told(read(files)) == [expected]


def test_including_is_of_the_classic_dialect() -> None:
    project = read({"a.pipe": "INCLUDE b.incl\n" + ONE, "b.incl": INCLUDED}, compat="forward")
    assert told(project) == ["a.pipe:1:1: error: INCLUDE is of the classic dialect."]


def test_a_pipe_that_moves_rows_out_of_an_earlier_release_is_left_out() -> None:
    moving = (
        "NODE one\nSQL >\n    -- from v1_0_2.x\n    SELECT * FROM v1_0_2.events\nTYPE materialized\nDATASOURCE events\n"
    )
    project = read({"a.pipe": moving, "b.pipe": ONE.replace("1", "'v1_0_2.events'"), **EVENTS})
    assert list(project.pipes) == ["b"]
    assert told(project) == [
        (
            "a.pipe:3:5: warning: v1_0_2.events is a table of an earlier release, in the classic dialect: "
            "this pipe is left out."
        )
    ]
