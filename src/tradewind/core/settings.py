"""Every setting: one root, one model per area, each field typed and described.

Built once, by `api` and `cli`; each room is handed its own part. Importing a module reads no
environment. A field of an area is set by `TRADEWIND_<AREA>_<FIELD>`, for example `TRADEWIND_DATABASE_URL`;
the reference page docs/reference/settings.md is generated from the descriptions below.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from tradewind.core.errors import InvalidInput, Misconfigured
from tradewind.core.money import check_currency

MINIMUM_SECRET_LENGTH = 32


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as unknown:
        raise ValueError(f"'{name}' is not a time zone; use a name such as Europe/Berlin or UTC") from unknown
    return name


def _known_currency(code: str) -> str:
    try:
        return check_currency(code)
    except InvalidInput as unknown:
        raise ValueError(str(unknown)) from unknown


def _two_letters(code: str) -> str:
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise ValueError(f"'{code}' is not a country; use its two letters, such as DE")
    return code.upper()


class Area(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSettings(Area):
    """The merchant's own rules."""

    name: str = Field("Tradewind store", description="Name shown in the dashboard and in mails.")
    currency: Annotated[str, AfterValidator(_known_currency)] | None = Field(
        None,
        description="Reporting currency: figures in other currencies are converted into it with the stored rate."
        " Unset: the currency of most of the orders that are asked for.",
    )
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field(
        "UTC",
        description="Zone in which the business day is cut. Changing it rebuilds the live figures at the next start.",
    )
    country: Annotated[str, AfterValidator(_two_letters)] | None = Field(
        None,
        description="Country whose public holidays forecasts reckon with, by its two letters (ISO 3166), such as DE."
        " Unset: the one that at least half of the orders go to.",
    )
    reorder_point: int = Field(
        10,
        ge=0,
        description="Available units below which a product is low, where it has no point of its own.",
    )

    cart_idle_minutes: int = Field(
        240,
        ge=5,
        le=10_080,
        description="Minutes that nobody touches a cart with goods in it before it counts as abandoned.",
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


class LaneSettings(Area):
    """What the way from one place to another costs."""

    from_location: str
    to_location: str
    cost_per_unit: Decimal = Field(Decimal(0), ge=0)
    fixed_cost: Decimal = Field(Decimal(0), ge=0)


class PlanningSettings(Area):
    """By which rules purchases and transfers are planned, unless a caller asks for others."""

    hour: int = Field(4, ge=0, le=23, description="Hour of the store's day from which the day's plan is made.")
    service_level: float | None = Field(
        None, gt=0, lt=1, description="Chance of not running out, the same for all. Unset: what pays for each product."
    )
    review_days: int = Field(
        7, ge=1, le=365, description="Days between two looks at the plan, where a supplier's calendar says nothing."
    )
    holding_rate: float = Field(0.25, ge=0, le=10, description="What keeping stock costs per year, as a share of it.")
    goodwill_rate: float = Field(
        0.0, ge=0, le=10, description="What a missed sale costs beyond its margin, as a share of the price."
    )
    order_cost: Decimal = Field(Decimal(0), ge=0, description="Of ordering one line, in the reporting currency.")
    cover_limit_days: int = Field(90, ge=1, le=365, description="What would not sell within these days is excess.")
    transfer_cost_per_unit: Decimal = Field(
        Decimal(0), ge=0, description="Of moving one unit between two places, in the reporting currency."
    )
    transfer_fixed_cost: Decimal = Field(
        Decimal(0), ge=0, description="Of a shipment between two places, in the reporting currency."
    )
    lanes: tuple[LaneSettings, ...] = Field(
        (),
        description="Ways that cost otherwise, as JSON: a list of from_location, to_location (codes), cost_per_unit and"
        " fixed_cost.",
    )


class DatabaseSettings(Area):
    """The operational store: the system of record."""

    url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL: sqlite:///path or postgresql+psycopg://user:password@host/db. "
        "Unset: a SQLite file in the data folder.",
    )
    pool_size: int = Field(10, ge=1, le=200, description="Connections kept open per process.")
    lock_timeout_seconds: float = Field(30, gt=0, description="Longest wait for another writer before giving up.")


