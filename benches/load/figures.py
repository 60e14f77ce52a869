"""The measurements: each loads what it compares in turn, round by round, and prints its figures."""

import http.client
import os
import re
import subprocess
import time
from statistics import median

from stage import SIGNING, Stage

ROUNDS = int(os.environ.get("UNGEBRO_LOAD_ROUNDS", "3"))
SECONDS = float(os.environ.get("UNGEBRO_LOAD_SECONDS", "5"))
WARM_UP = min(SECONDS, 2.0)
CONNECTIONS = 32
# Of a hundred items each.
FEED_PAGES = 10_000
MANY = 256


def rounds(stage: Stage, contestants: list, connections: int, *mode) -> dict[str, list[dict]]:
    """What each (name, server, requests) showed, round by round, so that a noisy minute hits all of them."""
    seen = {name: [] for name, _, _ in contestants}
    for name, server, requests in contestants:
        stage.load(server, requests, connections, "seconds", WARM_UP)
    for _ in range(ROUNDS):
        for name, server, requests in contestants:
            seen[name].append(stage.load(server, requests, connections, *(mode or ("seconds", SECONDS))))
    return seen


def middle(seen: list[dict], figure: str) -> float:
    return median(one[figure] for one in seen)


def rate(seen: list[dict]) -> float:
    return median(one["requests"] / one["seconds"] for one in seen)


def calls(seen: list[dict]) -> float:
    return sum(one["calls"] for one in seen) / sum(one["requests"] for one in seen)


def row(*cells):
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def head(*cells):
    row(*cells)
    row("---", *["---:"] * (len(cells) - 1))


def peers(stage: Stage):
    """An unsigned write."""
    interviews, envelopes = stage.interviews(), stage.envelopes()
    servers = [
        ("gateway", stage.gateway(), interviews),
        ("(a) nginx, pass-through", stage.nginx(), envelopes),
        ("(b) actix + reqwest, pass-through", stage.proxy(), envelopes),
        ("(c) FastAPI + zeep", stage.peer("fastapi_zeep"), interviews),
        ("(d) Fastify + node-soap", stage.peer("fastify_soap"), interviews),
        ("(e) Fastify, templates", stage.peer("fastify_templates"), interviews),
    ]
    seen = rounds(stage, servers, CONNECTIONS)
    gateway = seen["gateway"]
    head("createInterview", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "peak MB", "upstream calls/request",
         "CPU, gateway ÷ this", "throughput, gateway ÷ this")
    for name, server, _ in servers:
        own = seen[name]
        row(name, f"{rate(own):.0f}", f"{middle(own, 'p50_us') / 1000:.2f}", f"{middle(own, 'p99_us') / 1000:.2f}",
            f"{middle(own, 'cpu_us'):.0f}", f"{server.memory_mb('VmHWM'):.0f}", f"{calls(own):.2f}",
            ratio(middle(gateway, "cpu_us"), middle(own, "cpu_us")), f"{rate(gateway) / rate(own):.2f}")
        stage.stop(server)
    print()


def ratio(gateway: float, other: float) -> str:
    if gateway == 0 or other == 0:
        return "–"
    return f"{gateway / other:.2f}" if gateway * 2 > other else f"1/{other / gateway:.1f}"


def latency(stage: Stage):
    """What the gateway adds to p99 when it has little to do."""
    interviews, envelopes = stage.interviews(), stage.envelopes()
    servers = [("gateway", stage.gateway(), interviews), ("proxy", stage.proxy(), envelopes)]
    peak = stage.load(servers[0][1], interviews, CONNECTIONS, "seconds", SECONDS)
    tenth = peak["requests"] / peak["seconds"] / 10
    seen = rounds(stage, servers, CONNECTIONS, "rate", tenth, SECONDS)
    ms = {name: {figure: middle(own, figure) / 1000 for figure in ["p50_us", "p99_us"]} for name, own in seen.items()}
    head("at a tenth of the peak rate", "p50 ms", "p99 ms")
    for name, own in ms.items():
        row(f"{name}, {tenth:.0f} requests/s", f"{own['p50_us']:.2f}", f"{own['p99_us']:.2f}")
    row("added", *[f"{ms['gateway'][figure] - ms['proxy'][figure]:.2f}" for figure in ["p50_us", "p99_us"]])
    print()
    for _, server, _ in servers:
        stage.stop(server)


def sharing(stage: Stage):
    """Upstream calls of many look-ups at the same time; the upstream takes 50 ms."""
    gateway = stage.gateway()
    stage.ask_upstream("/delay/50")
    equal = stage.load(gateway, stage.look_ups(1), 100, "once")
    stage.stop(gateway)
    gateway = stage.gateway()
    different = stage.load(gateway, stage.look_ups(200), 200, "once")
    stage.ask_upstream("/delay/0")
    head("look-ups at the same time", "upstream calls")
    row("100 equal", equal["calls"])
    row("200 different ones of one authority", different["calls"])
    print()
    stage.stop(gateway)


