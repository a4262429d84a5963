"""The daily commands: they list themselves, and every way into CI runs the same two."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import conftest

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {"help", "setup", "up", "test", "lint", "bench", "lock", "clean"}
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, **options)


@pytest.fixture(scope="module")
def help_text() -> str:
    return run("make").stdout


def test_make_alone_lists_every_command_with_its_purpose(help_text: str) -> None:
    listed = dict(re.findall(r"^  make (\S+)\s+(\S.*)$", help_text, flags=re.MULTILINE))
    assert set(listed) >= COMMANDS


def test_every_command_the_workflow_and_ci_run_exists(help_text: str) -> None:
    workflow = yaml.safe_load(WORKFLOW.read_text())
    steps = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
    ci = [line for line in (ROOT / ".ci" / "run").read_text().splitlines() if line.startswith("make ")]
    assert steps == ci == ["make lint", "make test"]
    assert all(f"  {command} " in help_text for command in steps)


def test_the_contributing_page_names_only_commands_that_exist(help_text: str) -> None:
    pages = (ROOT / "CONTRIBUTING.md").read_text()
    named = set(re.findall(r"`make ([a-z-]+)", pages))
    assert {"test", "lint"} <= named
    assert {name for name in named if f"  make {name} " not in help_text} == set()


def test_the_workflow_follows_its_schema() -> None:
    checked = run(
        sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(WORKFLOW)
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_compose_file_follows_the_compose_schema() -> None:
    found = [*ROOT.glob("compose*.y*ml"), *ROOT.glob("deploy/**/*compose*.y*ml")]
    for path in found:
        checked = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path))
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_pre_commit_needs_nothing_from_elsewhere() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repository["repo"] for repository in hooks["repos"]} == {"local"}
    checked = run(sys.executable, "-m", "pre_commit", "validate-config")
    assert checked.returncode == 0, checked.stdout


def test_an_unknown_command_of_the_services_script_shows_its_help() -> None:
    shown = run(sys.executable, "scripts/services", "restart")
    assert shown.returncode == 2
    assert "scripts/services start" in shown.stderr


# --- Skips: allowed on a developer's machine, a failure in CI ------------------------------------------


@pytest.fixture
def one_skip(tmp_path: Path) -> Path:
    """A test folder whose only tests skip themselves, under this suite's conftest."""
    (tmp_path / "conftest.py").write_text(f"from tests.conftest import *\nNO_DATA = {conftest.NO_SHARED_DATA!r}\n")
    (tmp_path / "test_skips.py").write_text(
        "import pytest\n"
        "def test_needs_a_service(): pytest.skip('no such service')\n"
        f"def test_needs_data(): pytest.skip({conftest.NO_SHARED_DATA!r})\n"
    )
    return tmp_path


@pytest.mark.parametrize(("ci", "outcome"), [("", "2 skipped"), ("1", "1 failed, 1 skipped")])
def test_a_skip_for_want_of_a_service_fails_in_ci_alone(one_skip: Path, ci: str, outcome: str) -> None:
    environment = {
        "PATH": str(Path(sys.executable).parent),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        "TRADEWIND_CI": ci,
    }
    done = run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(one_skip), env=environment)
    assert outcome in done.stdout, done.stdout


def test_the_web_scripts_are_the_ones_make_calls() -> None:
    package = json.loads((ROOT / "web" / "package.json").read_text())
    assert {"build", "lint", "test"} <= set(package["scripts"])