class LogSettings(Area):
    """The event log between the operational store and the warehouse."""

    url: SecretStr | None = Field(
        None,
        description="sqlite:///path, or kafka://host:9092 for a Kafka cluster (install `tradewind[kafka]`):"
        " kafka://user:password@one:9092,two:9092/name?security.protocol=SASL_SSL. Unset: a file in the data folder.",
    )
    partitions: int = Field(1, ge=1, le=64, description="Partitions of a new topic. Existing topics keep theirs.")
    retention_days: int = Field(
        30, ge=1, description="Entries older than this are deleted once every consumer has passed them."
    )


class WarehouseSettings(Area):
    """The ClickHouse side: chDB in the process, or a server."""

    url: SecretStr | None = Field(
        None,
        description="chdb:///path or clickhouse://user:password@host:8123/database. Unset: chDB in the data folder.",
    )
    query_timeout_seconds: float = Field(10, gt=0, description="Longest a reader's query may run.")
    query_max_rows: int = Field(1_000_000, ge=1, description="Most rows one reader's query may return.")
    query_max_memory_mb: int = Field(1024, ge=16, description="Most memory one reader's query may use.")
    query_threads: int = Field(2, ge=1, description="Threads one query may use.")
    readers: int = Field(4, ge=1, le=64, description="Read-only connections kept open per process.")
    batch_rows: int = Field(10_000, ge=1, description="Most events that the sink inserts as one batch.")
    batch_wait_ms: int = Field(
        100, ge=0, description="Shortest time between two batches of one topic, so that parts stay few."
    )
    build_minutes: int = Field(
        15,
        ge=0,
        le=1_440,
        description="Minutes between two builds of the gold tables while facts move on; each night at two, by the"
        " store's clock, they are built in full. 0: only `tradewind warehouse build` builds them.",
    )


class StreamsSettings(Area):
    """Topics of a Kafka cluster that sales and changes of stock are booked from."""

    url: SecretStr | None = Field(
        None,
        description="kafka://host:9092, or kafka://user:password@one:9093,two:9093?security.protocol=SASL_SSL"
        " (install `tradewind[kafka]`). Unset: no topics are followed.",
    )
    sales_topic: str = Field("sales", min_length=1, max_length=100, description="Topic of sales.")
    items_topic: str = Field("items", min_length=1, max_length=100, description="Topic of changes of stock.")
    group: str = Field(
        "tradewind",
        min_length=1,
        max_length=64,
        description="Consumer group. The positions that count are kept with what was booked; a new name begins anew.",
    )
    currency: Annotated[str, AfterValidator(_known_currency)] = Field(
        "USD", description="Currency of messages that name none."
    )


class JobsSettings(Area):
    """Work that outlives its request: populates, copies, sinks, large appends."""

    schedule: bool = Field(
        True, description="Whether the server reads channels when it is due; no, where `tradewind worker` does."
    )
    threads: int = Field(2, ge=1, le=64, description="Jobs that work at once.")
    waiting: int = Field(100, ge=1, description="Jobs that may wait; more are refused for the moment.")
    history: int = Field(1_000, ge=1, description="Jobs that are over and remembered, per workspace.")
    query_seconds: int = Field(3_600, ge=1, description="Longest that the query of a copy or a sink may run.")
    query_memory_mb: int = Field(4_096, ge=64, description="Most memory that the query of a copy or a sink may use.")
    file_rows: int = Field(1_000_000, ge=1, description="Most rows that a sink writes into one file.")


