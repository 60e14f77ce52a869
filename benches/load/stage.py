"""Everything that a measurement needs: key, token, configurations, requests, upstream, the servers under test."""

import json
import os
import subprocess
import time
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from processes import Server, cores, free_port, pinned

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WSDL = ROOT / "src/services/dfdg/person_registration_service.wsdl"
SIGNING = ROOT / "tests/data/signed/identities/rsa-3072.pem"
REGISTRATION = "/9/PersonRegistrationService.svc"
HENT = "/services/Ungedatabasen/HentInstitutionKontakt/v1.0"
REPORT = "/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1"
UPSTREAM_PORT = free_port()
OWN = "jobcenter:15101"
# Look-ups of one authority that meet gather into one call; of two they never do.
APART = [f"jobcenter:{code}" for code in range(20101, 20133)]

NGINX = """worker_processes {workers};
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  client_body_buffer_size 64k;
  keepalive_requests 1000000000;
  upstream soap {{ server 127.0.0.1:{upstream}; keepalive 64; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://soap; proxy_http_version 1.1; proxy_set_header Connection ""; }}
  }}
}}
"""

GATEWAY = """[server]
listen = "127.0.0.1:{port}"
[auth]
[[auth.issuers]]
issuer = "https://idp.example/"
audience = "ungebro"
jwks_file = "{folder}/jwks.json"
[authorities."jobcenter:*"]
star_institution_number = 1234567
[upstreams.udb]
system_name = "ungebro"
hent_institution_kontakt = "http://127.0.0.1:{upstream}{prefix}{hent}"
indberetning_kontakt_job_og_udd_oensker = "http://127.0.0.1:{upstream}{report}"
{udb}
[upstreams.dfdg]
endpoint = "http://127.0.0.1:{upstream}{registration}"
[cache]
contacts_ttl_seconds = {ttl}
[audit]
file = "{folder}/{name}.audit.jsonl"
cpr_hash_key_file = "{folder}/audit-key"
"""


