"""What a mapping did not foresee: it costs the payload that brought it, and is told without what that says."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

from tradewind.channels.contract import Mapped, Raw, Rejected
from tradewind.core.logging import get_logger

P = ParamSpec("P")
CANNOT_MAP = "cannot_map"
_DEEPEST = 12

logger = get_logger(__name__)


def rejects_surprises(mapping: Callable[Concatenate[Raw, P], Mapped], /) -> Callable[Concatenate[Raw, P], Mapped]:
    """The mapping, made total: where it raises, the payload is rejected with a reason, and its page goes on."""

    @wraps(mapping)
    def total(raw: Raw, /, *args: P.args, **kwargs: P.kwargs) -> Mapped:
        try:
            return mapping(raw, *args, **kwargs)
        except Exception as surprise:  # noqa: BLE001 (whatever it is, the next payload has nothing to do with it)
            return rejected(raw, surprise)

    return total


def rejected(raw: Raw, surprise: Exception) -> Mapped:
    """The payload as one that could not be mapped, after the log was told where."""
    logger.error("a mapping failed", error=type(surprise).__name__, at=where(surprise))
    reason = (
        f"The connector cannot read it (unexpected {type(surprise).__name__}; the log shows where)."
        " Update the connector, then book it again: tradewind channel replay"
    )
    return Mapped("", raw, (), (Rejected(None, CANNOT_MAP, reason),))


def where(surprise: BaseException) -> list[str]:
    """The trace without the error's words, which may be a person's name: files, lines and functions, inmost last."""
    frames = traceback.extract_tb(surprise.__traceback__)[-_DEEPEST:]
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
