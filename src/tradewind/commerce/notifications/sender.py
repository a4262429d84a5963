"""Sends what waits, through one SMTP server, and tries again when the server is away."""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from tradewind.commerce.notifications.model import Mail
from tradewind.commerce.notifications.service import MailKind, MailStatus
from tradewind.core.clock import Clock
from tradewind.core.database import Database
from tradewind.core.logging import get_logger
from tradewind.core.settings import SmtpSettings

logger = get_logger(__name__)

EVERY_SECONDS = 5.0
MOST_AT_ONCE = 50
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""How long to wait after the first failure, the second and so on; then the mail is given up."""
_SECRET = frozenset({MailKind.PASSWORD_RESET})
"""Kinds whose content opens a door: it is forgotten once sent."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A mail that is ours to send for now."""

    id: str
    kind: str
    recipient: str
    content: dict[str, object]
    attempts: int
    created_at: datetime


class Sender:
    """Sends waiting mails. Several may run at once: each mail is taken by one of them."""

    def __init__(self, database: Database, settings: SmtpSettings, clock: Clock, *, shop: str) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._shop = shop

    def run(self, stop: threading.Event) -> None:
        """Sends every few seconds until told to stop. Does nothing where no server is set."""
        if self._settings.host is None:
            return
        while not stop.wait(EVERY_SECONDS):
            try:
                while self.send_waiting() == MOST_AT_ONCE and not stop.is_set():
                    pass
            except Exception:
                logger.exception("mails could not be sent; they wait")

    def send_waiting(self) -> int:
        """Sends what is due, up to a batch; how many mails were tried."""
        given = self._take()
        waiting = deque(given)
        while waiting:
            try:
                with self._server() as server:
                    # A server that hangs up over one mail is called again for the next.
                    while waiting and self._send(server, waiting.popleft()):
                        pass
            except (OSError, smtplib.SMTPException) as away:
                logger.warning("the mail server does not take mails", detail=type(away).__name__)
                for mail in waiting:
                    self._note_failure(mail, f"The server could not be reached, or refused us: {type(away).__name__}")
                break
        return len(given)

    def _take(self) -> Sequence[_Given]:
        """Mails that are due, taken by moving their next turn ahead: so a killed sender loses none of them."""
        now = self._clock.now()
        with self._database.write() as tx:
            due = (
                select(Mail)
                .where(Mail.status == MailStatus.WAITING, Mail.next_try_at <= now)
                .order_by(Mail.next_try_at)
                .limit(MOST_AT_ONCE)
                .with_for_update(skip_locked=True)
            )
            rows = tx.scalars(due).all()
            for row in rows:
                row.attempts += 1
                row.next_try_at = now + PAUSES[min(row.attempts, len(PAUSES)) - 1]
            return [_Given(row.id, row.kind, row.recipient, row.content, row.attempts, row.created_at) for row in rows]

    def _send(self, server: smtplib.SMTP, mail: _Given) -> bool:
        """Sends one mail and notes how it went; whether the server can be used for another."""
        # Late: most starts send no mail, and the templates' engine is not small.
        from jinja2 import TemplateError

        from tradewind.commerce.notifications.rendering import message

        try:
            written = message(
                mail.id,
                mail.kind,
                mail.recipient,
                mail.content,
                shop=self._shop,
                sender=self._settings.sender or "",
                written_at=mail.created_at,
            )
        except (TemplateError, ValueError, LookupError) as broken:
            logger.exception("a mail cannot be written", mail_id=mail.id, kind=mail.kind)
            self._note(mail, MailStatus.FAILED, f"It cannot be written: {type(broken).__name__}")
            return True
        try:
            server.send_message(written)
        except (smtplib.SMTPException, UnicodeEncodeError, OSError) as failure:
            # The library counts its refusals among the errors of the network too: the kind tells them apart.
            is_gone = isinstance(failure, smtplib.SMTPServerDisconnected) or not isinstance(
                failure, smtplib.SMTPException | UnicodeEncodeError
            )
            if is_gone:
                self._note_failure(mail, f"The server hung up: {type(failure).__name__}")
            else:
                self._note_failure(mail, _said(failure), is_final=_is_final(failure))
            return not is_gone
        self._note(mail, MailStatus.SENT, None)
        return True

    def _note_failure(self, mail: _Given, failure: str, *, is_final: bool = False) -> None:
        is_over = is_final or mail.attempts > len(PAUSES)
        self._note(mail, MailStatus.FAILED if is_over else MailStatus.WAITING, failure)

    def _note(self, mail: _Given, status: MailStatus, failure: str | None) -> None:
        values: dict[str, object] = {"status": str(status), "failure": failure[:500] if failure else None}
        if status is MailStatus.SENT:
            values["sent_at"] = self._clock.now()
        if status is not MailStatus.WAITING and mail.kind in _SECRET:
            values["content"] = {}
        with self._database.write() as tx:
            tx.execute(update(Mail).where(Mail.id == mail.id, Mail.status == MailStatus.WAITING).values(**values))

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """A connection, encrypted and signed in as the settings say."""
        given = self._settings
        host, timeout = given.host or "", given.timeout_seconds
        context = ssl.create_default_context()
        with (
            smtplib.SMTP_SSL(host, given.port, timeout=timeout, context=context)
            if given.security == "tls"
            else smtplib.SMTP(host, given.port, timeout=timeout)
        ) as server:
            if given.security == "starttls":
                server.starttls(context=context)
            if given.username is not None:
                server.login(given.username, given.password.get_secret_value() if given.password else "")
            yield server


def _is_final(refused: Exception) -> bool:
    """Whether the server said no for good: a code of 500 and above, for every address."""
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in refused.recipients.values())
    if isinstance(refused, smtplib.SMTPNotSupportedError | UnicodeEncodeError):
        return True
    return isinstance(refused, smtplib.SMTPResponseException) and refused.smtp_code >= 500


def _said(refused: Exception) -> str:
    """The server's own words, without the address: they stand in a log for a long time."""
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _ in refused.recipients.values()})
        return f"The server refuses the address: {', '.join(codes)}"
    if isinstance(refused, smtplib.SMTPResponseException):
        return f"The server refuses the mail: {refused.smtp_code}"
    return f"The server refuses the mail: {type(refused).__name__}"
