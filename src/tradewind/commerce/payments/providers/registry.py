"""The providers that the settings switch on, by name. Their libraries are imported here, and only when needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tradewind.commerce.payments.providers import manual, rehearsal
from tradewind.commerce.payments.providers.port import Provider
from tradewind.core.errors import InvalidInput, Misconfigured
from tradewind.core.settings import Settings


class Providers:
    """Ways to take money, by name."""

    def __init__(self, *providers: Provider) -> None:
        self._by_name: Mapping[str, Provider] = {provider.name: provider for provider in providers}

    def __getitem__(self, name: str) -> Provider:
        """Raises InvalidInput for a provider that is not switched on."""
        found = self._by_name.get(name)
        if found is None:
            raise InvalidInput(
                f"There is no payment provider '{name[:32]}' here. Use one of {', '.join(self)},"
                " or set the provider's keys in the settings.",
                field="provider",
            )
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._by_name))

    @property
    def remote(self) -> list[str]:
        """Those that can be asked how a payment stands."""
        return [name for name in self if self._by_name[name].is_remote]


def open_providers(settings: Settings) -> Providers:
    """All that have their keys. Raises Misconfigured for half of a key, or for a library that is not installed."""
    found: list[Provider] = [manual.ManualProvider()]
    if settings.payments.test_secret is not None:
        found.append(rehearsal.RehearsalProvider(settings.payments.test_secret.get_secret_value()))
    if settings.stripe.secret_key is not None:
        found.append(_stripe(settings))
    if settings.paypal.client_id is not None or settings.paypal.client_secret is not None:
        found.append(_paypal(settings))
    return Providers(*found)


def _stripe(settings: Settings) -> Provider:
    try:
        from tradewind.commerce.payments.providers.stripe import StripeProvider
    except ImportError as missing:
        raise Misconfigured(
            "TRADEWIND_STRIPE_SECRET_KEY is set and Stripe's library is not installed. Install tradewind[stripe]."
        ) from missing
    given = settings.stripe
    assert given.secret_key is not None
    return StripeProvider(
        given.secret_key.get_secret_value(),
        webhook_secret=given.webhook_secret.get_secret_value() if given.webhook_secret else None,
        url=given.url,
        timeout_seconds=settings.payments.timeout_seconds,
    )


def _paypal(settings: Settings) -> Provider:
    from tradewind.commerce.payments.providers.paypal import PaypalProvider

    given = settings.paypal
    if given.client_id is None or given.client_secret is None:
        raise Misconfigured("PayPal needs both TRADEWIND_PAYPAL_CLIENT_ID and TRADEWIND_PAYPAL_CLIENT_SECRET.")
    return PaypalProvider(
        given.client_id,
        given.client_secret.get_secret_value(),
        url=given.url,
        webhook_id=given.webhook_id,
        timeout_seconds=settings.payments.timeout_seconds,
    )
