"""Use cases of consent: what a person agreed to or withdrew, line by line. The newest line per purpose counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.customers.model import Consent, Customer
from tradewind.commerce.customers.profiles import clean_text, touch
from tradewind.core.errors import InvalidInput
from tradewind.core.ids import new_id
from tradewind.core.paging import Page, moment_and_id

_LINES_LOOKED_AT = 1_000
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A line: from `at` on the purpose was agreed to, or no longer."""

    purpose: str
    is_granted: bool
    source: str
    at: datetime


def note_consent(
    tx: Session, customer: Customer, purpose: str, *, is_granted: bool, source: str, actor: Actor, now: datetime
) -> ConsentView:
    """Adds a line for a customer that the caller holds. `source` says how we know: a form, a call, a letter."""
    if not _PURPOSE.fullmatch(purpose):
        raise InvalidInput(
            f"'{purpose[:80]}' is not a purpose. Use a short name such as newsletter or sms_offers.", field="purpose"
        )
    how = clean_text(source, 200, field="source", of="the consent")
    if how is None:
        raise InvalidInput("Say how the consent was given or withdrawn: a form, a call, a letter.", field="source")
    line = Consent(id=new_id(), customer_id=customer.id, purpose=purpose, is_granted=is_granted, source=how, at=now)
    tx.add(line)
    touch(customer, now=now)
    tx.flush()
    said = {"purpose": purpose, "is_granted": is_granted, "source": how}
    record(tx, actor, Change("customer.consent", customer.id, after=said), now=now)
    return _view(line)


def consents_page(tx: Session, customer_id: str, *, limit: int, cursor: str | None = None) -> Page[ConsentView]:
    """The lines of a person, the newest first."""
    query = _newest_first(customer_id).limit(limit + 1)
    if cursor is not None:
        at, line_id = moment_and_id(cursor)
        query = query.where(or_(Consent.at < at, and_(Consent.at == at, Consent.id < line_id)))
    return Page.cut(tx.scalars(query).all(), limit, lambda line: (line.at.isoformat(), line.id), _view)


def current_consents(tx: Session, customer_id: str) -> Sequence[ConsentView]:
    """The line that counts for each purpose, by purpose; of very long histories only the newer part is read."""
    newest: dict[str, ConsentView] = {}
    for line in tx.scalars(_newest_first(customer_id).limit(_LINES_LOOKED_AT)):
        newest.setdefault(line.purpose, _view(line))
    return [newest[purpose] for purpose in sorted(newest)]


def has_consent(tx: Session, customer_id: str, purpose: str) -> bool:
    """Whether the person agreed, and has not withdrawn since. Who never said anything did not agree."""
    lines = select(Consent.is_granted).where(Consent.customer_id == customer_id, Consent.purpose == purpose)
    return bool(tx.scalar(lines.order_by(Consent.at.desc(), Consent.id.desc()).limit(1)))


def _newest_first(customer_id: str) -> Select[Consent]:
    lines = select(Consent).where(Consent.customer_id == customer_id)
    return lines.order_by(Consent.at.desc(), Consent.id.desc())


def _view(line: Consent) -> ConsentView:
    return ConsentView(line.purpose, line.is_granted, line.source, line.at)
