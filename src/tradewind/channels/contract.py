"""What a connector is: a client that reads pages, a mapping without I/O, and cursors. The sync engine does the rest.

A connector is found by the entry point group `tradewind.connectors`. It keeps no state but its access token: windows,
watermarks, limits, retries, raw payloads, quarantine and booking are the engine's (channels/sync).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import httpx
from pydantic import SecretStr

from tradewind.channels.unified import Unified
from tradewind.core.errors import Kind, TradewindError

Raw = Mapping[str, Any]
"""A payload as the channel sent it, its numbers with a point as Decimal."""

GROUP = "tradewind.connectors"


class Resource(StrEnum):
    """What can be synced."""

    ORDERS = "orders"
    RETURNS = "returns"
    PRODUCTS = "products"
    INVENTORY = "inventory"
    CUSTOMERS = "customers"
    FEES = "fees"
    FEEDBACK = "feedback"


class Verdict(StrEnum):
    """What an answer means for the one who asked."""

    OK = "ok"
    EMPTY = "empty"
    AUTH_EXPIRED = "auth_expired"
    AUTH_FATAL = "auth_fatal"
    ACCOUNT_STATE = "account_state"
    THROTTLED = "throttled"
    TRANSIENT = "transient"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer's verdict, with the server's hint how long to wait and its own words, free of secrets and persons."""

    verdict: Verdict
    wait_seconds: float | None = None
    code: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A token bucket: so many calls a second in the long run, so many at once. Per account and operation."""

    rate: float
    burst: float


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing that a user enters. `env` is the name of the environment variable with its first value."""

    name: str
    label: str
    is_secret: bool = True
    env: str | None = None
    help: str | None = None
    default: str | None = None
    """Taken where nothing is entered. Empty: it may be missing, and the connector says itself what it lacks."""


