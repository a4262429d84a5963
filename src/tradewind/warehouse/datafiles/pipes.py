"""Reads `.pipe` files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import dedent

from tradewind.warehouse.datafiles.directives import (
    Reading,
    check_name,
    choice,
    last_of_each,
    schedule_of,
    tags_of,
    tokens_of,
    truth,
    version_alias,
)
from tradewind.warehouse.datafiles.engines import ENGINE_ALIASES, ENGINE_WORDS, engine_of
from tradewind.warehouse.datafiles.findings import Findings, did_you_mean
from tradewind.warehouse.datafiles.lexing import Block, Dialect, Entry, Takes
from tradewind.warehouse.datafiles.model import Engine, Node, NodeType, Permission, Pipe, Place, RowFilter

EXPORT_WORDS = (
    "EXPORT_CONNECTION_NAME",
    "EXPORT_SCHEDULE",
    "EXPORT_KAFKA_TOPIC",
    "EXPORT_BUCKET_URI",
    "EXPORT_FILE_TEMPLATE",
    "EXPORT_FORMAT",
    "EXPORT_COMPRESSION",
    "EXPORT_STRATEGY",
    "EXPORT_WRITE_STRATEGY",
    "EXPORT_SERVICE",
)
_OF_NODE = (
    "SQL",
    "TYPE",
    "DATASOURCE",
    "DEPLOYMENT_METHOD",
    "TARGET_DATASOURCE",
    "COPY_SCHEDULE",
    "COPY_MODE",
    "ON_DEMAND_COMPUTE",
    *EXPORT_WORDS,
)

DIALECT = Dialect(
    ".pipe file",
    {
        **dict.fromkeys(("NODE", "TOKEN", "VERSION", "FILTER", "INCLUDE"), Takes.VALUE),
        **dict.fromkeys(_OF_NODE, Takes.VALUE),
        **dict.fromkeys(("DESCRIPTION", "TAGS"), Takes.EITHER),
        **dict.fromkeys(ENGINE_WORDS, Takes.EITHER),
        "SQL": Takes.BLOCK,
    },
    aliases={
        "SCOPE": "NODE",
        "MODE": "COPY_MODE",
        **ENGINE_ALIASES,
    },
    hints={
        "SETTINGS": "Write ENGINE_SETTINGS.",
        "SCHEMA": "A SCHEMA belongs into a .datasource file.",
        "INDEXES": "INDEXES belong into a .datasource file.",
        "FORWARD_QUERY": "A FORWARD_QUERY belongs into a .datasource file.",
        "CACHE": "Write {{cache_ttl('1m')}} in the SQL instead.",
    },
)


def pipe_of(name: str, entries: Sequence[Entry], text: str, file: str, reading: Reading) -> Pipe:
    """The pipe that a file's entries describe; what is wrong with it is found."""
    findings = reading.findings
    place = Place(file)
    head, sections = _sections(entries)
    _check_head(head, findings)
    whole = [entry for entry in entries if entry.word in ("TOKEN", "VERSION", "FILTER")]
    by_word = last_of_each(whole, ("TOKEN",), findings)
    nodes: dict[str, Node] = {}
    for number, section in enumerate(sections, start=1):
        node = _node(section, number, reading)
        if node is None:
            continue
        if node.name in nodes:
            findings.error(node.place, f"There are two nodes {node.name}.", "Rename one of them.")
        else:
            nodes[node.name] = node
    if not sections:
        findings.error(place, "A pipe needs at least one NODE.", "Add `NODE name` and `SQL >` with a query below it.")
    _check_types(list(nodes.values()), findings)
    tags = tags_of([entry for entry in entries if entry.word == "TAGS"])
    description = next((entry.text for entry in head if entry.word == "DESCRIPTION"), "")
    return Pipe(
        name=name,
        place=place,
        nodes=_published(tuple(nodes.values()), reading),
        description=description,
        tokens=tuple(tokens_of(whole, (Permission.READ,), "pipe", reading)),
        tags=tuple(tag for tag in tags if "=" not in tag),
        filter=_filter(by_word.get("FILTER"), findings),
        alias=version_alias(name, by_word.get("VERSION"), reading),
        text=text,
    )


def _filter(entry: Entry | None, findings: Findings) -> RowFilter | None:
    if entry is None:
        return None
    if not entry.value.strip() or "{{" in entry.value or "{%" in entry.value:
        findings.error(
            entry.place,
            "FILTER takes a condition on the pipe's columns, without a template.",
            "Write `FILTER column = 'value'`, and what depends on parameters into the SQL.",
        )
        return None
    return RowFilter(entry.value.strip(), entry.value_place)


def _sections(entries: Sequence[Entry]) -> tuple[list[Entry], list[list[Entry]]]:
    """What stands before the first NODE, and each NODE with what follows it."""
    head: list[Entry] = []
    sections: list[list[Entry]] = []
    for entry in entries:
        if entry.word == "NODE":
            sections.append([entry])
        else:
            (sections[-1] if sections else head).append(entry)
    return head, sections


