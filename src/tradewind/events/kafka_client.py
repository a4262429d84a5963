"""Where a Kafka cluster is, how it is spoken to, and what its errors mean to us. Needs `tradewind[kafka]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from tradewind.core.errors import Misconfigured, Unavailable
from tradewind.core.logging import get_logger

if TYPE_CHECKING:
    from confluent_kafka import Consumer, KafkaError, Producer
    from confluent_kafka.admin import AdminClient

Settings = Mapping[str, Any]

DEFAULT_NAME: Final = "tradewind"
ANSWERS_WITHIN: Final = 15.0
"""Seconds that a cluster may take for an answer."""
_PASSED_ON = ("security.", "sasl.", "ssl.", "client.", "broker.address.")

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """A cluster: `kafka://[user:password@]host:port[,host:port…][/name][?security.protocol=…]`."""

    servers: str
    prefix: str
    """What the names of our topics begin with."""
    settings: Settings = field(repr=False)

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises Misconfigured when the URL names no server or sets what is not for it to set."""
        parts = urlsplit(url)
        user_info, _, servers = parts.netloc.rpartition("@")
        if parts.scheme != "kafka" or not servers:
            raise Misconfigured("A Kafka cluster's address looks like kafka://host:9092 or kafka://one:9092,two:9092.")
        settings: dict[str, Any] = {"bootstrap.servers": servers}
        if user_info:
            user, _, password = user_info.partition(":")
            settings |= {
                "security.protocol": "SASL_SSL",
                "sasl.mechanism": "PLAIN",
                "sasl.username": unquote(user),
                "sasl.password": unquote(password),
            }
        for name, value in parse_qsl(parts.query):
            if not name.startswith(_PASSED_ON):
                known = ", ".join(f"{start}*" for start in _PASSED_ON)
                raise Misconfigured(f"A Kafka address cannot set '{name}', only {known}.")
            settings[name] = value
        return cls(servers, f"{parts.path.strip('/') or DEFAULT_NAME}-", settings)


def producer(settings: Settings) -> Producer:
    """A producer. Raises Misconfigured where the library is missing or refuses the settings."""
    with _usable():
        from confluent_kafka import Producer

        return Producer(_spoken(settings))


def consumer(settings: Settings) -> Consumer:
    """A consumer, likewise."""
    with _usable():
        from confluent_kafka import Consumer

        return Consumer(_spoken(settings))


def admin(settings: Settings) -> AdminClient:
    """A client for topics, likewise."""
    with _usable():
        from confluent_kafka.admin import AdminClient

        return AdminClient(_spoken(settings))


@contextmanager
def plain_errors(servers: str) -> Iterator[None]:
    """Turns what the library raises into an error that people can act on."""
    from confluent_kafka import KafkaException

    try:
        yield
    except KafkaException as failure:
        raise away(servers, failure.args[0] if failure.args else failure) from failure


def away(servers: str, reason: KafkaError | BaseException | str) -> Unavailable:
    """What to raise when a cluster did not do as asked."""
    text = reason.str() if hasattr(reason, "str") else str(reason)
    return Unavailable(f"Kafka at {servers} does not do as asked: {text}. It is tried again.")


@contextmanager
def _usable() -> Iterator[None]:
    try:
        yield
    except ImportError as missing:
        raise Misconfigured("Kafka needs one more package: pip install 'tradewind[kafka]'.") from missing
    except ValueError as wrong:
        raise Misconfigured(f"A setting for Kafka is not usable: {wrong}.") from wrong
    except Exception as wrong:
        if type(wrong).__name__ == "KafkaException":  # whose class is only there with the library
            raise Misconfigured(f"A setting for Kafka is not usable: {wrong}.") from wrong
        raise


def _spoken(settings: Settings) -> dict[str, Any]:
    # Without a callback the library writes to standard error, in a form of its own.
    return {"error_cb": _note, "logger": _LibraryLog(), **settings}


def _note(error: Any) -> None:
    logger.debug("kafka says", reason=str(error))


class _LibraryLog:
    """What the library logs, as ours; its complaints about a broker that is away are many, and we raise our own."""

    def log(self, _level: int, message: str, *values: Any) -> None:
        logger.debug("kafka library", message=message % values if values else message)
