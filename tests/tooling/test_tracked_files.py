"""What may stand in a committed file, and what the locks must hold."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON_LOCKS = sorted(ROOT.glob("requirements*.lock"))
LARGEST_FILE = 1024 * 1024
LARGEST_GENERATED = {"docs/openapi.json": 4 * LARGEST_FILE}
"""Texts that are made from the code, and grow with it."""
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)")
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:" + "work|root|farm|Users" + r")/|(?<![\w./-])/home/[a-z]\w*/")
ADDRESS = re.compile(r"https?://|git\+|--(?:extra-)?index-url|--find-links|--trusted-host")


def tracked(*patterns: str) -> list[Path]:
    """The files git knows, or would know once added."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    output = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in output.split("\0") if name and (path := ROOT / name).is_file()]


def lines(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Each line of the text files among `paths`, with where it stands."""
    for path in paths:
        data = path.read_bytes()
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode().splitlines(), start=1):
            yield f"{path.relative_to(ROOT)}:{number}", line


def locked(path: Path) -> dict[str, str]:
    """Names and versions in a lock; a package may have two, for older and newer Pythons."""
    found = (ENTRY.match(line) for line in path.read_text().splitlines())
    return {entry[1]: entry[2] for entry in found if entry}


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda path: path.name)
def test_every_locked_package_carries_a_hash(lock: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", lock.read_text().strip())
    assert blocks
    assert [block for block in blocks if not (ENTRY.match(block) and "--hash=sha256:" in block)] == []


def test_no_lock_names_the_registry_it_came_from() -> None:
    assert [place for place, line in lines(PYTHON_LOCKS) if ADDRESS.search(line)] == []
    for path in tracked("*package-lock.json"):
        packages: dict[str, dict[str, Any]] = json.loads(path.read_text())["packages"]
        assert [place for place, package in packages.items() if ADDRESS.search(package.get("resolved", ""))] == []


def test_the_locks_agree_on_every_version() -> None:
    runtime, dev = locked(ROOT / "requirements.lock"), locked(ROOT / "requirements-dev.lock")
    bootstrap = locked(ROOT / "requirements-bootstrap.lock")
    assert {name: version for name, version in (runtime | bootstrap).items() if dev.get(name) != version} == {}


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    name_of = re.compile(r"[A-Za-z0-9._-]+")
    declared = {found[0].lower() for text in project["project"]["dependencies"] if (found := name_of.match(text))}
    assert len(declared) > 20
    assert declared - set(locked(ROOT / "requirements.lock")) == set()


def test_every_optional_package_of_the_web_lock_is_present() -> None:
    """A registry that lacks a platform's package leaves it out silently; `npm ci` then fails elsewhere."""
    for path in tracked("*package-lock.json"):
        packages: dict[str, dict[str, Any]] = json.loads(path.read_text())["packages"]
        present = {place.rsplit("node_modules/", 1)[-1] for place in packages}
        wanted = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
        assert wanted - present == set()
        unhashed = [place for place, package in packages.items() if place and not package.get("integrity")]
        assert [place for place in unhashed if not packages[place].get("inBundle")] == []


def test_no_tracked_file_holds_a_path_of_one_machine() -> None:
    files = [path for path in tracked() if path.suffix != ".lock"]
    assert [f"{place}: {line.strip()[:80]}" for place, line in lines(files) if MACHINE_PATH.search(line)] == []


def test_no_tracked_file_holds_merge_marks() -> None:
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    assert [place for place, line in lines(tracked()) if line.startswith(marks)] == []


def test_tracked_files_are_small() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked()}
    assert [name for name, size in sizes.items() if size > LARGEST_GENERATED.get(name, LARGEST_FILE)] == []
