"""All tables of the operational store, imported in one place: for migrations and for checks of drift."""

from __future__ import annotations

from sqlalchemy import MetaData

from tradewind.channels import model as channels
from tradewind.commerce.access import model as access
from tradewind.commerce.catalog import model as catalog
from tradewind.commerce.customers import model as customers
from tradewind.commerce.inventory import model as inventory
from tradewind.commerce.orders import model as orders
from tradewind.commerce.payments import model as payments
from tradewind.commerce.rates import model as rates
from tradewind.commerce.reviews import model as reviews
from tradewind.core.database import Base
from tradewind.events import outbox

MODULES = (access, catalog, channels, customers, inventory, orders, payments, rates, reviews, outbox)

metadata: MetaData = Base.metadata
