"""Shapes of payments through providers. Amounts are in the row's own `currency`."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from pydantic import ConfigDict, Field

from tradewind.api.wire import Amount, Wire
from tradewind.commerce.payments.providers.port import IntentStatus, RefundStatus

PLAIN = r"^[^\x00]*$"
"""Texts that both databases can hold."""


class PaymentIntentSummary(Wire):
    """Money that an order waits for, or has, at one provider."""

    payment_id: str
    order_id: str
    order_number: str
    provider: str = Field(examples=["stripe"])
    provider_id: str | None = Field(description="The provider's own id; null until it has answered.")
    status: IntentStatus
    amount: Amount
    captured: Amount = Field(description="What has come in.")
    refunded: Amount = Field(description="What has gone back.")
    currency: str = Field(examples=["EUR"])
    failure: str | None = Field(description="Why the last attempt came to nothing, or what a person has to look at.")
    version: int
    checked_at: datetime | None = Field(description="When the provider was last asked.")
    created_at: datetime
    updated_at: datetime


class ProviderRefundDetail(Wire):
    """Money on its way back to the buyer."""

    provider_refund_id: str
    refund_id: str | None = Field(description="The credit note, once the money has gone and there is one.")
    provider_id: str | None
    status: RefundStatus
    amount: Amount
    currency: str
    reason: str | None
    failure: str | None
    created_at: datetime
    updated_at: datetime


class PaymentIntentDetail(PaymentIntentSummary):
    """A payment with all that went or goes back of it."""

    refunds: list[ProviderRefundDetail]


class PaymentIntentPage(Wire):
    items: list[PaymentIntentSummary]
    next_cursor: str | None = Field(description="Continues after the last item; null when there are no more.")


class StartPayment(Wire):
    """How the buyer means to pay, and where they come back to."""

    model_config = ConfigDict(extra="forbid")

    return_url: str | None = Field(
        None,
        max_length=1000,
        pattern=r"^https?://[^\x00-\x20]+$",
        description="Where the provider sends the buyer afterwards. Unset: to this payment's `return` address.",
        examples=["https://shop.example.com/thanks"],
    )
    cancel_url: str | None = Field(
        None, max_length=1000, pattern=r"^https?://[^\x00-\x20]+$", description="Where a buyer goes who stops."
    )
    method: str | None = Field(
        None,
        max_length=200,
        pattern=PLAIN,
        description="The provider's token for a way of paying; a card number for the provider `test`.",
        examples=["4242424242424242"],
    )


class PaymentStarted(Wire):
    """What the buyer needs to pay: a page to go to, or a secret for the provider's form."""

    payment_id: str
    status: IntentStatus
    redirect_url: str | None
    client_secret: str | None


class PaymentReceived(Wire):
    """Money that a person has seen come in."""

    model_config = ConfigDict(extra="forbid")

    amount: Decimal | None = Field(
        None, gt=0, max_digits=18, decimal_places=4, description="Unset: all that is missing.", examples=[99.99]
    )
    method: str | None = Field(
        None, max_length=64, pattern=PLAIN, description="How it came.", examples=["bank transfer"]
    )


class PaymentStanding(Wire):
    """How a payment stands, and nothing else of it."""

    payment_id: str
    status: IntentStatus


class MessageReceived(Wire):
    """The message was taken; what it says is done, or will be."""

    received: bool
