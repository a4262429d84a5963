"""Payloads as the channel sent them: kept packed and sealed, told apart by their digest, and opened for a replay."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tradewind.channels.contract import Mapped, Raw
from tradewind.channels.sync.model import ChannelPayload, QuarantinedPayload
from tradewind.channels.sync.vault import Vault
from tradewind.channels.unified import UnifiedFeedback, UnifiedOrder, UnifiedProduct, UnifiedStock
from tradewind.commerce.booking import chunks
from tradewind.core.bulk import insert_rows, put_rows
from tradewind.core.ids import new_id
from tradewind.core.prepared import Prepared

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_USE = "payload"
_LONGEST_ID = 200
_LONGEST_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Telling:
    """One payload of a page, with what tells it apart."""

    item: Mapped
    key: str
    content: bytes
    digest: bytes
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a payload was not booked."""

    telling: Telling
    code: str
    reason: str
    external_id: str | None


def tellings(items: Sequence[Mapped]) -> list[Telling]:
    """The payloads of a batch; what a page says twice word by word is there once."""
    found: dict[tuple[str, bytes], Telling] = {}
    for item in items:
        content = to_bytes(item.raw)
        digest = hashlib.sha256(content).digest()
        key = item.external_id[:_LONGEST_ID]
        found[key, digest] = Telling(item, key, content, digest, _told_at(item))
    return list(found.values())


_KNOWN = Prepared(
    select(ChannelPayload.external_id, ChannelPayload.content_hash, ChannelPayload.told_at).where(
        ChannelPayload.connection_id == bindparam("connection"),
        ChannelPayload.resource == bindparam("of_resource"),
        ChannelPayload.external_id.in_(bindparam("ids", expanding=True)),
    )
)


def news(tx: Session, connection_id: str, resource: str, told: Sequence[Telling]) -> list[Telling]:
    """Those that are not known word by word, and not older than what is known."""
    known: dict[str, tuple[bytes, datetime | None]] = {}
    for part in chunks({one.key for one in told}):
        for row in _KNOWN.all(tx, connection=connection_id, of_resource=resource, ids=list(part)):
            known[row.external_id] = (row.content_hash, row.told_at)
    fresh: list[Telling] = []
    for one in told:
        digest, told_at = known.get(one.key, (b"", None))
        is_older = one.told_at is not None and told_at is not None and one.told_at < told_at
        if one.digest != digest and not is_older:
            fresh.append(one)
            known[one.key] = (one.digest, one.told_at)
    return fresh


def keep(
    tx: Session,
    connection_id: str,
    resource: str,
    told: Sequence[Telling],
    warnings: Mapping[str, Sequence[str]],
    *,
    vault: Vault,
    now: datetime,
) -> None:
    """Keeps the latest payload of each thing."""
    rows = {
        one.key: {
            "connection_id": connection_id,
            "resource": resource,
            "external_id": one.key,
            "content_hash": one.digest,
            "told_at": one.told_at,
            "body": pack(one.content, vault),
            "warnings": list(warnings.get(one.item.external_id, ())),
            "received_at": now,
        }
        for one in told
    }
    put_rows(tx, ChannelPayload.__table__, list(rows.values()))


def quarantine(
    tx: Session, connection_id: str, resource: str, refusals: Sequence[Refusal], *, vault: Vault, now: datetime
) -> int:
    """Puts refused payloads aside; the same one again only gets the newest reason. Returns how many were new."""
    wanted = {one.telling.digest: one for one in refusals}
    known: dict[bytes, QuarantinedPayload] = {}
    for part in chunks(wanted):
        query = select(QuarantinedPayload).where(
            QuarantinedPayload.connection_id == connection_id,
            QuarantinedPayload.resource == resource,
            QuarantinedPayload.content_hash.in_(part),
        )
        known |= {row.content_hash: row for row in tx.scalars(query)}
    for digest, row in known.items():
        row.code, row.reason, row.replayed_at = wanted[digest].code, wanted[digest].reason[:_LONGEST_REASON], None
    tx.flush()
    fresh = [
        {
            "id": new_id(),
            "connection_id": connection_id,
            "resource": resource,
            "external_id": None if one.external_id is None else one.external_id[:_LONGEST_ID],
            "content_hash": digest,
            "code": one.code[:64],
            "reason": one.reason.replace("\0", "�")[:_LONGEST_REASON],
            "body": pack(one.telling.content, vault),
            "refused_at": now,
            "replayed_at": None,
        }
        for digest, one in wanted.items()
        if digest not in known
    ]
    insert_rows(tx, QuarantinedPayload.__table__, fresh)
    return len(fresh)


def to_bytes(raw: Raw) -> bytes:
    """A payload as JSON with its keys in order: equal content, equal bytes. Numbers keep every digit."""
    return orjson.dumps(raw, default=_exact, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def pack(content: bytes, vault: Vault) -> bytes:
    return vault.seal(zstd.compress(content, level=1), _USE)


def unpack(body: bytes, vault: Vault) -> Raw:
    """A kept payload as connectors read it: numbers with a point are Decimals."""
    raw: dict[str, Any] = json.loads(zstd.decompress(vault.unseal(body, _USE)), parse_float=Decimal)
    return raw


def _exact(value: object) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a payload holds a {type(value).__name__}, which is no JSON")


def _told_at(item: Mapped) -> datetime | None:
    """The channel's own time of the change, where a payload is about one thing that has such a time."""
    moments = [moment for record in item.records if (moment := _moment(record)) is not None]
    return max(moments) if moments else None


def _moment(record: object) -> datetime | None:
    if isinstance(record, UnifiedOrder | UnifiedProduct):
        return record.channel_updated_at
    if isinstance(record, UnifiedStock):
        return record.as_of
    return record.told_at if isinstance(record, UnifiedFeedback) else None
