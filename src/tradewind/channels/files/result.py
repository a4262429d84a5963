"""What came of an import, counted so that every row is accounted for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tradewind.commerce.booking import Effect
from tradewind.core.money import to_decimal

_THINGS = ("orders", "refunds", "payments", "products", "movements", "ad_spend")
_SUMS = ("gross", "sold", "shipping", "refunded", "paid", "advertising")


@dataclass(slots=True)
class Tally:
    """Counts and sums as they grow; stored with the run's position, so that a run that goes on counts on."""

    counts: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Counter[str]] = field(default_factory=dict)
    """Minor units by currency and name."""
    warnings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def count(self, thing: str, effect: Effect | str, number: int = 1) -> None:
        self.counts[f"{thing}.{effect}"] += number

    def add(self, currency: str, name: str, minor: int) -> None:
        self.sums.setdefault(currency, Counter())[name] += minor

    def warn(self, code: str, sentence: str) -> None:
        self.warnings[code] += 1
        self.examples.setdefault(code, sentence)

    def copy(self) -> Tally:
        return Tally.from_json(self.as_json())

    def as_json(self) -> dict[str, Any]:
        return {
            "counts": dict(self.counts),
            "sums": {currency: dict(sums) for currency, sums in self.sums.items()},
            "warnings": dict(self.warnings),
            "examples": dict(self.examples),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Tally:
        return cls(
            Counter(stored.get("counts", {})),
            {currency: Counter(sums) for currency, sums in stored.get("sums", {}).items()},
            Counter(stored.get("warnings", {})),
            dict(stored.get("examples", {})),
        )

    def all_unchanged(self) -> Tally:
        """The same tally as a second import would find it: everything is there already."""
        again = Counter(self.counts)
        for thing in _THINGS:
            for effect in (Effect.CREATED, Effect.CHANGED):
                again[f"{thing}.{Effect.UNCHANGED}"] += again.pop(f"{thing}.{effect}", 0)
        return Tally(again, self.sums, self.warnings, self.examples)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of one import. Money in major units; sums are of the file, whether it was new or known."""

    preset: str
    source: str
    channel: str
    run_id: str | None
    is_dry_run: bool
    resumed_after: int
    """Orders that an earlier, broken-off run had booked."""
    already_imported_at: str | None
    """When this very content was imported before; nothing was done now."""
    tally: Tally
    errors_path: Path | None
    seconds: float

    @property
    def refused_rows(self) -> int:
        return self.tally.counts["rows.refused"]

    @property
    def exit_code(self) -> int:
        """0: all booked. 2: some rows were refused, the rest is booked."""
        return 2 if self.refused_rows else 0

    @property
    def changed_nothing(self) -> bool:
        """Whether all of it was there before."""
        counts = self.tally.counts
        return not any(counts[f"{thing}.{effect}"] for thing in _THINGS for effect in (Effect.CREATED, Effect.CHANGED))

    def count(self, name: str) -> int:
        """A count by its dotted name, such as `orders.created` or `rows.read`."""
        return self.tally.counts[name]

    def sums(self) -> dict[str, dict[str, Decimal]]:
        """By currency: gross (price × quantity of all lines), sold (revenue), shipping, refunded, paid, advertising."""
        return {
            currency: {name: to_decimal(sums[name], currency) for name in _SUMS}
            for currency, sums in sorted(self.tally.sums.items())
        }

    def as_document(self) -> dict[str, Any]:
        """The result for programs: plain values, money as Decimal."""
        counts = self.tally.counts
        effects = (*Effect,)
        return {
            "preset": self.preset,
            "source": self.source,
            "channel": self.channel,
            "run_id": self.run_id,
            "dry_run": self.is_dry_run,
            "resumed_after": self.resumed_after,
            "already_imported_at": self.already_imported_at,
            "rows": {name: counts[f"rows.{name}"] for name in ("read", "booked", "left_out", "refused")},
            **{thing: {str(effect): counts[f"{thing}.{effect}"] for effect in effects} for thing in _THINGS},
            "lines": {
                "orders": counts["lines.orders"],
                "refunds": counts["lines.refunds"],
                "movements": counts["lines.movements"],
            },
            "sums": self.sums(),
            "warnings": {
                code: {"count": number, "example": self.tally.examples.get(code, "")}
                for code, number in sorted(self.tally.warnings.items())
            },
            "errors_file": None if self.errors_path is None else str(self.errors_path),
            "seconds": round(self.seconds, 3),
            "exit_code": self.exit_code,
        }
