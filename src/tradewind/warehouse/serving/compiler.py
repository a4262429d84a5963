"""The compiler of projects as the query side uses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tradewind.warehouse.datafiles.compiler import Query
from tradewind.warehouse.datafiles.compiling import compile_node, compile_sql
from tradewind.warehouse.datafiles.model import Node, Pipe, Place
from tradewind.warehouse.datafiles.parameters import parameters_of
from tradewind.warehouse.datafiles.templates import Parameter, parse
from tradewind.warehouse.workspaces.scopes import Value

if TYPE_CHECKING:
    from tradewind.warehouse.serving.queries import ReleaseNames

_QUERY = Place("the query")


class ProjectCompiler:
    """Compiles nodes with the release's secrets, and callers' own texts without any."""

    def node(
        self,
        names: ReleaseNames,
        pipe: Pipe,
        node: Node | None,
        values: Mapping[str, Value],
        filters: Mapping[str, str],
    ) -> Query:
        return compile_node(names, pipe, node, values, secrets=names.secrets, filters=filters)

    def parameters(self, pipe: Pipe) -> Sequence[Parameter]:
        return parameters_of(pipe)

    def render(self, text: str, values: Mapping[str, Value]) -> str:
        return parse(text, _QUERY).render(values, secrets=None).sql

    def text(
        self,
        names: ReleaseNames,
        text: str,
        values: Mapping[str, Value],
        pipeline: Pipe | None,
        filters: Mapping[str, str],
    ) -> Query:
        return compile_sql(names, text, values, pipeline=pipeline.name if pipeline else None, filters=filters)