@dataclass(frozen=True, slots=True)
class Account:
    """A connection's account with its opened credentials. Never logged: its repr shows the ids alone."""

    id: str
    connector: str
    channel: str
    """Code of the channel whose facts it brings, such as `amazon`."""
    values: Mapping[str, str] = field(repr=False, default_factory=dict)
    secrets: Mapping[str, SecretStr] = field(repr=False, default_factory=dict)

    def secret(self, name: str) -> str:
        return self.secrets[name].get_secret_value()


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` to before `until`, by the channel's time of the last change. Without `since`: all there is."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Rejected:
    """A payload that cannot be booked, and why: it goes to quarantine and may be replayed."""

    external_id: str | None
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """One payload and what it means. A payload may tell of several things: an order and its fees."""

    external_id: str
    raw: Raw
    records: tuple[Unified, ...]
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What one call brought. `upper` on the last page of a window: how far the channel says that it has told."""

    items: Sequence[Mapped]
    upper: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """A webhook's news: something of that resource changed. The payload is not trusted further than that."""

    event_id: str
    resource: Resource
    external_id: str | None
    topic: str


@dataclass(frozen=True, slots=True)
class StockPush:
    """Set what can be bought of a SKU at one of the channel's places. `key` makes a repeat harmless."""

    sku: str
    location: str | None
    available: int
    key: str


@dataclass(frozen=True, slots=True)
class PricePush:
    """Set the price of a SKU."""

    sku: str
    price: Decimal
    currency: str
    key: str


@dataclass(frozen=True, slots=True)
class PushOutcome:
    """What became of one push; `error` in the channel's words where it refused."""

    key: str
    is_done: bool
    error: str | None = None


class ChannelFailed(TradewindError):
    """A channel did not do what it was asked, after all retries; `judged` says which way."""

    code = "channel_failed"
    kind = Kind.UNAVAILABLE

    def __init__(self, message: str, judged: Judged) -> None:
        super().__init__(message)
        self.judged = judged


Judge = Callable[[httpx.Response], Judged]


class Caller(Protocol):
    """The engine's side of one account: everything that a connector sends goes through it.

    It waits for the operation's bucket, refreshes the access token once at a time, sends with time limits, judges the
    answer, backs off with full jitter and logs without secrets. Raises ChannelFailed with the last verdict.
    """

    def call(self, operation: str, request: Callable[[str], httpx.Request], judge: Judge) -> httpx.Response:
        """Sends `request(access_token)`; it is built anew for each attempt."""
        ...

    def is_due(self, operation: str, calls: int = 1) -> bool:
        """Whether so many calls fit into the operation's burst now."""
        ...

    def learn(self, operation: str, limit: Limit) -> None:
        """The channel told another limit than the published one."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits by the account's clock; ends at once when the server stops."""
        ...

    @property
    def now(self) -> datetime: ...


class Connection(Protocol):
    """A connector at work for one account."""

    def pages(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        """All pages of a window, mapped. A crash starts the window again: page tokens are never kept."""
        ...

    def first_load(self, resource: Resource, scope: str, window: Window) -> Iterator[Page]:
        """The same for much history at once; where a channel has no way of its own, `pages`."""
        ...

    def read(self, resource: Resource, external_id: str) -> Page:
        """One thing read anew, after a webhook or by hand."""
        ...

    def map(self, resource: Resource, raw: Raw) -> Mapped:
        """What a kept payload means to this version of the mapping; no I/O."""
        ...

    def check(self) -> str:
        """Tries the credentials; returns what the account is called. Raises ChannelFailed."""
        ...


class Writer(Protocol):
    """What a connection offers where the channel takes stock and prices."""

    def push_stock(self, pushes: Sequence[StockPush]) -> list[PushOutcome]: ...

    def push_prices(self, pushes: Sequence[PricePush]) -> list[PushOutcome]: ...


class Webhooks(Protocol):
    """What a connector offers whose channel calls us."""

    def hints(self, account: Account, headers: Mapping[str, str], body: bytes) -> list[Hint]:
        """Checks the signature over the raw bytes. Raises Forbidden."""
        ...

    def subscribe(self, connection: Connection, address: str) -> list[str]:
        """Asks the channel to call `address`; returns the topics that are subscribed now."""
        ...


class Demand(StrEnum):
    """What a platform may demand for the sake of privacy; the news' external id says about whom."""

    TELL = "tell"
    """A customer wants to know what is held about them: the seller answers."""
    FORGET = "forget"
    """A customer, or who bought an order, is to be forgotten."""
    FORGET_ALL = "forget_all"
    """All people whom the account told of are, and its credentials."""


class Demanding(Protocol):
    """What a connector offers whose platform has such demands among its webhooks."""

    @property
    def demands(self) -> Mapping[str, Demand]:
        """By the topic of the news."""
        ...


class Queued(Protocol):
    """What a connector offers whose channel's news wait in a queue instead of being sent."""

    def fetch_hints(self, account: Account, deliver: Callable[[Sequence[Hint]], None]) -> int:
        """Hands over what waits and takes it off the queue after `deliver` has kept it; returns how many messages."""
        ...


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a resource is read, and how old its newest fact may be."""

    every: timedelta
    target_age: timedelta


class Connector(Protocol):
    """One platform."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def fields(self) -> tuple[CredentialField, ...]: ...

    @property
    def resources(self) -> Mapping[Resource, Schedule]: ...

    @property
    def limits(self) -> Mapping[str, Limit]: ...

    @property
    def overlap(self) -> timedelta: ...

    @property
    def lag(self) -> timedelta:
        """The newest moment that may be asked for lies this far back."""
        ...

    def scopes(self, account: Account, resource: Resource) -> Sequence[str]:
        """What a resource has a cursor for each: marketplaces, ship-node types; ('',) where there is one."""
        ...

    def window_days(self, resource: Resource) -> int | None:
        """The longest window of a first load; None: no bound."""
        ...

    def token(self, account: Account, http: httpx.Client) -> tuple[str, datetime | None]:
        """A new access token and when it ends; None: never. Raises ChannelFailed."""
        ...

    def open(self, account: Account, caller: Caller) -> Connection: ...
