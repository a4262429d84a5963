"""Use cases of accounts: connecting one, its credentials, its state, and what it may do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tradewind.channels.contract import Account, Connector
from tradewind.channels.sync.model import ChannelConnection, SkuLink, State
from tradewind.channels.sync.vault import Vault, new_key, vault_of
from tradewind.commerce.access.audit import Actor, Change, record
from tradewind.commerce.catalog.service import ensure_channel
from tradewind.commerce.inventory.model import Location
from tradewind.core.errors import Conflict, InvalidInput, NotFound
from tradewind.core.ids import new_id
from tradewind.core.text import check_text

DEFAULT_HISTORY_DAYS = 730
MOST_CONNECTIONS = 200


class ConnectionNameTaken(Conflict):
    code = "connection_name_taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is already a connection '{name[:64]}'. Choose another name, or change that one.")


class ConnectionNotActive(Conflict):
    code = "connection_not_active"

    def __init__(self, name: str, state: str, reason: str | None) -> None:
        because = f": {reason}" if reason else ""
        super().__init__(
            f"Connection '{name}' is {state.replace('_', ' ')}{because}."
            f" Mend what is wrong, then: tradewind connect resume {name}"
        )


@dataclass(frozen=True, slots=True)
class NewConnection:
    """An account as a user enters it. `entered` holds secrets and plain values alike, by the fields' names."""

    connector: str
    entered: Mapping[str, str]
    name: str | None = None
    channel: str | None = None
    """Code of the channel that its orders belong to; None: the connection's name."""
    location: str | None = None
    """Code of the location that the seller's own goods leave from; None: no stock is kept for it."""
    history_days: int = DEFAULT_HISTORY_DAYS
    secrets_end_on: date | None = None


def connect(
    tx: Session,
    connector: Connector,
    new: NewConnection,
    *,
    environment: Mapping[str, str],
    secret_key: str,
    actor: Actor,
    now: datetime,
) -> ChannelConnection:
    """Adds an account. What the environment names as first values fills what was not entered."""
    name = (new.name or connector.name).strip()
    check_text(name, 200, field="name", of="the connection")
    if not name:
        raise InvalidInput("A connection needs a name.", field="name")
    if tx.scalar(select(ChannelConnection.id).where(ChannelConnection.name == name)) is not None:
        raise ConnectionNameTaken(name)
    if not 1 <= new.history_days <= 3650:
        raise InvalidInput("The first load goes back 1 to 3650 days.", field="history_days")
    plain, hidden = sort_entered(connector, new.entered, environment)
    code = (new.channel or name).strip().lower().replace(" ", "-")[:64]
    channel = ensure_channel(tx, code, name=name if new.channel is None else code, kind=connector.name, now=now)
    identity = new_id()
    sealed_key, vault = new_key(secret_key, identity)
    row = ChannelConnection(
        id=identity,
        connector=connector.name,
        name=name,
        channel_id=channel.id,
        location_id=_location(tx, new.location),
        state=str(State.ACTIVE),
        state_reason=None,
        state_since=now,
        resume_at=None,
        settings=plain,
        sealed_key=sealed_key,
        sealed_secrets=vault.seal_secrets(hidden),
        secrets_end_on=new.secrets_end_on,
        history_days=new.history_days,
        created_at=now,
        updated_at=now,
    )
    tx.add(row)
    tx.flush()
    record(tx, actor, Change("connection.create", row.id, after=_told(row)), now=now)
    return row


def change_credentials(
    tx: Session,
    row: ChannelConnection,
    connector: Connector,
    entered: Mapping[str, str],
    *,
    secret_key: str,
    actor: Actor,
    now: datetime,
    secrets_end_on: date | None = None,
) -> None:
    """Puts entered values in place of the earlier ones; what is not entered stays. The connection is active again."""
    plain, hidden = sort_entered(connector, entered, None)
    vault = vault_of(row, secret_key)
    known = {name: value.get_secret_value() for name, value in vault.secrets(row.sealed_secrets).items()}
    before = _told(row)
    row.settings = {**row.settings, **plain}
    row.sealed_secrets = vault.seal_secrets(known | hidden)
    row.secrets_end_on = secrets_end_on or row.secrets_end_on
    row.updated_at = now
    set_state(row, State.ACTIVE, None, now=now)
    tx.flush()
    after = _told(row) | {"entered_anew": sorted([*plain, *hidden])}
    record(tx, actor, Change("connection.credentials", row.id, before, after), now=now)


def lose_credentials(
    tx: Session, row: ChannelConnection, reason: str, *, secret_key: str, actor: Actor, now: datetime
) -> None:
    """Forgets the secrets, and the key that all kept of the account is sealed with. What is no secret stays."""
    before = {"state": row.state, "has_credentials": True}
    row.sealed_key, vault = new_key(secret_key, row.id)
    row.sealed_secrets, row.secrets_end_on, row.updated_at = vault.seal_secrets({}), None, now
    set_state(row, State.NEEDS_ATTENTION, reason, now=now)
    tx.flush()
    record(tx, actor, Change("connection.forget", row.id, before,
                             {"state": row.state, "has_credentials": False}), now=now)  # fmt: skip


