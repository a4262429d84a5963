"""Reads `.connection` files."""

from __future__ import annotations

from collections.abc import Sequence

from tradewind.warehouse.datafiles.directives import Reading, last_of_each
from tradewind.warehouse.datafiles.findings import did_you_mean
from tradewind.warehouse.datafiles.lexing import Dialect, Entry, Takes
from tradewind.warehouse.datafiles.model import Connection, Place

_OF_TYPE = {
    "kafka": (
        "KAFKA_BOOTSTRAP_SERVERS",
        "KAFKA_KEY",
        "KAFKA_SECRET",
        "KAFKA_SCHEMA_REGISTRY_URL",
        "KAFKA_SSL_CA_PEM",
        "KAFKA_SECURITY_PROTOCOL",
        "KAFKA_SASL_MECHANISM",
        "KAFKA_SASL_OAUTHBEARER_METHOD",
        "KAFKA_SASL_OAUTHBEARER_AWS_REGION",
        "KAFKA_SASL_OAUTHBEARER_AWS_ROLE_ARN",
        "KAFKA_SASL_OAUTHBEARER_AWS_EXTERNAL_ID",
    ),
    "s3": ("S3_REGION", "S3_ENDPOINT", "S3_ARN", "S3_ACCESS_KEY", "S3_SECRET"),
    "gcs": (
        "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON",
        "GCS_ACCESS_ID",
        "GCS_HMAC_ACCESS_ID",
        "GCS_SECRET",
        "GCS_HMAC_SECRET",
    ),
    "dynamodb": ("DYNAMODB_ARN", "DYNAMODB_REGION"),
    "postgres": ("PG_HOST", "PG_PORT", "PG_DATABASE", "PG_USER", "PG_PASSWORD", "PG_SSL_MODE"),
}
_NEEDED = {"kafka": ("KAFKA_BOOTSTRAP_SERVERS",), "postgres": ("PG_HOST", "PG_DATABASE")}
_CANNOT_RUN = ("gcs", "dynamodb", "postgres")

DIALECT = Dialect(
    ".connection file",
    {
        **dict.fromkeys(("TYPE",), Takes.VALUE),
        **dict.fromkeys((word for words in _OF_TYPE.values() for word in words), Takes.VALUE),
        **dict.fromkeys(("DESCRIPTION", "KAFKA_SSL_CA_PEM", "GCS_SERVICE_ACCOUNT_CREDENTIALS_JSON"), Takes.EITHER),
    },
    aliases={},
    hints={
        "KAFKA_TOPIC": "A topic belongs into a .datasource file.",
        "KAFKA_GROUP_ID": "A group belongs into a .datasource file.",
    },
)


def connection_of(name: str, entries: Sequence[Entry], text: str, file: str, reading: Reading) -> Connection | None:
    """The connection that a file's entries describe, or None if it says no type that is known."""
    findings = reading.findings
    place = Place(file)
    by_word = last_of_each(entries, (), findings)
    entry = by_word.get("TYPE")
    if entry is None or not entry.value:
        findings.error(place, "A connection needs a TYPE.", f"Add `TYPE` and one of {', '.join(_OF_TYPE)}.")
        return None
    kind = entry.value.lower()
    if kind not in _OF_TYPE:
        findings.error(
            entry.value_place,
            f"There is no type of connection {entry.value[:60]}.",
            did_you_mean(kind, _OF_TYPE) or f"Choose one of {', '.join(_OF_TYPE)}.",
        )
        return None
    settings: dict[str, str] = {}
    for word, said in by_word.items():
        if word in ("TYPE", "DESCRIPTION"):
            continue
        if word in _OF_TYPE[kind]:
            settings[word.lower()] = said.text
        else:
            findings.error(said.place, f"A connection of type {kind} has no {word}.", "Remove it, or change TYPE.")
    for word in _NEEDED.get(kind, ()):
        if not settings.get(word.lower()):
            findings.error(entry.place, f"A connection of type {kind} needs {word}.", f"Add `{word} value`.")
    if kind in _CANNOT_RUN:
        findings.warn(
            entry.place,
            f"Tradewind has no connector of type {kind}: what uses {name} is kept, but does not run.",
            "Send rows to /v0/events, or append files.",
        )
    return Connection(name, place, kind, settings, text)
