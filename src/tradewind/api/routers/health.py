"""The program's own state, for people and for what watches it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Response
from sqlalchemy import text

from tradewind import __version__
from tradewind.api.routing import Router
from tradewind.api.schemas.health import Check, Health, Readiness
from tradewind.api.security import ServicesDep
from tradewind.api.services import Services
from tradewind.api.wire import answer
from tradewind.core.logging import get_logger
from tradewind.warehouse.builds import latest

router = Router(tags=["state"], base="")
logger = get_logger(__name__)


@router.get("/health", response_model=Health)
def health() -> Response:
    """Whether the process answers."""
    return answer(Health(status="ok", version=__version__))


@router.get("/ready", response_model=Readiness, responses={503: {"model": Readiness}})
def ready(services: ServicesDep) -> Response:
    """Whether every store answers and facts are moving."""
    checks = [_check(name, look, services) for name, look in _CHECKS.items()]
    is_ready = all(check.ok for check in checks)
    readiness = Readiness(status="ready" if is_ready else "not_ready", checks=checks)
    return answer(readiness, 200 if is_ready else 503)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Prometheus text."}},
)
def prometheus_metrics(services: ServicesDep) -> Response:
    """Measures in the Prometheus text format."""
    body, media_type = services.measures.render()
    return Response(body, media_type=media_type)


def _check(name: str, look: Callable[[Services], str], services: Services) -> Check:
    try:
        return Check(name=name, ok=True, detail=look(services))
    except Exception as failure:  # noqa: BLE001 (whatever it is, the answer is "not ready")
        logger.warning("not ready", check=name, reason=f"{type(failure).__name__}: {failure}")
        return Check(name=name, ok=False, detail="does not answer; the server's log says why")


def _database(services: Services) -> str:
    with services.platform.database.read() as tx:
        tx.execute(text("SELECT 1"))
    return services.platform.database.dialect


def _warehouse(services: Services) -> str:
    services.platform.warehouse.query("SELECT 1 AS one")
    return "embedded" if services.platform.warehouse.is_embedded else "server"


def _facts(services: Services) -> str:
    return f"{services.platform.backlog().total} facts on their way"


def _cache(services: Services) -> str:
    services.cache.get("ready")
    return "answers"


def _gold(services: Services) -> str:
    """Told, not a reason to turn visitors away: a model that failed keeps the table it had."""
    build = latest(services.platform.warehouse)
    if build is None:
        return "not built yet"
    when = f"{build.kind} build of {build.began_at:%Y-%m-%d %H:%M} UTC"
    return when if build.is_good else f"{when}; failed, and older than the others: {', '.join(build.failed)}"


_CHECKS: dict[str, Callable[[Services], str]] = {
    "database": _database,
    "warehouse": _warehouse,
    "facts": _facts,
    "cache": _cache,
    "gold": _gold,
}
