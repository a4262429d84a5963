"""Expressions as trees, and what each of them is worth in a rendering."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from tradewind.warehouse.datafiles.model import Place
from tradewind.warehouse.datafiles.templates import operations
from tradewind.warehouse.datafiles.templates.errors import TemplateError, refused
from tradewind.warehouse.datafiles.templates.running import Run, listed
from tradewind.warehouse.datafiles.templates.values import Placeholder, Sql, text_of

DOCUMENTATION = frozenset({"required", "description", "enum", "example", "format"})
_WENT_WRONG = (
    TypeError,
    ValueError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    MemoryError,
)


class Node(Protocol):
    """A part of an expression."""

    def evaluate(self, run: Run, /) -> Any: ...

    def children(self) -> Iterator[Node]: ...


@dataclass(frozen=True, slots=True)
class Given:
    """A call as its function sees it: the values, and the call itself for the names that stand in it."""

    run: Run
    call: Call
    arguments: list[Any]
    keywords: dict[str, Any]

    def in_order(self, names: tuple[str, ...], *, needed: int = 1) -> list[Any]:
        """The values in the order of `names`, missing ones as None. Raises for too few, too many and unknown ones.

        Every function takes the words of a parameter's documentation too.
        """
        call = self.call
        if len(self.arguments) > len(names):
            raise refused(f"{call.name}() takes at most {len(names)} values ({', '.join(names)}).", call.place)
        found: dict[str, Any] = dict(zip(names, self.arguments, strict=False))
        for keyword, value in self.keywords.items():
            if keyword in names and keyword not in found:
                found[keyword] = value
            elif keyword in found:
                raise refused(f"{call.name}() is given {keyword} twice.", call.place)
            elif keyword not in DOCUMENTATION:
                raise refused(f"{call.name}() takes no {keyword}=. It takes {listed(names)}.", call.place)
        missing = [name for name in names[:needed] if name not in found]
        if missing:
            raise refused(f"{call.name}() needs {listed(missing)}.", call.place)
        return [found.get(name) for name in names]


Function: TypeAlias = Callable[[Given], Any]
"""What a template can call."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Any

    def evaluate(self, _: Run) -> Any:
        return self.value

    def children(self) -> Iterator[Node]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Name:
    name: str

    def evaluate(self, run: Run) -> Any:
        return run.find(self.name)

    def children(self) -> Iterator[Node]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Formatted:
    """An f-string: texts and expressions."""

    parts: tuple[str | tuple[Node, str], ...]

    def evaluate(self, run: Run) -> Any:
        run.step()
        made = [
            part if isinstance(part, str) else operations.formatted(part[0].evaluate(run), part[1])
            for part in self.parts
        ]
        return operations.joined(made)

    def children(self) -> Iterator[Node]:
        return (part[0] for part in self.parts if not isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, tuple or set that is written out."""

    make: Callable[[list[Any]], Any]
    items: tuple[Node, ...]

    def evaluate(self, run: Run) -> Any:
        run.step()
        return operations.bounded(self.make([item.evaluate(run) for item in self.items]))

    def children(self) -> Iterator[Node]:
        return iter(self.items)


@dataclass(frozen=True, slots=True)
class Dictionary:
    items: tuple[tuple[Node, Node], ...]

    def evaluate(self, run: Run) -> Any:
        run.step()
        return operations.bounded({key.evaluate(run): value.evaluate(run) for key, value in self.items})

    def children(self) -> Iterator[Node]:
        return (node for item in self.items for node in item)


@dataclass(frozen=True, slots=True)
class Unary:
    operator: str
    operand: Node

    def evaluate(self, run: Run) -> Any:
        run.step()
        value = self.operand.evaluate(run)
        if self.operator == "not":
            return not value
        if isinstance(value, Placeholder):
            return value
        return operations.negative(value) if self.operator == "-" else +value

    def children(self) -> Iterator[Node]:
        yield self.operand


@dataclass(frozen=True, slots=True)
class Binary:
    operator: str
    left: Node
    right: Node

    def evaluate(self, run: Run) -> Any:
        run.step()
        return operations.ARITHMETIC[self.operator](self.left.evaluate(run), self.right.evaluate(run))

    def children(self) -> Iterator[Node]:
        yield self.left
        yield self.right


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more."""

    is_and: bool
    operands: tuple[Node, ...]

    def evaluate(self, run: Run) -> Any:
        run.step()
        value: Any = None
        for operand in self.operands:
            value = operand.evaluate(run)
            if bool(value) is not self.is_and:
                return value
        return value

    def children(self) -> Iterator[Node]:
        return iter(self.operands)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b == c`: every neighbour compared."""

    first: Node
    others: tuple[tuple[str, Node], ...]

    def evaluate(self, run: Run) -> Any:
        run.step()
        left = self.first.evaluate(run)
        for operator, node in self.others:
            right = node.evaluate(run)
            if not operations.compared(operator, left, right):
                return False
            left = right
        return True

    def children(self) -> Iterator[Node]:
        yield self.first
        for _, node in self.others:
            yield node


@dataclass(frozen=True, slots=True)
class Conditional:
    condition: Node
    then: Node
    otherwise: Node

    def evaluate(self, run: Run) -> Any:
        run.step()
        return (self.then if self.condition.evaluate(run) else self.otherwise).evaluate(run)

    def children(self) -> Iterator[Node]:
        yield self.condition
        yield self.then
        yield self.otherwise


@dataclass(frozen=True, slots=True)
class Subscript:
    value: Node
    index: Node

    def evaluate(self, run: Run) -> Any:
        run.step()
        return operations.subscript(self.value.evaluate(run), self.index.evaluate(run))

    def children(self) -> Iterator[Node]:
        yield self.value
        yield self.index


@dataclass(frozen=True, slots=True)
class Slice:
    parts: tuple[Node | None, Node | None, Node | None]

    def evaluate(self, run: Run) -> Any:
        return slice(*(None if part is None else part.evaluate(run) for part in self.parts))

    def children(self) -> Iterator[Node]:
        return (part for part in self.parts if part is not None)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a known function."""

    name: str
    function: Function
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...]
    place: Place

    def evaluate(self, run: Run) -> Any:
        run.step()
        arguments = [argument.evaluate(run) for argument in self.arguments]
        keywords = {name: node.evaluate(run) for name, node in self.keywords}
        return self.function(Given(run, self, arguments, keywords))

    def children(self) -> Iterator[Node]:
        yield from self.arguments
        for _, node in self.keywords:
            yield node

    def keyword(self, name: str) -> Node | None:
        return next((node for keyword, node in self.keywords if keyword == name), None)

    @property
    def parameter(self) -> str | None:
        """The name that stands first between its brackets."""
        first = self.arguments[0] if self.arguments else None
        return first.name if isinstance(first, Name) else None


@dataclass(frozen=True, slots=True)
class MethodCall:
    """A call of one of the methods that texts, lists and dictionaries have here."""

    value: Node
    method: str
    arguments: tuple[Node, ...]
    keywords: tuple[tuple[str, Node], ...]

    def evaluate(self, run: Run) -> Any:
        run.step()
        value = self.value.evaluate(run)
        arguments = [argument.evaluate(run) for argument in self.arguments]
        keywords: Mapping[str, Any] = {name: node.evaluate(run) for name, node in self.keywords}
        return operations.call_method(run, value, self.method, arguments, keywords)

    def children(self) -> Iterator[Node]:
        yield self.value
        yield from self.arguments
        for _, node in self.keywords:
            yield node


@dataclass(frozen=True, slots=True)
class Comprehension:
    """`[item for name in items if condition]`, also for sets and dictionaries (whose item is a pair)."""

    make: Callable[[list[Any]], Any]
    item: Node
    targets: tuple[str, ...]
    items: Node
    condition: Node | None

    def evaluate(self, run: Run) -> Any:
        made = []
        hidden = {name: run.names[name] for name in self.targets if name in run.names}
        for value in operations.items_of(run, self.items.evaluate(run)):
            run.step()
            assign(run, self.targets, value)
            if self.condition is None or self.condition.evaluate(run):
                made.append(self.item.evaluate(run))
        for name in self.targets:
            run.names.pop(name, None)
        run.names |= hidden
        return operations.bounded(self.make(made))

    def children(self) -> Iterator[Node]:
        yield self.items
        yield self.item
        if self.condition is not None:
            yield self.condition


def assign(run: Run, targets: tuple[str, ...], value: Any) -> None:
    """Gives a value to a name, or its items to several."""
    if len(targets) == 1:
        run.names[targets[0]] = value
        return
    items = list(operations.items_of(run, value))
    if isinstance(value, Placeholder):
        items = [value] * len(targets)
    if len(items) != len(targets):
        raise refused(f"{len(items)} items cannot be given to the {len(targets)} names {', '.join(targets)}.")
    run.names.update(zip(targets, items, strict=True))


@dataclass(frozen=True, slots=True)
class Expression:
    """A whole expression with its text, for messages."""

    text: str
    place: Place
    root: Node

    def evaluate(self, run: Run) -> Any:
        """Its value. Whatever goes wrong inside is a TemplateError."""
        try:
            value = self.root.evaluate(run)
        except TemplateError as wrong:
            if wrong.place is None:
                wrong.place = self.place
            raise
        except _WENT_WRONG as wrong:
            reason = type(wrong).__name__
            raise refused(f"'{cut(self.text)}': {_said(wrong)}.", self.place, reason=reason) from None
        return value


def cut(text: str) -> str:
    """An expression as errors name it."""
    return text.strip()[:20]


def walk(node: Node) -> Iterator[Node]:
    """A tree's nodes, as they are read."""
    yield node
    for child in node.children():
        yield from walk(child)


def _said(wrong: BaseException) -> str:
    if isinstance(wrong, KeyError):
        return f"there is no key {text_of(wrong.args[0]) if wrong.args else ''!r}"
    if isinstance(wrong, IndexError):
        return "the index is out of range"
    if isinstance(wrong, (RecursionError, MemoryError)):
        return "it is too large"
    return str(wrong).rstrip(".") or type(wrong).__name__


__all__ = ["Call", "Expression", "Node", "Sql", "walk"]
