"""All tables of the operational store, imported in one place: for migrations and for checks of drift."""

from __future__ import annotations

from sqlalchemy import MetaData

from tradewind.channels import model as channels
from tradewind.channels.streams import model as streams
from tradewind.channels.sync import model as channel_sync
from tradewind.commerce.access import model as access
from tradewind.commerce.advertising import model as advertising
from tradewind.commerce.carts import model as carts
from tradewind.commerce.catalog import model as catalog
from tradewind.commerce.customers import model as customers
from tradewind.commerce.fees import model as fees
from tradewind.commerce.idempotency import model as idempotency
from tradewind.commerce.inventory import model as inventory
from tradewind.commerce.notifications import model as notifications
from tradewind.commerce.orders import model as orders
from tradewind.commerce.payments import model as payments
from tradewind.commerce.promotions import model as promotions
from tradewind.commerce.purchasing import model as purchasing
from tradewind.commerce.rates import model as rates
from tradewind.commerce.reviews import model as reviews
from tradewind.commerce.shipping import model as shipping
from tradewind.commerce.taxes import model as taxes
from tradewind.core.database import Base
from tradewind.events import outbox
from tradewind.insights.planning import model as planning
from tradewind.warehouse.workspaces import model as workspaces

MODULES = (
    access,
    advertising,
    carts,
    catalog,
    channel_sync,
    channels,
    customers,
    fees,
    idempotency,
    inventory,
    notifications,
    orders,
    outbox,
    payments,
    planning,
    promotions,
    purchasing,
    rates,
    reviews,
    shipping,
    streams,
    taxes,
    workspaces,
)

metadata: MetaData = Base.metadata


SEARCH = "search_"
"""Tables that begin so are made of what each engine has for text (FTS5, tsvector), and written by hand."""


def is_modelled(name: str | None, kind: str, _: object) -> bool:
    """Whether a thing of the database is compared with the models; Alembic's `include_name`."""
    return not (kind == "table" and name is not None and name.startswith(SEARCH))
