"""Stand-ins for the providers, and tills that speak to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.payments import paypal_standin, stripe_standin
from tests.payments.paypal_standin import PaypalStandIn
from tests.payments.stripe_standin import StripeStandIn
from tests.payments.till import Till
from tradewind.commerce.payments.providers.manual import ManualProvider
from tradewind.commerce.payments.providers.paypal import PaypalProvider
from tradewind.commerce.payments.providers.stripe import StripeProvider
from tradewind.core.database import Database

TIMEOUT = 0.5


@pytest.fixture
def stripe() -> Iterator[StripeStandIn]:
    standin = StripeStandIn()
    yield standin
    standin.close()
    assert standin.wrong == []


@pytest.fixture
def paypal() -> Iterator[PaypalStandIn]:
    standin = PaypalStandIn()
    yield standin
    standin.close()
    assert standin.wrong == []


@pytest.fixture
def stripe_till(store: Database, stripe: StripeStandIn) -> Till:
    provider = StripeProvider(
        stripe_standin.KEY, webhook_secret=stripe_standin.SECRET, url=stripe.url, timeout_seconds=TIMEOUT
    )
    return Till(store, provider, ManualProvider())


@pytest.fixture
def paypal_till(store: Database, paypal: PaypalStandIn) -> Iterator[Till]:
    provider = PaypalProvider(
        paypal_standin.CLIENT_ID,
        paypal_standin.CLIENT_SECRET,
        url=paypal.url,
        webhook_id=paypal_standin.WEBHOOK_ID,
        timeout_seconds=TIMEOUT,
    )
    yield Till(store, provider, ManualProvider())
    provider.close()
