"""What is set per shop: its address, the version of the API that is asked, and which kind of token opens it."""

from __future__ import annotations

from dataclasses import dataclass

from tradewind.channels.contract import Account, CredentialField
from tradewind.core.errors import InvalidInput

API_VERSION = "2026-04"
"""Raised once a year; Shopify keeps each version for twelve months at least."""
SCOPES = ("read_orders", "read_products", "read_inventory", "read_locations", "read_customers", "read_fulfillments")
"""Without these nothing useful can be read. `read_all_orders` adds orders older than 60 days."""

FIELDS = (
    CredentialField(
        "shop",
        "Shop",
        is_secret=False,
        env="SHOPIFY_SHOP_NAME",
        help="The name before .myshopify.com, as in the address of the admin.",
    ),
    CredentialField(
        "access_token",
        "Access token",
        env="SHOPIFY_ACCESS_TOKEN",
        default="",
        help="Of a custom app made in the shop's admin (shpat_…); or give a client id and secret instead.",
    ),
    CredentialField(
        "client_id",
        "Client id",
        is_secret=False,
        env="SHOPIFY_CLIENT_ID",
        default="",
        help="Of an app in your own organisation.",
    ),
    CredentialField(
        "client_secret",
        "Client secret",
        env="SHOPIFY_CLIENT_SECRET",
        default="",
        help="Of the same app. Webhooks are signed with it, so it is needed for them in either case.",
    ),
    CredentialField(
        "former_client_secret",
        "Former client secret",
        env="SHOPIFY_FORMER_CLIENT_SECRET",
        default="",
        help="For an hour after the secret was changed: webhooks on their way are signed with the old one.",
    ),
    CredentialField("api_version", "API version", is_secret=False, env="SHOPIFY_API_VERSION", default=API_VERSION),
    CredentialField(
        "base_url",
        "Address",
        is_secret=False,
        env="SHOPIFY_BASE_URL",
        default="",
        help="Only for a stand-in server. Left out: the shop's own.",
    ),
)


@dataclass(frozen=True, slots=True)
class Shop:
    domain: str
    base_url: str
    version: str
    has_static_token: bool

    @classmethod
    def of(cls, account: Account) -> Shop:
        """The shop of an account. Raises InvalidInput."""
        domain = _domain(account.values.get("shop", ""))
        return cls(
            domain=domain,
            base_url=(account.values.get("base_url") or f"https://{domain}").rstrip("/"),
            version=account.values.get("api_version") or API_VERSION,
            has_static_token=has_secret(account, "access_token"),
        )


def has_secret(account: Account, name: str) -> bool:
    return name in account.secrets and bool(account.secret(name))


def _domain(text: str) -> str:
    """`camp`, `camp.myshopify.com` and `https://camp.myshopify.com/admin` are one shop."""
    name = text.strip().lower().partition("://")[2] or text.strip().lower()
    name = name.partition("/")[0].removesuffix(".myshopify.com")
    if not name or not name.replace("-", "").isalnum() or not name.isascii():
        raise InvalidInput("Give the shop's name as in its address name.myshopify.com.", field="shop")
    return f"{name}.myshopify.com"