def change_connection(
    tx: Session, row: ChannelConnection, changes: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """Changes what a connection may do: `pushes_stock`, `pushes_prices`, `stock_buffer`, `is_selling`, `location`."""
    before = _told(row)
    if (buffer := changes.get("stock_buffer")) is not None and not 0 <= buffer <= 1_000_000:
        raise InvalidInput("Between 0 and 1000000 units are kept back from a channel.", field="stock_buffer")
    for name in ("pushes_stock", "pushes_prices", "stock_buffer", "is_selling", "history_days", "secrets_end_on"):
        if changes.get(name) is not None:
            setattr(row, name, changes[name])
    if changes.get("location") is not None:
        row.location_id = _location(tx, changes["location"])
    row.updated_at = now
    tx.flush()
    record(tx, actor, Change("connection.update", row.id, before, _told(row)), now=now)


def set_state(
    row: ChannelConnection, state: State, reason: str | None, *, now: datetime, resume_at: datetime | None = None
) -> None:
    if row.state != state:
        row.state_since = now
    row.state, row.state_reason, row.resume_at = str(state), None if reason is None else reason[:2000], resume_at


def pause(tx: Session, row: ChannelConnection, *, actor: Actor, now: datetime) -> None:
    """Nothing is read or pushed until somebody resumes it."""
    _move(tx, row, State.PAUSED, "paused by hand", actor, now)


def resume(tx: Session, row: ChannelConnection, *, actor: Actor, now: datetime) -> None:
    _move(tx, row, State.ACTIVE, None, actor, now)


def _move(tx: Session, row: ChannelConnection, state: State, reason: str | None, actor: Actor, now: datetime) -> None:
    before = {"state": row.state}
    set_state(row, state, reason, now=now)
    tx.flush()
    record(tx, actor, Change(f"connection.{'resume' if state is State.ACTIVE else 'pause'}", row.id, before,
                             {"state": row.state}), now=now)  # fmt: skip


def find_connection(tx: Session, name_or_id: str, *, lock: bool = False) -> ChannelConnection:
    """By its name or id. Raises NotFound, with the names there are."""
    query = select(ChannelConnection).where(
        (ChannelConnection.name == name_or_id) | (ChannelConnection.id == name_or_id)
    )
    row = tx.scalar(query.with_for_update() if lock else query)
    if row is None:
        names = ", ".join(tx.scalars(select(ChannelConnection.name).order_by(ChannelConnection.name).limit(20)))
        raise NotFound(f"There is no connection '{name_or_id[:64]}'. Connected are: {names or 'none'}.")
    return row


def all_connections(tx: Session) -> Sequence[ChannelConnection]:
    return tx.scalars(select(ChannelConnection).order_by(ChannelConnection.name).limit(MOST_CONNECTIONS)).all()


def account_of(row: ChannelConnection, channel_code: str, connector: Connector, secret_key: str) -> Account:
    """The account with its credentials open: for the engine alone, never for an answer or a log."""
    defaults = {one.name: one.default for one in connector.fields if one.default is not None and not one.is_secret}
    hidden = vault_of(row, secret_key).secrets(row.sealed_secrets)
    return Account(row.id, connector.name, channel_code, {**defaults, **row.settings}, hidden)


def open_vault(row: ChannelConnection, secret_key: str) -> Vault:
    return vault_of(row, secret_key)


def link_sku(tx: Session, channel_id: str, channel_sku: str, sku: str | None, *, actor: Actor, now: datetime) -> None:
    """Says which product a channel's spelling means; None takes the link away."""
    known = tx.get(SkuLink, (channel_id, channel_sku))
    before = None if known is None else {"sku": known.sku, "channel_sku": channel_sku}
    if sku is None:
        tx.execute(delete(SkuLink).where(SkuLink.channel_id == channel_id, SkuLink.channel_sku == channel_sku))
    elif known is None:
        tx.add(SkuLink(channel_id=channel_id, channel_sku=channel_sku, sku=sku))
    else:
        known.sku = sku
    tx.flush()
    after = None if sku is None else {"sku": sku, "channel_sku": channel_sku}
    record(tx, actor, Change("channel.link_sku", channel_id, before, after), now=now)


def sort_entered(
    connector: Connector, entered: Mapping[str, str], environment: Mapping[str, str] | None
) -> tuple[dict[str, str], dict[str, str]]:
    """Plain values and secrets. Raises InvalidInput for a field that the connector lacks, or that is missing.

    `environment` fills what was not entered; None: what is not entered stays as it is.
    """
    fields = {one.name: one for one in connector.fields}
    for name in entered:
        if name not in fields:
            raise InvalidInput(
                f"{connector.label} has no field '{name[:64]}'. It has: {', '.join(fields)}.", field=name[:64]
            )
    told = {name: value.strip() for name, value in entered.items() if value.strip()}
    if environment is not None:
        for name, one in fields.items():
            first = environment.get(one.env) if one.env else None
            value = told.get(name) or first or one.default
            if value is None:
                from_env = f" or set {one.env}" if one.env else ""
                raise InvalidInput(f"{connector.label} needs '{name}' ({one.label}). Enter it{from_env}.", field=name)
            told[name] = value
    plain = {name: value for name, value in told.items() if not fields[name].is_secret}
    return plain, {name: value for name, value in told.items() if fields[name].is_secret}


def _location(tx: Session, code: str | None) -> str | None:
    if code is None:
        return None
    found = tx.scalar(select(Location.id).where(Location.code == code))
    if found is None:
        raise InvalidInput(f"There is no location '{code[:64]}'. Make it first, or leave it out.", field="location")
    return found


def _told(row: ChannelConnection) -> dict[str, Any]:
    """What the audit log may know: no secret, whatever it is called."""
    names = ("connector", "name", "state", "history_days", "pushes_stock", "pushes_prices", "stock_buffer",
             "is_selling", "location_id")  # fmt: skip
    return {name: getattr(row, name) for name in names}
