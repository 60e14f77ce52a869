"""Runs the measurements that run.sh names and prints their figures as markdown."""

import argparse
import contextlib
import os
import platform
import sys
import tempfile
from pathlib import Path

import figures
from stage import ROOT, Stage

DOCUMENT = ROOT / "docs/performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"
PARTS = ["peers", "latency", "sharing", "cache", "memory", "bytes", "signed", "core"]


def machine() -> str:
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    pinned = os.environ.get("UNGEBRO_LOAD_CORES") or "all, shared"
    return (f"{len(models)} × {models[0] if models else platform.machine()}, Linux {platform.release()}; "
            f"load average before the run {load}; cores of the server under test: {pinned}")


class Tee:
    """Shows what is printed, and keeps it."""

    def __init__(self):
        self.kept, self.shown = [], sys.stdout

    def write(self, text: str):
        self.kept.append(text)
        self.shown.write(text)

    def flush(self):
        self.shown.flush()


def measure(arguments):
    print(f"Machine: {machine()}.\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="ungebro-load-") as folder:
        stage = Stage(Path(folder), arguments.tools, arguments.binaries, arguments.release)
        try:
            for part in arguments.parts or PARTS:
                getattr(figures, part)(stage)
        finally:
            stage.close()


def write(figures_text: str):
    """Puts the figures between the marks in docs/performance.md."""
    before, rest = DOCUMENT.read_text().split(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{figures_text.strip()}\n\n{END}{rest.split(END)[1]}")


def main():
    parser = argparse.ArgumentParser()
    for name in ["tools", "binaries", "release"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="also into docs/performance.md")
    parser.add_argument("parts", nargs="*", metavar="PART")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    tee = Tee()
    with contextlib.redirect_stdout(tee):
        measure(arguments)
    if arguments.write:
        write("".join(tee.kept))


if __name__ == "__main__":
    main()