class Stage:
    """The upstream runs until `close`; servers under test come and go."""

    def __init__(self, folder: Path, tools: Path, binaries: Path, release: Path):
        self.folder, self.tools, self.binaries, self.release = folder, tools, binaries, release
        self.servers = []
        self.key = self.make_key()
        self.token, self.token_of_many = self.issue([OWN]), self.issue(APART)
        (folder / "audit-key").write_bytes(os.urandom(32))
        command = [str(binaries / "upstream"), f"127.0.0.1:{UPSTREAM_PORT}", str(HERE / "messages/interview-answer.xml")]
        self.upstream = Server("upstream", command, UPSTREAM_PORT, folder, tested=False)

    def make_key(self) -> ec.EllipticCurvePrivateKey:
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key()
        pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        (self.folder / "key.pem").write_bytes(pem)
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(public)) | {"kid": "load", "use": "sig", "alg": "ES256"}
        (self.folder / "jwks.json").write_text(json.dumps({"keys": [jwk]}))
        return key

    def issue(self, authorities: list[str]) -> str:
        now = int(time.time())
        scopes = "persons.interviews.write youth.contacts.read youth.contacts.changes.read"
        claims = {"iss": "https://idp.example/", "aud": "ungebro", "sub": "developer", "name": "Dev Eloper"}
        claims |= {"scope": scopes, "authorities": authorities, "iat": now, "exp": now + 12 * 3600}
        return jwt.encode(claims, self.key, algorithm="ES256", headers={"kid": "load"})

    def ask_upstream(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", UPSTREAM_PORT, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse().read().decode()
        connection.close()
        return answer

    def calls(self) -> int:
        return int(self.ask_upstream("/count"))

    # Servers ---------------------------------------------------------------------------------------------------------

    def start(self, name: str, command, env=None) -> Server:
        for last in [False, False, True]:
            port = free_port()
            try:
                server = Server(name, command(port), port, self.folder, env=env(port) if env else None)
                self.servers.append(server)
                return server
            except SystemExit:
                # Somebody else may have taken the port meanwhile.
                if last:
                    raise

    def stop(self, server: Server):
        server.stop()
        self.servers.remove(server)

    def close(self):
        for server in [*self.servers, self.upstream]:
            server.stop()

    def configuration(self, name: str, port: int, *, prefix="", ttl=60, udb="") -> str:
        path = self.folder / f"{name}.toml"
        path.write_text(GATEWAY.format(port=port, folder=self.folder, upstream=UPSTREAM_PORT, hent=HENT, report=REPORT,
                                       registration=REGISTRATION, prefix=prefix, ttl=ttl, udb=udb, name=name))
        return str(path)

    def gateway(self, name="gateway", **settings) -> Server:
        binary = str(self.release / "ungebro")
        return self.start(name, lambda port: [binary, "serve", "--config", self.configuration(name, port, **settings)])

    def constant(self) -> Server:
        binary = str(self.release / "load_constant")
        return self.start("constant", lambda port: [binary, self.configuration("constant", port), str(port)])

    def nginx(self) -> Server:
        def command(port):
            path = self.folder / "nginx.conf"
            path.write_text(NGINX.format(workers=workers(), folder=self.folder, upstream=UPSTREAM_PORT, port=port))
            return [str(self.tools / "nginx/usr/sbin/nginx"), "-p", str(self.folder), "-c", str(path), "-e", "stderr"]
        return self.start("nginx", command)

    def proxy(self) -> Server:
        binary = str(self.binaries / "proxy")
        return self.start("proxy", lambda port: [binary, f"127.0.0.1:{port}", f"http://127.0.0.1:{UPSTREAM_PORT}"])

    def peer(self, name: str) -> Server:
        upstream = f"http://127.0.0.1:{UPSTREAM_PORT}"
        if name == "fastapi_zeep":
            uvicorn = [str(self.tools / "venv/bin/python"), "-m", "uvicorn", "--app-dir", str(HERE / "peers")]
            quiet = ["--no-access-log", "--log-level", "warning", "--workers", str(workers())]
            command = lambda port: [*uvicorn, *quiet, "--port", str(port), "fastapi_zeep:app"]
        else:
            command = lambda port: ["node", str(self.tools / "node" / f"{name}.mjs")]
        env = lambda port: {"UPSTREAM": upstream, "WSDL": str(WSDL), "KEY": str(self.folder / "key.pem"),
                            "PORT": str(port), "CORES": str(workers())}
        server = self.start(name, command, env)
        time.sleep(2)
        return server

    # Requests --------------------------------------------------------------------------------------------------------

    def request(self, method: str, path: str, body=b"", headers: dict | None = None) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in (headers or {"authorization": f"Bearer {self.token}"}).items()]
        if body:
            lines.append(f"content-length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode() + body

    def requests(self, name: str, requests: list[bytes]) -> str:
        path = self.folder / f"{name}.requests"
        path.write_bytes(b"".join(f"{len(request)}\n".encode() + request for request in requests))
        return str(path)

    def authorized(self, **more) -> dict:
        return {"authorization": f"Bearer {self.token}", **{name.replace("_", "-"): value for name, value in more.items()}}

    def interviews(self) -> str:
        held = datetime.now(timezone.utc) - timedelta(hours=1)
        body = json.loads((HERE / "messages/interview.json").read_text())
        body["interviewTime"] = held.strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = self.authorized(content_type="application/json")
        body = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        return self.requests("interviews", [self.request("POST", "/persons/0708850001/interviews", body, headers)])

    def envelopes(self) -> str:
        action = '"http://service.bm.dk/pjaktass/9/PersonRegistrationService#CreatePersonInterview"'
        headers = {"content-type": "text/xml; charset=utf-8", "soapaction": action}
        body = (HERE / "messages/interview-request.xml").read_bytes()
        return self.requests("envelopes", [self.request("POST", REGISTRATION, body, headers)])

    def look_ups(self, count: int) -> str:
        requests = [self.request("GET", f"/youth/{number}/contacts") for number in numbers(count)]
        return self.requests("look-ups", requests)

    def apart(self, authority: str, **more) -> dict:
        return self.authorized(**more) | {"authorization": f"Bearer {self.token_of_many}", "x-authority": authority}

    def look_ups_apart(self) -> str:
        """One for each authority, never answered from the cache."""
        requests = [self.request("GET", f"/youth/{number}/contacts", headers=self.apart(authority, cache_control="no-cache"))
                    for number, authority in zip(numbers(len(APART)), APART)]
        return self.requests("look-ups", requests)

    def queries_apart(self, persons: int) -> str:
        """One for each authority."""
        body = json.dumps({"cprs": numbers(persons)}).encode()
        requests = [self.request("POST", "/youth/contacts/query", body, self.apart(authority, content_type="application/json"))
                    for authority in APART]
        return self.requests("queries", requests)

    def load(self, server: Server, requests: str, connections: int, *mode) -> dict:
        """Loads a server; what the load generator saw, with CPU time and upstream calls."""
        command = [str(self.binaries / "load"), f"127.0.0.1:{server.port}", requests, str(connections), *map(str, mode)]
        calls, cpu = self.calls(), server.cpu_seconds()
        seen = json.loads(subprocess.run(pinned(command, cores()[1]), check=True, capture_output=True).stdout)
        seen["cpu_us"] = (server.cpu_seconds() - cpu) * 1e6 / max(seen["requests"], 1)
        seen["calls"] = self.calls() - calls
        if seen["refused"] or seen["broken"] or not seen["requests"]:
            raise SystemExit(f"{server.name}: not every request was answered: {seen}")
        return seen


def numbers(count: int) -> list[str]:
    """Numbers of young people who do not exist."""
    return [f"0202{index // 10000:02}{index % 10000:04}" for index in range(count)]


def workers() -> int:
    """As many as the server under test has cores, like the gateway's own default."""
    chosen = cores()[0]
    if chosen is None:
        return len(os.sched_getaffinity(0))
    return sum(int(part.partition("-")[2] or part.partition("-")[0]) - int(part.partition("-")[0]) + 1
               for part in chosen.split(","))
