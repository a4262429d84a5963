"""Presets: how a kind of file is read, written down in YAML. Shipped ones lie in presets/, anybody's own elsewhere.

A preset says which files there are, which column fills which field, and what a row is. It has no code in
it: conditions compare one field with constants. docs/how-to/import.md explains it with an example.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from tradewind.channels.files.fields import FIELDS_OF, Across, Holds
from tradewind.channels.files.problems import BadPreset, UnknownPreset
from tradewind.commerce.orders.states import OrderStatus
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency

_SHIPPED = files("tradewind.channels.files") / "presets"


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _texts(value: Any) -> Any:
    """One thing where a list may stand; YAML's own numbers and booleans are meant as text."""
    many = value if isinstance(value, list | tuple) else [value]
    return [str(item).lower() if isinstance(item, bool) else str(item) for item in many]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as unknown:
        raise ValueError(f"'{name}' is not a time zone; use a name such as Europe/Berlin or UTC") from unknown
    return name


def _currency(code: str) -> str:
    try:
        return check_currency(code)
    except InvalidInput as unknown:
        raise ValueError(str(unknown)) from unknown


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]


def _text_map(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {str(key).casefold(): None if text is None else _texts(text)[0] for key, text in value.items()}


TextMap = Annotated[dict[str, str | None], BeforeValidator(_text_map)]


class Source(Part):
    """Where a field's text comes from: a column, or a text with columns in braces; translated if need be."""

    column: str
    map: TextMap = {}
    lookup: str | None = None
    """Name of a lookup table of this preset."""

    @property
    def columns(self) -> tuple[str, ...]:
        if "{" not in self.column:
            return (self.column,)
        return tuple(part.partition("}")[0] for part in self.column.split("{")[1:])


def _sources(value: Any) -> Any:
    many = value if isinstance(value, list | tuple) else [value]
    return [{"column": item} if isinstance(item, str) else item for item in many]


class Filling(Part):
    """How a field is filled: from the first source that has something, or from a sum of columns."""

    sources: Annotated[tuple[Source, ...], BeforeValidator(_sources)] = Field((), alias="from")
    sum_of: Texts = ()
    """Columns that are added up; one that begins with '-' is taken off."""
    map: TextMap = {}
    across: Across | None = None
    default: str | None = None
    required: bool = False
    """The file must have the column. A row may still leave it empty where the field allows that."""
    is_absolute: bool = False
    """Some sources write what they take off with a minus, some without."""
    cut: int | None = None
    """Characters after which a longer text is cut instead of refused."""

    @property
    def columns(self) -> tuple[str, ...]:
        added = tuple(name.removeprefix("-") for name in self.sum_of)
        return tuple(column for source in self.sources for column in source.columns) + added


def _filling(value: Any) -> Any:
    return {"from": value} if isinstance(value, str | list | tuple) else value


class Condition(Part):
    """What has to be true of one field; all that is said must hold."""

    empty: bool | None = None
    equals: Decimal | None = None
    below: Decimal | None = None
    above: Decimal | None = None
    is_: Texts = Field((), alias="is")
    is_not: Texts = ()
    starts: Texts = ()
    contains: Texts = ()


When = dict[str, Condition]


class RowKind(StrEnum):
    """What a row of a lines table stands for."""

    LINE = "line"
    REFUND = "refund"
    MOVEMENT = "movement"
    NO_LINE = "no_line"
    """The order's fields count, its line does not: a line that was cancelled before it was paid."""
    LEFT_OUT = "left_out"
    """Says nothing that can be booked; counted and named in the report, but no error."""


class RowRule(Part):
    """The first rule that fits says what a row is; where none does it is a line."""

    kind: RowKind
    when: When
    reason: Literal["adjustment", "damage", "count", "receipt"] = "adjustment"
    because: str = "The preset leaves such rows out."


class StatusRule(Part):
    status: OrderStatus
    when: When = {}


class Table(Part):
    """One file."""

    files: Texts = ()
    """Names without their ending, tried in this order in a folder; * stands for anything."""
    holds: Holds = Holds.ORDER_LINES
    order: Annotated[Filling | None, BeforeValidator(_filling)] = None
    """What ties the rows of one order together, in one file or in several."""
    fields: dict[str, Annotated[Filling, BeforeValidator(_filling)]]
    extra: dict[str, Annotated[Filling, BeforeValidator(_filling)]] = {}
    """Further texts, for conditions only."""
    rows: tuple[RowRule, ...] = ()
    service_when: tuple[When, ...] = ()
    is_optional: bool = False

    @model_validator(mode="after")
    def fields_exist(self) -> Self:
        known = FIELDS_OF[self.holds]
        for name in self.fields:
            if name not in known:
                raise ValueError(f"a table of {self.holds} has no field '{name}'; it has {', '.join(sorted(known))}")
        if self.holds in (Holds.ORDERS, Holds.LINES) and self.order is None:
            raise ValueError(f"a table of {self.holds} needs 'order': the column that ties its rows to their order")
        return self

    @property
    def holds_orders(self) -> bool:
        return self.holds in (Holds.ORDERS, Holds.LINES, Holds.ORDER_LINES)

    @property
    def is_telling(self) -> bool:
        """Whether a preset may stand on this table alone: it tells of orders, or of advertising."""
        return self.holds_orders or self.holds is Holds.AD_SPEND

    @property
    def order_key(self) -> Filling | None:
        return self.order or (self.fields.get("order_number") if self.holds_orders else None)


class Channel(Part):
    code: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    name: str
    kind: str = "file"


class Preset(Part):
    """A kind of file."""

    name: str
    title: str
    about: str = ""
    channel: Channel
    location: str | None = None
    """Where sold goods leave from; without one no stock is kept for this channel."""
    currency: Currency | None = None
    """Currency of amounts where no column says one."""
    country: str | None = None
    """Where goods go where no column says it."""
    timezone: Zone = "UTC"
    """Zone of times that do not say theirs."""
    decimal: Literal["point", "comma"] = "point"
    dates: Texts = ("iso",)
    """How dates are written: 'iso', or patterns such as %d/%m/%Y %H:%M."""
    delimiter: str | None = None
    encoding: str | None = None
    empty_words: Texts = ()
    """Texts that mean nothing, for example NULL."""
    also_called: dict[str, Texts] = {}
    """Other names of a column."""
    tables: dict[str, Table]
    statuses: TextMap = {}
    status_rules: tuple[StatusRule, ...] = ()
    unknown_status: Literal["refuse", "confirmed"] = "refuse"
    unknown_country: Literal["refuse", "none"] = "refuse"
    services: Texts = ()
    """SKUs that are sold but never on a shelf; * stands for anything."""
    tax_in_prices: Literal["no", "yes", "by_totals"] = "no"

    @model_validator(mode="after")
    def can_be_read(self) -> Self:
        if not any(table.is_telling for table in self.tables.values()):
            raise ValueError("a preset needs a table that holds orders, lines, order_lines or ad_spend")
        for status in self.statuses.values():
            if status is not None:
                OrderStatus(status)
        for name, table in self.tables.items():
            for field, filling in (table.fields | table.extra).items():
                for source in filling.sources:
                    if source.lookup is not None and source.lookup not in self.tables:
                        raise ValueError(f"{name}.{field} looks in '{source.lookup}', which is no table of this preset")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def has_several_files(self) -> bool:
        return len(self.tables) > 1

    def changed(
        self,
        *,
        channel: str | None = None,
        location: str | None = None,
        currency: str | None = None,
        timezone: str | None = None,
    ) -> Preset:
        """The same preset with what a caller wants otherwise; raises BadPreset when that makes no sense."""
        changes: dict[str, Any] = {"location": location, "currency": currency, "timezone": timezone}
        if channel is not None:
            changes["channel"] = {"code": channel, "name": channel, "kind": self.channel.kind}
        known = {name: value for name, value in changes.items() if value is not None}
        return _checked(self.model_dump(by_alias=True) | known, self.name) if known else self


def preset_names() -> list[str]:
    """Names of the shipped presets."""
    return sorted(entry.name.removesuffix(".yaml") for entry in _SHIPPED.iterdir() if entry.name.endswith(".yaml"))


@lru_cache(maxsize=32)
def _shipped(name: str) -> Preset:
    return _parse(preset_text(name), name)


def shipped_presets() -> list[Preset]:
    return [_shipped(name) for name in preset_names()]


def preset_text(name: str) -> str:
    """The YAML of a preset, comments included: a good start for one of one's own."""
    if name in preset_names():
        return (_SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
    path = Path(name)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path.read_text(encoding="utf-8")
    if path.suffix in (".yaml", ".yml"):
        raise UnknownPreset(
            f"There is no file {name}. Give the path of your preset, or one of: {', '.join(preset_names())}."
        )
    raise UnknownPreset(
        f"There is no preset '{name}'. Use one of {', '.join(preset_names())}, or the path of a .yaml file of your own"
        " (`tradewind import --show generic` prints one to start from)."
    )


def load_preset(name: str) -> Preset:
    """A shipped preset by name, or one's own by path. Raises UnknownPreset or BadPreset."""
    return _shipped(name) if name in preset_names() else _parse(preset_text(name), name)


def _parse(text: str, name: str) -> Preset:
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as broken:
        raise BadPreset(f"The preset {name} is not valid YAML: {broken}") from broken
    if not isinstance(content, dict):
        raise BadPreset(f"The preset {name} is empty. `tradewind import --show generic` prints one to start from.")
    return _checked(content, name)


def _checked(content: dict[str, Any], name: str) -> Preset:
    try:
        return Preset.model_validate(content)
    except ValidationError as wrong:
        lines = [
            f"{'.'.join(str(part) for part in error['loc']) or 'preset'}: {error['msg']}" for error in wrong.errors()
        ]
        raise BadPreset(f"The preset {name} cannot be used:\n  " + "\n  ".join(lines)) from wrong
