"""Starting the servers under test, and what the system says of them. Ends only what it started, by process id."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[str | None, str | None]:
    """The cores of the server under test and those of everything else; none: all share all."""
    chosen = os.environ.get("UNGEBRO_LOAD_CORES")
    if not chosen:
        return None, None
    named = set()
    for part in chosen.split(","):
        first, _, last = part.partition("-")
        named.update(range(int(first), int(last or first) + 1))
    others = sorted(os.sched_getaffinity(0) - named)
    if not others:
        raise SystemExit("UNGEBRO_LOAD_CORES leaves no core for upstream and load")
    return chosen, ",".join(map(str, others))


def pinned(command: list[str], to: str | None) -> list[str]:
    return command if to is None else ["taskset", "-c", to, *command]


class Server:
    """A process and its descendants."""

    def __init__(self, name: str, command: list[str], port: int, folder: Path, *, env=None, tested=True):
        self.name, self.port = name, port
        under_test, others = cores()
        command = pinned(command, under_test if tested else others)
        self.log = open(folder / f"{name}.log", "wb")
        environment = {**os.environ, **(env or {})}
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self.log, env=environment)
        try:
            self.wait_until_ready()
        except SystemExit:
            self.stop()
            raise

    def wait_until_ready(self):
        for _ in range(1200):
            if self.process.poll() is not None:
                raise SystemExit(f"{self.name} ended: see {self.log.name}")
            try:
                connection = HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.connect()
                connection.close()
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"{self.name} does not listen")

    def tree(self) -> list[int]:
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                except (OSError, IndexError):
                    continue
        tree = [self.process.pid]
        for pid in tree:
            tree.extend(child for child, parent in parents.items() if parent == pid)
        return tree

    def cpu_seconds(self) -> float:
        """User and system time of the tree."""
        total = 0
        for pid in self.tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_mb(self, what: str) -> float:
        """`VmRSS` or, for the peak, `VmHWM`, over the tree."""
        total = 0
        for pid in self.tree():
            for line in Path(f"/proc/{pid}/status").read_text().splitlines():
                if line.startswith(what + ":"):
                    total += int(line.split()[1])
        return total / 1024

    def stop(self):
        """Ends the tree; what does not end when asked is ended anyway."""
        tree = self.tree()
        self.started = {pid: began for pid in tree if (began := started(pid))}
        if self.process.poll() is None:
            self.process.terminate()
        for end in [signal.SIGTERM, signal.SIGKILL]:
            by = time.monotonic() + 10
            while self.alive(tree) and time.monotonic() < by:
                time.sleep(0.1)
            for pid in self.alive(tree):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, end)
        self.process.wait()
        self.log.close()

    def alive(self, tree: list[int]) -> list[int]:
        """Those of the tree that run, and not as somebody else's process of the same id."""
        self.process.poll()
        return [pid for pid in tree if self.started.get(pid) == started(pid)]


def started(pid: int) -> str | None:
    """When a process began; none when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
