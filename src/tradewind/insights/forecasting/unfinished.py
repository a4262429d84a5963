"""What a training run has done so far, kept on disk: a run that was stopped goes on with the origins that are left.

Only a run over equal data with equal wishes and code (an equal version) goes on with it; others begin anew.
"""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tradewind.core.logging import get_logger
from tradewind.insights.forecasting.backtest import Window

FOLDER = "unfinished"

logger = get_logger(__name__)


@dataclass(frozen=True)
class Unfinished:
    """The windows of one version in a folder of its own."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, version: str) -> Unfinished:
        """Of a version; what other versions left is thrown away, as nobody will go on with it."""
        whole = folder / FOLDER
        for other in whole.glob("*"):
            if other.name != version:
                shutil.rmtree(other)
        (whole / version).mkdir(parents=True, exist_ok=True)
        return cls(whole / version)

    @property
    def done(self) -> int:
        """How many windows are there."""
        return len(list(self.folder.glob("*.npz")))

    def get(self, origin: int) -> Window | None:
        """The window of an origin as it was kept; None where there is none that can be read."""
        file = self.folder / f"{origin}.npz"
        try:
            with np.load(file, allow_pickle=False) as kept:
                means = {name.removeprefix("mean."): kept[name] for name in kept.files if name != "actual"}
                return Window(origin, means, kept["actual"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zipfile.BadZipFile) as failure:
            logger.warning("a kept window cannot be read; it is made again", file=file.name, reason=str(failure))
            return None

    def put(self, window: Window) -> None:
        """Keeps a window; whole or not at all."""
        file = self.folder / f"{window.origin}.npz"
        half = file.with_suffix(".half")
        with half.open("wb") as out:
            np.savez(out, allow_pickle=False, actual=window.actual, **{f"mean.{k}": v for k, v in window.means.items()})
        half.replace(file)

    def forget(self) -> None:
        """The run has ended well."""
        shutil.rmtree(self.folder)
