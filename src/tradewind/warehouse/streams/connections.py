"""What a project's `.connection` files mean to the libraries that connect."""

from __future__ import annotations

from typing import Any, Final

from tradewind.core.errors import Conflict
from tradewind.warehouse.datafiles.model import Connection, Project

_KAFKA: Final = {
    "kafka_bootstrap_servers": "bootstrap.servers",
    "kafka_security_protocol": "security.protocol",
    "kafka_sasl_mechanism": "sasl.mechanism",
    "kafka_key": "sasl.username",
    "kafka_secret": "sasl.password",
    "kafka_ssl_ca_pem": "ssl.ca.pem",
}


class ConnectorNotConfigured(Conflict):
    """A connection is named that no file describes, or that cannot be used here."""

    code = "connector_not_configured"


def kafka_settings(project: Project, name: str) -> dict[str, Any]:
    """How the cluster of a Kafka connection is spoken to. Raises ConnectorNotConfigured."""
    told = connection(project, name, "kafka").settings
    settings: dict[str, Any] = {ours: told[theirs] for theirs, ours in _KAFKA.items() if told.get(theirs)}
    if "sasl.username" in settings:
        settings = {"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN"} | settings
    return settings


def connection(project: Project, name: str, *types: str) -> Connection:
    """A connection of one of these types. Raises ConnectorNotConfigured."""
    found = project.connections.get(name)
    if found is None:
        raise ConnectorNotConfigured(
            f"There is no connection '{name}'. Add {name}.connection with TYPE {' or '.join(types)} and deploy."
        )
    if found.type not in types:
        raise ConnectorNotConfigured(f"The connection '{name}' is of type {found.type}, not {' or '.join(types)}.")
    return found
