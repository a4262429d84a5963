"""A desk for each document: a folder with the commands it names, beside a server that runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.docs.markdown import ROOT
from tests.product import Product

HERE = Path(__file__).resolve().parent
POSTGRES = re.compile(r"postgresql(?:\+psycopg)?://tradewind:password@localhost:5432/tradewind")
BLOCK_SECONDS = 120


@pytest.fixture(scope="session")
def running_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A demo store that sells on, as `make up` starts it, without the marketplaces beside it."""
    with Product.start(
        tmp_path_factory.mktemp("docs") / "data", "--demo", "--demo-orders", "400", "--no-sandbox"
    ) as product:
        product.wait_for_demo()
        yield product


@pytest.fixture
def own_shop(tmp_path: Path) -> Iterator[Product]:
    """A server that nobody else has deployed to."""
    with Product.start(tmp_path / "data") as product:
        yield product


@dataclass
class Desk:
    """Where one document's blocks are run, one after the other, as a reader would."""

    folder: Path
    shop: Product
    request: pytest.FixtureRequest
    environment: dict[str, str] = field(default_factory=dict)
    answer: str = ""
    """What the last block printed."""

    @property
    def _variables(self) -> Path:
        return self.folder / ".variables"

    def set_up(self) -> None:
        for name, line in {
            "tradewind": shlex.join([sys.executable, str(HERE / "tradewind_command.py")]),
            "make": shlex.join([shutil.which("make") or "make", "--dry-run", "-C", str(ROOT)]),
            # An answer that is an error fails the block, unless an error is what the document shows.
            "curl": shlex.quote(shutil.which("curl") or "curl") + " ${REFUSED:---fail-with-body}",
        }.items():
            command = self.folder / ".venv" / "bin" / name
            command.parent.mkdir(parents=True, exist_ok=True)
            command.write_text(f'#!/bin/sh\nexec {line} "$@"\n')
            command.chmod(0o755)
        self._variables.touch()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        self.environment = inherited | {
            "HOME": str(self.folder),
            "PATH": f"{self.folder / '.venv' / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "TRADEWIND_DATA_DIR": str(self.shop.data_dir),
        }

    def shell(self, script: str, *, shows_error: bool = False) -> None:
        """Runs a block line by line; the first that fails fails it. Variables and functions stay for the next."""
        self.environment["REFUSED"] = "--no-fail" if shows_error else ""
        lines = [
            "set -euo pipefail",
            f"set -a; source {self._variables}",
            "trap 'echo \"failed: $BASH_COMMAND\" >&2' ERR",
            self.here(script),
            f"{{ export -p; declare -f; }} > {self._variables}",
        ]
        self.answer = self._run(["bash", "-c", "\n".join(lines)])

    def python(self, script: str) -> None:
        self.answer = self._run([sys.executable, "-W", "error", "-c", self.here(script)])

    def sql(self, query: str) -> None:
        self.answer = self._run(["tradewind", "sql", self.here(query).rstrip("; \n"), "--json"])

    def bring(self, folder: Path, shop: Product) -> None:
        """Copies an example onto the desk: its commands are run inside it, beside a server of its own."""
        shutil.copytree(folder, self.folder, dirs_exist_ok=True)
        self.shop = shop
        self.environment["TRADEWIND_DATA_DIR"] = str(shop.data_dir)

    def write(self, name: str, content: str) -> None:
        (self.folder / name).write_text(content + "\n")

    def here(self, text: str) -> str:
        """The text with this desk's addresses and password instead of the documents'."""
        assert self.shop.password is not None
        inside = self.shop.clickhouse_url.rpartition(":")[2]
        text = re.sub(r"\b8000\b", str(self.shop.port), re.sub(r"\b8123\b", inside, text))
        if POSTGRES.search(text):
            text = POSTGRES.sub(self.request.getfixturevalue("postgres_url"), text)
        return text.replace("PASSWORD", self.shop.password)

    def _run(self, line: list[str]) -> str:
        done = subprocess.run(
            line,
            cwd=self.folder,
            env=self.environment | self._kept(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=BLOCK_SECONDS,
            check=False,
        )
        assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _kept(self) -> dict[str, str]:
        """What earlier blocks have set, for blocks that are no shell's."""
        kept = re.findall(r'^declare -x (\w+)="((?:[^"\\]|\\.)*)"$', self._variables.read_text(), re.MULTILINE)
        return {name: re.sub(r"\\(.)", r"\1", value) for name, value in kept}


@pytest.fixture
def desk(tmp_path: Path, running_shop: Product, request: pytest.FixtureRequest) -> Iterator[Desk]:
    folder = tmp_path / "desk"
    folder.mkdir()
    made = Desk(folder, running_shop, request)
    made.set_up()
    yield made
    # Some document shows how to set a new password.
    reset = [sys.executable, "-m", "tradewind", "user", "password", "admin", "--password-stdin"]
    subprocess.run(reset, input=running_shop.password, env=made.environment, text=True, check=True, capture_output=True)
