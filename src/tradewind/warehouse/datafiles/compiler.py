"""Compiles one query: finds what its names stand for, and puts the nodes that it reads in front of it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from tradewind.core.errors import NotFound
from tradewind.warehouse.datafiles import parameters
from tradewind.warehouse.datafiles.model import Node, Pipe, Project
from tradewind.warehouse.datafiles.sql_levels import Analysis, Level, Reference, Select
from tradewind.warehouse.datafiles.sql_tables import analyze, expression_references
from tradewind.warehouse.datafiles.sql_words import SqlError, without_commented_values
from tradewind.warehouse.datafiles.templates import Rendered, parse
from tradewind.warehouse.datafiles.templates.remembering import Remembered
from tradewind.warehouse.datafiles.templates.values import MARK, fill
from tradewind.warehouse.quoting import identifier

Values = Mapping[str, str | Sequence[str]]

LONGEST = 1_000_000
MOST_NODES = 200
DEEPEST = 40
TABLE_FUNCTIONS = frozenset(
    "generaterandom null numbers numbers_mt values zeros zeros_mt generateseries generate_series".split()
)
COPY_FUNCTIONS = frozenset("postgresql mysql mongodb url azureblobstorage gcs iceberg s3 deltalake".split())
"""Table functions that a copy pipe may read from; whether the network can be reached is not decided here."""
SYSTEM_TABLES = frozenset({"functions", "numbers", "numbers_mt", "one"})
_REFUSED_CALLS = frozenset(
    """in notin globalin globalnotin nullin notnullin globalnullin globalnotnullin inignoreset notinignoreset
    globalinignoreset globalnotinignoreset nullinignoreset notnullinignoreset
    catboostevaluate currentdatabase currentschemas database file filesystemavailable filesystemcapacity
    filesystemunreserved fqdn getmacro getserversetting hascolumnintable hostname joinget joingetornull schema
    serveruuid showcertificate sleep sleepeachrow""".split()
)
_VERSION = re.compile(r"v[0-9]+_[0-9]+_[0-9]+")
_REFUSED_FAMILIES = ("dictget", "dicthas", "dictis")


class Names(Protocol):
    """What names stand for. A `Release` is one.

    It may also have `service(name) -> str | None`, the qualified table of `tinybird.<name>`.
    """

    @property
    def project(self) -> Project: ...

    def table(self, name: str, /) -> str | None: ...


class UnknownResource(NotFound):
    """SQL names a table that the workspace does not have."""

    code = "unknown_resource"
    status = 404

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class Query:
    """What the engine is given, and what is to know about it."""

    sql: str
    bound: Mapping[str, str] = field(default_factory=dict)
    """The engine's own query parameters `{name: String}`: secrets."""
    settings: Mapping[str, int] = field(default_factory=dict)
    reads: frozenset[str] = frozenset()
    """The data sources that are read, by name: quarantines, `tinybird.x` and shared `ws.x` too."""
    pipes: frozenset[str] = frozenset()
    """The pipes that are read as tables."""
    named: frozenset[str] = frozenset()
    """What the text itself names, data sources and pipes: what a caller of /v0/sql needs rights for."""
    cache_seconds: int | None = None
    format: str | None = None
    """What FORMAT at its end asks for; the text is without it."""
    functions: frozenset[str] = frozenset()
    """The table functions that are used, in lower case."""
    result_filter: str | None = None
    """A condition on its rows, behind ORDER BY and LIMIT: the engine has to be told it as a setting."""
    unknown: tuple[str, ...] = ()
    """While checking: parameters that stand for a name and have no default, so that the engine may refuse the text."""


@dataclass(frozen=True, slots=True)
class Text:
    """Whose text is compiled: how messages call it, the pipe whose nodes it can name, and its node."""

    about: str
    pipe: Pipe | None = None
    node: Node | None = None

    @classmethod
    def of_node(cls, pipe: Pipe, node: Node) -> Text:
        return cls(f"node {node.name} of pipe {pipe.name}", pipe, node)

    @property
    def key(self) -> tuple[str, str]:
        return (self.pipe.name if self.pipe else "", self.node.name if self.node else "")


@dataclass(frozen=True, slots=True)
class _Target:
    """What a name stands for: a table, or a node that becomes a common table expression."""

    name: str
    """The data source or the pipe, as the project calls it; a node's own name for one of the same pipe."""
    table: str | None = None
    text: Text | None = None
    is_pipe: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A text with what the names in it stand for."""

    text: Text
    analysis: Analysis
    literals: tuple[str, ...]
    targets: tuple[_Target | None, ...]
    """In the order of the analysis' references; None for what stays as it is."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """SQL with marks and their literals."""

    shape: str
    literals: tuple[str, ...] = ()


