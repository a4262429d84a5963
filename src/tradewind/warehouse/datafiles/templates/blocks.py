"""Statements: what each tag of a template does when the template runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from tradewind.warehouse.datafiles.templates import operations
from tradewind.warehouse.datafiles.templates.errors import LimitReached, TemplateError, refused
from tradewind.warehouse.datafiles.templates.nodes import Expression, Subscript, assign, cut
from tradewind.warehouse.datafiles.templates.running import Run
from tradewind.warehouse.datafiles.templates.values import Placeholder, printed


class Break(Exception):
    """`{% break %}` on its way to its loop."""


class Continue(Exception):
    """`{% continue %}` on its way to its loop."""


class Block(Protocol):
    def run(self, run: Run, /) -> None: ...

    def parts(self) -> Iterator[Expression | Block | Names]:
        """What is inside, as it is read: for whoever asks which parameters there are."""
        ...


@dataclass(frozen=True, slots=True)
class Names:
    """Names that are variables from here on, not parameters."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    text: str

    def run(self, run: Run) -> None:
        run.write(self.text)

    def parts(self) -> Iterator[Expression | Block | Names]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Print:
    expression: Expression

    def run(self, run: Run) -> None:
        value = self.expression.evaluate(run)
        text = printed(value)
        if text is None:
            raise refused(f"the expression '{cut(self.expression.text)}' is null.", self.expression.place)
        run.write_value(text)

    def parts(self) -> Iterator[Expression | Block | Names]:
        yield self.expression


@dataclass(frozen=True, slots=True)
class Body:
    blocks: tuple[Block, ...]

    def run(self, run: Run) -> None:
        for block in self.blocks:
            run.step()
            block.run(run)

    def parts(self) -> Iterator[Expression | Block | Names]:
        return iter(self.blocks)


@dataclass(frozen=True, slots=True)
class If:
    branches: tuple[tuple[Expression | None, Body], ...]

    def run(self, run: Run) -> None:
        for condition, body in self.branches:
            if condition is None or condition.evaluate(run):
                body.run(run)
                return

    def parts(self) -> Iterator[Expression | Block | Names]:
        for condition, body in self.branches:
            if condition is not None:
                yield condition
            yield body


def _goes_on(body: Body, run: Run) -> bool:
    """Runs a loop's body once; whether the loop goes on after it."""
    try:
        body.run(run)
    except Continue:
        return True
    except Break:
        return False
    return True


@dataclass(frozen=True, slots=True)
class For:
    targets: tuple[str, ...]
    items: Expression
    body: Body
    otherwise: Body | None

    def run(self, run: Run) -> None:
        try:
            values = operations.items_of(run, self.items.evaluate(run))
        except TemplateError as wrong:
            wrong.place = wrong.place or self.items.place
            raise
        for value in values:
            run.step()
            assign(run, self.targets, value)
            if not _goes_on(self.body, run):
                return
        if self.otherwise is not None:
            self.otherwise.run(run)

    def parts(self) -> Iterator[Expression | Block | Names]:
        yield self.items
        yield Names(self.targets)
        yield self.body
        if self.otherwise is not None:
            yield self.otherwise


@dataclass(frozen=True, slots=True)
class While:
    condition: Expression
    body: Body
    otherwise: Body | None

    def run(self, run: Run) -> None:
        while self.condition.evaluate(run):
            run.step()
            if not _goes_on(self.body, run):
                return
        if self.otherwise is not None:
            self.otherwise.run(run)

    def parts(self) -> Iterator[Expression | Block | Names]:
        yield self.condition
        yield self.body
        if self.otherwise is not None:
            yield self.otherwise


@dataclass(frozen=True, slots=True)
class Leave:
    """`{% break %}` or `{% continue %}`."""

    kind: type[Break | Continue]

    def run(self, _: Run) -> None:
        raise self.kind

    def parts(self) -> Iterator[Expression | Block | Names]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Set:
    """`{% set x = … %}`, `{% set x += … %}`, `{% set x['key'] = … %}`, or an expression whose value nobody keeps."""

    targets: tuple[str, ...]
    item: Subscript | None
    operator: str
    value: Expression

    def run(self, run: Run) -> None:
        value = self.value.evaluate(run)
        if self.item is not None:
            self._store(run, value)
        elif self.operator == "=":
            assign(run, self.targets, value)
        elif self.operator:
            held = run.find(self.targets[0])
            run.names[self.targets[0]] = self._applied(held, value)

    def _applied(self, held: Any, value: Any) -> Any:
        try:
            return operations.ARITHMETIC[self.operator[0]](held, value)
        except (TypeError, ValueError, ArithmeticError) as wrong:
            raise refused(f"'{self.operator}' cannot be applied: {wrong}.", self.value.place) from None

    def _store(self, run: Run, value: Any) -> None:
        assert self.item is not None
        holder, index = self.item.value.evaluate(run), self.item.index.evaluate(run)
        if isinstance(holder, Placeholder):
            return
        if not isinstance(holder, (dict, list)):
            raise refused("only items of a list or a dictionary can be set.", self.value.place)
        try:
            holder[index] = value
        except (TypeError, LookupError) as wrong:
            raise refused(f"an item cannot be set: {wrong}.", self.value.place) from None
        operations.bounded(holder)

    def parts(self) -> Iterator[Expression | Block | Names]:
        yield self.value
        yield Names(self.targets)


@dataclass(frozen=True, slots=True)
class Try:
    body: Body
    handlers: tuple[tuple[tuple[str, ...], str | None, Body], ...]
    otherwise: Body | None
    finally_: Body | None

    def run(self, run: Run) -> None:
        try:
            self._guarded(run)
        finally:
            if self.finally_ is not None:
                self.finally_.run(run)

    def _guarded(self, run: Run) -> None:
        written, values = len(run.pieces), len(run.literals)
        try:
            self.body.run(run)
        except LimitReached:
            raise
        except TemplateError as wrong:
            handler = next((one for one in self.handlers if not one[0] or _catches(one[0], wrong)), None)
            if handler is None:
                raise
            del run.pieces[written:], run.literals[values:]
            if handler[1] is not None:
                run.names[handler[1]] = str(wrong)
            handler[2].run(run)
        else:
            if self.otherwise is not None:
                self.otherwise.run(run)

    def parts(self) -> Iterator[Expression | Block | Names]:
        yield self.body
        for _, name, body in self.handlers:
            if name is not None:
                yield Names((name,))
            yield body
        for rest in (self.otherwise, self.finally_):
            if rest is not None:
                yield rest


def _catches(kinds: tuple[str, ...], wrong: TemplateError) -> bool:
    """Whether an `except` with these names is meant for the failure. What we say ourselves counts as any of them."""
    families = {"Exception", "BaseException", wrong.reason}
    if wrong.reason in ("KeyError", "IndexError"):
        families.add("LookupError")
    if wrong.reason == "ZeroDivisionError":
        families.add("ArithmeticError")
    return not wrong.reason or wrong.reason in ("error", "custom_error") or bool(families & set(kinds))