def _check_head(head: Sequence[Entry], findings: Findings) -> None:
    for entry in head:
        if entry.word in _OF_NODE or entry.word in ENGINE_WORDS:
            findings.error(entry.place, f"{entry.word} stands before any NODE.", "Put `NODE name` above it.")


def _published(nodes: tuple[Node, ...], reading: Reading) -> tuple[Node, ...]:
    """In the classic dialect a pipe that says nothing serves its last node."""
    if reading.compat != "classic" or not nodes or any(node.type is not NodeType.STANDARD for node in nodes):
        return nodes
    return (*nodes[:-1], replace(nodes[-1], type=NodeType.ENDPOINT))


def _check_types(nodes: Sequence[Node], findings: Findings) -> None:
    special = [node for node in nodes if node.type is not NodeType.STANDARD]
    for node in special[1:]:
        findings.error(
            node.place,
            f"Node {node.name} is of type {node.type}, and node {special[0].name} of type {special[0].type}: "
            "a pipe has one such node.",
            "Move one of them into a pipe of its own, or leave its TYPE away.",
        )


def _node(section: Sequence[Entry], number: int, reading: Reading) -> Node | None:
    findings = reading.findings
    head = section[0]
    name = head.value or f"node_{number}"
    if not head.value:
        findings.error(head.place, "NODE needs a name.", "Write `NODE name`.")
    elif not check_name(name, head.value_place, "node", findings):
        return None
    by_word = last_of_each(section, ("TOKEN", "TAGS"), findings)
    sql = _sql(by_word.get("SQL"), head, name, findings)
    kind = _type(by_word, findings)
    exports = {word.removeprefix("EXPORT_").lower(): by_word[word].value for word in EXPORT_WORDS if word in by_word}
    _check_kind(kind, name, head, by_word, reading)
    schedule = by_word.get("COPY_SCHEDULE")
    cron = schedule_of(schedule, ("@on-demand",), findings) if schedule is not None else None
    mode = choice(by_word["COPY_MODE"], ("append", "replace"), findings) if "COPY_MODE" in by_word else None
    method = by_word.get("DEPLOYMENT_METHOD")
    if "ON_DEMAND_COMPUTE" in by_word:
        truth(by_word["ON_DEMAND_COMPUTE"], findings)
    tags = (tag.partition("=") for tag in tags_of([entry for entry in section if entry.word == "TAGS"]))
    return Node(
        name=name,
        place=head.place,
        sql=sql.text,
        is_template=sql.is_template,
        sql_place=sql.place,
        sql_lines=sql.lines,
        description=by_word["DESCRIPTION"].text if "DESCRIPTION" in by_word else "",
        type=kind,
        tags={key.strip(): value.strip() for key, sign, value in tags if sign},
        datasource=by_word["DATASOURCE"].value or None if "DATASOURCE" in by_word else None,
        alters_in_place=method is not None and choice(method, ("alter",), findings) == "alter",
        target_datasource=by_word["TARGET_DATASOURCE"].value or None if "TARGET_DATASOURCE" in by_word else None,
        copy_schedule=None if cron is None or cron.startswith("@") else cron,
        copy_mode=mode or "append",
        exports=exports,
        engine=_engine(by_word, reading),
    )


def _type(by_word: Mapping[str, Entry], findings: Findings) -> NodeType:
    entry = by_word.get("TYPE")
    if entry is None or not entry.value:
        return NodeType.STANDARD
    try:
        return NodeType(entry.value.lower())
    except ValueError:
        findings.error(
            entry.value_place,
            f"There is no type of node {entry.value[:60]}.",
            did_you_mean(entry.value, list(NodeType)) or f"Choose one of {', '.join(NodeType)}.",
        )
        return NodeType.STANDARD


def _engine(by_word: Mapping[str, Entry], reading: Reading) -> Engine | None:
    said = [entry for word, entry in by_word.items() if word in ENGINE_WORDS]
    if not said:
        return None
    if reading.compat == "forward":
        reading.findings.error(
            said[0].place, f"{said[0].word} cannot stand in a .pipe file.", "Describe the target in a .datasource file."
        )
        return None
    return engine_of(by_word, (), said[0].place, reading.findings)


@dataclass(frozen=True, slots=True)
class _Sql:
    """The SQL of a node, with where it comes from."""

    text: str
    is_template: bool
    place: Place
    lines: tuple[int, ...]


_HIDDEN = re.compile(
    r"[ \t]+(TYPE|DATASOURCE|TARGET_DATASOURCE|COPY_MODE|COPY_SCHEDULE|TOKEN|NODE)"
    r"[ \t]+[\w\"'@*]+(?:[ \t]+READ)?[ \t]*$"
)


