"""The answers of insights, each kept for as long as the data stand still, and for a second at most."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from tradewind.api.kept import KEEP_SECONDS, KeptAnswers, Shared
from tradewind.core.errors import InvalidInput
from tradewind.core.money import check_currency
from tradewind.insights.bridge import PaymentDays, payment_days
from tradewind.insights.gold import Gold, state_of
from tradewind.insights.lookups import Lookups
from tradewind.insights.selection import Selection, UnknownChoice, check_choices, zone_named
from tradewind.platform import Platform
from tradewind.warehouse.client import Warehouse

Answer = TypeVar("Answer")
_MOST_VALUES = 300


class Insights:
    """What questions need: the warehouse, what all of them share, and answers that are still true."""

    def __init__(self, platform: Platform, *, timer: Callable[[], float] = time.monotonic) -> None:
        self._platform = platform
        self._answers = KeptAnswers(self._version, timer=timer)
        # Into a warehouse beside us others may write too; in our own nothing moves that we do not know of.
        lasting = math.inf if platform.warehouse.is_embedded else KEEP_SECONDS
        self._lookups = Shared(lambda: Lookups(platform.warehouse), lasting, timer)
        self._gold_state = Shared(lambda: state_of(platform.warehouse), KEEP_SECONDS, timer)
        self._gold = Shared(lambda: Gold(platform.warehouse), math.inf, timer)
        self._payment_days = Shared(lambda: payment_days(self.gold), math.inf, timer)

    @property
    def warehouse(self) -> Warehouse:
        return self._platform.warehouse

    @property
    def zone(self) -> ZoneInfo:
        """The store's."""
        return self._platform.settings.store.zone

    @property
    def currency(self) -> str | None:
        """The store's reporting currency, where it is set."""
        return self._platform.settings.store.currency

    @property
    def country(self) -> str | None:
        """The store's, where it is set."""
        return self._platform.settings.store.country

    @property
    def known(self) -> Lookups:
        """Names and rates of this state of the data."""
        return self._lookups.at(self._version())

    @property
    def gold(self) -> Gold:
        """What is built: a build is seen within a second, and facts that come do not change it."""
        return self._gold.at(self._gold_version)

    @property
    def payment_days(self) -> PaymentDays:
        """How long buyers take to pay, as of the last build."""
        return self._payment_days.at(self._gold_version)

    @property
    def _gold_version(self) -> int:
        # What is not known of a state is asked once, however many facts come; the state itself every second.
        return hash(self._gold_state.at(0))

    def now(self) -> datetime:
        return self._platform.clock.now()

    def kept(self, question: Hashable, compute: Callable[[], Answer]) -> Answer:
        """The answer as of now, or as of less than a second ago if no fact has come since."""
        return self._answers.answer(question, compute)

    def selection(
        self,
        channel: Iterable[str] = (),
        product: Iterable[str] = (),
        category: Iterable[str] = (),
        country: Iterable[str] = (),
        region: Iterable[str] = (),
    ) -> Selection:
        """The choices of a question; UnknownChoice for a value that there is not."""
        known = self.known
        chosen = Selection(
            tuple(channel), tuple(product), tuple(category), tuple(c.upper() for c in country), tuple(region)
        )
        for field, values in chosen.named().items():
            if len(values) > _MOST_VALUES:
                raise InvalidInput(f"Choose at most {_MOST_VALUES} values.", field=field)
        check_choices("channel", chosen.channels, known.channel_names)
        check_choices("category", chosen.categories, known.choices["categories"])
        check_choices("country", chosen.countries, known.choices["countries"])
        self._check_products(chosen.products)
        return chosen

    def zone_of(self, name: str | None) -> str | None:
        """The name of a zone that exists; None where the store's own is meant."""
        return None if name is None or zone_named(name).key == self.zone.key else name

    def currency_of(self, code: str | None) -> str | None:
        """A reporting currency that amounts can be told in; UnknownChoice for one without any rate."""
        if code is None:
            return None
        asked, sold = check_currency(code), self.known.currencies
        if asked not in sold and not any(self.known.rates(asked).on(self.now().date(), one) for one in sold):
            raise UnknownChoice("currency", asked, sold, hint=" Others need a stored rate.")
        return asked

    def _check_products(self, products: tuple[str, ...]) -> None:
        known = self.known.products([p for p in products if p])
        missing = [key for key, row in known.items() if not (row["sku"] or row["name"])]
        if missing:
            rows = self.warehouse.query("SELECT product_id FROM live_products FINAL ORDER BY product_id LIMIT 1000")
            raise UnknownChoice("product", missing[0], [row["product_id"] for row in rows])

    def _version(self) -> int:
        return self._platform.data_version
