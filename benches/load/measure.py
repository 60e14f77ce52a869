"""Runs the measurements that run.sh names and prints their figures as markdown."""

import argparse
import os
import platform
import tempfile
from pathlib import Path

import figures
from stage import Stage

PARTS = ["peers", "latency", "sharing", "cache", "memory", "bytes", "signed", "core"]


def machine() -> str:
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    pinned = os.environ.get("UNGEBRO_LOAD_CORES") or "all, shared"
    return (f"{len(models)} × {models[0] if models else platform.machine()}, Linux {platform.release()}; "
            f"load average before the run {load}; cores of the server under test: {pinned}")


def main():
    parser = argparse.ArgumentParser()
    for name in ["tools", "binaries", "gateway", "examples"]:
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("parts", nargs="*", metavar="PART")
    arguments = parser.parse_args()
    unknown = set(arguments.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    print(f"Machine: {machine()}.\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="ungebro-load-") as folder:
        stage = Stage(Path(folder), arguments.tools, arguments.binaries, arguments.gateway, arguments.examples)
        try:
            for part in arguments.parts or PARTS:
                getattr(figures, part)(stage)
        finally:
            stage.close()


if __name__ == "__main__":
    main()
