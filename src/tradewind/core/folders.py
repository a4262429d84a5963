"""Folders for what is nobody else's business: the ledger, the log and the keys of a store."""

from __future__ import annotations

from pathlib import Path


def private_folder(path: Path) -> Path:
    """The folder, made if it is missing so that only its owner can look into it; one that is there stays as it is."""
    if not path.exists():
        private_folder(path.parent)
        path.mkdir(mode=0o700, exist_ok=True)
    return path