def cache(stage: Stage):
    """A look-up that is remembered against a constant behind the same checks."""
    look_up = stage.look_ups(1)
    servers = [("cache hit", stage.gateway(ttl=3600), look_up), ("constant", stage.constant(), look_up)]
    seen = rounds(stage, servers, CONNECTIONS)
    head("getYouthContacts", "requests/s", "CPU µs/request", "upstream calls/request")
    for name, own in seen.items():
        row(name, f"{rate(own):.0f}", f"{middle(own, 'cpu_us'):.1f}", f"{calls(own):.4f}")
    row("ratio", f"{rate(seen['cache hit']) / rate(seen['constant']):.2f}", "", "")
    print()
    for _, server, _ in servers:
        stage.stop(server)


def memory(stage: Stage):
    """Idle, with many connections under load, and while a long feed streams."""
    gateway = stage.gateway()
    time.sleep(2)
    idle = gateway.memory_mb("VmRSS")
    stage.load(gateway, stage.interviews(), MANY, "seconds", SECONDS)
    loaded = gateway.memory_mb("VmHWM")
    stage.stop(gateway)
    gateway = stage.gateway()
    items, seconds = drain_feed(stage, gateway.port)
    feed = gateway.memory_mb("VmHWM")
    head("memory", "MB")
    row("idle", f"{idle:.0f}")
    row(f"{MANY} connections under load, peak", f"{loaded:.0f}")
    row(f"a feed of {items} items in {seconds:.0f} s, peak", f"{feed:.0f}")
    print()
    stage.stop(gateway)


def drain_feed(stage: Stage, port: int) -> tuple[int, float]:
    stage.ask_upstream(f"/feed/{FEED_PAGES}")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.monotonic()
    headers = stage.authorized(accept="application/x-ndjson")
    connection.request("GET", "/youth/contacts?since=2025-12-31T00:00:00Z", headers=headers)
    answer = connection.getresponse()
    lines, last = 0, b""
    while part := answer.read(1 << 16):
        lines += part.count(b"\n")
        last = (last + part)[-200:]
    connection.close()
    if b'"end":true' not in last:
        raise SystemExit("the feed did not end well")
    return lines - 1, time.monotonic() - begun


def bytes(stage: Stage):
    """Whether a large answer costs more for each byte than a small one."""
    gateway = stage.gateway(prefix="/long", ttl=0)
    head("queryYouthContacts", "octets", "CPU µs/request", "CPU ns/octet", "upstream calls/request")
    for persons in [1, 100]:
        own = rounds(stage, [("gateway", gateway, stage.queries_apart(persons))], CONNECTIONS)["gateway"]
        octets = middle(own, "octets") / middle(own, "requests")
        cpu = middle(own, "cpu_us")
        row(f"{persons} contact persons", f"{octets:.0f}", f"{cpu:.0f}", f"{cpu * 1000 / octets:.1f}", f"{calls(own):.2f}")
    print()
    stage.stop(gateway)


def signed(stage: Stage):
    """What a signed look-up costs beyond its RSA operation."""
    signing = f'[upstreams.udb.signing]\nidentity = "{SIGNING}"'
    look_ups = stage.look_ups_apart()
    servers = [("signed", stage.gateway("signed", udb=signing), look_ups), ("not signed", stage.gateway(), look_ups)]
    seen = rounds(stage, servers, CONNECTIONS)
    rsa = subprocess.run([stage.release / "load_core_path", "rsa", "400"], check=True, capture_output=True, text=True)
    rsa = float(rsa.stdout)
    head("getYouthContacts, not remembered", "requests/s", "CPU µs/request", "upstream calls/request")
    for name, own in seen.items():
        row(name, f"{rate(own):.0f}", f"{middle(own, 'cpu_us'):.0f}", f"{calls(own):.2f}")
    row("bare RSA 3072", "", f"{rsa:.0f}", "")
    row("signed, beyond it", "", f"{middle(seen['signed'], 'cpu_us') - rsa:.0f}", "")
    print()
    for _, server, _ in servers:
        stage.stop(server)


def core(stage: Stage):
    """Instructions of the core path, which do not move with the machine."""
    binary = str(stage.release / "load_core_path")
    head("core path", "instructions")
    for path in ["validate", "encode", "decode", "answer", "receipt", "look-up", "contacts"]:
        few, many = (instructions(stage, [binary, path, str(count)]) for count in [100, 300])
        row(path, f"{(many - few) / 200:.0f}")
    print()


def instructions(stage: Stage, command: list[str]) -> int:
    valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={stage.folder}/callgrind.out"]
    told = subprocess.run([*valgrind, *command], check=True, capture_output=True, text=True).stderr
    return int(re.search(r"Collected : (\d+)", told)[1])
