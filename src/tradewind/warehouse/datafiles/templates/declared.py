"""Which parameters a template declares, found by reading it, not by rendering it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates.blocks import Body, Names
from tradewind.warehouse.datafiles.templates.nodes import (
    Call,
    Comprehension,
    Constant,
    Dictionary,
    Expression,
    Name,
    Node,
    Sequence,
    Unary,
)
from tradewind.warehouse.datafiles.templates.types import TYPE_NAMES, TYPES

_BIGGEST_PLAIN = 2**53 - 1
_TYPED = frozenset(TYPES) | {"Boolean", "bool", "Array", "JSON"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a pipe says about a parameter. `default` None: it has none."""

    name: str
    type: str
    """`Int32`, `Array(String)` and so on; `JSON` for JSON()."""
    default: Any = None
    required: bool = False
    description: str = ""
    enum: tuple[Any, ...] = ()
    example: Any = None
    format: str | None = None
    is_typed: bool = field(default=False, compare=False)
    """Whether a type function says the type; otherwise it is String for want of a better one."""
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Declared:
    parameters: tuple[Parameter, ...]
    arrays: frozenset[str]

    @property
    def without_default(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters if parameter.default is None)

    @classmethod
    def of(cls, body: Body) -> Declared:
        finder = _Finder()
        finder.block(body)
        return cls(tuple(finder.found.values()), frozenset(finder.arrays))


class _Finder:
    def __init__(self) -> None:
        self.found: dict[str, Parameter] = {}
        self.arrays: set[str] = set()
        self.variables: set[str] = set()

    def block(self, block: Any) -> None:
        for part in block.parts():
            if isinstance(part, Expression):
                self.node(part.root, part.place)
            elif isinstance(part, Names):
                self.variables |= set(part.names)
            else:
                self.block(part)

    def node(self, node: Node, place: Place) -> None:
        if isinstance(node, Name):
            self._see(node.name, place)
        elif isinstance(node, Call):
            self._call(node, place)
        elif isinstance(node, Comprehension):
            self.node(node.items, place)
            hidden = set(node.targets) - self.variables
            self.variables |= hidden
            for child in (node.item, node.condition):
                if child is not None:
                    self.node(child, place)
            self.variables -= hidden
        else:
            for child in node.children():
                self.node(child, place)

    def _call(self, call: Call, place: Place) -> None:
        name = call.parameter
        if name is not None and call.name in _TYPED and self._is_parameter(name):
            self._declare(_declared(call, name, place))
            if call.name == "Array":
                self.arrays.add(name)
        for index, argument in enumerate(call.arguments):
            if call.name == "Array" and index == 1 and isinstance(argument, Name):
                continue
            self.node(argument, place)
        for keyword, child in call.keywords:
            if not (call.name in _TYPED and keyword in ("required", "description", "enum", "example", "format")):
                self.node(child, place)

    def _is_parameter(self, name: str) -> bool:
        return name not in self.variables and name not in TYPE_NAMES

    def _see(self, name: str, place: Place) -> None:
        if name not in self.found and self._is_parameter(name):
            self.found[name] = Parameter(name, "String", place=place)

    def _declare(self, seen: Parameter) -> None:
        known = self.found.get(seen.name)
        self.found[seen.name] = merged(known, seen) if known is not None else seen


def merged(known: Parameter, seen: Parameter) -> Parameter:
    """Two sightings of one name. A typed one wins over one that is not; of two typed ones the first, completed."""
    if not seen.is_typed:
        return known
    if not known.is_typed:
        return replace(seen, place=known.place)
    return replace(
        known,
        default=known.default if known.default is not None else seen.default,
        required=known.required or seen.required,
        description=known.description or seen.description,
        enum=known.enum or seen.enum,
        example=known.example if known.example is not None else seen.example,
        format=known.format or seen.format,
    )


def _declared(call: Call, name: str, place: Place) -> Parameter:
    kind = call.name
    position = 1
    if kind == "Array":
        item = constant(call.arguments[1]) if len(call.arguments) > 1 else None
        kind = f"Array({item or 'String'})"
        position = 2
    elif kind == "bool":
        kind = "Boolean"
    default = call.keyword("default")
    if default is None and len(call.arguments) > position:
        default = call.arguments[position]
    about: Mapping[str, Any] = {keyword: constant(node) for keyword, node in call.keywords}
    enum = about.get("enum")
    return Parameter(
        name=name,
        type=kind,
        default=_plain(constant(default) if default is not None else None),
        required=bool(about.get("required")),
        description=str(about.get("description") or ""),
        enum=tuple(_plain(item) for item in enum) if isinstance(enum, (list, tuple, set)) else (),
        example=_plain(about.get("example")),
        format=str(about["format"]) if about.get("format") is not None else None,
        is_typed=True,
        place=place,
    )


def constant(node: Node) -> Any:
    """What an expression without names is worth; None for others."""
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Name) and node.name in TYPE_NAMES:
        return node.name
    if isinstance(node, Unary) and node.operator == "-":
        value = constant(node.operand)
        return -value if isinstance(value, (int, float)) else None
    if isinstance(node, Sequence):
        return [constant(item) for item in node.items]
    if isinstance(node, Dictionary):
        return {str(constant(key)): constant(value) for key, value in node.items}
    return None


def _plain(value: Any) -> Any:
    """A value as JSON readers everywhere keep it: whole numbers above 2^53-1 are text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _BIGGEST_PLAIN:
        return str(value)
    return value
