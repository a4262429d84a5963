"""Which parameters a pipe has, over all of its nodes: for its documentation and for its requests."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tradewind.warehouse.datafiles.model import Node, Pipe, Place
from tradewind.warehouse.datafiles.templates import Parameter, Template, TemplateError, parse
from tradewind.warehouse.datafiles.templates.declared import merged


def parameters_of(pipe: Pipe) -> list[Parameter]:
    """In the order of the text, each name once. Nodes that cannot be read have none."""
    found: dict[str, Parameter] = {}
    for template in templates_of(pipe):
        for parameter in template.parameters:
            known = found.get(parameter.name)
            found[parameter.name] = parameter if known is None else merged(known, parameter)
    return list(found.values())


def arrays_of(pipe: Pipe) -> frozenset[str]:
    """The parameters that any node uses as an array: what is sent for them is a list in all nodes."""
    return _arrays(tuple((node.sql, node.sql_place) for node in pipe.nodes if node.is_template))


def templates_of(pipe: Pipe) -> Iterator[Template]:
    for node in pipe.nodes:
        if (template := template_of(node)) is not None:
            yield template


def template_of(node: Node) -> Template | None:
    """A node's template; None for one that is none or cannot be read."""
    if not node.is_template:
        return None
    try:
        return parse(node.sql, node.sql_place)
    except TemplateError:
        return None


@lru_cache(maxsize=4096)
def _arrays(texts: tuple[tuple[str, Place], ...]) -> frozenset[str]:
    found: set[str] = set()
    for text, place in texts:
        try:
            found |= parse(text, place).arrays
        except TemplateError:
            continue
    return frozenset(found)
