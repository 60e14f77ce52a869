"""Reads what the chart rendered: helm_rendered.py RENDERED.yaml FOLDER

Every file that the configuration names must be mounted in the pod. A stand-in for each, and the configuration that
names them, are written to FOLDER, for `ungebro check` to read: FOLDER/ungebro.toml and, where the pod sets variables,
FOLDER/environment.
"""

import base64
import json
import pathlib
import secrets
import shutil
import subprocess
import sys
import tomllib

import yaml

SERVICES = pathlib.Path(__file__).parents[2] / "src/services"
PASSWORD = "kun til prøve"


def fail(text: str) -> None:
    sys.exit(f"helm_rendered: {text}")


def openssl(*arguments: object) -> bytes:
    return subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True).stdout


class StandIns:
    """Files that have the form of the real ones."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.key, self.certificate = folder / "key.pem", folder / "certificate.pem"
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 30, "-subj", "/CN=ungebro stand-in",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", self.key, "-out", self.certificate)
        self.password = folder / "password"
        self.password.write_text(PASSWORD)
        self.identity = folder / "identity.p12"
        openssl("pkcs12", "-export", "-inkey", self.key, "-in", self.certificate, "-passout",
                f"file:{self.password}", "-out", self.identity)

    def write(self, name: str, path: pathlib.Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        if name == "wsdl_dir":
            path.mkdir()
            upstream = "udb" if "udb" in path.name else "dfdg"
            for wsdl in (SERVICES / upstream).glob("*.wsdl"):
                shutil.copy(wsdl, path)
        elif name.endswith("identity"):
            shutil.copy(self.identity, path)
        elif name.endswith("password_file"):
            shutil.copy(self.password, path)
        elif name == "key":
            shutil.copy(self.key, path)
        elif name in ("ca_file", "redis_ca_file", "trust_anchors", "certificate"):
            shutil.copy(self.certificate, path)
        elif name == "jwks_file":
            path.write_text(json.dumps({"keys": [self.jwk()]}))
        elif name == "code_lists_file":
            shutil.copy(SERVICES / "code_lists.json", path)
        elif name in ("cpr_hash_key_file", "previous_cpr_hash_key_files", "encryption_key_file"):
            path.write_text(secrets.token_hex(32))
        else:
            fail(f"{name} is mounted, and no stand-in is known for it")

    def jwk(self) -> dict:
        modulus = openssl("x509", "-in", self.certificate, "-noout", "-modulus").decode().strip().partition("=")[2]
        encode = lambda number: base64.urlsafe_b64encode(number).rstrip(b"=").decode()
        return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "1", "n": encode(bytes.fromhex(modulus)), "e": "AQAB"}


def texts(name: str, value: object):
    """Every text in the configuration with the key under which it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(name, inner)
    elif isinstance(value, str):
        yield name, value


def mounted(pod: dict) -> dict:
    """Path of a folder -> names of the files in it, None for all there are."""
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    folders = {}
    for mount in pod["containers"][0]["volumeMounts"]:
        volume = volumes.get(mount["name"], {})
        source = volume.get("secret") or volume.get("configMap") or {}
        folders[mount["mountPath"]] = [item["path"] for item in source["items"]] if "items" in source else None
    return folders


def check_mounted(name: str, path: str, folders: dict) -> None:
    folder, _, file = path.rpartition("/")
    if path in folders and folders[path] is None:
        return
    if folder not in folders or folders[folder] is not None and file not in folders[folder]:
        fail(f"{name}: {path} is not mounted")


def main() -> None:
    rendered, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True)
    objects = [item for item in yaml.safe_load_all(open(rendered)) if item]
    if any(item["kind"] == "Secret" for item in objects):
        fail("a Secret is rendered")
    workload = next(item for item in objects if item["kind"] in ("Deployment", "StatefulSet"))
    text = next(item for item in objects if item["kind"] == "ConfigMap")["data"]["ungebro.toml"]
    pod, config = workload["spec"]["template"]["spec"], tomllib.loads(text)

    to_standard_output = config["audit"]["file"] == "-"
    if (workload["kind"] == "Deployment") != to_standard_output:
        fail(f"{workload['kind']} with audit.file = {config['audit']['file']}")
    sleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    if sleep + config["server"]["shutdown_grace_seconds"] >= pod["terminationGracePeriodSeconds"]:
        fail("the pod is killed before the grace time ends")
    resources = pod["containers"][0]["resources"]
    memory = {name: int(resources[name]["memory"].removesuffix("Mi")) << 20 for name in ("requests", "limits")}
    # What was measured under load, and a full cache (values.yaml).
    needed = (48 << 20) + config.get("cache", {}).get("max_bytes", 64 << 20)
    if not needed < memory["requests"] < memory["limits"]:
        fail(f"memory {memory} for {needed}")

    folders, stand_ins = mounted(pod), StandIns(folder)
    for name, path in texts("", config):
        if path.startswith("/run/ungebro/"):
            check_mounted(name, path, folders)
            stand_in = folder / path.lstrip("/")
            if not stand_in.exists():
                stand_ins.write(name, stand_in)
        elif name == "file" and path != "-":
            claims = [claim["metadata"]["name"] for claim in workload["spec"]["volumeClaimTemplates"]]
            if path.rpartition("/")[0] not in folders or claims != ["audit"]:
                fail(f"{path} is on no volume")
            (folder / path.lstrip("/")).parent.mkdir(parents=True)
            text = text.replace(f'"{path}"', json.dumps(str(folder / path.lstrip("/"))))
    (folder / "ungebro.toml").write_text(text.replace('"/run/ungebro/', f'"{folder}/run/ungebro/'))
    environment = [f"{entry['name']}={entry['value']}" for entry in pod["containers"][0].get("env", [])]
    (folder / "environment").write_text("\n".join(environment))


main()
