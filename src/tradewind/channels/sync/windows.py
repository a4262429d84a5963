"""Which stretch of time is read next. Pure: watermark, overlap and how far back a first load goes.

The newest window is read first, so that today's orders are there at once; then come older ones, one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tradewind.channels.contract import Window


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a resource of one scope has been read."""

    watermark: datetime | None = None
    loaded_from: datetime | None = None
    is_loaded: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One window, whether it is of the first load, and what the reach is once it is booked to its end."""

    window: Window
    is_first_load: bool
    after: Reach


def plans(
    reach: Reach,
    *,
    now: datetime,
    lag: timedelta,
    overlap: timedelta,
    window_days: int | None,
    history_days: int,
) -> Iterator[Plan]:
    """The windows of one run, in the order in which they are read."""
    until = now - lag
    oldest = now - timedelta(days=history_days)
    if reach.watermark is not None:
        since = reach.watermark - overlap
        reach = Reach(max(until, reach.watermark), reach.loaded_from, reach.is_loaded)
        if until > since:
            yield Plan(Window(since, until), False, reach)
    elif window_days is None:
        yield Plan(Window(None, until), True, Reach(until, None, True))
        return
    else:
        since = max(until - timedelta(days=window_days), oldest)
        reach = Reach(until, since, since <= oldest)
        yield Plan(Window(since, until), True, reach)
    while not reach.is_loaded and reach.loaded_from is not None and window_days is not None:
        until = reach.loaded_from
        since = max(until - timedelta(days=window_days), oldest)
        if since >= until:
            return
        reach = Reach(reach.watermark, since, since <= oldest)
        yield Plan(Window(since, until), True, reach)


def asked(reach: Reach, since: datetime, *, now: datetime, lag: timedelta) -> Plan | None:
    """A stretch that somebody asks for. The watermark moves only where nothing is left out before it."""
    until = now - lag
    if since >= until:
        return None
    joins = reach.watermark is not None and since <= reach.watermark
    after = Reach(until, reach.loaded_from, reach.is_loaded) if joins else reach
    return Plan(Window(since, until), False, after)
