"""Whether temporary folders may stand in memory."""

from __future__ import annotations

import os
import re
from pathlib import Path

MEMORY_DISK = Path("/dev/shm")
MEMINFO = Path("/proc/meminfo")
_NEEDED = 8 * 1024**3
"""Bytes that must be free. The whole suite keeps about one eighth of that at a time."""


def is_roomy(folder: Path) -> bool:
    """Whether the folder has room, the machine has memory to give, and programs may be started there."""
    try:
        state = os.statvfs(folder)
        available = re.search(r"^MemAvailable:\s+(\d+) kB", MEMINFO.read_text(), re.MULTILINE)
    except OSError:
        return False
    is_free = state.f_bavail * state.f_frsize >= _NEEDED and not state.f_flag & os.ST_NOEXEC
    return is_free and os.access(folder, os.W_OK) and available is not None and int(available[1]) * 1024 >= _NEEDED
