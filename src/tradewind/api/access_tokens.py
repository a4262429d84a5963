"""Access tokens of people: JWT, HS256, an hour long.

A token carries no rights. It names a session, and the session is looked at with every request, so that
signing out, a new role or a switched-off user work at once.
"""

from __future__ import annotations

import hmac

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from tradewind.commerce.access.rights import Caller
from tradewind.core.clock import Clock
from tradewind.core.errors import NotAuthenticated

ALGORITHM = "HS256"
ISSUER = "tradewind"
AUDIENCE = "tradewind-api"
_LONGEST = 4096


class AccessTokens:
    """Makes and checks the tokens."""

    def __init__(self, secret_key: str, clock: Clock, lifetime_seconds: int) -> None:
        # A key of its own, so that no other use of the secret can ever be mistaken for a signature here.
        self._key = OctKey.import_key(hmac.digest(secret_key.encode(), b"access tokens", "sha256"))
        self._clock = clock
        self.lifetime_seconds = lifetime_seconds

    def issue(self, caller: Caller) -> str:
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": caller.user_id,
            "sid": caller.session_id,
            "iat": now,
            "exp": now + self.lifetime_seconds,
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, algorithms=[ALGORITHM])

    def check(self, token: str) -> tuple[str, float]:
        """The session a token names, and when the token ends (seconds since 1970).

        Raises NotAuthenticated for any token that is not ours, has ended, or is signed in another way.
        """
        rules = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            sid={"essential": True},
            exp={"essential": True},
        )
        try:
            if len(token) > _LONGEST:
                raise ValueError
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            rules.validate(claims)
            return str(claims["sid"]), float(claims["exp"])
        except (JoseError, ValueError, TypeError) as refused:
            raise NotAuthenticated("The access token is not valid or has ended. Refresh it, or sign in.") from refused
