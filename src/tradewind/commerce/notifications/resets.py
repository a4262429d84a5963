"""The mail with a link to choose another password."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from tradewind.commerce.access.model import User
from tradewind.commerce.access.resets import LIFETIME, NewReset
from tradewind.commerce.notifications.service import MailKind, queue_mail
from tradewind.core.errors import InvalidInput
from tradewind.core.logging import get_logger

PAGE = "/reset-password"

logger = get_logger(__name__)


def reset_mails(address: str) -> Callable[[Session, User, NewReset], None]:
    """Queues the mail about a link that leads to the product at `address`.

    The token stands after a #: browsers keep that part to themselves, so it gets into no server's log.
    """

    def tell(tx: Session, user: User, reset: NewReset) -> None:
        content = {
            "name": user.username,
            "link": f"{address}{PAGE}#{reset.token}",
            "valid_minutes": int(LIFETIME.total_seconds()) // 60,
        }
        try:
            queue_mail(
                tx, MailKind.PASSWORD_RESET, reset.reference, user.email or "", content, now=reset.expires_at - LIFETIME
            )
        except InvalidInput:
            logger.warning("a link to choose another password has nowhere to go", user_id=user.id)

    return tell
