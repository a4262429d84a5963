"""Amazon as a connector: its credentials, what it brings and how often, its limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from tradewind.channels.amazon.client import TOKEN_URL, access_token, marketplaces_of
from tradewind.channels.amazon.connection import AmazonConnection
from tradewind.channels.amazon.limits import LIMITS
from tradewind.channels.amazon.notifications import drain, open_queue, subscribe
from tradewind.channels.contract import (
    Account,
    Caller,
    Connection,
    CredentialField,
    Hint,
    Limit,
    Resource,
    Schedule,
)
from tradewind.core.clock import Clock, SystemClock
from tradewind.core.errors import InvalidInput, NotPermitted

_FIELDS = (
    CredentialField(
        "client_id",
        "Client id of the app",
        is_secret=False,
        env="AMAZON_CLIENT_ID",
        help="Seller Central, Apps and Services, Develop Apps: LWA credentials of your private app.",
    ),
    CredentialField(
        "client_secret",
        "Client secret of the app",
        env="AMAZON_CLIENT_SECRET",
        help="Beside the client id. Amazon makes you replace it every 180 days.",
    ),
    CredentialField(
        "refresh_token",
        "Refresh token",
        env="AMAZON_REFRESH_TOKEN",
        help="Authorise the app for your own account: begins with Atzr|. The permission lasts a year.",
    ),
    CredentialField(
        "seller_id",
        "Seller id",
        is_secret=False,
        env="AMAZON_SELLER_ID",
        help="Seller Central, Account Info, Merchant Token: such as A3TH9S8BH6GOGM.",
    ),
    CredentialField(
        "marketplaces",
        "Marketplaces",
        is_secret=False,
        env="AMAZON_MARKETPLACES",
        help="Countries or ids of one region, such as US, CA.",
        default="US",
    ),
    CredentialField(
        "buyers",
        "Read buyers' aliases",
        is_secret=False,
        env="AMAZON_BUYERS",
        help="yes or no. Without them there is no figure about customers; names and streets are never read.",
        default="yes",
    ),
    CredentialField(
        "review_topics",
        "Read topics of reviews",
        is_secret=False,
        env="AMAZON_REVIEW_TOPICS",
        help="yes, if you own the brand and the app has the role Brand Analytics.",
        default="no",
    ),
    CredentialField(
        "fees_from",
        "Where fees come from",
        is_secret=False,
        env="AMAZON_FEES_FROM",
        help="transactions, or settlements for an account that may not read its transactions.",
        default="transactions",
    ),
    CredentialField(
        "queue_url",
        "Address of the SQS queue",
        is_secret=False,
        env="AMAZON_SQS_URL",
        help="Where Amazon puts notifications of changed orders. Empty: orders are polled.",
        default="",
    ),
    CredentialField(
        "base_url",
        "Address of the API",
        is_secret=False,
        env="AMAZON_BASE_URL",
        help="Empty: the host of the marketplaces' region.",
        default="",
    ),
    CredentialField(
        "token_url",
        "Address that gives access tokens",
        is_secret=False,
        env="LWA_TOKEN_URL",
        default=TOKEN_URL,
    ),
)


class AmazonConnector:
    """The Selling Partner API. `clock` says when a token was got; it must be the caller's."""

    name = "amazon"
    label = "Amazon"
    fields: tuple[CredentialField, ...] = _FIELDS
    resources: Mapping[Resource, Schedule] = {
        Resource.ORDERS: Schedule(timedelta(minutes=15), timedelta(minutes=20)),
        Resource.INVENTORY: Schedule(timedelta(minutes=30), timedelta(minutes=45)),
        Resource.PRODUCTS: Schedule(timedelta(hours=6), timedelta(hours=8)),
        Resource.FEES: Schedule(timedelta(hours=1), timedelta(hours=3)),
        Resource.FEEDBACK: Schedule(timedelta(days=1), timedelta(days=2)),
    }
    limits: Mapping[str, Limit] = LIMITS
    overlap = timedelta(minutes=10)
    # Nothing newer than two minutes may be asked for, by Amazon's clock: ours may be ahead of it.
    lag = timedelta(minutes=2, seconds=15)

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    def scopes(self, account: Account, resource: Resource) -> Sequence[str]:
        """Orders of all marketplaces come in one call, so one more marketplace begins its cursor anew."""
        places = marketplaces_of(account)
        match resource:
            case Resource.ORDERS:
                return (",".join(sorted(place.country for place in places)),)
            case Resource.FEES:
                return ("",)
            case _:
                return [place.id for place in places]

    def window_days(self, resource: Resource) -> int | None:
        return {Resource.ORDERS: 30, Resource.FEES: 179}.get(resource)

    def token(self, account: Account, http: httpx.Client) -> tuple[str, datetime | None]:
        return access_token(account, http, self._clock.now())

    def hints(self, account: Account, headers: Mapping[str, str], body: bytes) -> list[Hint]:
        """Amazon calls nobody, and its notifications carry no signature: who calls here is not Amazon."""
        del account, headers, body
        raise NotPermitted("Amazon's notifications are fetched from its queue. Enter the queue's address instead.")

    def subscribe(self, connection: Connection, address: str) -> list[str]:
        """Asks Amazon to put changes of orders into the queue with the ARN `address`."""
        if not isinstance(connection, AmazonConnection):
            raise InvalidInput("This is no connection to Amazon.", field="connection")
        if not address.startswith("arn:aws:sqs:") or address.endswith(".fifo"):
            raise InvalidInput(
                "Amazon puts notifications into standard queues of SQS alone. Give the queue's ARN: arn:aws:sqs:….",
                field="address",
            )
        return subscribe(connection.client, address)

    def fetch_hints(self, account: Account, deliver: Callable[[Sequence[Hint]], None]) -> int:
        """Empties the queue; without the address of one there is nothing to do."""
        address = account.values.get("queue_url", "").strip()
        return drain(open_queue(address), address, deliver) if address else 0

    def open(self, account: Account, caller: Caller) -> AmazonConnection:
        return AmazonConnection(account, caller)
