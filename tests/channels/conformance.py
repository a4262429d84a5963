"""What every connector must hold, whoever wrote it. Call these from a test of yours; docs/connectors.md says how.

describes_itself(connector)
maps_well(connection, {Resource.ORDERS: payloads})
syncs_well(engine, "name", Resource.ORDERS)
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from tradewind.channels.contract import Account, Connection, Connector, Mapped, Raw, Resource
from tradewind.channels.sync.engine import Ask, Engine
from tradewind.channels.sync.payloads import pack, to_bytes, unpack
from tradewind.channels.sync.vault import Vault

_NAME = re.compile(r"[a-z][a-z0-9_-]{1,63}")
_ODD: tuple[Any, ...] = (None, "", "nonsense", -1, [], {}, [None], True)
_LONGEST_SCOPE = 64


def describes_itself(connector: Connector, account: Account | None = None) -> None:
    """Its name, fields, schedules and limits can be worked with."""
    assert _NAME.fullmatch(connector.name), f"{connector.name!r} is no name: lower-case letters, digits, dashes"
    assert connector.label.strip()
    names = [field.name for field in connector.fields]
    assert len(names) == len(set(names)), f"a field comes twice: {names}"
    for field in connector.fields:
        assert not (field.is_secret and field.default), f"the secret {field.name} has a default"
    assert connector.resources, "it reads nothing"
    for resource, schedule in connector.resources.items():
        assert timedelta(0) < schedule.every <= schedule.target_age, f"{resource} cannot be as fresh as it promises"
        days = connector.window_days(resource)
        assert days is None or days >= 1
    for operation, limit in connector.limits.items():
        assert limit.rate > 0, f"{operation} may never be called"
        assert limit.burst >= 1, f"{operation} may never be called"
        assert len(operation) <= 64
    assert connector.overlap >= timedelta(0) <= connector.lag
    if account is not None:
        for resource in connector.resources:
            scopes = connector.scopes(account, resource)
            assert scopes, f"{resource} has no scope"
            assert len(scopes) == len(set(scopes))
            assert all(len(scope) <= _LONGEST_SCOPE for scope in scopes)


def maps_well(connection: Connection, payloads: Mapping[Resource, Sequence[Raw]]) -> None:
    """Mapping is pure and total: the same twice, exact, in UTC; what is broken is rejected with a reason."""
    vault = Vault("conformance", "k" * 64)
    for resource, raws in payloads.items():
        assert raws, f"no payload of {resource} to look at"
        for raw in raws:
            before = to_bytes(raw)
            mapped = connection.map(resource, raw)
            assert to_bytes(raw) == before, "mapping changed its payload"
            assert connection.map(resource, raw) == mapped, "the same payload means two things"
            _is_sound(mapped)
            kept = unpack(pack(before, vault), vault)
            again = connection.map(resource, kept)
            assert (again.records, again.rejected) == (mapped.records, mapped.rejected), "a replay means something else"
            for damaged in _damaged(raw):
                _is_sound(connection.map(resource, damaged))


def syncs_well(engine: Engine, name: str, resource: Resource) -> None:
    """A sync ends well, and the same again changes nothing."""
    first = engine.sync(name, resource)
    assert first.status == "finished", first.error
    again = engine.sync(name, resource, Ask(full=True))
    assert again.status == "finished", again.error
    changed = {key: number for key, number in again.counts.items()
               if number and key.endswith((".created", ".changed"))}  # fmt: skip
    assert not changed, f"reading the same twice changed the books: {changed}"


def _is_sound(mapped: Mapped) -> None:
    assert mapped.records or mapped.rejected, "a payload became nothing, without a reason"
    for rejected in mapped.rejected:
        assert rejected.code, "a rejection needs a code"
        assert rejected.reason, "a rejection needs a reason"
    if mapped.records:
        assert mapped.external_id, "what is booked needs an id"
    for record in mapped.records:
        for value in _values(record):
            assert not isinstance(value, float), f"{type(record).__name__} holds a float: {value}"
            if isinstance(value, datetime):
                assert value.utcoffset() == timedelta(0), f"{value} is not UTC"
            if isinstance(value, Decimal):
                assert value.is_finite(), f"{value} is no amount"


def _values(record: Any) -> Iterator[Any]:
    if dataclasses.is_dataclass(record) and not isinstance(record, type):
        for field in dataclasses.fields(record):
            yield from _values(getattr(record, field.name))
    elif isinstance(record, tuple):
        for part in record:
            yield from _values(part)
    elif not isinstance(record, Enum):
        yield record


def _damaged(raw: Raw) -> Iterator[Raw]:
    """The payload with each of its fields missing, odd, or beside one that nobody knows."""
    yield {**raw, "a_field_of_next_year": {"nested": [1, "2"]}}
    for name in raw:
        yield {key: value for key, value in raw.items() if key != name}
        for odd in _ODD:
            yield {**raw, name: odd}