def _sql(entry: Entry | None, head: Entry, name: str, findings: Findings) -> _Sql:
    if entry is None or entry.block is None:
        findings.error(head.place, f"Node {name} has no SQL.", "Add `SQL >` with a query below it.")
        return _Sql("", False, head.place, ())
    if not entry.block.lines:
        findings.error(entry.place, f"The SQL of node {name} is empty.", "Write a query on the lines below `SQL >`.")
        return _Sql("", False, entry.place, ())
    for line in entry.block.lines:
        if found := _HIDDEN.match(line.text):
            findings.warn(
                Place(entry.block.file, line.number, found.start(1) + 1),
                f"This {found[1]} is indented, so it is part of the SQL of node {name}.",
                f"Move {found[1]} to the first column.",
            )
    return _sql_of_block(entry.block)


def _sql_of_block(block: Block) -> _Sql:
    """SQL as it is run: a template without its `%`, other SQL moved to the left margin."""
    text = block.text
    lines = [line.number for line in block.lines]
    if not text.lstrip().startswith("%"):
        moved = dedent(text).rstrip()
        first = block.lines[0].text
        column = len(first) - len(moved.split("\n", 1)[0].rstrip()) + 1 if first.strip() else 1
        return _Sql(moved, False, Place(block.file, lines[0], max(1, column)), tuple(lines))
    sign = text.index("%")
    rest = text[sign + 1 :]
    skipped = len(rest) - len(rest.lstrip())
    dropped = rest[:skipped].count("\n")
    offset = sign + 1 + skipped
    place = block.place(min(offset, len(text)))
    return _Sql(rest.strip(), True, place, tuple(lines[dropped:]))


def _check_kind(kind: NodeType, name: str, head: Entry, by_word: Mapping[str, Entry], reading: Reading) -> None:
    """What each type of node needs, and what it has no use for."""
    findings = reading.findings
    place = by_word["TYPE"].place if "TYPE" in by_word else head.place

    def needs(word: str, why: str) -> None:
        if word not in by_word or not by_word[word].value:
            findings.error(place, f"Node {name} {why}.", f"Add `{word} value` to it.")

    if kind is NodeType.MATERIALIZED:
        needs("DATASOURCE", "is materialized, but names no data source that it writes into")
    if kind is NodeType.COPY:
        needs("TARGET_DATASOURCE", "is a copy, but names no data source that it writes into")
    if kind in (NodeType.SINK, NodeType.STREAM):
        _check_sink(name, place, by_word, findings)
    belongs = {
        NodeType.MATERIALIZED: ("DATASOURCE", "DEPLOYMENT_METHOD"),
        NodeType.COPY: ("TARGET_DATASOURCE", "COPY_SCHEDULE", "COPY_MODE"),
        NodeType.SINK: EXPORT_WORDS,
    }
    for needed, words in belongs.items():
        for word in words:
            is_its_own = kind is needed or (kind is NodeType.STREAM and needed is NodeType.SINK)
            if word in by_word and not is_its_own and not (kind is NodeType.COPY and word == "DATASOURCE"):
                findings.warn(
                    by_word[word].place,
                    f"{word} does nothing for a node of type {kind}.",
                    f"Add `TYPE {needed}`, or remove {word}.",
                )


_BUCKET_WORDS = ("EXPORT_BUCKET_URI", "EXPORT_FILE_TEMPLATE")


def _check_sink(name: str, place: Place, by_word: Mapping[str, Entry], findings: Findings) -> None:
    is_classic = "EXPORT_SERVICE" in by_word
    if is_classic:
        findings.warn(
            by_word["EXPORT_SERVICE"].place, "EXPORT_SERVICE is not needed; the connection says it.", "Remove it."
        )
    needed = ["EXPORT_CONNECTION_NAME", "EXPORT_SCHEDULE"]
    if "EXPORT_KAFKA_TOPIC" in by_word:
        needed.append("EXPORT_KAFKA_TOPIC")
        for word in _BUCKET_WORDS:
            if word in by_word:
                findings.error(
                    by_word[word].place, f"{word} is for a bucket, and EXPORT_KAFKA_TOPIC for Kafka.", "Remove one."
                )
    else:
        needed += _BUCKET_WORDS
    for word in needed:
        if word not in by_word or not by_word[word].value:
            findings.error(place, f"Node {name} is a sink and needs {word}.", f"Add `{word} value` to it.")
    if "EXPORT_SCHEDULE" in by_word and by_word["EXPORT_SCHEDULE"].value:
        schedule_of(by_word["EXPORT_SCHEDULE"], ("@on-demand",), findings)
    for word, choices in (
        ("EXPORT_FORMAT", ("csv", "ndjson", "parquet")),
        ("EXPORT_WRITE_STRATEGY", ("new", "truncate")),
        ("EXPORT_STRATEGY", ("@new", "@replace", "@append")),
    ):
        if word in by_word and by_word[word].value:
            choice(by_word[word], choices, findings)
