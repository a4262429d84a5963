"""From a kind of mail and its content to a message: subject, plain text and HTML.

Everything in the content was written by somebody else: in HTML it is escaped, in headers it is one line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).parent / "templates"
LONGEST_SUBJECT = 200


def message(
    mail_id: str,
    kind: str,
    recipient: str,
    content: Mapping[str, Any],
    *,
    shop: str,
    sender: str,
    written_at: datetime,
) -> EmailMessage:
    """A mail, ready to be sent. Raises jinja2's errors where the content does not fill the template."""
    filled = {**content, "shop": shop}
    mail = EmailMessage(SMTP)
    name, _, domain = sender.rpartition("@")
    mail["From"] = Address(_one_line(shop), name, domain)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = _one_line(_environment().get_template(f"{kind}.subject.txt").render(filled))[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(written_at)
    mail["Message-ID"] = f"<{mail_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(_environment().get_template(f"{kind}.txt").render(filled))
    mail.add_alternative(_environment().get_template(f"{kind}.html").render(filled), subtype="html")
    return mail


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.tests["web_address"] = _is_web_address
    return made


def _is_web_address(text: object) -> bool:
    """Whether a link may be made of it: an address such as javascript:… is no place to go to."""
    return isinstance(text, str) and text.startswith(("https://", "http://"))


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
