"""Shapes of connections to channels, their runs, and how fresh they are. No shape carries a secret."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, StringConstraints

from tradewind.api.schemas.inventory import Body
from tradewind.api.wire import Wire
from tradewind.channels.contract import Resource

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ConnectorField(Wire):
    """One thing to enter."""

    name: str
    label: str
    is_secret: bool
    env: str | None = Field(description="Environment variable with its first value.")
    help: str | None
    default: str | None


class ConnectorResource(Wire):
    """One thing that is read."""

    resource: Resource
    every_seconds: int
    target_age_seconds: int


class ConnectorOut(Wire):
    """A platform that can be connected."""

    name: str
    label: str
    fields: list[ConnectorField]
    resources: list[ConnectorResource]


class ConnectorList(Wire):
    items: list[ConnectorOut]


class ConnectionOut(Wire):
    """One account of one platform."""

    connection_id: str
    name: str
    connector: str
    channel: str = Field(description="Code of the channel that its orders belong to.")
    state: Literal["active", "needs_attention", "paused"]
    state_reason: str | None
    state_since: datetime
    resume_at: datetime | None
    settings: dict[str, Any] = Field(description="What was entered and is no secret.")
    secrets_end_on: date | None
    history_days: int
    pushes_stock: bool
    pushes_prices: bool
    stock_buffer: int
    is_selling: bool
    created_at: datetime
    updated_at: datetime


class ConnectionList(Wire):
    items: list[ConnectionOut]


class CreateConnection(Body):
    """A new account."""

    connector: str = Field(max_length=64, examples=["shopify"])
    name: Name | None = Field(None, description="Unset: the connector's name.")
    channel: str | None = Field(None, max_length=64, description="Code of the channel. Unset: the name.")
    location: str | None = Field(None, max_length=64, description="Where the seller's own goods leave from.")
    entered: dict[str, SecretStr] = Field(description="Values by the names of the connector's fields.")
    history_days: int = Field(730, ge=1, le=3650, description="How far back the first load goes.")
    secrets_end_on: date | None = None


class ChangeConnection(Body):
    """What is left out stays as it is."""

    pushes_stock: bool | None = None
    pushes_prices: bool | None = None
    stock_buffer: int | None = Field(None, ge=0, le=1_000_000)
    is_selling: bool | None = Field(None, description="Off: 0 is pushed for every SKU.")
    location: str | None = Field(None, max_length=64)
    history_days: int | None = Field(None, ge=1, le=3650)
    secrets_end_on: date | None = None


class ChangeCredentials(Body):
    """New values for some of the fields."""

    entered: dict[str, SecretStr]
    secrets_end_on: date | None = None


class ConnectionChecked(Wire):
    account: str = Field(description="What the account is called on the platform.")


class FreshnessOut(Wire):
    """How far one resource of one connection lies behind."""

    connection: str
    connector: str
    resource: Resource
    state: str
    state_reason: str | None
    newest_fact_at: datetime | None = Field(description="When the newest thing that it told of happened.")
    newest_fact_age_seconds: int | None
    read_until: datetime | None = Field(description="Everything before this has been read.")
    age_seconds: int | None = Field(description="Now less `read_until`.")
    target_age_seconds: int
    is_late: bool
    finished_at: datetime | None


class FreshnessList(Wire):
    items: list[FreshnessOut]


class RunOut(Wire):
    """One run of a sync or of a job."""

    run_id: str
    what: str = Field(description="Connection and resource, or the job's name.")
    why: str = Field(description="schedule, by hand, webhook, replay, heal …")
    status: Literal["running", "finished", "failed", "stopped"]
    counts: dict[str, int]
    warnings: dict[str, int]
    error: str | None
    started_at: datetime
    finished_at: datetime | None


class RunList(Wire):
    items: list[RunOut]


class ChannelAlertOut(Wire):
    """One cause that somebody should know of."""

    alert_id: str
    connection: str
    cause: str
    message: str
    raised_at: datetime
    resolved_at: datetime | None


class ChannelAlertList(Wire):
    items: list[ChannelAlertOut]


class QuarantinedOut(Wire):
    """A payload that could not be booked."""

    quarantine_id: str
    connection: str
    resource: Resource
    external_id: str | None
    code: str
    reason: str
    refused_at: datetime


class QuarantineList(Wire):
    items: list[QuarantinedOut]


class ReplayQuarantine(Body):
    ids: list[str] | None = Field(None, max_length=1000, description="Only these. Unset: all that wait.")


class ReplayedOut(Wire):
    booked: int
    refused: int


class DriftOut(Wire):
    """Where a channel shows something else than we would have it show."""

    kind: Literal["stock", "price"]
    sku: str
    location: str
    ours: str
    theirs: str | None
    seen_at: datetime | None
    pushed_at: datetime | None
    error: str | None


class DriftList(Wire):
    items: list[DriftOut]


class PushedOut(Wire):
    done: int
    refused: int
    unchanged: int


class SubscribeWebhooks(Body):
    address: str | None = Field(
        None, max_length=500, pattern=r"^https?://", description="Unset: TRADEWIND_SERVER_PUBLIC_URL and the route."
    )


class SubscribedOut(Wire):
    topics: list[str]


class HeardOut(Wire):
    received: int = Field(description="How many news were new.")


class SyncAsked(Body):
    """What to read. Unset: the orders of every connection, as far as they have not been read."""

    channel: str | None = Field(None, max_length=200, description="Name of one connection, or code of one channel.")
    resource: Resource = Resource.ORDERS
    since: datetime | None = Field(None, description="Read what changed since then again.")
    full: bool = Field(False, description="Read all there is again.")


class SyncStarted(Wire):
    """Runs go on in the background: follow them under /api/v1/channels/runs."""

    started: list[str] = Field(description="Names of the connections that are read now.")
    left_out: dict[str, str] = Field(description="Connections that are not, and why.")


class JobOut(Wire):
    """Something that is done again and again."""

    name: str
    label: str
    every_seconds: int | None
    daily_at: str | None
    is_running: bool
    last_began_at: datetime | None
    last_status: str | None
    last_error: str | None
    next_at: datetime


class JobList(Wire):
    items: list[JobOut]


class JobDone(Wire):
    counts: dict[str, int]
