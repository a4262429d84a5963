"""The models by name: what each is, and whether it can run here. Nothing stands in for another in silence."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata

from tradewind.core.errors import Conflict, InvalidInput

AUTO = "auto"
_OURS = "tradewind"
CLASSIC_WEIGHTS = {"prophet": 0.4, "lstm": 0.4, "arima": 0.2}
"""An ensemble of fixed weights that is often asked for; it has to show in the back-test what it is worth."""


@dataclass(frozen=True, slots=True)
class Model:
    """One that can be asked for."""

    name: str
    says: str
    members: tuple[str, ...]
    """What it is made of; each of these runs."""
    needs: tuple[str, ...] = ()
    """Packages that must be installed."""
    extra: str = ""
    """The extra of ours that brings them."""

    @property
    def is_installed(self) -> bool:
        return all(importlib.util.find_spec(one) is not None for one in self.needs)

    @property
    def engine(self) -> str:
        """What computes it: our own code, or packages with their versions."""
        if not self.is_installed:
            return " + ".join(self.needs)
        return " + ".join(f"{one} {metadata.version(one)}" for one in self.needs) or _OURS


class ModelNotInstalled(Conflict):
    """A model that was asked for is not there, or its packages are not."""

    code = "model_not_installed"


MODELS: Mapping[str, Model] = {
    one.name: one
    for one in (
        Model(AUTO, "what the back-test found best for the product's kind of demand", ()),
        Model(
            "ensemble",
            "the same as auto, or fixed weights such as "
            + ",".join(f"{name}={weight}" for name, weight in CLASSIC_WEIGHTS.items()),
            (),
        ),
        Model("glm", "Poisson regression of trend, weekday, season and events", ("glm",)),
        Model("ets", "exponential smoothing of level and weekday, with the yearly season", ("ets_year",)),
        Model("arima", "harmonic regression with autoregressive errors", ("arima",)),
        Model("croston", "chance of a sale times its size (TSB), for thin demand", ("croston",)),
        Model("pooled", "the category's calendar times the product's level", ("pooled",)),
        Model("naive", "the same weekday again", ("naive",)),
        Model("gbm", "boosted trees on top of the regression", ("gbm",), ("lightgbm",)),
        Model("prophet", "the original Prophet, one fit per product", ("prophet",), ("prophet",), "prophet"),
        Model("lstm", "one recurrent network over all products", ("lstm",), ("keras", "jax"), "neural"),
    )
}


def model_named(name: str) -> Model:
    """The model; InvalidInput for a name that is none, ModelNotInstalled where its packages are missing."""
    known = MODELS.get(name)
    if known is None:
        here = ", ".join(one.name for one in MODELS.values() if one.is_installed)
        absent = ", ".join(one.name for one in MODELS.values() if not one.is_installed)
        more = f" Not installed here: {absent}." if absent else ""
        raise InvalidInput(f"There is no model '{name}'. Choose from {here}.{more}", field="model")
    if not known.is_installed:
        here = ", ".join(one.name for one in MODELS.values() if one.is_installed)
        what = f"'tradewind[{known.extra}]'" if known.extra else " ".join(known.needs)
        raise ModelNotInstalled(
            f"The model '{name}' needs {' and '.join(known.needs)}, not installed here, and nothing takes its place."
            f" Install with: pip install {what}. There are {here}."
        )
    return known


def engine_of(names: Iterable[str]) -> str:
    """What computes a forecast that is put together from these members."""
    by_member = {member: one for one in MODELS.values() for member in one.members}
    return ", ".join(dict.fromkeys(by_member[name].engine if name in by_member else _OURS for name in names))


def check_weights(weights: Mapping[str, float]) -> dict[str, float]:
    """Weights of an ensemble by model; they must be known, ≥ 0 and sum to 1."""
    for name, weight in weights.items():
        if name in (AUTO, "ensemble"):
            raise InvalidInput(f"'{name}' cannot be part of an ensemble.", field="weights")
        model_named(name)
        if not 0 <= weight <= 1:
            raise InvalidInput(f"The weight of '{name}' must be 0 to 1.", field="weights")
    if not weights or abs(sum(weights.values()) - 1) > 1e-6:
        raise InvalidInput("The weights must sum to 1.", field="weights")
    return {MODELS[name].members[0]: weight for name, weight in weights.items() if weight > 0}
