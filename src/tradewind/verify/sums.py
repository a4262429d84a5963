"""Figures by group, in one form for both sides."""

from __future__ import annotations

from decimal import Decimal

Sums = dict[tuple[str, ...], tuple[Decimal, ...]]
"""Measures by key. Two decimals are equal when their values are, whatever their digits."""
