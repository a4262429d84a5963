"""Mails that tell of something: written in the transaction of what they tell of, sent after it.

So there is never a mail about an order that was not placed, and none is lost when the mail server is away.
A mail may arrive twice when the program is killed between sending and noting it; both carry one Message-ID.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from enum import StrEnum
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tradewind.commerce.notifications.model import Mail
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.prepared import Prepared

LONGEST_ADDRESS = 320
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""What nearly every address looks like; only for the others the whole grammar is worth its time."""


class MailKind(StrEnum):
    """What a mail is about. Each kind has templates of its name: subject, plain text and HTML."""

    ORDER_CONFIRMATION = "order_confirmation"
    SHIPMENT = "shipment"
    PASSWORD_RESET = "password_reset"  # noqa: S105 (the kind of a mail, not a secret)


class MailStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up: refused for good, or tried too often."""


def queue_mail(
    tx: Session,
    kind: MailKind | str,
    subject_id: str,
    recipient: str,
    content: Mapping[str, Any],
    *,
    now: datetime,
) -> str | None:
    """Lets a mail go out after the commit; returns its id, None when there is one of this kind about this already.

    `subject_id` is what it is about: an order's or a shipment's id, a reset's reference. `content` fills the
    template and is plain JSON: for a password reset `name`, `link` and `valid_minutes`, for the others see
    `notifications.orders`. Raises InvalidInput for a recipient that is no address.
    """
    mail_id = new_id()
    row = {
        "id": mail_id,
        "kind": str(MailKind(kind)),
        "subject_id": subject_id,
        "recipient": check_address(recipient),
        "content": dict(content),
        "status": str(MailStatus.WAITING),
        "attempts": 0,
        "next_try_at": now,
        "created_at": now,
    }
    written: str | None = _QUEUE.scalar(tx, **row)
    return written


_TABLE: Any = Mail.__table__


def _queueing(dialect_name: str) -> Any:
    dialect = postgresql if dialect_name == "postgresql" else sqlite
    insert = dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=[_TABLE.c.kind, _TABLE.c.subject_id])
    return insert.returning(_TABLE.c.id)


_QUEUE = Prepared(_queueing)


def check_address(text: str, *, field: str = "email") -> str:
    """One plain e-mail address, as it can stand in the header of a mail; InvalidInput otherwise."""
    address = text.strip()
    if _PLAIN.fullmatch(address) and len(address) <= LONGEST_ADDRESS:
        return address
    try:
        parsed = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError):
        parsed = None
    if parsed is None or not parsed.username or not parsed.domain or len(address) > LONGEST_ADDRESS:
        raise InvalidInput("This is not an e-mail address. Write it like name@example.com.", field=field)
    if not address.isprintable() or any(letter.isspace() for letter in address):
        raise InvalidInput("An e-mail address has no spaces and no control characters.", field=field)
    return address
