"""Which sales are asked about: values of a question, checked against what there is, and as conditions in SQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tradewind.core.errors import InvalidInput

_SHOWN = 40


class UnknownChoice(InvalidInput):
    """A question names something that there is not; the message lists what there is."""

    code = "unknown_choice"

    def __init__(self, field: str, given: str, known: Collection[str], *, hint: str = "") -> None:
        shown = ", ".join(repr(name) if " " in name else name for name in list(known)[:_SHOWN])
        more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
        choices = f"Use one of: {shown}{more}." if known else "There is none yet."
        super().__init__(f"'{given}' is not a {field} that we know. {choices}{hint}", field=field)


def check_choices(field: str, given: Iterable[str], known: Collection[str]) -> None:
    """Raises UnknownChoice for the first value that is not known. An empty text stands for "not known"."""
    for value in given:
        if value and value not in known:
            raise UnknownChoice(field, value, known)


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name; UnknownChoice otherwise."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        some = ("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kathmandu", "Asia/Tokyo")
        raise UnknownChoice("timezone", name, some, hint=" Any other name of the IANA time zones does too.") from None


@dataclass(frozen=True, slots=True)
class CustomerKinds:
    """Which customers, by what they are told apart by; an empty choice means all. Scores are '1' to '5'."""

    segments: tuple[str, ...] = ()
    age_groups: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    recency: tuple[str, ...] = ()
    frequency: tuple[str, ...] = ()

    def named(self) -> dict[str, tuple[str, ...]]:
        """The choices by the names that they have in questions."""
        return {
            "segment": self.segments,
            "age_group": self.age_groups,
            "stage": self.stages,
            "recency": self.recency,
            "frequency": self.frequency,
        }


@dataclass(frozen=True, slots=True)
class Selection:
    """Which sales count; an empty choice means all. The empty text as a value means that it is not known."""

    channels: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()

    @property
    def is_of_products(self) -> bool:
        """Whether parts of orders are chosen: then an order counts once, however many of its parts are."""
        return bool(self.products or self.categories)

    @property
    def is_of_channels(self) -> bool:
        """Whether nothing but channels is chosen, if anything."""
        return not (self.is_of_products or self.countries or self.regions)

    def named(self) -> dict[str, tuple[str, ...]]:
        """The choices by the names that they have in questions and in conditions."""
        return {
            "channel": self.channels,
            "product": self.products,
            "category": self.categories,
            "country": self.countries,
            "region": self.regions,
        }

    def conditions(self, of: str = "") -> list[str]:
        """For rows of sales, which know the product and not its category; `of` goes before their columns."""
        columns = {
            "channel": f"{of}channel",
            "product": f"{of}product_id",
            "country": f"ifNull({of}country, '')",
            "region": f"ifNull({of}region, '')",
        }
        found = [
            f"{columns[name]} IN {{chosen_{name}:Array(String)}}"
            for name, values in self.named().items()
            if values and name in columns
        ]
        if self.categories:
            unnamed = f"{of}product_id NOT IN (SELECT product_id FROM live_products FINAL WHERE category != '')"
            named = (
                f"{of}product_id IN (SELECT product_id FROM live_products FINAL"
                " WHERE category IN {chosen_category:Array(String)})"
            )
            found.append(f"({named} OR {unnamed})" if "" in self.categories else named)
        return found

    def parameters(self) -> dict[str, Any]:
        return {f"chosen_{name}": list(values) for name, values in self.named().items() if values}
