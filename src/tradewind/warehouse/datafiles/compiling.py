"""Makes of a pipe's node, or of a caller's SQL, the one text that the engine runs.

The nodes and pipes that it reads become common table expressions in front of it, never subqueries around it, so that
the ORDER BY of its own text holds. Data sources become the qualified names of their tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tradewind.core.errors import TradewindError
from tradewind.warehouse.datafiles import parameters
from tradewind.warehouse.datafiles.compiler import (
    COPY_FUNCTIONS,
    TABLE_FUNCTIONS,
    Compiler,
    Names,
    Query,
    Text,
    Values,
    plain,
    unknown_resource,
    where,
)
from tradewind.warehouse.datafiles.model import Node, NodeType, Pipe, Place
from tradewind.warehouse.datafiles.templates import parse
from tradewind.warehouse.datafiles.templates.trials import trials_of


def compile_node(
    names: Names,
    pipe: Pipe,
    node: Node | None = None,
    values: Values | None = None,
    *,
    secrets: Mapping[str, str] | None = None,
    filters: Mapping[str, str] | None = None,
    checking: bool = False,
    tests: bool = False,
) -> Query:
    """The query of a node; of the pipe's output without one.

    `filters`: by data source, an SQL condition that its rows have to meet. `checking`: without a caller.
    `tests`: with one thread, so that rows that tie come in one order.
    Raises TemplateError, SqlError and UnknownResource.
    """
    node = node or pipe.output
    allowed = TABLE_FUNCTIONS | COPY_FUNCTIONS if node.type is NodeType.COPY else TABLE_FUNCTIONS
    compiler = Compiler(names, values or {}, secrets or {}, filters or {}, allowed, checking=checking)
    query = compiler.query(Text.of_node(pipe, node), compiler.rendered(pipe, node))
    if query.result_filter is not None and node.type not in (NodeType.STANDARD, NodeType.ENDPOINT):
        # What is stored or sent has no caller whose order would have to be kept.
        query = replace(query, sql=where(query.sql, query.result_filter), result_filter=None)
    return replace(query, settings={**query.settings, "max_threads": 1}) if tests else query


def compile_sql(
    names: Names,
    text: str,
    values: Values | None = None,
    *,
    pipeline: str | None = None,
    filters: Mapping[str, str] | None = None,
) -> Query:
    """The query of a caller's own text, a template if it begins with `%`.

    With `pipeline` the nodes of that pipe can be named too, and `_` is its output. Raises as `compile_node` does.
    """
    pipe = None
    if pipeline is not None:
        pipe = names.project.pipe(pipeline)
        if pipe is None:
            raise unknown_resource(pipeline, names.project, "the query")
    compiler = Compiler(names, values or {}, {}, filters or {}, TABLE_FUNCTIONS, checking=False)
    stripped = text.lstrip()
    if stripped.startswith("%"):
        template = parse(stripped[1:], Place("the query"))
        rendered = template.render(values or {}, secrets=None)
    else:
        rendered = plain(text)
    return compiler.query(Text("the query", pipe), rendered)


@dataclass(frozen=True, slots=True)
class Trial:
    """A node compiled with values that no caller has sent: what was tried, and the query or what went wrong."""

    about: str
    query: Query | None = None
    error: TradewindError | None = None


def trials(
    names: Names, pipe: Pipe, node: Node | None = None, *, secrets: Mapping[str, str] | None = None
) -> list[Trial]:
    """More renderings of a node than the one without a caller, each a little different from it: what they find is
    worth a warning. Each text once, at most `MOST` of them."""
    node = node or pipe.output
    template = parameters.template_of(node)
    if template is None:
        return []
    found: list[Trial] = []
    seen = {compile_node(names, pipe, node, secrets=secrets, checking=True).sql}
    for trial in trials_of([template], template.parameters):
        try:
            query = compile_node(names, pipe, node, trial.values, secrets=secrets, checking=True)
        except TradewindError as wrong:
            found.append(Trial(trial.about, error=wrong))
            continue
        if query.sql not in seen:
            seen.add(query.sql)
            found.append(Trial(trial.about, query))
    return found


def trigger_of(names: Names, pipe: Pipe, node: Node | None = None) -> str | None:
    """The data source whose inserts a materialization follows: the first table of its FROM, looked up through the
    nodes and pipes before it. None if there is none."""
    compiler = Compiler(names, {}, {}, {}, TABLE_FUNCTIONS | COPY_FUNCTIONS, checking=True)
    return compiler.first_source(Text.of_node(pipe, node or pipe.output))
