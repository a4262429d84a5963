"""Tradewind runs a seller's commerce and its analytics as one program.

`from tradewind import Platform` is the shop as a Python object; see `tradewind.embedded`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tradewind.embedded import Platform

    EcommercePlatform = Platform

__version__ = "0.1.0"
__all__ = ["EcommercePlatform", "Platform", "__version__"]


def __getattr__(name: str) -> Any:
    # Late, so that `import tradewind` costs nothing.
    if name in ("Platform", "EcommercePlatform"):
        from tradewind.embedded import Platform

        return Platform
    raise AttributeError(f"module 'tradewind' has no attribute '{name}'")
