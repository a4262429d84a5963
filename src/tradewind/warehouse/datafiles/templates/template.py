"""A template that has been read: its parameters, and its rendering."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tradewind.warehouse.datafiles.model import Finding, Level, Place
from tradewind.warehouse.datafiles.templates.block_reader import Reader
from tradewind.warehouse.datafiles.templates.blocks import Block, Body, Names
from tradewind.warehouse.datafiles.templates.declared import Declared, Parameter
from tradewind.warehouse.datafiles.templates.errors import TemplateError, refused
from tradewind.warehouse.datafiles.templates.functions import FUNCTIONS
from tradewind.warehouse.datafiles.templates.nodes import Expression
from tradewind.warehouse.datafiles.templates.remembering import Remembered
from tradewind.warehouse.datafiles.templates.running import Limits, Rendered, Run
from tradewind.warehouse.datafiles.templates.types import TYPE_NAMES, items_of_array
from tradewind.warehouse.datafiles.templates.values import fill

NEVER = frozenset({"format", "q"})
"""Names that the API itself takes, so that no parameter can have them."""
RESERVED = frozenset(
    """__tb__csv_header __tb__semver __tb__deployment debug debug_source_tables explain finalize_aggregations
    output_format_json_quote_64bit_integers output_format_json_quote_denormals output_format_parquet_string_as_string
    pipeline playground query_id release_replacements tag template_parameters token job_timestamp""".split()
)
_LONGEST_VALUE = 1_000_000
_MOST_VALUES = 100_000


@dataclass(frozen=True, slots=True)
class Template:
    """What `parse` gives. Rendering changes nothing in it, so all requests share one."""

    place: Place
    body: Body = field(repr=False)
    declared: Declared = field(repr=False)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """In the order in which the text names them."""
        return self.declared.parameters

    @property
    def arrays(self) -> frozenset[str]:
        """The parameters that Array() is called with: what is sent for them is a list."""
        return self.declared.arrays

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Names that are taken by the API: they work, but not as a caller expects."""
        return tuple(
            Finding(
                Level.WARNING,
                parameter.place,
                f"The parameter {parameter.name} has a name that the API uses itself.",
                "Give it another name.",
            )
            for parameter in self.parameters
            if parameter.name in RESERVED
        )

    def render(
        self,
        values: Mapping[str, str | Sequence[str]] | None = None,
        *,
        secrets: Mapping[str, str] | None = None,
        checking: bool = False,
        arrays: frozenset[str] = frozenset(),
        limits: Limits | None = None,
    ) -> Rendered:
        """The SQL for what a caller sent. Raises TemplateError; its message is for the caller.

        `secrets` None: the text may not ask for any. `arrays`: names that other nodes of the pipe use as arrays.
        `checking` renders without a caller, with a stand-in for each parameter that has no value.
        """
        run = Run(
            values=given(values or {}, self.arrays | arrays),
            secrets=secrets,
            checking=checking,
            without_default=self.declared.without_default,
            type_names=TYPE_NAMES,
            limits=limits or Limits(),
        )
        try:
            self.body.run(run)
        except RecursionError:
            raise refused("the template is nested too deep.", self.place) from None
        shape = "".join(run.pieces)
        return Rendered(
            shape,
            tuple(run.literals),
            run.bound,
            run.max_threads,
            run.cache_seconds,
            tuple(run.unknown),
            fill(shape, run.literals),
        )

    def expressions(self) -> Iterator[Expression]:
        """All expressions, as they are read."""
        waiting: list[Expression | Block | Names] = [self.body]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Expression):
                yield part
            elif not isinstance(part, Names):
                waiting += reversed(list(part.parts()))


def given(values: Mapping[str, str | Sequence[str]], arrays: frozenset[str]) -> dict[str, object]:
    """What was sent, arrays cut at their commas, lists copied. Raises TemplateError for what no text can be."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, str):
            _check(name, value)
            found[name] = items_of_array(value) if name in arrays else value
        else:
            items = [str(item) for item in value]
            if len(items) > _MOST_VALUES:
                raise refused(f"{name} has more than {_MOST_VALUES} values.", field=name)
            for item in items:
                _check(name, item)
            found[name] = items
    return found


def _check(name: str, text: str) -> None:
    if len(text) > _LONGEST_VALUE:
        raise refused(f"{name} is longer than {_LONGEST_VALUE} characters.", field=name)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise refused(f"{name} holds a character that no text can hold.", field=name) from None


_read: Remembered[tuple[str, Place], Template] = Remembered(most=64_000_000)


_NOWHERE = Place("")


def parse(text: str, place: Place = _NOWHERE) -> Template:
    """Reads a template, without the `%` that marks it. The same text at the same place is read once.

    Raises TemplateError with the place of what cannot be read.
    """
    key = (text, place)
    found = _read.get(key)
    if found is None:
        try:
            body = Reader(text, place, FUNCTIONS).read()
            declared = Declared.of(body)
        except RecursionError:
            raise refused("the template is nested too deep.", place) from None
        for parameter in declared.parameters:
            if parameter.name in NEVER:
                raise refused(f"no parameter can be called '{parameter.name}': the API uses it.", parameter.place)
        found = Template(place, body, declared)
        # A tree takes many times the memory of its text.
        _read.keep(key, found, weight=40 * len(text) + 1_000)
    return found


__all__ = ["Parameter", "Template", "TemplateError", "parse"]
