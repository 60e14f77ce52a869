"""Walks docs/going-live.md from top to bottom: its configuration, every command, and what it says that is answered.

    python3 going_live.py UNGEBRO

`ungebro sandbox --mtls --signed` stands for the upstreams, its client certificate for the one from MitID Erhverv.
"""

import datetime
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

from free_port import free_port

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "going-live.md")
PATIENCE = 120
YOUNG_PERSON, JOB_SEEKER = "0506085001", "0708850001"
# What `check --connect` says of a service, and the change of the configuration that makes it say so.
FAULTS = {
    "no address for the host": lambda config: config.replace("https://localhost", "https://nowhere.invalid"),
    "not connected: Connection refused": lambda config: re.sub(r"https://localhost:\d+", "https://localhost:9", config),
    "TLS handshake failed: invalid peer certificate": lambda config: config.replace("ca_file", "# ca_file"),
    "TLS handshake failed: received fatal alert": lambda config: re.sub(
        "^identity", "# identity", config.replace("[upstreams.udb.signing]", ""), flags=re.M
    ),
}


def blocks(kind):
    with open(PAGE, encoding="utf-8") as page:
        return [block.strip() for block in re.findall(rf"^```{kind}\n(.*?)^```$", page.read(), re.S | re.M)]


class Walk:
    def __init__(self, ungebro, folder):
        self.folder, self.port, self.sandbox_port = folder, free_port(), free_port()
        os.mkdir(self.path("bin"))
        os.symlink(os.path.abspath(ungebro), self.path("bin/ungebro"))
        self.environment = dict(os.environ, UNGEBRO_STATE_DIR=self.path("state"))
        self.environment["PATH"] = self.path("bin") + os.pathsep + os.environ["PATH"]
        self.running, self.passed, self.failed = [], 0, 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, command, **more):
        script = ["bash", "-euo", "pipefail", "-c", command.replace("localhost:8080", f"localhost:{self.port}")]
        environment = dict(self.environment, **more)
        done = subprocess.run(script, cwd=self.folder, env=environment, capture_output=True, text=True,
                              timeout=PATIENCE, check=False)
        return done.returncode, done.stdout + done.stderr

    def start(self, command, port):
        log = open(self.path(f"{port}.log"), "w", encoding="utf-8")
        self.running.append(subprocess.Popen(command.split(), cwd=self.folder, env=self.environment, stdout=log, stderr=log))
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError(command)

    def expect(self, title, answer, *texts, status=0):
        code, said = answer
        wrong = [text for text in texts if text not in said]
        good = code == status and not wrong
        print(("ok      " if good else "FAILED  ") + title)
        if not good:
            print(f"        exit {code}, without {wrong}:\n{said}")
        self.passed, self.failed = self.passed + good, self.failed + (not good)

    def prepare(self):
        self.start(f"ungebro sandbox --mtls --signed --listen 127.0.0.1:{self.sandbox_port} --state sandbox", self.sandbox_port)
        self.write("password", "only for this walk\n")
        for command in [
            "openssl pkcs12 -export -in sandbox/client.pem -passout file:password -out identity.p12",
            "openssl rand -out audit-key 32",
            "ungebro token --jwks > jwks.json",
        ]:
            self.expect(command, self.run(command))
        interview = blocks("json")[0]
        an_hour_ago = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
        self.write("interview.json", re.sub(r'(?<="interviewTime": ")[^"]*', an_hour_ago.isoformat(), interview))

    def configuration(self):
        """What the page shows, with the sandbox for the upstreams and this folder for the machine's."""
        at = f"https://localhost:{self.sandbox_port}"
        config = blocks("toml")[0]
        for there, here in [
            ("https://et.integrationsplatformen.dk", at),
            ("the address that STAR gives you", f"{at}/9/PersonRegistrationService.svc"),
            ("the registered name", "ungebro"),
            ("https://idp.example.dk/\"", "urn:ungebro:development\""),
            ('jwks_url = "https://idp.example.dk/jwks"', 'jwks_file = "jwks.json"'),
            ("/etc/ungebro/oces3-test.p12", "identity.p12"),
            ("/run/secrets/oces3-test", "password"),
            ("/var/log/ungebro/audit.jsonl", "audit.jsonl"),
            ('"/run/secrets/audit-key"', '"audit-key"'),
        ]:
            assert there in config, there
            config = config.replace(there, here)
        config = re.sub(r"^(\[upstreams\.\w+\.tls\])$", r'\1\nca_file = "sandbox/ca.pem"', config, flags=re.M)
        return f'[server]\nlisten = "127.0.0.1:{self.port}"\n{config}\n'

    def merged(self, config, block):
        """A configuration with the keys of another block of the page in its tables."""
        for table, keys in re.findall(r"^(\[.*?\])\n((?:[^\[].*\n?)+)", block.replace("/etc/ungebro/", ""), re.M):
            assert table in config, table
            config = config.replace(table + "\n", table + "\n" + keys.strip() + "\n", 1)
        return config

    def walk(self):
        self.prepare()
        config = self.configuration()
        _, official, old_signatures = blocks("toml")
        usable, connected = "\nthe configuration can be used\n", ": connected, TLSv1_3\n"
        for command in blocks("sh"):
            self.write("ungebro.toml", config)
            if command.startswith("openssl pkcs12"):
                self.expect(command, self.run(command), "subject=", "notAfter=")
            elif command.endswith("--connect"):
                services = ["HentInstitutionKontakt", "IndberetningKontaktJobOgUddOensker", "PersonRegistrationService"]
                said = [f"ok: {service}{connected}" for service in services]
                self.expect(command, self.run(command), "ok: upstreams.udb.tls.identity: identity.p12 has ", *said, usable)
                self.connect_badly(command, config)
            elif "--fetch-wsdl" in command:
                said = ["ok: PersonRegistrationService: a file saved in wsdl/dfdg", usable]
                self.expect(command, self.run(command), *said)
                config = self.merged(config, official)
            elif command == "ungebro check --config ungebro.toml":
                self.expect(command, self.run(command), usable)
                self.write("ungebro.toml", self.merged(config, old_signatures))
                self.expect("the same with rsa-sha1", self.run(command), usable)
            elif command.startswith("ungebro serve"):
                self.start(command, self.port)
                print("ok      " + command)
            elif "/contacts" in command:
                self.expect(command, self.call(command, YOUNG_PERSON), "HTTP/1.1 200", '"contacts":[{')
                self.expect("somebody unknown", self.call(command, "0101900099"), "HTTP/1.1 404", '"code":"14"')
            elif "/interviews" in command:
                self.expect(command, self.call(command, JOB_SEEKER), "HTTP/1.1 201")
                self.expect("sent again", self.call(command, JOB_SEEKER), "HTTP/1.1 201", "idempotency-replayed: true")
                anew = command.replace("first-registration", "second-registration")
                self.expect("with a new key", self.call(anew, JOB_SEEKER), "HTTP/1.1 409", '"code":"4721"')
            else:
                self.expect(command, (1, "nobody knows what this should do"))

    def connect_badly(self, command, config):
        with open(PAGE, encoding="utf-8") as page:
            text = page.read()
        for says, change in FAULTS.items():
            self.write("ungebro.toml", change(config))
            code, said = self.run(command)
            self.expect(f"check says: {says}", (code if says in text else "not on the page", said), f": {says}", status=1)

    def call(self, command, number):
        token = "ungebro token --scope 'youth.contacts.read persons.interviews.write' --authority jobcenter:15101"
        return self.run(f"TOKEN=$({token}); {command} -s", CPR=number)

    def end(self):
        for program in reversed(self.running):
            program.terminate()
            program.wait(timeout=PATIENCE)


def main():
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk(sys.argv[1], folder)
        try:
            walk.walk()
        finally:
            walk.end()
    print(f"{walk.passed} passed, {walk.failed} failed")
    return 1 if walk.failed or not walk.passed else 0


if __name__ == "__main__":
    sys.exit(main())
