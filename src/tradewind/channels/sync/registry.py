"""Which connectors there are: what packages announce under the entry point group `tradewind.connectors`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from tradewind.channels.contract import GROUP, Connector
from tradewind.core.errors import NotFound
from tradewind.core.logging import get_logger

logger = get_logger(__name__)


class Connectors:
    """Connectors by name. One that cannot be loaded is left out, with its reason in the log."""

    def __init__(self, connectors: Iterable[Connector] = ()) -> None:
        self._made = {one.name: one for one in connectors}
        self._announced: dict[str, EntryPoint] = {}

    @classmethod
    def installed(cls) -> Connectors:
        """Those of this installation; each is imported when it is asked for first."""
        found = cls()
        found._announced = {point.name: point for point in entry_points(group=GROUP)}
        return found

    def names(self) -> list[str]:
        return sorted({*self._made, *self._announced})

    def all(self) -> Mapping[str, Connector]:
        found: dict[str, Connector] = {}
        for name in self.names():
            try:
                found[name] = self.get(name)
            except Exception:  # a broken package of somebody else must not hide the others
                logger.exception("a connector cannot be loaded", connector=name)
        return found

    def get(self, name: str) -> Connector:
        """The connector with this name. Raises NotFound."""
        if name not in self._made:
            if name not in self._announced:
                known = ", ".join(self.names()) or "none"
                raise NotFound(f"There is no connector '{name[:64]}'. Installed are: {known}.")
            loaded = self._announced[name].load()
            self._made[name] = loaded() if isinstance(loaded, type) else loaded
        return self._made[name]
