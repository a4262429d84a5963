"""The real orders, imported as a user would: once for all tests of this folder, since it takes minutes."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

SECRET = "kq8Zr2vN5xT1wY7bM4cJ9dL6fH3gS0pA-uEoIiRz"


@dataclass(frozen=True, slots=True)
class Store:
    """A data folder and the environment that its commands run in."""

    folder: Path
    environment: dict[str, str]
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the import of each set said, by its preset."""

    @property
    def books(self) -> Path:
        """The operational store, where it is SQLite."""
        return self.folder / "tradewind.db"

    @property
    def books_of_olist(self) -> Path:
        """The same as it stood when Olist was imported and nothing else."""
        return self.folder / "olist.db"

    def run(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "tradewind", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == code, f"{words}: {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        return done.stdout

    def imports(self, preset: str, path: Path) -> dict[str, Any]:
        """Imports a set, new or known, and gives what that said."""
        said: dict[str, Any] = json.loads(self.run("import", preset, str(path), "--json"), parse_float=Decimal)
        return said

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return list(json.loads(self.run("sql", sql, "--json"), parse_float=Decimal))


@pytest.fixture(scope="session")
def booked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_data: Path
) -> Callable[[str], Store]:
    """Makes the store of a database, SQLite or PostgreSQL with chDB behind, once: tests come in any order."""

    @cache
    def make(engine: str) -> Store:
        folder = tmp_path_factory.mktemp(f"real_{engine}")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRADEWIND_")}
        environment |= {"TRADEWIND_DATA_DIR": str(folder), "TRADEWIND_SECRET_KEY": SECRET}
        if engine == "postgresql":
            environment["TRADEWIND_DATABASE_URL"] = request.getfixturevalue("make_postgres")()
        made = Store(folder, environment)
        for preset, name in (("olist", "olist"), ("online-retail", "online_retail")):
            made.told[preset] = made.imports(preset, shared_data / name)
            if (engine, preset) == ("sqlite", "olist"):
                _copy(made.books, made.books_of_olist)
        return made

    return make


@pytest.fixture(scope="session")
def imported(booked: Callable[[str], Store]) -> Callable[[str], Store]:
    """The same store once its facts are in the warehouse and gold is built."""

    @cache
    def make(engine: str) -> Store:
        made = booked(engine)
        made.run("warehouse", "build")
        return made

    return make


def _copy(store: Path, to: Path) -> None:
    with closing(sqlite3.connect(store)) as here, closing(sqlite3.connect(to)) as there:
        here.backup(there)
