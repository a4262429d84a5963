"""PayPal's documented API, as far as we use it: sign-in, Orders v2, Payments v2, verification of webhooks.

Source: https://developer.paypal.com/docs/api/orders/v2/, …/payments/v2/, …/webhooks/v1/.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from decimal import Decimal
from typing import Any

import orjson

from tests.payments.standin import Asked, Said, StandIn

CLIENT_ID, CLIENT_SECRET, WEBHOOK_ID = "client-standin", "secret-standin", "WH-STANDIN"
_PRIVATE = b"known to paypal alone"
_WHOLE = ("HUF", "JPY", "TWD")

Event = tuple[bytes, dict[str, str]]


class PaypalStandIn(StandIn):
    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, dict[str, Any]] = {}
        self.events: list[Event] = []
        self.token = "A21-first"
        self.capture_status = "COMPLETED"
        self.refund_status = "COMPLETED"
        self._answers: dict[str, tuple[str, bytes, Said]] = {}

    # --- what buyers and desks do ------------------------------------------------------------------------------------

    def approve(self, order_id: str) -> None:
        """The buyer agrees on PayPal's page."""
        order = self.orders[order_id]
        assert order["status"] in ("CREATED", "PAYER_ACTION_REQUIRED"), order["status"]
        order["status"] = "APPROVED"
        self.tell("CHECKOUT.ORDER.APPROVED", order)

    def refund_at_the_desk(self, order_id: str, value: str) -> None:
        self._refund(order_id, {"amount": {"value": value, "currency_code": "EUR"}})

    def settle(self, order_id: str, kind: str, status: str) -> None:
        """A pending capture or refund comes to its end."""
        (row,) = self._payments(order_id)[kind]
        row["status"] = status
        self.tell(f"PAYMENT.CAPTURE.{status}", row)

    def forget_token(self) -> None:
        self.token = "A21-second"

    # --- the API -----------------------------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Said:
        if asked.path == "/v1/oauth2/token":
            return self._sign_in(asked)
        if asked.headers.get("authorization") != f"Bearer {self.token}":
            return Said(401, {"name": "AUTHENTICATION_FAILURE", "message": "Token expired"})
        key = asked.headers.get("paypal-request-id")
        if key is not None and key in self._answers:
            path, body, said = self._answers[key]
            if (path, body) != (asked.path, asked.body):
                return self.refuse("other content under one request id", 422, _refusal("DUPLICATE_REQUEST_ID"))
            return said
        said = self._route(asked)
        if key is not None:
            self._answers[key] = (asked.path, asked.body, Said(said.status, orjson.loads(orjson.dumps(said.content))))
        return said

    def _sign_in(self, asked: Asked) -> Said:
        expected = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {expected}":
            return self.refuse("wrong id or secret", 401, {"error": "invalid_client"})
        if asked.form != {"grant_type": "client_credentials"}:
            return self.refuse("not a grant", 400, {"error": "unsupported_grant_type"})
        return Said(200, {"access_token": self.token, "token_type": "Bearer", "expires_in": 32400})

    def _route(self, asked: Asked) -> Said:
        match (asked.method, asked.path.strip("/").split("/")):
            case ("POST", ["v2", "checkout", "orders"]):
                return self._create(asked)
            case ("GET", ["v2", "checkout", "orders", order_id]):
                found = self.orders.get(order_id)
                return Said(200, found) if found else Said(404, _refusal("INVALID_RESOURCE_ID"))
            case ("POST", ["v2", "checkout", "orders", order_id, "capture"]):
                return self._capture(order_id)
            case ("GET", ["v2", "payments", "captures", capture_id]):
                return Said(200, self._find_capture(capture_id)[1])
            case ("POST", ["v2", "payments", "captures", capture_id, "refund"]):
                return self._refund_asked(capture_id, asked)
            case ("POST", ["v1", "notifications", "verify-webhook-signature"]):
                return self._verify(asked)
        return self.refuse(f"{asked.method} {asked.path} is not in the documentation", 404, {})

    def _create(self, asked: Asked) -> Said:
        told = asked.json
        (unit,) = told["purchase_units"]
        amount = unit["amount"]
        whole = "." not in amount["value"]
        if told["intent"] != "CAPTURE" or whole != (amount["currency_code"] in _WHOLE):
            return self.refuse("amounts have the decimals of their currency", 422, _refusal("DECIMAL_PRECISION"))
        if "paypal-request-id" not in asked.headers:
            return self.refuse("no request id", 400, _refusal("PAYPAL_REQUEST_ID_REQUIRED"))
        order_id = f"5O{len(self.orders) + 1:015d}"
        has_way_back = "payment_source" in told
        order = {
            "id": order_id,
            "status": "PAYER_ACTION_REQUIRED" if has_way_back else "CREATED",
            "intent": "CAPTURE",
            "purchase_units": [{**unit, "payments": {}}],
            "links": [
                {"rel": "self", "href": f"{self.url}/v2/checkout/orders/{order_id}"},
                {
                    "rel": "payer-action" if has_way_back else "approve",
                    "href": f"https://www.paypal.com/checkoutnow?token={order_id}",
                },
            ],
        }
        self.orders[order_id] = order
        return Said(201, order)

    def _capture(self, order_id: str) -> Said:
        order = self.orders[order_id]
        if order["status"] == "COMPLETED":
            return Said(422, _refusal("ORDER_ALREADY_CAPTURED"))
        if order["status"] != "APPROVED":
            return Said(422, _refusal("ORDER_NOT_APPROVED"))
        if self.capture_status == "DECLINED":
            order["status"] = "PAYER_ACTION_REQUIRED"
            return Said(422, _refusal("INSTRUMENT_DECLINED"))
        unit = order["purchase_units"][0]
        capture = {
            "id": f"3C{order_id[2:]}",
            "status": self.capture_status,
            "amount": unit["amount"],
            "custom_id": unit["custom_id"],
            "invoice_id": unit["invoice_id"],
            "supplementary_data": {"related_ids": {"order_id": order_id}},
        }
        order["status"] = "COMPLETED"
        self._payments(order_id)["captures"] = [capture]
        self.tell(f"PAYMENT.CAPTURE.{self.capture_status}", capture)
        return Said(201, order)

    def _refund_asked(self, capture_id: str, asked: Asked) -> Said:
        order_id, capture = self._find_capture(capture_id)
        if "paypal-request-id" not in asked.headers:
            return self.refuse("no request id", 400, _refusal("PAYPAL_REQUEST_ID_REQUIRED"))
        told = asked.json
        back = sum(
            Decimal(row["amount"]["value"])
            for row in self._payments(order_id).get("refunds", [])
            if row["status"] != "FAILED"
        )
        if Decimal(told["amount"]["value"]) > Decimal(capture["amount"]["value"]) - back:
            return Said(422, _refusal("REFUND_AMOUNT_EXCEEDED"))
        return Said(201, self._refund(order_id, told))

    def _refund(self, order_id: str, told: dict[str, Any]) -> dict[str, Any]:
        (capture,) = self._payments(order_id)["captures"]
        rows = self._payments(order_id).setdefault("refunds", [])
        refund = {
            "id": f"1R{order_id[2:]}{len(rows)}",
            "status": self.refund_status,
            "amount": told["amount"],
            **({"custom_id": told["custom_id"]} if "custom_id" in told else {}),
            "links": [{"rel": "up", "href": f"{self.url}/v2/payments/captures/{capture['id']}"}],
        }
        rows.append(refund)
        self.tell("PAYMENT.CAPTURE.REFUNDED", refund)
        return refund

    def _verify(self, asked: Asked) -> Said:
        told = asked.json
        # PayPal signs the bytes of its message: whoever sends them back written anew is refused.
        raw = asked.body.partition(b'"webhook_event":')[2].removesuffix(b"}")
        expected = _signature(told["transmission_id"], told["transmission_time"], told["webhook_id"], raw)
        is_good = told["webhook_id"] == WEBHOOK_ID and hmac.compare_digest(expected, told["transmission_sig"])
        return Said(200, {"verification_status": "SUCCESS" if is_good else "FAILURE"})

    def tell(self, kind: str, resource: dict[str, Any]) -> None:
        event = {"id": f"WH-{self.url[-5:]}-{len(self.events) + 1}", "event_type": kind, "resource": resource}
        # Spaces, as PayPal writes them: they are lost when the message is written anew.
        body = orjson.dumps(event, option=orjson.OPT_INDENT_2)
        name, moment = f"t-{len(self.events)}", "2026-03-10T12:00:00Z"
        headers = {
            "paypal-auth-algo": "SHA256withRSA",
            "paypal-cert-url": "https://api.paypal.com/v1/notifications/certs/CERT-1",
            "paypal-transmission-id": name,
            "paypal-transmission-sig": _signature(name, moment, WEBHOOK_ID, body),
            "paypal-transmission-time": moment,
        }
        self.events.append((body, headers))

    def _payments(self, order_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.orders[order_id]["purchase_units"][0]["payments"]
        return found

    def _find_capture(self, capture_id: str) -> tuple[str, dict[str, Any]]:
        for order_id in self.orders:
            for capture in self._payments(order_id).get("captures", []):
                if capture["id"] == capture_id:
                    return order_id, capture
        raise AssertionError(f"no capture {capture_id}")


def _signature(name: str, moment: str, webhook_id: str, body: bytes) -> str:
    text = f"{name}|{moment}|{webhook_id}|{zlib.crc32(body)}"
    return base64.b64encode(hmac.new(_PRIVATE, text.encode(), hashlib.sha256).digest()).decode()


def _refusal(issue: str) -> dict[str, Any]:
    return {
        "name": "UNPROCESSABLE_ENTITY",
        "message": "The requested action could not be performed.",
        "details": [{"issue": issue, "description": issue.replace("_", " ").capitalize()}],
    }
