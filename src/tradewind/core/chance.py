"""Chance that can be repeated: the same seed and the same names give the same numbers, on every machine.

Each thing draws from a stream of its own, named after it, so that one more product or one more order does
not move all that come after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def mark(seed: int, *names: object) -> int:
    """64 well-mixed bits that stand for these names under this seed."""
    text = "\x1f".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def stream(seed: int, *names: object) -> Random:
    """A random stream of its own for the thing with these names."""
    return Random(mark(seed, *names))


def pick(bits: int, choices: Sequence[Item]) -> tuple[Item, int]:
    """One of the choices, and the bits that are left for the next pick."""
    rest, index = divmod(bits, len(choices))
    return choices[index], rest


def mostly_one(rng: Random, odds: Sequence[float]) -> int:
    """1, 2, 3 … with the given odds."""
    return rng.choices(range(1, len(odds) + 1), odds)[0]
