"""PayPal, through its Orders v2 API: an order of theirs per intent, approved by the buyer, then captured by us.

Webhooks are hints: whatever a message says, the order is asked for as it is now. So it does not matter how
late a message is. Source: https://developer.paypal.com/docs/api/orders/v2/ and …/payments/v2/.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import orjson

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
from tradewind.core.money import exponent, parse_decimal, to_minor, to_text

NAME = "paypal"
_CURRENCIES = frozenset(
    "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD".split()
)
_WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
"""Two of them have cents on paper; PayPal takes whole amounts only."""
_SIGNED_BY = ("auth-algo", "cert-url", "transmission-id", "transmission-sig", "transmission-time")
_CAPTURED = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
_STATUS = {
    "APPROVED": IntentStatus.AUTHORIZED,
    "VOIDED": IntentStatus.CANCELLED,
}
_REFUND_STATUS = {
    "COMPLETED": RefundStatus.DONE,
    "PENDING": RefundStatus.PENDING,
    "FAILED": RefundStatus.FAILED,
    "CANCELLED": RefundStatus.FAILED,
}
_STILL_OPEN = frozenset({"ORDER_ALREADY_CAPTURED", "ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})
_RENEW_BEFORE_SECONDS = 60.0


class PaypalProvider:
    """Speaks to PayPal with one app's id and secret. Safe to use from several threads."""

    name = NAME
    is_remote = True

    def __init__(
        self, client_id: str, client_secret: str, *, url: str, webhook_id: str | None, timeout_seconds: float
    ) -> None:
        self._client = httpx.Client(base_url=url, timeout=timeout_seconds)
        self._auth = httpx.BasicAuth(client_id, client_secret)
        self._webhook_id = webhook_id
        self._guard = threading.Lock()
        self._token: str | None = None
        self._token_ends = 0.0

    def start(self, charge: Charge, visit: Visit) -> Started:
        if charge.provider_id is not None:
            order = self._call("GET", f"/v2/checkout/orders/{charge.provider_id}")
        else:
            order = self._call(
                "POST", "/v2/checkout/orders", _new_order(charge, visit), request_id=charge.intent_id, whole=True
            )
        links = {link.get("rel"): link.get("href") for link in order.get("links", [])}
        return Started(_update(order), redirect_url=links.get("payer-action") or links.get("approve"))

    def fetch(self, charge: Charge) -> ProviderUpdate:
        return self._fetch(charge.provider_id or "")

    def capture(self, charge: Charge) -> ProviderUpdate:
        # No request id: an approved order can be captured once only, and a declined one may be approved anew.
        try:
            order = self._call("POST", f"/v2/checkout/orders/{charge.provider_id}/capture", {}, whole=True)
        except _Refused as refused:
            if refused.issue in _STILL_OPEN:
                return self.fetch(charge)
            return ProviderUpdate(
                NAME, charge.provider_id or "", IntentStatus.FAILED, charge.intent_id, failure=str(refused)
            )
        return _update(order)

    def cancel(self, charge: Charge) -> ProviderUpdate:
        """PayPal has no call for this: an order that nobody captures ends by itself."""
        told = self.fetch(charge)
        if not told.status.is_open:
            return told
        return ProviderUpdate(NAME, told.provider_id, IntentStatus.CANCELLED, charge.intent_id)

    def refund(self, charge: Charge, refund_id: str, amount_minor: int, reason: str | None) -> RefundTold:
        captures = _payments(self._call("GET", f"/v2/checkout/orders/{charge.provider_id}"), "captures")
        capture = next((row for row in captures if row.get("status") in _CAPTURED), None)
        if capture is None:
            raise PaymentRefused(f"PayPal has taken no money for {charge.order_number} that could go back.")
        asked = {"amount": _amount(amount_minor, charge.currency), "custom_id": refund_id}
        if reason:
            asked["note_to_payer"] = reason[:255]
        told = self._call(
            "POST", f"/v2/payments/captures/{capture['id']}/refund", asked, request_id=refund_id, whole=True
        )
        return _refund({"amount": asked["amount"]} | told | {"custom_id": refund_id})

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> ProviderUpdate | None:
        event = self._checked(body, headers)
        order_id = self._order_of(event)
        if order_id is None:
            return None
        told = self._fetch(order_id)
        return replace(told, event_id=_text(event.get("id")), kind=str(event["event_type"]))

    def close(self) -> None:
        self._client.close()

    def _fetch(self, order_id: str) -> ProviderUpdate:
        return _update(self._call("GET", f"/v2/checkout/orders/{order_id}"))

    def _checked(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        """The message, if PayPal says that it is its own."""
        if self._webhook_id is None:
            raise Misconfigured("Set TRADEWIND_PAYPAL_WEBHOOK_ID: without it no message of PayPal can be checked.")
        proof = {name.replace("-", "_"): headers.get(f"paypal-{name}") for name in _SIGNED_BY}
        try:
            event = orjson.loads(body)
        except ValueError as unreadable:
            raise InvalidInput("The message is not JSON.", field="body") from unreadable
        if None in proof.values() or not isinstance(event, dict):
            raise BadSignature(NAME)
        # The event goes back byte for byte: written anew, it would not match its signature.
        asked = orjson.dumps({**proof, "webhook_id": self._webhook_id, "webhook_event": orjson.Fragment(body)})
        try:
            verdict = self._call("POST", "/v1/notifications/verify-webhook-signature", asked)
        except _Refused as refused:
            raise BadSignature(NAME) from refused
        if verdict.get("verification_status") != "SUCCESS":
            raise BadSignature(NAME)
        return event

    def _order_of(self, event: Mapping[str, Any]) -> str | None:
        """The id of the order that a message is about: an order's, a capture's or a refund's."""
        kind, resource = str(event.get("event_type", "")), event.get("resource") or {}
        if kind.startswith("CHECKOUT.ORDER."):
            return _text(resource.get("id"))
        if not kind.startswith("PAYMENT.CAPTURE."):
            return None
        found = _order_in(resource)
        if found is None:
            up = [str(link.get("href")) for link in resource.get("links", []) if link.get("rel") == "up"]
            capture_id = up[0].rstrip("/").rpartition("/")[2] if up else ""
            # Only the id is taken from the link: the address that we speak to is ours.
            found = _order_in(self._call("GET", f"/v2/payments/captures/{capture_id}")) if capture_id else None
        return found

    def _call(
        self, method: str, path: str, content: Any = None, *, request_id: str | None = None, whole: bool = False
    ) -> dict[str, Any]:
        """One call, signed in. Raises _Refused, ProviderAway or Misconfigured."""
        headers = {"Content-Type": "application/json"}
        if request_id is not None:
            headers["PayPal-Request-Id"] = request_id
        if whole:
            headers["Prefer"] = "return=representation"
        body = content if isinstance(content, bytes) or content is None else orjson.dumps(content)
        for attempt in ("first", "renewed"):
            signed = headers | {"Authorization": f"Bearer {self._access_token()}"}
            answer = self._send(method, path, content=body, headers=signed)
            if answer.status_code == 401 and attempt == "first":
                self._token = None
                continue
            return _content(answer)
        raise AssertionError("the second attempt returns or raises")

    def _access_token(self) -> str:
        with self._guard:
            if self._token is None or time.monotonic() >= self._token_ends:
                granted = _content(
                    self._send("POST", "/v1/oauth2/token", data={"grant_type": "client_credentials"}, auth=self._auth)
                )
                self._token = str(granted["access_token"])
                self._token_ends = time.monotonic() + float(granted.get("expires_in", 0)) - _RENEW_BEFORE_SECONDS
            return self._token

    def _send(self, method: str, path: str, **what: Any) -> httpx.Response:
        try:
            return self._client.request(method, path, **what)
        except httpx.HTTPError as away:
            raise ProviderAway(f"PayPal does not answer ({type(away).__name__}). It is asked again later.") from away


class _Refused(PaymentRefused):
    """PayPal's own refusal, with the name it gives to the reason."""

    def __init__(self, message: str, issue: str) -> None:
        super().__init__(message)
        self.issue = issue


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = orjson.loads(answer.content) if answer.content else {}
    except ValueError:
        said = None
    if answer.status_code in (401, 403):
        raise Misconfigured("PayPal does not accept our id and secret. Check TRADEWIND_PAYPAL_CLIENT_ID and …_SECRET.")
    if answer.status_code == 429 or answer.status_code >= 500 or not isinstance(said, dict):
        raise ProviderAway(f"PayPal cannot answer now ({answer.status_code}). It is asked again later.")
    if answer.status_code >= 400:
        details = said.get("details") or [{}]
        issue = str(details[0].get("issue") or said.get("name") or answer.status_code)
        told = details[0].get("description") or said.get("message") or issue
        raise _Refused(f"PayPal refuses: {told} ({issue})", issue)
    return said


def _new_order(charge: Charge, visit: Visit) -> dict[str, Any]:
    unit = {
        "reference_id": charge.intent_id,
        "custom_id": charge.intent_id,
        # PayPal takes money for one invoice number once: a second order of ours for this could not be captured.
        "invoice_id": charge.intent_id,
        "description": f"Order {charge.order_number}"[:127],
        "amount": _amount(charge.amount_minor, charge.currency),
    }
    order: dict[str, Any] = {"intent": "CAPTURE", "purchase_units": [unit]}
    if visit.return_url is not None:
        context = {
            "return_url": visit.return_url,
            "cancel_url": visit.cancel_url or visit.return_url,
            "user_action": "PAY_NOW",
            "shipping_preference": "NO_SHIPPING",
        }
        order["payment_source"] = {"paypal": {"experience_context": context}}
    return order


def _update(order: Mapping[str, Any]) -> ProviderUpdate:
    unit = (order.get("purchase_units") or [{}])[0]
    captures = _payments(order, "captures")
    taken = [row for row in captures if row.get("status") in _CAPTURED]
    currency = (unit.get("amount") or {}).get("currency_code")
    captured = sum(_minor(row["amount"]) for row in taken)
    status = _STATUS.get(str(order.get("status")), IntentStatus.PENDING)
    failure = None
    if captured:
        status = IntentStatus.CAPTURED
    elif captures and all(row.get("status") in ("DECLINED", "FAILED") for row in captures):
        status, failure = IntentStatus.FAILED, "PayPal could not take the money."
    return ProviderUpdate(
        provider=NAME,
        provider_id=str(order["id"]),
        status=status,
        intent_id=_text(unit.get("custom_id")),
        currency=_text(currency),
        amount_minor=_minor(unit["amount"]) if unit.get("amount") else None,
        captured_minor=captured,
        refunds=tuple(_refund(row) for row in _payments(order, "refunds")),
        method=NAME,
        failure=failure,
    )


def _payments(order: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    unit = (order.get("purchase_units") or [{}])[0]
    found = (unit.get("payments") or {}).get(kind) or []
    return list(found)


def _refund(row: Mapping[str, Any]) -> RefundTold:
    status = _REFUND_STATUS.get(str(row.get("status")), RefundStatus.PENDING)
    failure = "PayPal could not give the money back." if status is RefundStatus.FAILED else None
    return RefundTold(str(row["id"]), _minor(row["amount"]), status, _text(row.get("custom_id")), failure)


def _order_in(resource: Mapping[str, Any]) -> str | None:
    related = (resource.get("supplementary_data") or {}).get("related_ids") or {}
    return _text(related.get("order_id"))


def _amount(minor: int, currency: str) -> dict[str, str]:
    if currency not in _CURRENCIES:
        raise PaymentRefused(f"PayPal takes no {currency}. Choose another provider.")
    if currency not in _WITHOUT_DECIMALS:
        return {"currency_code": currency, "value": to_text(minor, currency)}
    whole, rest = divmod(minor, 10 ** exponent(currency))
    if rest:
        raise PaymentRefused(f"PayPal takes whole amounts of {currency} only, not {to_text(minor, currency)}.")
    return {"currency_code": currency, "value": str(whole)}


def _minor(amount: Mapping[str, Any]) -> int:
    return to_minor(parse_decimal(str(amount["value"]), field="amount"), str(amount["currency_code"]))


def _text(value: object) -> str | None:
    return str(value)[:128] if value else None
