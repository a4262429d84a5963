"""Real and derived payloads of ../shared/samples/amazon, read as the client reads them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.conftest import ROOT

SAMPLES = ROOT.parent / "shared" / "samples" / "amazon"
_DECODER = msgspec.json.Decoder(float_hook=Decimal)

needs_samples = pytest.mark.skipif(
    not SAMPLES.exists(), reason="needs the data files of ../shared/data, which are not in the repository"
)


def sample(name: str) -> Any:
    """One body."""
    return _DECODER.decode((SAMPLES / name).read_bytes())
