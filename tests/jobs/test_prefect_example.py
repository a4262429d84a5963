"""The Prefect example: the half without Prefect is run against the real command, the other is compiled and read."""

from __future__ import annotations

import ast
import importlib.util
import shlex
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "prefect"


@pytest.fixture
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    command = shlex.join([sys.executable, "-m", "tradewind", "--data-dir", str(tmp_path / "data")])
    monkeypatch.setenv("TRADEWIND_COMMAND", command)
    spec = importlib.util.spec_from_file_location("tradewind_jobs", FOLDER / "tradewind_jobs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def test_the_jobs_are_those_of_the_command_and_run_through_it(jobs: ModuleType) -> None:
    plans = {plan.name: plan for plan in jobs.plans()}
    assert plans["watch"].every == timedelta(minutes=5)
    assert plans["watch"].cron is None
    assert plans["gold"].cron == "0 2 * * *"
    assert jobs.run("watch") == "nothing to do"
    with pytest.raises(jobs.JobFailed, match="There is no job 'sync:moon:orders'"):
        jobs.run("sync:moon:orders")
    nightly = jobs._plan({"name": "heal:a", "every_minutes": None, "daily_at": "03:30 Europe/Berlin"})
    assert (nightly.cron, nightly.zone) == ("30 3 * * *", "Europe/Berlin")


def test_the_flows_compile_and_use_what_stands_beside_them(jobs: ModuleType) -> None:
    source = (FOLDER / "flows.py").read_text()
    tree = ast.parse(source)
    compile(source, "flows.py", "exec")
    imported = {
        (node.module, alias.name) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    ours = {name for module, name in imported if module == "tradewind_jobs"}
    assert ours
    assert all(hasattr(jobs, name) for name in ours)
    assert {module.split(".")[0] for module, _ in imported if module} <= {"__future__", "prefect", "tradewind_jobs"}
    assert "tradewind_job" in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_the_readme_names_files_and_jobs_that_there_are() -> None:
    text = (FOLDER / "README.md").read_text()
    for name in ("requirements.txt", "flows.py"):
        assert name in text
        assert (FOLDER / name).is_file()
    assert "TRADEWIND_COMMAND" in (FOLDER / "tradewind_jobs.py").read_text()
    (wanted,) = [line for line in (FOLDER / "requirements.txt").read_text().splitlines() if not line.startswith("#")]
    assert wanted.startswith("prefect")