class IngestSettings(Area):
    """Rows that come in under /v0: how many, how fast, and how they reach their tables."""

    max_body_mb: int = Field(10, ge=1, le=1024, description="Largest body of /v0/events, as it is sent.")
    max_unpacked_mb: int = Field(
        64, ge=1, le=4096, description="Largest body of /v0/events once it is unpacked (gzip, zstd)."
    )
    max_file_mb: int = Field(2048, ge=1, description="Largest file that /v0/datasources takes.")
    max_file_unpacked_mb: int = Field(
        32_768, ge=1, description="Largest file of /v0/datasources once it is unpacked (gzip, zstd)."
    )
    fetch_seconds: int = Field(600, ge=1, description="Longest time for fetching a file of /v0/datasources by `url`.")
    fetch_hosts: str = Field(
        "",
        description="Hosts, as `host` or `host:port` with commas between them, that files are fetched from by `url`"
        " although their addresses are not public ones.",
    )
    requests_per_second: int = Field(
        10_000, ge=1, description="Requests to /v0/events that one data source takes in a second."
    )
    mb_per_second: int = Field(1000, ge=1, description="Megabytes that one data source takes in a second.")
    batch_mb: int = Field(24, ge=1, le=256, description="Most that is inserted into a table at once.")
    batch_wait_ms: int = Field(
        150, ge=0, le=60_000, description="Shortest time between two batches of one table, so that parts stay few."
    )
    landers: int = Field(2, ge=1, le=16, description="Tables that are written to at the same time.")
    max_backlog_mb: int = Field(
        1024, ge=1, description="Rows that wait for their tables, at most; beyond, /v0/events answers 429."
    )
    max_parts: int = Field(
        280, ge=50, description="Parts of a table beyond which /v0/events answers 429 for its data source."
    )
    min_free_disk_mb: int = Field(512, ge=0, description="Free disk space below which /v0/events answers 429.")
    max_memory_mb: int = Field(
        0, ge=0, description="Memory of the process beyond which /v0/events answers 429. 0: no bound."
    )
    keep_minutes: int = Field(
        10, ge=0, description="Minutes for which rows stay in the log after every table has taken them."
    )
    keys_hours: int = Field(24, ge=1, description="Hours for which an Idempotency-Key of /v0/events is known.")


class ServingSettings(Area):
    """Endpoints and SQL of projects, under /v0."""

    connections: int = Field(8, ge=1, le=64, description="Queries of endpoints and of /v0/sql that run at once.")
    waiting: int = Field(200, ge=1, le=10_000, description="Queries that may wait for their turn; more are told 429.")
    result_max_mb: int = Field(100, ge=1, le=4096, description="Largest answer of a query, as it is sent.")
    cache_mb: int = Field(64, ge=0, le=16_384, description="Memory for answers that are kept until the data change.")
    stale_ms: int = Field(
        250,
        ge=0,
        le=60_000,
        description="While rows come in, the last answer is given for so long after the data have moved on, and"
        " the next one is made meanwhile; while that one is on its way, for twice as long."
        " Rows that were sent with `wait=true` are seen at once.",
    )
    log_seconds: float = Field(
        1, gt=0, le=60, description="How often requests and operations are written to the tables `tinybird.*`."
    )


class ProjectsSettings(Area):
    """Deployed projects of datafiles."""

    local_tokens: bool = Field(
        False,
        description="Whether GET /tokens gives the admin token to clients on this machine, as the format's own tools"
        " expect of a local server. Not behind a proxy, and not where others use the machine too.",
    )


class CacheSettings(Area):
    """Cache, counters and messages between processes."""

    url: SecretStr | None = Field(None, description="redis://host:6379/0. Unset: in the process.")


class MediaSettings(Area):
    """Pictures of products."""

    url: SecretStr | None = Field(
        None,
        description="A folder, or s3://bucket/prefix?endpoint=https://host&region=name for a bucket that speaks S3,"
        " with access from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (install `tradewind[s3]`)."
        " Unset: a folder in the data folder.",
    )


