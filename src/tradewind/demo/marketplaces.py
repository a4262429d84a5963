"""The demo store's three platforms: a sandbox that sells the demo's own goods, connected as a seller would connect it.

From the end of the demo's history on, Amazon, Shopify and Walmart sell in the sandbox, and the store hears of it as it
would of the real ones: by webhooks, by polling, and never otherwise.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tradewind.channels.contract import Connector, Resource
from tradewind.channels.sync import inbox
from tradewind.channels.sync.connections import (
    ConnectionNotActive,
    NewConnection,
    change_credentials,
    connect,
    set_state,
)
from tradewind.channels.sync.engine import Ask, Engine, SyncUnderWay
from tradewind.channels.sync.model import ChannelConnection, State
from tradewind.commerce.access.audit import Actor
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.core.errors import TradewindError
from tradewind.core.logging import get_logger
from tradewind.demo.assortment import assortment
from tradewind.demo.currencies import price_tag
from tradewind.demo.ledger import NotSeeded, demo_run, plan_of
from tradewind.demo.outlets import MAIN
from tradewind.demo.plan import StorePlan
from tradewind.sandbox.beside import beside
from tradewind.sandbox.markets import Ware
from tradewind.sandbox.server import CHANNELS, SandboxPlan

ORDERS_PER_DAY = 2_600
"""Of each platform: with what the shop and the counter sell, as much as the demo sells without the sandbox."""
LEAD = timedelta(minutes=20)
"""The sandbox has sold for so long when the history ends, so that each platform has something to tell at once."""
DAYS_AHEAD = 30
"""So long goes a server without a restart before the platforms have sold all that was planned."""
MOST_WARES = 60
POLLED_EVERY_SECONDS = 200.0
"""Amazon calls nobody, and takes one search for orders in three minutes."""
_ACTOR = Actor("demo")
_IDLE = "the demo's sandbox is not running"

logger = get_logger(__name__)


def connection_name(channel: str) -> str:
    return f"sandbox-{channel}"


def sandbox_plan(plan: StorePlan, channels: Sequence[str], now: datetime) -> SandboxPlan:
    """What the platforms sell: the best of the demo's goods of its last day, at its prices, from its end on.

    Every start makes the same world, only longer.
    """
    goods = [one for one in assortment(plan.seed, plan.first_day, plan.last_day) if one.is_on_sale(plan.last_day)]
    goods.sort(key=lambda one: -one.interest(plan.last_day))
    wares = [
        Ware(one.sku, one.name, price_tag("USD", one.cents_on(plan.last_day)), one.brand, one.category)
        for one in goods[:MOST_WARES]
    ]
    start = plan.ends_at.replace(microsecond=0) - LEAD
    days = (now - start).days + DAYS_AHEAD
    return SandboxPlan(
        seed=plan.seed,
        start=start,
        days=days,
        orders=days * ORDERS_PER_DAY,
        opens_at=max(now, plan.ends_at),
        speed=1.0,
        channels=channels,
        wares=wares,
    )


@contextmanager
def marketplaces(engine: Engine, hooks: str) -> Iterator[frozenset[str]]:
    """Runs the sandbox and connects it; gives the channels that it tells of. `hooks`: where it may call us.

    What a person has connected is left alone: a channel with an account of its own gets none of the sandbox.
    Raises NotSeeded, SandboxNotStarted.
    """
    now = engine.clock.now()
    with engine.database.read() as tx:
        run = demo_run(tx)
        if run is None or run.status != "finished":
            raise NotSeeded
        plan, channels = plan_of(run), _free(tx)
    if not channels:
        yield frozenset()
        return
    with beside(sandbox_plan(plan, channels, now)) as told:
        # A brand's review topics take five minutes to read at Amazon's pace, and tell little of invented goods.
        variables = {**told, "AMAZON_REVIEW_TOPICS": "no"}
        for channel in channels:
            _connect(engine, channel, variables)
            _hear(engine, channel, hooks)
        try:
            yield frozenset(channels)
        finally:
            _set_idle(engine, channels)


def poll(engine: Engine, stop: threading.Event) -> None:
    """Reads Amazon's orders as often as it may be asked for them, until told to stop."""
    while not stop.wait(POLLED_EVERY_SECONDS):
        try:
            engine.sync(connection_name("amazon"), Resource.ORDERS, Ask(why="demo"))
        except (SyncUnderWay, ConnectionNotActive):
            continue  # somebody reads them already, or somebody has paused it: both are as they wish
        except Exception:  # told, and tried again at the next turn: the rest of the demo goes on
            logger.exception("Amazon's orders could not be read")


def rest(engine: Engine) -> None:
    """Pauses what a killed server may have left connected to a sandbox that is gone."""
    _set_idle(engine, CHANNELS)


def _free(tx: Session) -> tuple[str, ...]:
    query = (
        select(SalesChannel.code)
        .join(ChannelConnection, ChannelConnection.channel_id == SalesChannel.id)
        .where(ChannelConnection.name.not_in([connection_name(channel) for channel in CHANNELS]))
    )
    taken = set(tx.scalars(query))
    return tuple(channel for channel in CHANNELS if channel not in taken)


def _connect(engine: Engine, channel: str, variables: Mapping[str, str]) -> None:
    """Enters the account, or the address at which it is found today."""
    connector, now = engine.connectors.get(channel), engine.clock.now()
    entered = _entered(connector, variables)
    with engine.database.write() as tx:
        row = _row(tx, channel)
        if row is None:
            new = NewConnection(channel, entered, connection_name(channel), channel, MAIN, history_days=1)
            connect(tx, connector, new, environment={}, secret_key=engine.secret_key(), actor=_ACTOR, now=now)
        elif row.state != State.PAUSED or row.state_reason == _IDLE:
            change_credentials(tx, row, connector, entered, secret_key=engine.secret_key(), actor=_ACTOR, now=now)


def _entered(connector: Connector, variables: Mapping[str, str]) -> dict[str, str]:
    return {one.name: variables[one.env] for one in connector.fields if one.env is not None and one.env in variables}


def _hear(engine: Engine, channel: str, hooks: str) -> None:
    """Asks for webhooks, where the platform sends any. Without them it is polled as often as its schedule says."""
    if channel == "amazon":
        return
    with engine.database.read() as tx:
        row = _row(tx, channel)
        address = None if row is None or row.state != State.ACTIVE else f"{hooks}/{row.id}/webhooks"
    try:
        if address is not None:
            inbox.subscribe(engine, connection_name(channel), address)
    except TradewindError as failure:
        logger.warning("a platform of the sandbox does not call us", channel=channel, reason=str(failure))


def _set_idle(engine: Engine, channels: Sequence[str]) -> None:
    now = engine.clock.now()
    with engine.database.write() as tx:
        for channel in channels:
            row = _row(tx, channel)
            if row is not None and row.state != State.PAUSED:
                set_state(row, State.PAUSED, _IDLE, now=now)


def _row(tx: Session, channel: str) -> ChannelConnection | None:
    return tx.scalar(
        select(ChannelConnection).where(ChannelConnection.name == connection_name(channel)).with_for_update()
    )
