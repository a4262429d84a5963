"""Stripe, through its own library: a PaymentIntent per intent of ours, paid in Stripe's form, captured at once.

Sources: https://docs.stripe.com/api/payment_intents, …/api/refunds, …/webhooks, …/currencies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import orjson
import stripe

from tradewind.commerce.payments.providers.port import (
    BadSignature,
    Charge,
    IntentStatus,
    PaymentRefused,
    ProviderAway,
    ProviderUpdate,
    RefundStatus,
    RefundTold,
    Started,
    Visit,
)
from tradewind.core.errors import InvalidInput, Misconfigured
from tradewind.core.money import exponent, to_text

NAME = "stripe"
PAYMENT, REFUND = "tradewind_payment", "tradewind_refund"
"""Where our own ids stand in Stripe's metadata."""

_STATUS = {
    "requires_capture": IntentStatus.AUTHORIZED,
    "canceled": IntentStatus.CANCELLED,
    "succeeded": IntentStatus.CAPTURED,
}
_REFUND_STATUS = {
    "succeeded": RefundStatus.DONE,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}
_REFUND_EVENTS = ("refund.", "charge.refund.")
_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where Stripe counts other units than ISO 4217 does."""
_RETRIES = 2

Answer = TypeVar("Answer")


class StripeProvider:
    """Speaks to Stripe with one account's key. Safe to use from several threads."""

    name = NAME
    is_remote = True

    def __init__(self, secret_key: str, *, webhook_secret: str | None, url: str, timeout_seconds: float) -> None:
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": url.rstrip("/")},
            max_network_retries=_RETRIES,
            http_client=stripe.RequestsClient(timeout=timeout_seconds),
        )
        self._webhook_secret = webhook_secret

    def start(self, charge: Charge, visit: Visit) -> Started:  # noqa: ARG002 (Stripe's form knows the way back)
        if charge.provider_id is not None:
            intent = self._retrieve(charge.provider_id)
        else:
            intent = _asked(
                lambda: self._client.v1.payment_intents.create(
                    {
                        "amount": _to_stripe(charge.amount_minor, charge.currency),
                        "currency": charge.currency.lower(),
                        "automatic_payment_methods": {"enabled": True},
                        "description": f"Order {charge.order_number}",
                        "metadata": {PAYMENT: charge.intent_id},
                    },
                    {"idempotency_key": charge.intent_id},
                )
            )
        return Started(_update(intent), client_secret=intent.get("client_secret"))

    def fetch(self, charge: Charge) -> ProviderUpdate:
        intent = self._retrieve(charge.provider_id or "")
        return _update(intent, self._refunds(charge) if intent.get("amount_received") else ())

    def capture(self, charge: Charge) -> ProviderUpdate:
        return _update(
            _asked(
                lambda: self._client.v1.payment_intents.capture(
                    charge.provider_id or "", options={"idempotency_key": f"capture-{charge.intent_id}"}
                )
            )
        )

    def cancel(self, charge: Charge) -> ProviderUpdate:
        try:
            return _update(_asked(lambda: self._client.v1.payment_intents.cancel(charge.provider_id or "")))
        except PaymentRefused:
            # It was paid or cancelled meanwhile.
            return self.fetch(charge)

    def refund(self, charge: Charge, refund_id: str, amount_minor: int, reason: str | None) -> RefundTold:
        metadata = {REFUND: refund_id} | ({"reason": reason[:500]} if reason else {})
        told = _asked(
            lambda: self._client.v1.refunds.create(
                {
                    "payment_intent": charge.provider_id or "",
                    "amount": _to_stripe(amount_minor, charge.currency),
                    "metadata": metadata,
                },
                {"idempotency_key": refund_id},
            )
        )
        return _refund(told)

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> ProviderUpdate | None:
        event = self._checked(body, headers)
        kind, event_id = str(event.get("type", "")), str(event.get("id", ""))[:128]
        content = (event.get("data") or {}).get("object") or {}
        if kind.startswith("payment_intent."):
            return _update(content, event_id=event_id, kind=kind)
        if kind.startswith(_REFUND_EVENTS) and content.get("payment_intent"):
            # It tells of a refund and nothing of the payment: a state that none comes before.
            return ProviderUpdate(
                provider=NAME,
                provider_id=str(content["payment_intent"]),
                status=IntentStatus.CREATED,
                currency=str(content["currency"]).upper(),
                refunds=(_refund(content),),
                event_id=event_id,
                kind=kind,
            )
        return None

    def _checked(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The message, if its signature is Stripe's and not older than Stripe's five minutes."""
        if self._webhook_secret is None:
            raise Misconfigured("Set TRADEWIND_STRIPE_WEBHOOK_SECRET: without it no message of Stripe can be checked.")
        try:
            stripe.WebhookSignature.verify_header(
                body, headers.get("stripe-signature"), self._webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
            event = orjson.loads(body)
        except (stripe.SignatureVerificationError, UnicodeDecodeError) as forged:
            raise BadSignature(NAME) from forged
        except ValueError as unreadable:
            raise InvalidInput("The message is not JSON.", field="body") from unreadable
        if not isinstance(event, dict):
            raise InvalidInput("The message is not a JSON object.", field="body")
        return event

    def _retrieve(self, provider_id: str) -> dict[str, Any]:
        return _asked(lambda: self._client.v1.payment_intents.retrieve(provider_id))

    def _refunds(self, charge: Charge) -> tuple[RefundTold, ...]:
        found = _asked(lambda: self._client.v1.refunds.list({"payment_intent": charge.provider_id or "", "limit": 100}))
        return tuple(_refund(row) for row in found["data"])


def _asked(ask: Callable[[], stripe.StripeObject]) -> dict[str, Any]:
    """What Stripe answers, as plain content; its errors as ours."""
    try:
        return ask().to_dict()
    except (stripe.AuthenticationError, stripe.PermissionError) as locked:
        raise Misconfigured("Stripe does not accept our key. Check TRADEWIND_STRIPE_SECRET_KEY.") from locked
    except (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError) as refused:
        raise PaymentRefused(f"Stripe refuses: {refused.user_message or refused}") from refused
    except stripe.StripeError as away:
        raise ProviderAway(f"Stripe cannot answer now ({type(away).__name__}). It is asked again later.") from away


def _update(
    intent: Mapping[str, Any],
    refunds: tuple[RefundTold, ...] = (),
    *,
    event_id: str | None = None,
    kind: str = "fetched",
) -> ProviderUpdate:
    currency = str(intent["currency"]).upper()
    said, error = str(intent.get("status")), intent.get("last_payment_error") or {}
    status = _STATUS.get(said, IntentStatus.PENDING)
    if said == "requires_payment_method" and error:
        status = IntentStatus.FAILED
    return ProviderUpdate(
        provider=NAME,
        provider_id=str(intent["id"]),
        status=status,
        intent_id=_own_id(intent, PAYMENT),
        currency=currency,
        amount_minor=_from_stripe(int(intent["amount"]), currency),
        captured_minor=_from_stripe(int(intent.get("amount_received") or 0), currency),
        refunds=refunds,
        method=(error.get("payment_method") or {}).get("type") or NAME,
        failure=error.get("message"),
        event_id=event_id,
        kind=kind,
    )


def _refund(row: Mapping[str, Any]) -> RefundTold:
    status = _REFUND_STATUS.get(str(row.get("status")), RefundStatus.PENDING)
    amount = _from_stripe(int(row["amount"]), str(row["currency"]).upper())
    return RefundTold(str(row["id"]), amount, status, _own_id(row, REFUND), row.get("failure_reason"))


def _own_id(content: Mapping[str, Any], name: str) -> str | None:
    found = (content.get("metadata") or {}).get(name)
    return str(found)[:64] if found else None


def _to_stripe(minor: int, currency: str) -> int:
    """Stripe's own smallest units. Three-digit currencies have to end in a zero there."""
    ours, theirs = _digits(currency)
    amount, rest = divmod(minor * int(10**theirs), int(10**ours))
    if rest or (theirs == 3 and amount % 10):
        raise PaymentRefused(f"Stripe cannot take {to_text(minor, currency)} {currency}: its last digit has to be 0.")
    return amount


def _from_stripe(amount: int, currency: str) -> int:
    ours, theirs = _digits(currency)
    return amount * int(10**ours) // int(10**theirs)


def _digits(currency: str) -> tuple[int, int]:
    """Digits after the point, ours and Stripe's."""
    ours = exponent(currency)
    return ours, _DIGITS.get(currency, ours)
