"""Runs every command of README.md as a reader would, top to bottom, and the lines that the demo prints.

    python3 readme.py [--done 'cargo test']...

--done names a block that was run just before, by whoever calls this.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import threading

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DEMO = "cargo run --release -- demo"
PATIENCE = 1500


def blocks():
    with open(os.path.join(ROOT, "README.md"), encoding="utf-8") as readme:
        return [block.strip() for block in re.findall(r"^```sh\n(.*?)^```$", readme.read(), re.S | re.M)]


def bash(script):
    run = ["bash", "-euo", "pipefail", "-c", script]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


def demo():
    """Starts the demo, pastes what it prints, and ends it."""
    program = subprocess.Popen(DEMO.split(), cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True)
    watchdog = threading.Timer(PATIENCE, lambda: os.killpg(program.pid, signal.SIGKILL))
    watchdog.start()
    lines = []
    try:
        # The lines for pasting end with the refusal of somebody who has died.
        for line in program.stdout:
            lines.append(line)
            if "jobcenterIdentifier" in line:
                break
        pasted = bash("".join(lines[next(n for n, line in enumerate(lines) if line.startswith("export TOKEN=")) :])
                      .replace("\n\n", "\n").replace("See what", "# See what").replace("Register an", "# Register an")
                      .replace("Look up a", "# Look up a"))
    finally:
        os.killpg(program.pid, signal.SIGTERM)
        watchdog.cancel()
    ended = program.wait(timeout=60)
    wanted = ['"contacts":[{', "HTTP/1.1 201 Created", "location: /persons/", "person-deceased"]
    missing = [text for text in wanted if text not in pasted.stdout]
    return [f"the pasted lines did not print {text}" for text in missing] + ([f"ended with {ended}"] if ended else [])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--done", action="append", default=[])
    done = arguments.parse_args().done
    passed, failed = 0, 0
    for block in blocks():
        if block in done:
            continue
        if block == DEMO:
            faults = demo()
        else:
            run = bash(block)
            faults = [f"exit {run.returncode}\n{run.stdout[-2000:]}{run.stderr[-2000:]}"] if run.returncode else []
        title = block.splitlines()[0]
        print(("ok      " if not faults else "FAILED  ") + title, *faults, sep="\n        " if faults else "")
        passed, failed = passed + (not faults), failed + bool(faults)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
