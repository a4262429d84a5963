"""Values to try a template with, so that a deploy sees more of it than the branches that no caller asks for.

A template that is checked without a caller shows only what stands outside of its conditions. So each parameter is
also given values: those that conditions compare it with, its examples, or one of its type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tradewind.warehouse.datafiles.templates.declared import Parameter, constant
from tradewind.warehouse.datafiles.templates.nodes import Call, Comparison, Expression, Name, Node, walk
from tradewind.warehouse.datafiles.templates.template import Template
from tradewind.warehouse.datafiles.templates.types import TYPES
from tradewind.warehouse.datafiles.templates.values import text_of

MOST = 60
MOST_PER_PARAMETER = 8
_DATES = {"day_diff": "2024-01-01", "date_diff_in_days": "2024-01-01"} | dict.fromkeys(
    ("date_diff_in_hours", "date_diff_in_minutes", "date_diff_in_seconds"), "2024-01-01 00:00:00"
)
_BY_NAME = (
    (re.compile(r"date|time|start|end|from|until|since|before|after|_at$|_dt$", re.IGNORECASE), "2024-01-01 00:00:00"),
    (re.compile(r"uuid|id$|ids$", re.IGNORECASE), "00000000-0000-0000-0000-000000000000"),
)
"""What a text of such a name most likely is."""
_NAMING = frozenset({"column", "Column", "columns", "symbol", "Symbol", "table", "TABLE"})
_EQUALITY = frozenset({"==", "!=", "in", "not in"})


@dataclass(frozen=True, slots=True)
class Trial:
    about: str
    """What is sent, for messages."""
    values: dict[str, str]


def trials_of(templates: Iterable[Template], parameters: Iterable[Parameter]) -> list[Trial]:
    """Each parameter alone with each of its values, then all at once; the others stay as nobody sent them."""
    seen = _Seen()
    for template in templates:
        for expression in template.expressions():
            seen.look(expression)
    every = {parameter.name: seen.values_of(parameter) for parameter in parameters}
    made = [
        Trial(f"{name}={value}", {name: value})
        for name, values in every.items()
        for value in values[:MOST_PER_PARAMETER]
    ][: MOST - 1]
    together = {name: values[0] for name, values in every.items() if values}
    return [*made, Trial("all parameters", together)] if len(together) > 1 else made


class _Seen:
    """What expressions tell about the values of names."""

    def __init__(self) -> None:
        self.compared: dict[str, list[str]] = {}
        self.dates: dict[str, str] = {}
        self.naming: dict[str, str | None] = {}

    def look(self, expression: Expression) -> None:
        for node in walk(expression.root):
            if isinstance(node, Comparison):
                self._comparison(node)
            elif isinstance(node, Call) and node.name in _DATES:
                for name in _names(node.arguments):
                    self.dates.setdefault(name, _DATES[node.name])
            elif isinstance(node, Call) and node.name in _NAMING and node.parameter is not None:
                default = node.keyword("default") or (node.arguments[1] if len(node.arguments) > 1 else None)
                found = constant(default) if default is not None else None
                self.naming.setdefault(node.parameter, text_of(found) if isinstance(found, str) else None)

    def _comparison(self, node: Comparison) -> None:
        left = node.first
        for operator, right in node.others:
            if operator in _EQUALITY:
                for one, other in ((left, right), (right, left)):
                    for name in _names([one]):
                        self.compared.setdefault(name, []).extend(_texts(other))
            left = right

    def values_of(self, parameter: Parameter) -> list[str]:
        """Values to try, without repetitions. None for a name that only the engine can know."""
        name = parameter.name
        found = [*self.compared.get(name, ()), *(text_of(item) for item in parameter.enum)]
        if parameter.example is not None:
            found.append(text_of(parameter.example))
        if name in self.naming:
            default = self.naming[name]
            found += [default] if default else []
        elif not found or not self._is_text(parameter):
            found.append(self._sample(parameter))
        return [value for value in dict.fromkeys(found) if value]

    def _is_text(self, parameter: Parameter) -> bool:
        return parameter.type in ("String", "Array(String)")

    def _sample(self, parameter: Parameter) -> str:
        if isinstance(parameter.default, (str, int, float)) and parameter.default not in ("", True, False):
            return text_of(parameter.default)
        if parameter.name in self.dates:
            return self.dates[parameter.name]
        if parameter.type == "JSON":
            return "{}"
        if parameter.type == "Boolean":
            return "1"
        inner = parameter.type.removeprefix("Array(").removesuffix(")")
        sample = TYPES[inner].sample if inner in TYPES else "text"
        if inner == "String":
            sample = next((value for pattern, value in _BY_NAME if pattern.search(parameter.name)), sample)
        return f"{sample},{sample}" if parameter.type.startswith("Array(") else sample


def _names(nodes: Iterable[Node]) -> Iterator[str]:
    """The names among the nodes, those in a type function too."""
    for node in nodes:
        if isinstance(node, Name):
            yield node.name
        elif isinstance(node, Call) and node.name in TYPES and node.parameter is not None:
            yield node.parameter


def _texts(node: Node) -> list[str]:
    value = constant(node)
    values = value if isinstance(value, list) else [value]
    return [text_of(item) for item in values if isinstance(item, (str, int, float)) and not isinstance(item, bool)]


__all__ = ["Trial", "trials_of"]
