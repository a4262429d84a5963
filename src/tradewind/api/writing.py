"""One request, one commit: what every route that changes something works with.

The answer is built inside the transaction and sent after its commit. A request that carries an
`Idempotency-Key` and comes again within 24 hours gets the first answer, and nothing is done twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from tradewind.api.problems import SIGNED_IN
from tradewind.api.security import caller_with
from tradewind.api.services import Services
from tradewind.api.wire import Unversioned, to_json
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.access.rights import Caller, Scope
from tradewind.commerce.idempotency.service import (
    LONGEST_KEY,
    Asked,
    KeyReused,
    StoredAnswer,
    check_key,
    earlier_answer,
    keep_answer,
    request_digest,
)
from tradewind.core.errors import Conflict, InvalidInput, TradewindError, Unavailable

WRITES: tuple[type[TradewindError], ...] = (*SIGNED_IN, KeyReused, Unavailable)
"""The problems of every route that writes."""


class Changed(Conflict):
    """Somebody else changed the thing since the caller read it."""

    code = "changed_meanwhile"

    def __init__(self, now: int | None = None) -> None:
        version = "" if now is None else f": it is at version {now} now"
        super().__init__(f"This was changed since you read it{version}. Read it again, and repeat your change.")


@dataclass(slots=True)
class Writer:
    """Who writes, when, and under which key."""

    services: Services
    caller: Caller
    actor: Actor
    now: datetime
    asked: Asked | None
    if_match: str | None
    _is_checked: bool = field(default=False, init=False)

    def once(self, work: Callable[[Session], Any], *, status: int = 200, is_secret: bool = False) -> Response:
        """Does the work in one transaction and answers with what it returns, a shape or plain content.

        `status` is that of success. What raises leaves nothing behind. A thing with a version is answered with its
        entity tag. An answer with a secret in it is kept sealed. Raises InvalidInput for an If-Match that the work
        did not look at: who sends one relies on it.
        """
        with self.services.platform.database.write() as tx:
            stored = earlier_answer(tx, self.asked, now=self.now) if self.asked is not None else None
            if stored is not None:
                told = replace(stored, body=self._opened(stored.body)) if is_secret else stored
                return _response(told, {"Idempotency-Replayed": "true"})
            result = work(tx)
            if self._says_version and not self._is_checked:
                raise InvalidInput("This has no version that If-Match could name. Leave it out.", field="If-Match")
            fresh = StoredAnswer(status, b"" if status == 204 else to_json(result), _etag_of(result))
            if self.asked is not None:
                keep_answer(tx, self.asked, replace(fresh, body=self._sealed(fresh.body)) if is_secret else fresh)
        return _response(fresh, {})

    def _sealed(self, body: bytes) -> bytes:
        return self.services.access.sealer.seal(body, belongs_to=f"answer:{self.actor.id}")

    def _opened(self, body: bytes) -> bytes:
        return self.services.access.sealer.unseal(body, belongs_to=f"answer:{self.actor.id}")

    def check_version(self, version: int) -> None:
        """Raises Changed when the caller sent If-Match with another version than the thing has."""
        self._is_checked = True
        if self._says_version and self.if_match != etag(version):
            raise Changed(version)

    def check_content(self, read: Callable[[], Unversioned]) -> None:
        """The same for a thing without a version, which the caller holds; `read` tells it as it is."""
        self._is_checked = True
        if self._says_version and self.if_match != content_tag(read()):
            raise Changed

    @property
    def _says_version(self) -> bool:
        return self.if_match not in (None, "*")


def _response(answer: StoredAnswer, headers: dict[str, str]) -> Response:
    if answer.etag is not None:
        headers = headers | {"ETag": answer.etag}
    return Response(answer.body, answer.status, headers, "application/json" if answer.body else None)


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def content_tag(shown: Unversioned) -> str:
    """The entity tag of a thing without a version."""
    return f'"{hashlib.sha256(to_json(shown)).hexdigest()[:32]}"'


def _etag_of(result: Any) -> str | None:
    if isinstance(result, Unversioned):
        return content_tag(result)
    version = getattr(result, "version", None)
    return etag(version) if isinstance(version, int) else None


def writer_with(scope: Scope) -> Callable[..., Awaitable[Writer]]:
    """A dependency: the means to write, for whoever has the right."""
    # A default and not in Annotated: that is read as text later, where nobody knows this scope.
    allowed = Depends(caller_with(scope))

    async def writer(
        request: Request,
        caller: Caller = allowed,
        idempotency_key: Annotated[
            str | None,
            Header(max_length=LONGEST_KEY, description="Any text of yours: the same request again changes nothing."),
        ] = None,
        if_match: Annotated[
            str | None, Header(max_length=200, description="The ETag you read: refuses to overwrite a newer version.")
        ] = None,
    ) -> Writer:
        services: Services = request.app.state.services
        asked = None
        if idempotency_key is not None:
            target = f"{request.url.path}?{request.url.query}"
            digest = request_digest(request.method, target, await request.body())
            asked = Asked(_id_of(caller), check_key(idempotency_key), digest)
        actor = Actor(caller.name, caller.user_id or caller.token_id, request.scope.get("request_id"))
        return Writer(services, caller, actor, services.platform.clock.now(), asked, if_match and if_match.strip())

    return writer


def _id_of(caller: Caller) -> str:
    found = caller.user_id or caller.token_id
    if found is None:
        raise InvalidInput("An Idempotency-Key needs a caller with an id.", field="Idempotency-Key")
    return found
