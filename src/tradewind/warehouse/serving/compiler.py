"""The compiler as the query side uses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tradewind.warehouse.datafiles.model import Node, Pipe
from tradewind.warehouse.serving.errors import QueryRefused
from tradewind.warehouse.workspaces.scopes import Value

if TYPE_CHECKING:
    from tradewind.warehouse.serving.queries import ReleaseNames


@dataclass(frozen=True, slots=True)
class Text:
    sql: str
    bound: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    cache_seconds: float | None = None


class PlainSql:
    """Names in FROM, JOIN and IN become tables and pipes; nodes are put in as WITH. Templates are not understood."""

    def node(
        self,
        names: ReleaseNames,
        pipe: Pipe,
        node: Node | None,
        values: Mapping[str, Value],
        filters: Mapping[str, str],
    ) -> Text:
        end = node or pipe.output
        parts = [
            f"`{each.name}` AS ({self._resolved(names, self._rendered(each.sql, values), filters)})"
            for each in pipe.nodes[: pipe.nodes.index(end)]
        ]
        text = self._resolved(names, self._rendered(end.sql, values), filters)
        return Text(f"WITH {', '.join(parts)} {text}" if parts else text)

    def render(self, text: str, values: Mapping[str, Value]) -> str:
        return self._rendered(text, values)

    def text(
        self,
        names: ReleaseNames,
        text: str,
        values: Mapping[str, Value],
        pipeline: Pipe | None,
        filters: Mapping[str, str],
    ) -> Text:
        return Text(self._resolved(names, text, filters, pipeline, values))

    def _rendered(self, sql: str, values: Mapping[str, Value]) -> str:
        def put(match: re.Match[str]) -> str:
            value = values.get(match[1], match[2] or "")
            escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
            return f"'{escaped}'"

        if "{{error" in sql:
            raise QueryRefused("as the project says")
        return re.sub(r"\{\{\s*String\((\w+)(?:,\s*'([^']*)')?\)\s*\}\}", put, sql)

    def _resolved(
        self,
        names: ReleaseNames,
        sql: str,
        filters: Mapping[str, str],
        pipeline: Pipe | None = None,
        values: Mapping[str, Value] | None = None,
    ) -> str:
        def put(match: re.Match[str]) -> str:
            name = match[2]
            pipe = names.project.pipe(name) if name != "_" else pipeline
            if pipe is not None:
                return f"{match[1]} ({self.node(names, pipe, None, values or {}, filters).sql})"
            table = names.service(name) if name.startswith("tinybird.") else names.table(name)
            if table is None:
                return match[0]
            condition = filters.get(name)
            return f"{match[1]} (SELECT * FROM {table} WHERE {condition})" if condition else f"{match[1]} {table}"

        return re.sub(r"\b(FROM|JOIN|IN)\s+([A-Za-z_][\w.]*)", put, sql, flags=re.IGNORECASE)
