"""What a caller of an import may want, and how it hears of progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a caller may want otherwise."""

    data_dir: Path
    """Where rows are laid out while they are read, and where error reports go."""
    errors_path: Path | None = None
    is_dry_run: bool = False
    again: bool = False
    """Read a file once more that was imported whole before."""
    chunk_orders: int = 500
    channel: str | None = None
    location: str | None = None
    currency: str | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """How far an import is: `done` of `total` things of a stage. `resumed_after` is not 0 where a run goes on."""

    stage: str
    done: int
    total: int | None = None
    resumed_after: int = 0


Progress = Callable[[Step], None]


def quiet(_: Step) -> None:
    """Progress that nobody watches."""