class Compiler:
    """Compiles one query. Each node that it reads becomes one common table expression, however often it is read."""

    def __init__(
        self,
        names: Names,
        values: Values,
        secrets: Mapping[str, str],
        filters: Mapping[str, str],
        allowed: frozenset[str],
        *,
        checking: bool,
    ) -> None:
        self.names = names
        self.values = values
        self.secrets = secrets
        self.filters = filters
        self.allowed = allowed
        self.checking = checking
        self.parts: dict[tuple[str, str], _Part] = {}
        """The nodes that are read, each behind those that it reads itself."""
        self.open: list[Text] = []
        self.bound: dict[str, str] = {}
        self.settings: dict[str, int] = {}
        self.cache_seconds: list[int] = []
        self.unknown: list[str] = []

    def query(self, text: Text, rendered: Rendered) -> Query:
        main = self._part(text, rendered)
        called = self._called([*self.parts.values(), main])
        expressions = [
            (called[key], self._filtered(part, self._piece(part, called))) for key, part in self.parts.items()
        ]
        whole = self._piece(main, called, expressions)
        sql = fill(whole.shape, whole.literals)
        if len(sql) > LONGEST:
            raise SqlError(f"The SQL of {text.about} gets longer than {LONGEST} characters.")
        every = [target for part in (*self.parts.values(), main) for target in part.targets if target is not None]
        return Query(
            sql,
            self.bound,
            self.settings,
            reads=frozenset(target.name for target in every if target.table is not None),
            pipes=frozenset(target.name for target in every if target.is_pipe),
            named=frozenset(
                target.name for target in main.targets if target is not None and (target.table or target.is_pipe)
            ),
            cache_seconds=min(self.cache_seconds, default=None),
            format=main.analysis.format,
            functions=frozenset(
                function.lower() for part in (*self.parts.values(), main) for function in part.analysis.functions
            ),
            result_filter=self._row_filter(text),
            unknown=tuple(self.unknown),
        )

    def rendered(self, pipe: Pipe, node: Node) -> Rendered:
        """A node's SQL for the values that were sent."""
        if not node.is_template:
            return plain(node.sql)
        template = parse(node.sql, node.sql_place)
        return template.render(
            self.values, secrets=self.secrets, checking=self.checking, arrays=parameters.arrays_of(pipe)
        )

    def first_source(self, text: Text) -> str | None:
        """The data source behind the first table of a node's FROM."""
        assert text.pipe is not None
        assert text.node is not None
        for _ in range(DEEPEST):
            analysis = analyzed(self.rendered(text.pipe, text.node).shape, text.about)
            reference = _first_reference(analysis.top)
            target = None if reference is None else self.resolved(text, reference)
            if target is None or target.table is not None:
                return None if target is None else target.name
            assert target.text is not None
            text = target.text
            assert text.pipe is not None
            assert text.node is not None
        raise SqlError(f"Pipes read each other more than {DEEPEST} levels deep.")

    # First: all texts, and what they name

    def _part(self, text: Text, rendered: Rendered) -> _Part:
        self._note(rendered)
        shape, literals = rendered.shape, rendered.literals
        if literals and "/*" in shape:
            shape, kept = without_commented_values(shape)
            literals = tuple(literals[index] for index in kept)
        analysis = analyzed(shape, text.about)
        self._check_functions(analysis, text.about)
        self.open.append(text)
        if len(self.open) > DEEPEST:
            raise SqlError(f"Pipes read each other more than {DEEPEST} levels deep.")
        targets = tuple(self.resolved(text, reference, analysis.aliases) for reference in analysis.references)
        for target in targets:
            if target is not None and target.text is not None:
                self._read_node(target.text)
        self.open.pop()
        return _Part(text, analysis, literals[: analysis.text.count(MARK)] if literals else (), targets)

    def _read_node(self, text: Text) -> None:
        if any(text.key == one.key for one in self.open):
            circle = " reads ".join(one.about for one in (*self.open, text))
            raise SqlError(f"Nodes read each other in a circle: {circle}.")
        if text.key in self.parts:
            return
        if len(self.parts) >= MOST_NODES:
            raise SqlError(f"A query reads more than {MOST_NODES} nodes.")
        assert text.pipe is not None
        assert text.node is not None
        self.parts[text.key] = self._part(text, self.rendered(text.pipe, text.node))

    def _note(self, rendered: Rendered) -> None:
        for name, value in rendered.bound.items():
            if self.bound.setdefault(name, value) != value:
                raise SqlError(f"The secret {name} has two different defaults in one query. Give it the same in both.")
        if rendered.max_threads is not None:
            self.settings["max_threads"] = max(rendered.max_threads, self.settings.get("max_threads", 0))
        if rendered.cache_seconds is not None:
            self.cache_seconds.append(rendered.cache_seconds)
        self.unknown += rendered.unknown

    def _check_functions(self, analysis: Analysis, about: str) -> None:
        for function in analysis.functions:
            if function.lower() not in self.allowed:
                raise SqlError(f"The table function {function}() cannot be used ({about}).")
        for call in sorted(analysis.calls):
            if call in _REFUSED_CALLS or call.startswith(_REFUSED_FAMILIES):
                raise SqlError(f"The function {call}() cannot be used ({about}).")

    # Then: names for the expressions, and the text

    def _called(self, parts: Sequence[_Part]) -> dict[tuple[str, str], str]:
        """A name for each node that is read; none that a WITH of any text defines itself."""
        taken = {name for part in parts for name in part.analysis.defined}
        called: dict[tuple[str, str], str] = {}
        for key in self.parts:
            name, count = key[1], 1
            while name in taken:
                name = f"{key[0]}.{key[1]}" + (f".{count}" if count > 1 else "")
                count += 1
            taken.add(name)
            called[key] = name
        return called

    def _piece(
        self,
        part: _Part,
        called: Mapping[tuple[str, str], str],
        expressions: Sequence[tuple[str, _Piece]] = (),
    ) -> _Piece:
        """The text with what its names stand for, and with the expressions in front of it or in its own WITH."""
        edits: list[tuple[int, int, str]] = []
        filtered: dict[int, Select] = {}
        for reference, target in zip(part.analysis.references, part.targets, strict=True):
            if target is not None:
                edits += self._edits(reference, target, part.analysis, called)
                if self._filter(target) is not None and not reference.is_in:
                    filtered[id(reference.select)] = reference.select
        for select in filtered.values():
            edits += select.prewhere()
        if not expressions:
            return _Piece(_edited(part.analysis.text, edits), part.literals)
        listed = ",\n".join(f"{identifier(name)} AS (\n{piece.shape}\n)" for name, piece in expressions)
        inserted = [literal for _, piece in expressions for literal in piece.literals]
        literals: list[str] = []
        given = 0
        for offset, has_with in part.analysis.top.points:
            edits.append((offset, offset, f" {listed}," if has_with else f"WITH {listed}\n"))
            before = part.analysis.text.count(MARK, 0, offset)
            literals += [*part.literals[given:before], *inserted]
            given = before
        return _Piece(_edited(part.analysis.text, edits), (*literals, *part.literals[given:]))

    def _filtered(self, part: _Part, piece: _Piece) -> _Piece:
        """A node as others read it: without the rows that its pipe's FILTER keeps back."""
        condition = self._row_filter(part.text)
        return piece if condition is None else replace(piece, shape=where(piece.shape, condition))

    def _row_filter(self, text: Text) -> str | None:
        """The condition of a pipe's FILTER on a node's rows. It knows their columns, and reads no table."""
        found = text.pipe.filter_of(text.node) if text.pipe is not None and text.node is not None else None
        if found is None or text.pipe is None:
            return None
        about = f"FILTER of pipe {text.pipe.name}"
        analysis = analyzed(plain(found.condition).shape, about, is_condition=True)
        if analysis.references or analysis.functions:
            raise SqlError(f"FILTER knows only the columns of its pipe, and reads no table ({about}).")
        self._check_functions(analysis, about)
        return analysis.text

    def _edits(
        self, reference: Reference, target: _Target, analysis: Analysis, called: Mapping[tuple[str, str], str]
    ) -> list[tuple[int, int, str]]:
        own = reference.path[-1]
        if target.text is not None:
            expression = called[target.text.key]
            replacement, is_renamed = identifier(expression), expression != own
        else:
            assert target.table is not None
            replacement, is_renamed = target.table, True
        edits: list[tuple[int, int, str]] = []
        condition = self._filter(target)
        if condition is not None:
            rows = f"{target.table} AS {identifier(own)}"
            if reference.final is not None:
                start, end = reference.final
                rows += f" {analysis.text[start:end]}"
                edits.append((start, end, ""))
            replacement = f"(SELECT * FROM {rows} WHERE ({self._condition(target.name, condition)}))"
        needs_alias = own in analysis.qualified or reference.select.tables > 1
        if is_renamed and needs_alias and not reference.has_alias and not reference.is_in:
            replacement += f" AS {identifier(own)}"
        return [(reference.start, reference.end, replacement), *edits]

    def _filter(self, target: _Target) -> str | None:
        """The condition for a source's rows; for those in its quarantine too, lest they show what it hides."""
        if target.table is None:
            return None
        return self.filters.get(target.name) or self.filters.get(target.name.removesuffix("_quarantine"))

    def _condition(self, source: str, condition: str) -> str:
        """A row filter with what its own names stand for; the tables that it reads are not filtered again."""
        about = Text(f"the filter of {source}")
        analysis = analyzed(condition, about.about, is_condition=True)
        if analysis.functions:
            raise SqlError(f"The filter of {source} uses a table function.")
        self._check_functions(analysis, about.about)
        edits = []
        for reference in analysis.references:
            target = self.resolved(about, reference)
            if target is not None and target.table is None:
                raise SqlError(f"The filter of {source} reads a pipe; it can only read data sources.")
            if target is not None and target.table is not None:
                edits.append((reference.start, reference.end, target.table))
        return _edited(analysis.text, edits)

    # Names

    def resolved(self, text: Text, reference: Reference, columns_of: Collection[str] = ()) -> _Target | None:
        """What a name stands for; None if it is to stay as it is. `columns_of`: the text's own names for tables.
        Raises UnknownResource."""
        path = reference.path
        found = self._simple(text, path[0]) if len(path) == 1 else self._qualified(path)
        if found is not None or self._stays(path, reference, columns_of):
            return found
        raise unknown_resource(reference.name, self.names.project, text.about)

    def _stays(self, path: tuple[str, ...], reference: Reference, columns_of: Collection[str]) -> bool:
        if reference.is_in:
            # `x IN t.column` needs its table in the text; any other name would be a table that is not the workspace's.
            return len(path) > 1 and path[0] in columns_of
        return len(path) == 2 and path[0].lower() == "system" and path[1] in SYSTEM_TABLES

    def _simple(self, text: Text, name: str) -> _Target | None:
        if text.pipe is not None:
            if name == "_" and text.node is None:
                return _Target("_", text=Text.of_node(text.pipe, text.pipe.output))
            node = text.pipe.node(name)
            if node is not None and (text.node is None or node.name != text.node.name):
                return _Target(name, text=Text.of_node(text.pipe, node))
        project = self.names.project
        table = self.names.table(name)
        if table is not None:
            source = project.source(name)
            return _Target(source.name if source is not None else name, table=table)
        pipe = project.pipe(name)
        if pipe is not None:
            return _Target(pipe.name, text=Text.of_node(pipe, pipe.output), is_pipe=True)
        if text.pipe is not None and text.node is not None and text.node.name == name:
            return _Target(name, text=text)
        return None

    def _qualified(self, path: tuple[str, ...]) -> _Target | None:
        name = ".".join(path)
        if len(path) == 2 and path[0] == "tinybird":
            service = getattr(self.names, "service", None)
            table = service(path[1]) if service is not None else None
        elif len(path) == 2 and _VERSION.fullmatch(path[0]):
            # Files of the classic kind name an earlier release's data: what it was is in the source today.
            return self._simple(Text(""), path[1])
        else:
            table = self.names.table(name)
        return None if table is None else _Target(name, table=table)


