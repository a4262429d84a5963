"""Reading the samples of Walmart's payloads, which lie beside a checkout and not in it."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NO_SHARED_DATA

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "samples" / "walmart"


def sample(name: str) -> Any:
    """A payload, its numbers with a point as Decimal; the test is skipped where the samples are absent."""
    if not FOLDER.is_dir():
        pytest.skip(NO_SHARED_DATA)
    return json.loads((FOLDER / name).read_bytes(), parse_float=Decimal)


def orders_of(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sample(name)["list"]["elements"]["order"]
    return found
