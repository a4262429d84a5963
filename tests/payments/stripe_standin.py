"""Stripe's documented API, as far as we use it: PaymentIntents, refunds, signed events, idempotency keys.

Source: https://docs.stripe.com/api.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any

import orjson

from tests.payments.standin import Asked, Said, StandIn

KEY = "sk_test_standin"
SECRET = "whsec_standin"

Event = tuple[bytes, dict[str, str]]


class StripeStandIn(StandIn):
    def __init__(self) -> None:
        super().__init__()
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.events: list[Event] = []
        """All messages so far, in the order in which things happened; a test delivers them as it likes."""
        self.refund_status = "succeeded"
        self._answers: dict[str, tuple[str, bytes, Said]] = {}

    # --- what buyers and desks do ------------------------------------------------------------------------------------

    def pay(self, intent_id: str) -> None:
        """The buyer fills in Stripe's form, and the card is good."""
        intent = self.intents[intent_id]
        assert intent["status"] in ("requires_payment_method", "requires_action"), intent["status"]
        intent |= {"status": "succeeded", "amount_received": intent["amount"], "last_payment_error": None}
        self._tell("payment_intent.succeeded", intent)

    def decline(self, intent_id: str) -> None:
        intent = self.intents[intent_id]
        intent |= {
            "status": "requires_payment_method",
            "last_payment_error": {"message": "Your card was declined.", "payment_method": {"type": "card"}},
        }
        self._tell("payment_intent.payment_failed", intent)

    def refund_at_the_desk(self, intent_id: str, amount: int) -> None:
        self._refund(intent_id, amount, {})

    def settle_refund(self, refund_id: str, status: str) -> None:
        """The bank of the buyer answers."""
        self.refunds[refund_id] |= {"status": status}
        self._tell("refund.updated", self.refunds[refund_id])

    # --- the API -----------------------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("authorization") != f"Bearer {KEY}":
            return self.refuse(
                "no key", 401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}
            )
        key = asked.headers.get("idempotency-key")
        if asked.method == "POST":
            if key is None:
                return self.refuse("no idempotency key", 400, {})
            if asked.headers.get("content-type") != "application/x-www-form-urlencoded":
                return self.refuse("not a form", 400, {})
            if key in self._answers:
                path, body, said = self._answers[key]
                if (path, body) != (asked.path, asked.body):
                    error = {"type": "idempotency_error", "message": "Keys for idempotent requests differ."}
                    return self.refuse("other content under one key", 400, {"error": error})
                return said
        said = self._route(asked)
        if asked.method == "POST" and key is not None:
            # As with Stripe, the answer is kept as it was at the time.
            self._answers[key] = (asked.path, asked.body, Said(said.status, orjson.loads(orjson.dumps(said.content))))
        return said

    def _route(self, asked: Asked) -> Said:
        parts = asked.path.strip("/").split("/")
        match (asked.method, parts[1:]):
            case ("POST", ["payment_intents"]):
                return self._create(asked.form)
            case ("GET", ["payment_intents", intent_id]):
                found = self.intents.get(intent_id)
                return Said(200, found) if found else _error(404, "No such payment_intent")
            case ("POST", ["payment_intents", intent_id, "cancel"]):
                return self._cancel(intent_id)
            case ("POST", ["refunds"]):
                return self._refund_asked(asked.form)
            case ("GET", ["refunds"]):
                rows = [row for row in self.refunds.values() if row["payment_intent"] == asked.query["payment_intent"]]
                return Said(200, {"object": "list", "data": rows, "has_more": False, "url": "/v1/refunds"})
        return self.refuse(f"{asked.method} {asked.path} is not in the documentation", 404, {})

    def _create(self, form: dict[str, str]) -> Said:
        if not form["amount"].isdigit() or form["currency"] != form["currency"].lower():
            return self.refuse("amounts are whole, currencies are lower case", 400, {})
        intent_id = f"pi_{len(self.intents) + 1}"
        intent = {
            "id": intent_id,
            "object": "payment_intent",
            "amount": int(form["amount"]),
            "amount_received": 0,
            "currency": form["currency"],
            "status": "requires_payment_method",
            "client_secret": f"{intent_id}_secret",
            "last_payment_error": None,
            "metadata": _metadata(form),
        }
        self.intents[intent_id] = intent
        self._tell("payment_intent.created", intent)
        return Said(200, intent)

    def _cancel(self, intent_id: str) -> Said:
        intent = self.intents[intent_id]
        if intent["status"] in ("succeeded", "canceled"):
            return _error(400, "You cannot cancel this PaymentIntent because of its status.")
        intent["status"] = "canceled"
        self._tell("payment_intent.canceled", intent)
        return Said(200, intent)

    def _refund_asked(self, form: dict[str, str]) -> Said:
        intent_id, amount = form["payment_intent"], int(form["amount"])
        back = sum(
            row["amount"]
            for row in self.refunds.values()
            if row["payment_intent"] == intent_id and row["status"] != "failed"
        )
        if amount > self.intents[intent_id]["amount_received"] - back:
            return _error(400, "Refund amount is greater than the remaining amount.")
        return Said(200, self._refund(intent_id, amount, _metadata(form)))

    def _refund(self, intent_id: str, amount: int, metadata: dict[str, str]) -> dict[str, Any]:
        refund = {
            "id": f"re_{len(self.refunds) + 1}",
            "object": "refund",
            "amount": amount,
            "currency": self.intents[intent_id]["currency"],
            "payment_intent": intent_id,
            "status": self.refund_status,
            "metadata": metadata,
        }
        self.refunds[str(refund["id"])] = refund
        self._tell("refund.created", refund)
        return refund

    def _tell(self, kind: str, content: dict[str, Any]) -> None:
        body = orjson.dumps(
            {
                "id": f"evt_{self.url[-5:]}_{len(self.events) + 1}",
                "object": "event",
                "type": kind,
                "data": {"object": content},
            }
        )
        self.events.append((body, {"stripe-signature": sign(body)}))


def sign(body: bytes, secret: str = SECRET, at: int | None = None) -> str:
    """The header `Stripe-Signature`, as the documentation describes it."""
    moment = at if at is not None else int(time.time())
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def _metadata(form: dict[str, str]) -> dict[str, str]:
    return {name[9:-1]: text for name, text in form.items() if name.startswith("metadata[")}


def _error(status: int, message: str) -> Said:
    return Said(status, {"error": {"type": "invalid_request_error", "message": message}})