def where(sql: str, condition: str) -> str:
    """The rows of a query that meet a condition, in no order."""
    return f"SELECT * FROM (\n{sql}\n) WHERE ({condition}\n)"


def plain(text: str) -> Rendered:
    """SQL that is no template, as if it had been rendered."""
    if "\x01" in text:
        raise SqlError("The SQL holds a control character.")
    return Rendered(text, sql=text)


def unknown_resource(name: str, project: Project, about: str) -> UnknownResource:
    close = difflib.get_close_matches(name, [*project.sources, *project.pipes], 1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return UnknownResource(f"There is no data source or pipe called '{name}' ({about}).{hint}", name)


_analyses: Remembered[tuple[str, bool], Analysis] = Remembered(most=64_000_000)


def analyzed(shape: str, about: str, *, is_condition: bool = False) -> Analysis:
    """The analysis of a text, kept by the text: values that callers send are not in it."""
    key = (shape, is_condition)
    found = _analyses.get(key)
    if found is None:
        try:
            found = expression_references(shape) if is_condition else analyze(shape)
        except SqlError as wrong:
            raise SqlError(f"{wrong} ({about})") from None
        _analyses.keep(key, found, weight=10 * len(shape) + 2_000)
    return found


def _first_reference(top: Level) -> Reference | None:
    """The first table of the first SELECT, looked for in the text's own subqueries and WITH too."""
    first = top.first
    while True:
        if isinstance(first, Level):
            first = first.first
        elif first is not None and first.cte is not None:
            first = first.cte.first
        else:
            return first


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    """The text with some of its parts replaced."""
    if not edits:
        return text
    pieces: list[str] = []
    at = 0
    for start, end, replacement in sorted(edits):
        pieces += (text[at:start], replacement)
        at = end
    return "".join((*pieces, text[at:]))
