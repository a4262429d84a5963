"""The environment and `.env` as plain names and values: for what connectors name there as first values."""

from __future__ import annotations

import os

from dotenv import dotenv_values


def environment() -> dict[str, str]:
    """Variables by name; those of the process win over those of `.env` in the working folder."""
    kept = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return kept | dict(os.environ)
