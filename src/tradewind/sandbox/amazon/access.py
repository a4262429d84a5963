"""Login with Amazon: access tokens for an hour, for a seller's permission or for the app alone."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tradewind.core.clock import Clock

_LASTS = timedelta(hours=1)
_MOST_TOKENS = 1_000
SELLER, GRANTLESS = "seller", "grantless"


class Access:
    """Gives tokens and knows when they end. `revoked`: the seller has taken the permission back."""

    def __init__(self, clock: Clock, credentials: Mapping[str, str]) -> None:
        self._clock, self._credentials = clock, credentials
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._made = 0
        self.revoked = False

    def token(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body of a call for a token."""
        known = self._credentials
        is_app = _same(form.get("client_id"), known["client_id"]) and _same(
            form.get("client_secret"), known["client_secret"]
        )
        if not is_app:
            return 401, {"error": "invalid_client", "error_description": "Client authentication failed"}
        match form.get("grant_type"):
            case "refresh_token":
                if self.revoked or not _same(form.get("refresh_token"), known["refresh_token"]):
                    return 400, {
                        "error": "invalid_grant",
                        "error_description": "The request has an invalid grant parameter : refresh_token.",
                    }
                return 200, self._give(SELLER) | {"refresh_token": known["refresh_token"]}
            case "client_credentials" if form.get("scope") == "sellingpartnerapi::notifications":
                return 200, self._give(GRANTLESS)
            case _:
                return 400, {"error": "unsupported_grant_type", "error_description": "Unknown grant_type or scope"}

    def refusal(self, token: str | None, kind: str) -> str | None:
        """Why a call with this token may not pass; None where it may."""
        if not token:
            return "The access token is missing in the request header."
        found = self._tokens.get(token)
        if found is None or found[0] != kind:
            return "The access token you provided is revoked, malformed or invalid."
        return "The access token you provided has expired." if self._clock.now() >= found[1] else None

    def _give(self, kind: str) -> dict[str, Any]:
        self._made += 1
        token = f"Atza|sandbox-{kind}-{self._made:06d}"
        self._tokens[token] = (kind, self._clock.now() + _LASTS)
        if len(self._tokens) > _MOST_TOKENS:
            del self._tokens[next(iter(self._tokens))]
        return {"access_token": token, "token_type": "bearer", "expires_in": int(_LASTS.total_seconds())}


def _same(given: str | None, known: str) -> bool:
    return hmac.compare_digest((given or "").encode(), known.encode())
