"""Locations: where goods lie. One that has been used is switched off, never removed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.commerce.inventory.model import Location
from tradewind.core.errors import Conflict, InvalidInput
from tradewind.core.holding import hold
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class LocationInUse(Conflict):
    code = "location_in_use"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Location {name} has stock, documents or orders, and they must go on to say where they were."
            " Switch it off instead."
        )


class LocationCodeTaken(Conflict):
    code = "location_code_taken"

    def __init__(self, code: str) -> None:
        super().__init__(f"There is already a location {code}. Choose another code, or use that one.")


@dataclass(frozen=True, slots=True)
class NewLocation:
    """`channel_id`: only this channel's orders leave from here."""

    code: str
    name: str
    kind: str = "warehouse"
    channel_id: str | None = None


def create_location(tx: Session, new: NewLocation, *, actor: Actor, now: datetime) -> Location:
    """Adds a location that is in use from now on."""
    if not _CODE.fullmatch(new.code):
        raise InvalidInput(
            f"'{new.code[:64]}' is no code for a location. Use up to 64 letters, digits, dots, dashes and"
            " underscores, for example berlin-2.",
            field="code",
        )
    if tx.scalar(select(Location.id).where(Location.code == new.code)) is not None:
        raise LocationCodeTaken(new.code)
    if new.channel_id is not None and tx.get(SalesChannel, new.channel_id) is None:
        raise InvalidInput(f"There is no channel {new.channel_id[:40]}.", field="channel_id")
    location = Location(
        id=new_id(),
        code=new.code,
        name=_named(new.name),
        kind=_kind(new.kind),
        channel_id=new.channel_id,
        is_active=True,
        created_at=now,
    )
    tx.add(location)
    tx.flush()
    record(tx, actor, Change("location.create", location.id, after=_values(location)), now=now)
    return location


def change_location(
    tx: Session,
    location_id: str,
    *,
    name: str | None = None,
    kind: str | None = None,
    is_active: bool | None = None,
    actor: Actor,
    now: datetime,
) -> Location:
    """Renames a location, or switches it on or off; None leaves a thing as it is.

    From one that is off nothing is sold and nothing new comes to it; what lies there stays in the books.
    """
    location = hold_location(tx, location_id)
    before = _values(location)
    if name is not None:
        location.name = _named(name)
    if kind is not None:
        location.kind = _kind(kind)
    if is_active is not None:
        location.is_active = is_active
    tx.flush()
    if (after := _values(location)) != before:
        record(tx, actor, Change("location.update", location.id, before, after), now=now)
    return location


def hold_location(tx: Session, location_id: str) -> Location:
    """The location, held for the rest of the transaction. Raises NotFound."""
    return hold(tx, Location, location_id, "location")


def remove_location(tx: Session, location_id: str, *, actor: Actor, now: datetime) -> None:
    """Removes a location that nothing ever spoke of. Raises LocationInUse for any other."""
    location = hold_location(tx, location_id)
    before = _values(location)
    try:
        with tx.begin_nested():
            tx.execute(delete(Location).where(Location.id == location_id))
    except IntegrityError as used:
        raise LocationInUse(location.code) from used
    record(tx, actor, Change("location.delete", location_id, before=before), now=now)


def _named(name: str) -> str:
    stripped = name.strip()
    if not stripped:
        raise InvalidInput("A location needs a name that says where it is.", field="name")
    check_text(stripped, 200, field="name", of="a location")
    return stripped


def _kind(kind: str) -> str:
    stripped = kind.strip()
    if not stripped:
        raise InvalidInput("A location is of some kind, for example warehouse or shop.", field="kind")
    check_text(stripped, 32, field="kind", of="a location")
    return stripped


def _values(location: Location) -> dict[str, Any]:
    return {name: getattr(location, name) for name in ("code", "name", "kind", "channel_id", "is_active")}
