"""One Kafka broker in KRaft mode for the tests, from the jars that Apache publishes on Maven Central.

`fetch` brings the jars that `pom.xml` names with the system's Maven and holds each against its hash in
`jars.sha256`; a broker then needs Java 17 and nothing else. Standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PINS = HERE / "jars.sha256"
OLDEST_JAVA = 17
FETCHED_WITHIN = 540.0
STARTED_WITHIN = 90.0
"""Seconds; a busy machine needs many for a virtual machine that has nothing compiled yet."""
_JAVA = (
    "-Xms64m",
    "-Xmx384m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
)


class NoBroker(Exception):
    """Kafka could not be had or does not start; the message says why."""


def jars() -> Path:
    """Where the jars of the pinned version are kept, once fetched."""
    return ROOT / ".build" / "kafka" / hashlib.sha256(PINS.read_bytes()).hexdigest()[:12]


def missing() -> str | None:
    """Why no broker can be started here; None when one can."""
    java = shutil.which("java")
    if java is None:
        return f"there is no Java; Kafka needs {OLDEST_JAVA} or newer"
    shown = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(?:1\.)?(\d+)', shown)
    if version is None or int(version[1]) < OLDEST_JAVA:
        return f"{java} is too old; Kafka needs {OLDEST_JAVA} or newer"
    if not jars().is_dir():
        return "its jars are not here; `scripts/services install` fetches them"
    return None


def fetch() -> None:
    """Brings the jars, unless they are here. Raises NoBroker when Maven cannot, or brings something else."""
    if jars().is_dir():
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise NoBroker("there is no Maven to fetch it with")
    arriving = jars().with_suffix(".arriving")
    shutil.rmtree(arriving, ignore_errors=True)
    arriving.mkdir(parents=True)
    command = [maven, "--batch-mode", "--quiet", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
    try:
        done = subprocess.run(
            [*command, "-DincludeScope=runtime", f"-DoutputDirectory={arriving}"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=FETCHED_WITHIN,
        )
    except subprocess.TimeoutExpired as slow:
        raise NoBroker(f"Maven was not done within {FETCHED_WITHIN:.0f} s") from slow
    if done.returncode:
        words = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
        raise NoBroker("Maven could not fetch it: " + "\n".join(words[:3]))
    _check(arriving)
    arriving.rename(jars())


def _check(folder: Path) -> None:
    wanted = {name: digest for digest, name in (line.split() for line in PINS.read_text().splitlines())}
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.jar")}
    if wrong := sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name)):
        raise NoBroker(f"what Maven brought is not what {PINS.name} names: {', '.join(wrong)}")


@dataclass
class Broker:
    """A broker whose data lies in a folder; it may be killed and started again on it."""

    folder: Path
    port: int
    controller_port: int
    pid: int | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @classmethod
    def new(cls, folder: Path, port: int = 0) -> Broker:
        """A broker that has not started, on the wanted port or a free one."""
        with socket.socket() as one, socket.socket() as two:
            for probe, wanted in ((one, port), (two, 0)):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", wanted))
            return cls(folder, int(one.getsockname()[1]), int(two.getsockname()[1]))

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "kafka.log"

    def start(self) -> None:
        """Starts it and waits until it takes connections."""
        if reason := missing():
            raise NoBroker(reason)
        properties = self._prepare()
        java = ["java", *_JAVA, "-cp", str(jars() / "*")]
        if not (self.folder / "data").is_dir():
            format_it = [*java, "kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c", str(properties)]
            done = subprocess.run(format_it, capture_output=True, text=True, check=False)
            if done.returncode:
                raise NoBroker(f"its folder could not be made ready: {(done.stdout + done.stderr)[-500:]}")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*java, "kafka.Kafka", str(properties)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid = self.process.pid
        deadline = time.monotonic() + STARTED_WITHIN
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise NoBroker(f"it did not start. Its last words:\n{self.log.read_text()[-1500:]}")
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether something takes connections on its port."""
        with socket.socket() as probe:
            probe.settimeout(2)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def runs(self) -> bool:
        """Whether the process is there, and is ours: process ids are used again."""
        if self.pid is None:
            return False
        try:
            return str(self.folder).encode() in Path(f"/proc/{self.pid}/cmdline").read_bytes()
        except OSError:
            return False

    def kill(self) -> None:
        """Ends it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends it in order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        deadline = time.monotonic() + STARTED_WITHIN / 2
        if self.pid is not None and self.runs():
            os.kill(self.pid, how)
        while self.pid is not None and self.runs():
            if self.process is not None and self.process.poll() is not None:
                break
            if time.monotonic() > deadline:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.05)
        if self.process is not None:
            self.process.wait()
        self.pid = self.process = None

    def _prepare(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self.controller_port}",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": self.folder / "data",
            "auto.create.topics.enable": "false",
            # One broker holds one copy of everything.
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            # A broker that was killed is back at once.
            "broker.session.timeout.ms": 3000,
            "log.segment.bytes": 16 * 1024 * 1024,
            "num.network.threads": 2,
            "num.io.threads": 4,
        }
        path = self.folder / "server.properties"
        path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        return path


_CLUSTER = "dHJhZGV3aW5kLXRlc3RzLQ"
