"""Reading channels: starting it by hand, its history, what was refused, how fresh it is; and the jobs that do it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC
from typing import Annotated

from fastapi import Depends, Path, Query, Response

from tradewind.api.problems import SIGNED_IN, problems
from tradewind.api.routers.connections import MANAGES, ConnectionName
from tradewind.api.routing import Router
from tradewind.api.schemas.channels import (
    ChannelAlertList,
    ChannelAlertOut,
    FreshnessList,
    FreshnessOut,
    JobDone,
    JobList,
    JobOut,
    QuarantinedOut,
    QuarantineList,
    ReplayedOut,
    ReplayQuarantine,
    RunList,
    RunOut,
    SyncAsked,
    SyncStarted,
)
from tradewind.api.security import READS, ServicesDep, caller_with
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.channels.contract import Resource
from tradewind.channels.model import SyncRun
from tradewind.channels.sync import runs
from tradewind.channels.sync.alerts import alerts_of
from tradewind.channels.sync.connections import all_connections, find_connection
from tradewind.channels.sync.engine import Ask, SyncUnderWay
from tradewind.channels.sync.freshness import freshness
from tradewind.channels.sync.model import State
from tradewind.channels.sync.replay import replay_quarantine, waiting
from tradewind.commerce.access.rights import Scope
from tradewind.commerce.catalog.model import SalesChannel
from tradewind.core.errors import NotFound, TradewindError, Unavailable
from tradewind.core.logging import get_logger
from tradewind.jobs.scheduler import job_history

router = Router("", tags=["channels"])

Limit = Annotated[int, Query(ge=1, le=500, description="Most items.")]
OneConnection = Annotated[str | None, Query(max_length=200, description="Only this connection, by name or id.")]

logger = get_logger(__name__)


@router.post(
    "/orders/sync",
    status_code=202,
    response_model=SyncStarted,
    dependencies=[Depends(caller_with(Scope.API_WRITE))],
    responses=problems(*SIGNED_IN, NotFound),
)
def sync_orders(services: ServicesDep, body: SyncAsked | None = None) -> Response:
    """Reads channels now, in the background: the orders of all of them, or what the body says."""
    asked = body or SyncAsked()
    platform = services.platform
    started: list[str] = []
    left_out: dict[str, str] = {}
    with platform.database.read() as tx:
        codes = {row.id: tx.get_one(SalesChannel, row.channel_id).code for row in all_connections(tx)}
        rows = [
            (row.id, row.name, row.state, row.connector)
            for row in all_connections(tx)
            if asked.channel is None or asked.channel in (row.name, row.id, codes[row.id])
        ]
        if asked.channel is not None and not rows:
            find_connection(tx, asked.channel)
    since = None if asked.since is None else asked.since.astimezone(UTC)
    for identity, name, state, connector in rows:
        if state != State.ACTIVE:
            left_out[name] = f"it is {state.replace('_', ' ')}"
        elif asked.resource not in platform.sync.connectors.get(connector).resources:
            left_out[name] = f"it has no {asked.resource}"
        else:
            ask = Ask(since=since, full=asked.full, why="by hand")
            platform.spawn(f"sync {name}", _reading(services, identity, asked.resource, ask))
            started.append(name)
    return answer(SyncStarted(started=started, left_out=left_out), 202)


@router.get("/channels/freshness", response_model=FreshnessList, dependencies=[READS], responses=problems(*SIGNED_IN))
def channel_freshness(services: ServicesDep) -> Response:
    """How old the newest fact of each source is, the stalest first."""
    platform = services.platform
    now = platform.clock.now()
    with platform.database.read() as tx:
        found = freshness(tx, platform.sync.connectors, now=now)
    items = [
        FreshnessOut(
            connection=one.connection,
            connector=one.connector,
            resource=one.resource,
            state=one.state,
            state_reason=one.state_reason,
            newest_fact_at=one.newest_fact_at,
            newest_fact_age_seconds=None
            if one.newest_fact_at is None
            else max(0, int((now - one.newest_fact_at).total_seconds())),
            read_until=one.read_until,
            age_seconds=None if one.age is None else int(one.age.total_seconds()),
            target_age_seconds=int(one.target_age.total_seconds()),
            is_late=one.is_late,
            finished_at=one.finished_at,
        )
        for one in found
    ]
    return answer(FreshnessList(items=items))


@router.get("/channels/runs", response_model=RunList, dependencies=[READS], responses=problems(*SIGNED_IN, NotFound))
def channel_runs(
    services: ServicesDep,
    connection: OneConnection = None,
    resource: Annotated[Resource | None, Query(description="Only this resource; with a connection.")] = None,
    limit: Limit = 50,
) -> Response:
    """Runs of syncs, the newest first, each with what it read, booked and refused."""
    with services.platform.database.read() as tx:
        identity = None if connection is None else find_connection(tx, connection).id
        names = {row.id: row.name for row in all_connections(tx)}
        found = runs.history(tx, connection_id=identity, resource=resource, limit=limit)
        items = [_run(row, names) for row in found]
    return answer(RunList(items=items))


@router.get("/channels/alerts", response_model=ChannelAlertList, dependencies=[READS], responses=problems(*SIGNED_IN))
def channel_alerts(
    services: ServicesDep, resolved: Annotated[bool, Query(description="Those that have cleared too.")] = False
) -> Response:
    """What somebody should know of, the newest first."""
    with services.platform.database.read() as tx:
        names = {row.id: row.name for row in all_connections(tx)}
        items = [
            ChannelAlertOut(
                alert_id=row.id,
                connection=names.get(row.connection_id, row.connection_id),
                cause=row.cause,
                message=row.message,
                raised_at=row.raised_at,
                resolved_at=row.resolved_at,
            )
            for row in alerts_of(tx, open_only=not resolved)
        ]
    return answer(ChannelAlertList(items=items))


@router.get(
    "/channels/quarantine",
    response_model=QuarantineList,
    dependencies=[READS],
    responses=problems(*SIGNED_IN, NotFound),
)
def channel_quarantine(services: ServicesDep, connection: OneConnection = None, limit: Limit = 100) -> Response:
    """Payloads that could not be booked, the newest first, each with its reason."""
    with services.platform.database.read() as tx:
        identity = None if connection is None else find_connection(tx, connection).id
        names = {row.id: row.name for row in all_connections(tx)}
        items = [
            QuarantinedOut(
                quarantine_id=one.id,
                connection=names.get(one.connection, one.connection),
                resource=Resource(one.resource),
                external_id=one.external_id,
                code=one.code,
                reason=one.reason,
                refused_at=one.refused_at,
            )
            for one in waiting(tx, connection_id=identity, limit=limit)
        ]
    return answer(QuarantineList(items=items))


@router.post(
    "/channels/connections/{connection}/quarantine/replay",
    response_model=ReplayedOut,
    dependencies=[MANAGES],
    responses=problems(*SIGNED_IN, NotFound),
)
def replay_channel_quarantine(
    services: ServicesDep, connection: ConnectionName, body: ReplayQuarantine | None = None
) -> Response:
    """Books payloads of the quarantine again: what they lacked may be there now."""
    done = replay_quarantine(services.platform.sync, connection, None if body is None else body.ids)
    return answer(ReplayedOut.model_validate(done))


@router.get("/jobs", response_model=JobList, dependencies=[READS], responses=problems(*SIGNED_IN))
def jobs(services: ServicesDep) -> Response:
    """What runs when, when it ran last, and what became of it."""
    items = [
        JobOut(
            name=one.name,
            label=one.label,
            every_seconds=None if one.every is None else int(one.every.total_seconds()),
            daily_at=one.daily_at,
            is_running=one.is_running,
            last_began_at=one.last_began_at,
            last_status=one.last_status,
            last_error=one.last_error,
            next_at=one.next_at,
        )
        for one in services.scheduler.states()
    ]
    return answer(JobList(items=items))


@router.get("/jobs/history", response_model=RunList, dependencies=[READS], responses=problems(*SIGNED_IN))
def job_runs(
    services: ServicesDep,
    name: Annotated[str | None, Query(max_length=100, description="Only this job.")] = None,
    limit: Limit = 50,
) -> Response:
    """Runs of jobs, the newest first. Those of syncs stand under /api/v1/channels/runs."""
    with services.platform.database.read() as tx:
        items = [_run(row, {}) for row in job_history(tx, name, limit=limit)]
    return answer(RunList(items=items))


@router.post(
    "/jobs/{name}/run",
    response_model=JobDone,
    dependencies=[Depends(caller_with(Scope.ADMIN))],
    responses=problems(*SIGNED_IN, NotFound, SyncUnderWay, Unavailable),
)
def run_job(services: ServicesDep, name: Annotated[str, Path(max_length=300)]) -> Response:
    """Does a job now and waits for its end."""
    counts = services.scheduler.run_now(name)
    return answer(JobDone(counts={key: number for key, number in counts.items() if number}))


def _reading(services: Services, identity: str, resource: Resource, ask: Ask) -> Callable[[threading.Event], None]:
    def work(_: threading.Event) -> None:
        try:
            services.platform.sync.sync(identity, resource, ask)
        except TradewindError as refused:
            logger.info("a sync by hand did not begin", connection=identity, reason=str(refused))

    return work


def _run(row: SyncRun, names: dict[str, str]) -> RunOut:
    told = row.counts or {}
    connection, _, resource = row.fingerprint.partition(":")
    what = f"{names[connection]}:{resource}" if connection in names else row.fingerprint
    return RunOut(
        run_id=row.id,
        what=what,
        why=row.source,
        status=row.status,  # type: ignore[arg-type]  # the table holds text: the shape checks its word
        counts=told.get("counts", {}),
        warnings=told.get("warnings", {}),
        error=row.error,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )
