"""Money that no program takes: bank transfer, cash, invoice. A person says when it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NoReturn

from tradewind.commerce.payments.providers.port import (
    Charge,
    IntentStatus,
    PaymentRefused,
    ProviderUpdate,
    RefundStatus,
    RefundTold,
    Started,
    Visit,
)
from tradewind.core.errors import NotFound

NAME = "manual"


class ManualProvider:
    """There is nobody to ask: what is known stands in our own books."""

    name = NAME
    is_remote = False

    def start(self, charge: Charge, visit: Visit) -> Started:  # noqa: ARG002 (the port asks so)
        return Started(self.fetch(charge))

    def fetch(self, charge: Charge) -> ProviderUpdate:
        return _update(charge, IntentStatus.PENDING)

    def capture(self, charge: Charge) -> NoReturn:
        raise PaymentRefused(f"Nobody takes money for {charge.order_number} by itself: enter it when it has come.")

    def cancel(self, charge: Charge) -> ProviderUpdate:
        return _update(charge, IntentStatus.CANCELLED)

    def refund(self, charge: Charge, refund_id: str, amount_minor: int, reason: str | None) -> RefundTold:  # noqa: ARG002 (the port asks so)
        """Done once it is asked: whoever asks pays it back."""
        return RefundTold(refund_id, amount_minor, RefundStatus.DONE, refund_id)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> NoReturn:  # noqa: ARG002 (the port asks so)
        raise NotFound("Nobody sends messages about payments by hand.")


def received(intent_id: str, captured_minor: int, currency: str, method: str | None) -> ProviderUpdate:
    """What a person says who has seen the money: everything that has come so far."""
    return ProviderUpdate(
        provider=NAME,
        provider_id=intent_id,
        status=IntentStatus.CAPTURED,
        intent_id=intent_id,
        currency=currency,
        captured_minor=captured_minor,
        method=method,
        kind="received",
    )


def _update(charge: Charge, status: IntentStatus) -> ProviderUpdate:
    return ProviderUpdate(NAME, charge.intent_id, status, charge.intent_id, charge.currency, charge.amount_minor)
