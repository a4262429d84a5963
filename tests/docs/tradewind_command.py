"""Stands for `tradewind` in the documents. `up` is started for real, on free ports, and stopped once it is ready.

A document shows `up` with the ports and the folder a reader would use. Here another server holds both, so the
ports are chosen anew, and the folder too unless the line names one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

TRADEWIND = [sys.executable, "-m", "tradewind"]


def main(arguments: list[str]) -> int:
    if "up" not in arguments:
        os.execv(sys.executable, [*TRADEWIND, *arguments])  # noqa: S606 (the same command, in our place)
    line = [*TRADEWIND, *arguments, "--port", "0", "--clickhouse-port", "0"]
    if "--demo" in arguments:
        line += ["--demo-orders", "100"]
    if "--data-dir" not in arguments:
        line += ["--data-dir", tempfile.mkdtemp(dir=os.environ["HOME"])]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for told in server.stdout:
            sys.stdout.write(told)
            if told.startswith(("Stop it", "{")):
                server.terminate()
    return server.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
