"""Starts the gateway as the pod would and asks what its probes ask: helm_probes.py UNGEBRO RENDERED.yaml FOLDER

FOLDER is what helm_rendered.py wrote. Ready is more than can be asked for without the issuers, so 503 will do there.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import yaml

from free_port import free_port

PATIENCE = 30


def status(url: str) -> int | None:
    try:
        return urllib.request.urlopen(url, timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def ask(gateway: subprocess.Popen, url: str, allowed: set) -> None:
    deadline = time.monotonic() + PATIENCE
    while (got := status(url)) is None and time.monotonic() < deadline and gateway.poll() is None:
        time.sleep(0.1)
    if got not in allowed:
        raise SystemExit(f"{url}: {got}")


def main() -> None:
    ungebro, rendered, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    objects = [item for item in yaml.safe_load_all(open(rendered)) if item]
    workload = next(item for item in objects if item["kind"] in ("Deployment", "StatefulSet"))
    container = workload["spec"]["template"]["spec"]["containers"][0]
    port = free_port()
    environment = dict(line.split("=", 1) for line in (folder / "environment").read_text().splitlines())
    environment["UNGEBRO__SERVER__LISTEN"] = f"127.0.0.1:{free_port()}"
    environment["UNGEBRO__SERVER__ADMIN_LISTEN"] = f"127.0.0.1:{port}"
    log = open(folder / "serve.log", "w")
    command = [ungebro, *(str(folder / "ungebro.toml") if arg.endswith(".toml") else arg for arg in container["args"])]
    gateway = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)
    try:
        for probe, allowed in (("startupProbe", {200}), ("livenessProbe", {200}), ("readinessProbe", {200, 503})):
            ask(gateway, f"http://127.0.0.1:{port}{container[probe]['httpGet']['path']}", allowed)
        gateway.send_signal(signal.SIGTERM)
        if (code := gateway.wait(PATIENCE)) != 0:
            raise SystemExit(f"asked to end, it ended with {code}")
    finally:
        if gateway.poll() is None:
            gateway.kill()
        print((folder / "serve.log").read_text())


main()
