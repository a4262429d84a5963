"""The provider `test`: takes no money, remembers nothing, and always does the same for the same card or amount.

What will become of a payment is decided when it starts and written into its id, so that every process, and
every run, sees the same. A card decides first; without one the amount does.

| card | amount ends in | what becomes of it |
| --- | --- | --- |
| 4242424242424242 | anything else | paid at once |
| 4000000000000002 | 01 | refused |
| 4000002500003155 | 02 | the buyer has to do something, and never does |
| 4000002760003184 | 03 | the buyer agrees, and the money waits to be taken |
| 4000000000007726 | 04 | paid, but refunds are refused |
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import orjson

from tradewind.commerce.payments.providers.port import (
    BadSignature,
    Charge,
    IntentStatus,
    PaymentRefused,
    ProviderUpdate,
    RefundStatus,
    RefundTold,
    Started,
    Visit,
)
from tradewind.core.errors import InvalidInput

NAME = "test"
SIGNATURE = "tradewind-test-signature"

_CARDS = {
    "4242424242424242": "paid",
    "4000000000000002": "refused",
    "4000002500003155": "waiting",
    "4000002760003184": "agreed",
    "4000000000007726": "kept",
}
_ENDINGS = {1: "refused", 2: "waiting", 3: "agreed", 4: "kept"}
_STATUS = {
    "paid": IntentStatus.CAPTURED,
    "kept": IntentStatus.CAPTURED,
    "refused": IntentStatus.FAILED,
    "waiting": IntentStatus.PENDING,
    "agreed": IntentStatus.AUTHORIZED,
}


class RehearsalProvider:
    """See the module's table. `secret` signs its messages."""

    name = NAME
    is_remote = True

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def start(self, charge: Charge, visit: Visit) -> Started:
        card = visit.method.replace(" ", "") if visit.method else None
        if card is not None and card not in _CARDS:
            raise InvalidInput(f"The test provider has no such card. Use one of {', '.join(_CARDS)}.", field="method")
        outcome = _CARDS[card] if card is not None else _ENDINGS.get(charge.amount_minor % 100, "paid")
        known = charge.provider_id or f"test.{outcome}.{charge.intent_id}"
        return Started(_update(charge, known, _STATUS[_outcome(known)]))

    def fetch(self, charge: Charge) -> ProviderUpdate:
        known = charge.provider_id or ""
        return _update(charge, known, _STATUS[_outcome(known)])

    def capture(self, charge: Charge) -> ProviderUpdate:
        known = charge.provider_id or ""
        if _outcome(known) not in ("agreed", "paid", "kept"):
            raise PaymentRefused(f"The buyer has not agreed to pay for {charge.order_number}.")
        return _update(charge, known, IntentStatus.CAPTURED)

    def cancel(self, charge: Charge) -> ProviderUpdate:
        known = charge.provider_id or ""
        is_paid = _outcome(known) in ("paid", "kept")
        return _update(charge, known, IntentStatus.CAPTURED if is_paid else IntentStatus.CANCELLED)

    def refund(self, charge: Charge, refund_id: str, amount_minor: int, reason: str | None) -> RefundTold:  # noqa: ARG002 (the port asks so)
        if _outcome(charge.provider_id or "") == "kept":
            raise PaymentRefused("The test provider keeps the money of this card.")
        return RefundTold(f"test.refund.{refund_id}", amount_minor, RefundStatus.DONE, refund_id)

    def sign(self, body: bytes) -> str:
        """What the header `Tradewind-Test-Signature` has to say beside this body."""
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> ProviderUpdate:
        """A ProviderUpdate's own fields as a JSON object."""
        if not hmac.compare_digest(self.sign(body).encode(), headers.get(SIGNATURE, "").encode()):
            raise BadSignature(NAME)
        try:
            told: dict[str, Any] = orjson.loads(body)
            return ProviderUpdate(
                provider=NAME,
                provider_id=str(told["provider_id"]),
                status=IntentStatus(told["status"]),
                currency=told.get("currency"),
                captured_minor=int(told.get("captured_minor", 0)),
                failure=told.get("failure"),
                event_id=str(told["event_id"]),
                kind="test",
            )
        except (ValueError, KeyError, TypeError) as unknown:
            raise InvalidInput(
                "A test message is a JSON object with provider_id, status, event_id and captured_minor."
            ) from unknown


def _outcome(provider_id: str) -> str:
    _, _, rest = provider_id.partition("test.")
    outcome = rest.partition(".")[0]
    if outcome not in _STATUS:
        raise PaymentRefused("The test provider knows no such payment.")
    return outcome


def _update(charge: Charge, provider_id: str, status: IntentStatus) -> ProviderUpdate:
    is_paid = status is IntentStatus.CAPTURED
    return ProviderUpdate(
        provider=NAME,
        provider_id=provider_id,
        status=status,
        intent_id=charge.intent_id,
        currency=charge.currency,
        amount_minor=charge.amount_minor,
        captured_minor=charge.amount_minor if is_paid else 0,
        method="card",
        failure="The card was declined." if status is IntentStatus.FAILED else None,
    )
