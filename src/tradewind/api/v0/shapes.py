"""How deployments, plans and workspaces look in answers under /v1, for the format's own clients and for ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tradewind.warehouse.datafiles.model import Finding
from tradewind.warehouse.workspaces.deploys import Outcome, finding_json
from tradewind.warehouse.workspaces.plan import How
from tradewind.warehouse.workspaces.store import Deployment, Home, Status

_KINDS = {"datasources": "datasource", "pipes": "pipe", "connections": "data_connector"}
_MOVES = (How.MOVED.value, How.POPULATED.value)


def build_json(outcome: Outcome) -> dict[str, Any]:
    """The answer of /v1/build."""
    return {"result": outcome.result, "build": _body(outcome, None)}


def deploy_json(outcome: Outcome, row: Deployment | None, progress: Sequence[str] = ()) -> dict[str, Any]:
    """The answer of /v1/deploy. A check has no deployment behind it: its id is empty."""
    body = _body(outcome, row) | {"progress": list(progress)}
    return {"result": outcome.result, "deployment": body}


def deployment_json(row: Deployment, progress: Sequence[str] = ()) -> dict[str, Any]:
    """A deployment as it is written down."""
    findings = row.plan.get("findings", [])
    return {
        "id": str(row.number),
        "status": shown_status(row.status),
        "state": row.status,
        "live": row.status == Status.LIVE,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "live_at": row.live_at,
        "errors": [{"filename": "", "error": row.error}] if row.error else [],
        "feedback": [_feedback(finding) for finding in findings],
        "progress": list(progress),
        **_names(row.plan),
        "plan": {"steps": row.plan.get("steps", [])},
    }


def home_json(home: Home, token: str | None = None) -> dict[str, Any]:
    """A workspace in a list."""
    return {
        "id": home.id,
        "name": home.name,
        "token": token,
        "role": "admin",
        "is_branch": home.parent_id is not None,
        "main": home.parent_id,
        "created_at": home.created_at,
    }


def branch_json(home: Home) -> dict[str, Any]:
    """A branch as our own command line shows it."""
    name = home.name.rpartition("/")[2]
    return {
        "name": name,
        "id": home.id,
        "path": f"/b/{name}",
        "live_release": home.live_release,
        "created_at": home.created_at,
    }


def shown_status(status: str) -> str:
    """The status in the format's words: a live deployment is ready, one that was live before is deleted."""
    return {Status.LIVE: "data_ready", Status.RETIRED: "deleted"}.get(Status(status), status)


def _body(outcome: Outcome, row: Deployment | None) -> dict[str, Any]:
    findings = [finding_json(finding) for finding in outcome.findings]
    plan = outcome.plan.as_json()
    status = outcome.status or ("failed" if outcome.result == "failed" else "data_ready")
    return {
        "id": "" if outcome.number is None else str(outcome.number),
        "status": shown_status(status) if status in set(Status) else status,
        "live": outcome.is_live,
        "created_at": row.created_at if row is not None else None,
        "updated_at": row.updated_at if row is not None else None,
        "errors": [_error(finding) for finding in outcome.errors],
        "feedback": [_feedback(finding) for finding in findings if finding["level"] != "error"],
        "findings": findings,
        **_names(plan),
        "plan": plan,
    }


def _names(plan: Mapping[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for part, word in _KINDS.items():
        changes = plan.get(part, {})
        for what in ("new", "changed", "deleted"):
            names[f"{what}_{word}_names"] = changes.get(what, [])
    tokens = plan.get("tokens", {})
    names["token_changes"] = {
        "added_tokens": [{"token_name": name} for name in tokens.get("new", [])],
        "changed_tokens": [],
        "removed_tokens": [{"token_name": name} for name in tokens.get("deleted", [])],
    }
    names["data_movements"] = [
        {"datasource": step["datasource"], "operation": step["how"], "reason": step["why"]}
        for step in plan.get("steps", [])
        if step["how"] in _MOVES or step["populated_by"]
    ]
    return names


def _error(finding: Finding) -> dict[str, Any]:
    text = f"{finding.message} {finding.fix}".strip()
    return {
        "filename": finding.place.file,
        "error": f"{finding.place.line}:{finding.place.column}: {text}",
        "resource": finding.place.file,
        "level": finding.level.value.upper(),
        "message": text,
        "line": finding.place.line,
        "column": finding.place.column,
    }


def _feedback(finding: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "resource": finding["file"],
        "level": str(finding["level"]).upper(),
        "message": f"{finding['message']} {finding['fix']}".strip(),
        "line": finding["line"],
        "column": finding["column"],
    }
