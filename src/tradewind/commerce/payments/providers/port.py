"""What every payment provider is asked, and what it says: the same few calls, whoever takes the money.

A provider is spoken to outside of any transaction, and may be asked the same again at any time: each call
that moves money carries our own id, under which the provider does it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from tradewind.core.errors import Conflict, NotPermitted, Unavailable


class IntentStatus(StrEnum):
    """How far the money of an intent has come. Each state may be followed by those after it, never by one before."""

    CREATED = "created"
    """Ours alone: the provider has not answered yet."""
    PENDING = "pending"
    """The buyer has to do something, or the provider is at it."""
    FAILED = "failed"
    """An attempt was refused; the buyer may try again."""
    AUTHORIZED = "authorized"
    """The buyer has agreed, and the money waits to be taken."""
    CANCELLED = "cancelled"
    CAPTURED = "captured"
    """We have the money."""

    @property
    def rank(self) -> int:
        return _RANKS[self]

    @property
    def is_open(self) -> bool:
        """Whether money may still come without anybody asking for it."""
        return self not in (IntentStatus.CANCELLED, IntentStatus.CAPTURED)


_RANKS = {status: rank for rank, status in enumerate(IntentStatus)}


class RefundStatus(StrEnum):
    """How far money has come on its way back. As with intents, a later state is never followed by an earlier one."""

    ASKED = "asked"
    """Ours alone: to be sent to the provider, or sent without an answer yet."""
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    """Refused, or come back from the buyer's bank: we still have the money."""

    @property
    def rank(self) -> int:
        return _REFUND_RANKS[self]


_REFUND_RANKS = {status: rank for rank, status in enumerate(RefundStatus)}


class PaymentRefused(Conflict):
    """The provider understood, and said no: the same again will be refused again."""

    code = "payment_refused"


class ProviderAway(Unavailable):
    """The provider did not answer, or not in a way that says whether it did what it was asked."""

    code = "payment_provider_away"


class BadSignature(NotPermitted):
    """A message that does not come from the provider, or that was changed on its way."""

    code = "bad_signature"

    def __init__(self, provider: str) -> None:
        super().__init__(
            f"This message is not signed as {provider} signs. Check the webhook's secret in the settings, and that"
            " nothing on the way changes the body."
        )


@dataclass(frozen=True, slots=True)
class Charge:
    """What the provider is asked about: one intent. Amounts in minor units."""

    intent_id: str
    order_number: str
    amount_minor: int
    currency: str
    provider_id: str | None = None
    """The provider's own id, once it has answered."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Where the buyer comes back to, and how they mean to pay if that is known already."""

    return_url: str | None = None
    cancel_url: str | None = None
    method: str | None = None
    """The provider's own token for a way of paying."""


@dataclass(frozen=True, slots=True)
class RefundTold:
    """One refund as the provider has it."""

    provider_id: str
    amount_minor: int
    status: RefundStatus
    refund_id: str | None = None
    """Our own id, where the refund was asked by us."""
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderUpdate:
    """What a provider says about one intent, whichever way we learnt it. Amounts in minor units."""

    provider: str
    provider_id: str
    status: IntentStatus
    intent_id: str | None = None
    """Our own id, where the provider repeats it: a message may be faster than the answer that names its id."""
    currency: str | None = None
    amount_minor: int | None = None
    """What the provider means to take, where it says so."""
    captured_minor: int = 0
    """Everything taken so far."""
    refunds: tuple[RefundTold, ...] = ()
    method: str | None = None
    failure: str | None = None
    event_id: str | None = None
    """The name of the message; None for an answer to our own question."""
    kind: str = "fetched"


@dataclass(frozen=True, slots=True)
class Started:
    """What the buyer needs to pay: a page to go to, or a secret for the provider's form in the shop's own page."""

    update: ProviderUpdate
    redirect_url: str | None = None
    client_secret: str | None = None


class Provider(Protocol):
    """One way to take money. Calls raise PaymentRefused or ProviderAway."""

    name: str
    is_remote: bool
    """Whether there is somebody to ask, and who may send messages."""

    def start(self, charge: Charge, visit: Visit) -> Started:
        """Makes the payment known to the provider, once per intent; again gives the same, as it stands."""
        ...

    def fetch(self, charge: Charge) -> ProviderUpdate:
        """Where the payment stands, with all its refunds. Needs `charge.provider_id`."""
        ...

    def capture(self, charge: Charge) -> ProviderUpdate:
        """Takes money that the buyer has agreed to."""
        ...

    def cancel(self, charge: Charge) -> ProviderUpdate:
        """Lets go of a payment that nobody waits for any more; how it stands afterwards."""
        ...

    def refund(self, charge: Charge, refund_id: str, amount_minor: int, reason: str | None) -> RefundTold:
        """Gives money back, once per `refund_id`."""
        ...

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> ProviderUpdate | None:
        """The message in a webhook, None where it is about something else. Raises BadSignature.

        Header names are in lower case.
        """
        ...
