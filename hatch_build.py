"""Build hook: a wheel or sdist of Tradewind contains the built web app.

Does nothing when the site is there already (an sdist carries it, so no Node is needed), for an editable
install (`make setup` builds the site itself), and with TRADEWIND_SKIP_WEB=1.
"""

from __future__ import annotations

import importlib.util
import os
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class WebAppHook(BuildHookInterface[Any]):
    """Builds web/ into src/tradewind/static before the files are packed."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, only where the system has none that will do."""
        if self._is_built or self._is_skipped or self._web.system_node() is not None:
            return []
        return [str(self._web.NODE_FROM_PYPI)]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the site unless there is a reason not to."""
        del build_data
        if version != "editable" and not self._is_built and not self._is_skipped:
            self._web.build_site()

    @property
    def _is_built(self) -> bool:
        return (Path(self.root) / "src" / "tradewind" / "static" / "index.html").exists()

    @property
    def _is_skipped(self) -> bool:
        return os.environ.get("TRADEWIND_SKIP_WEB") == "1" or not (Path(self.root) / "web").is_dir()

    @cached_property
    def _web(self) -> ModuleType:
        code = Path(self.root) / "scripts" / "web.py"
        spec = importlib.util.spec_from_file_location("tradewind_web_build", code)
        if spec is None or spec.loader is None:
            raise FileNotFoundError(f"{code} is missing from this source tree; clone or unpack it anew.")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module