class ServerSettings(Area):
    """Where the product listens."""

    host: str = Field("127.0.0.1", description="Address to listen on. 0.0.0.0 opens the product to the network.")
    port: int = Field(8000, ge=0, le=65535, description="Port of the web app and the API.")
    clickhouse_port: int = Field(
        8123,
        ge=0,
        le=65535,
        description="Port of the ClickHouse HTTP interface in embedded mode; 0 picks a free one.",
    )
    max_body_mb: int = Field(16, ge=1, description="Largest request body.")
    public_insights: bool = Field(
        False,
        description="Answer /api/customers, /api/products and /api/sales to everybody, without names and addresses."
        " Off: they need a login or a token.",
    )
    public_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="Address under which people reach the product, for links in mails: https://shop.example.com."
        " Unset: http://localhost and the port.",
    )

    @property
    def address(self) -> str:
        """What links in mails begin with, without a slash at the end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


class SecuritySettings(Area):
    """Sign-in."""

    access_token_seconds: int = Field(3600, ge=60, description="How long an access token is valid.")
    refresh_token_days: int = Field(30, ge=1, description="How long a refresh token is valid.")
    login_attempts: int = Field(
        10, ge=1, description="Failed sign-ins per name and address within 15 minutes before a pause."
    )


class PaymentsSettings(Area):
    """Money from buyers. Providers are switched on by their keys; `manual` is always there."""

    return_url: str | None = Field(
        None,
        pattern="^https?://",
        max_length=500,
        description="Page of the shop that buyers come back to after paying; `payment` and `status` are added to it."
        " Unset: they see the status as JSON.",
    )
    test_secret: SecretStr | None = Field(
        None,
        description="Switches on the provider `test`, which takes no money, and signs its messages."
        " Not for a shop that sells: with it anybody can pay with nothing.",
    )
    timeout_seconds: float = Field(20, gt=0, le=120, description="Longest wait for an answer of a payment provider.")


class StripeSettings(Area):
    """Stripe, through its own library: install `tradewind[stripe]`."""

    secret_key: SecretStr | None = Field(None, description="Secret or restricted key (sk_…, rk_…). Unset: no Stripe.")
    webhook_secret: SecretStr | None = Field(
        None, description="Signing secret (whsec_…) of the endpoint <your address>/api/v1/webhooks/stripe."
    )
    url: str = Field("https://api.stripe.com", pattern="^https?://", description="Address of the API.")


class PaypalSettings(Area):
    """PayPal, through its Orders v2 API."""

    client_id: str | None = Field(None, description="Client id of the REST app. Unset: no PayPal.")
    client_secret: SecretStr | None = Field(None, description="Secret of the REST app.")
    webhook_id: str | None = Field(
        None, description="Id of the webhook that points to <your address>/api/v1/webhooks/paypal."
    )
    url: str = Field(
        "https://api-m.paypal.com",
        pattern="^https?://",
        description="Address of the API; https://api-m.sandbox.paypal.com for trying out.",
    )


class SmtpSettings(Area):
    """The server that sends mails. Unset: mails wait."""

    host: str | None = Field(None, description="Name of the mail server. Unset: mails wait until there is one.")
    port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    security: str = Field(
        "starttls",
        pattern="^(starttls|tls|none)$",
        description="starttls, tls (from the first byte on, port 465) or none (a server on this machine).",
    )
    username: str | None = Field(None, description="Name to sign in with. Unset: no sign-in.")
    password: SecretStr | None = Field(None, description="Password to sign in with.")
    sender: str | None = Field(None, description="Address that mails come from: shop@example.com. Needed with a host.")
    timeout_seconds: float = Field(20, gt=0, le=300, description="Longest wait for the mail server.")

    @model_validator(mode="after")
    def who_sends_has_an_address(self) -> Self:
        if self.host is not None and self.sender is None:
            raise ValueError("set TRADEWIND_SMTP_SENDER too: the address that mails come from")
        return self


class Settings(BaseSettings):
    """The root. Frozen: a running program's settings do not change under its feet."""

    model_config = SettingsConfigDict(
        env_prefix="TRADEWIND_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_file=".env",
        extra="ignore",
        frozen=True,
    )

    data_dir: Path = Field(Path(".tradewind"), description="Folder of all embedded state: one folder is a backup.")
    secret_key: SecretStr | None = Field(
        None,
        description=f"Signs access tokens; at least {MINIMUM_SECRET_LENGTH} characters."
        " Unset and embedded: made at the first start and kept in the data folder.",
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error.")
    store: StoreSettings = Field(default_factory=StoreSettings, description="The merchant's own rules.")
    planning: PlanningSettings = Field(default_factory=PlanningSettings, description="Rules of purchase plans.")
    database: DatabaseSettings = Field(default_factory=DatabaseSettings, description="The operational store.")
    log: LogSettings = Field(default_factory=LogSettings, description="The event log.")
    warehouse: WarehouseSettings = Field(default_factory=WarehouseSettings, description="The warehouse.")
    streams: StreamsSettings = Field(default_factory=StreamsSettings, description="Topics that are booked from.")
    jobs: JobsSettings = Field(default_factory=JobsSettings, description="Work that outlives its request.")
    ingest: IngestSettings = Field(default_factory=IngestSettings, description="Rows that come in under /v0.")
    serving: ServingSettings = Field(default_factory=ServingSettings, description="Endpoints and SQL of projects.")
    projects: ProjectsSettings = Field(default_factory=ProjectsSettings, description="Deployed projects of datafiles.")
    cache: CacheSettings = Field(default_factory=CacheSettings, description="Cache and messages.")
    media: MediaSettings = Field(default_factory=MediaSettings, description="Pictures of products.")
    server: ServerSettings = Field(default_factory=ServerSettings, description="Where the product listens.")
    security: SecuritySettings = Field(default_factory=SecuritySettings, description="Sign-in.")
    payments: PaymentsSettings = Field(default_factory=PaymentsSettings, description="Money from buyers.")
    stripe: StripeSettings = Field(default_factory=StripeSettings, description="Stripe.")
    paypal: PaypalSettings = Field(default_factory=PaypalSettings, description="PayPal.")
    smtp: SmtpSettings = Field(default_factory=SmtpSettings, description="The server that sends mails.")

    @model_validator(mode="before")
    @classmethod
    def log_level_is_not_of_the_event_log(cls, values: Any) -> Any:
        # TRADEWIND_LOG_LEVEL reads as the root's `log_level` and as the field `level` of the area `log`.
        if isinstance(values, dict) and "log_level" in values and isinstance(values.get("log"), dict):
            values = values | {"log": {name: value for name, value in values["log"].items() if name != "level"}}
        return values

    @model_validator(mode="after")
    def data_dir_is_absolute(self) -> Self:
        object.__setattr__(self, "data_dir", self.data_dir.expanduser().absolute())
        return self

    @property
    def database_url(self) -> str:
        url = self.database.url
        return url.get_secret_value() if url else f"sqlite:///{self.data_dir / 'tradewind.db'}"

    @property
    def log_path(self) -> Path:
        url = self.log.url
        return Path(url.get_secret_value().removeprefix("sqlite:///")) if url else self.data_dir / "log.db"

    @property
    def warehouse_url(self) -> str:
        url = self.warehouse.url
        return url.get_secret_value() if url else f"chdb://{self.data_dir / 'warehouse'}"


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment and `.env`, with overrides from the command line on top.

    Raises Misconfigured with the names of the settings that are wrong and what they may be.
    """
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as wrong:
        area = next((name for name in Settings.model_fields if f'"{name}"' in str(wrong)), "")
        raise Misconfigured(
            f"{_variable((area,))} is not usable: it is an area. Set its fields one by one,"
            f" for example {_variable((area, *_first_field(area)))}; docs/reference/settings.md lists them."
        ) from wrong
    except ValidationError as wrong:
        lines = [f"{_variable(error['loc'])}: {error['msg']}" for error in wrong.errors()]
        raise Misconfigured("Some settings are not usable:\n  " + "\n  ".join(lines)) from wrong


def _first_field(area: str) -> list[str]:
    annotation = Settings.model_fields[area].annotation if area else None
    is_area = isinstance(annotation, type) and issubclass(annotation, Area)
    return list(annotation.model_fields)[:1] if is_area else []  # type: ignore[union-attr]


def _variable(location: tuple[int | str, ...]) -> str:
    return "_".join(["TRADEWIND", *(str(part).upper() for part in location)])
