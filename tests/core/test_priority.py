"""Who gets the processor first; in a process of its own, since what steps back never comes forward again."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCENE = """
import ctypes, json, os, threading, time
from pathlib import Path
from tradewind.core.priority import go_first, step_back

def niceness(thread=0):
    return os.getpriority(os.PRIO_PROCESS, thread)

leave, found = threading.Event(), {}
c, number = ctypes.CDLL(None), ctypes.c_ulong()

def threads():
    return {int(thread.name) for thread in Path("/proc/self/task").iterdir()}

def make_engines():
    before = threads()
    c.pthread_create(ctypes.byref(number), None, ctypes.cast(c.pause, ctypes.c_void_p), None)
    (made,) = threads() - before
    return made

engines = [make_engines()]
idle = threading.Thread(target=leave.wait)
idle.start()
go_first()
found["who goes first"] = niceness(threading.get_native_id())
found["who was there"] = niceness(idle.native_id)

def late():
    found["who comes later"] = niceness(threading.get_native_id())
    step_back()
    found["who steps back"] = niceness(threading.get_native_id())
    child = threading.Thread(target=lambda: found.update({"who it makes": niceness(threading.get_native_id())}))
    child.start()
    child.join()

one = threading.Thread(target=late)
one.start()
one.join()
engines.append(make_engines())
until = time.monotonic() + 20
while time.monotonic() < until and any(niceness(engine) < 15 for engine in engines):
    time.sleep(0.05)
found["the engine's own"] = [niceness(engine) for engine in engines]
found["who was there"] = niceness(idle.native_id)
leave.set()
print(json.dumps(found))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Only on Linux has each thread a niceness of its own.")
def test_threads_step_back_behind_the_one_that_answers() -> None:
    said = subprocess.run([sys.executable, "-c", SCENE], capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(said.stdout)
    usual = found["who goes first"]
    assert found["who comes later"] == usual
    behind = {found[who] for who in ("who was there", "who steps back", "who it makes")}
    assert behind == {10}
    assert found["the engine's own"] == [15, 15], "those that it makes later, too"
    assert usual < 10
