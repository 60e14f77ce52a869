"""Compares what is written twice: helm_values.py, from anywhere in the repository.

The keys of ungebro.example.toml with those that values.schema.json allows in `config`; the values with the table in
helm/README.md; the version of the chart with that of Cargo.toml.
"""

import json
import pathlib
import re
import tomllib

import yaml

ROOT = pathlib.Path(__file__).parents[2]
FREE = {"authority_kinds", "authorities", "routes", "authority_map", "parameters"}
failed = []


def check(name: str, holds: bool, said: object = "") -> None:
    print(("ok: " if holds else "FAILED: ") + name, said if not holds else "")
    if not holds:
        failed.append(name)


def example_keys() -> set:
    """The example's keys, those that stand in comments among them; `#key` is a setting, `# text` is not."""
    keys, table = set(), ""
    for line in (ROOT / "ungebro.example.toml").read_text().splitlines():
        line = re.sub(r"^#(?=[\[A-Za-z\"])", "", line)
        if match := re.match(r"\[+([^]]+)\]+", line):
            table = match[1]
        elif match := re.match(r"([A-Za-z_\"][^=]*?) *=", line):
            keys.add(f"{table}.{match[1]}".lstrip("."))
    return {re.sub(rf"^((?:.*\.)?({'|'.join(FREE)}))\..*", r"\1", key) for key in keys}


def schema_keys(schema: dict, path: str) -> set:
    if path.rpartition(".")[2] in FREE:
        return {path}
    if "properties" in schema:
        return set().union(*(schema_keys(inner, f"{path}.{name}".lstrip(".")) for name, inner in schema["properties"].items()))
    if "properties" in schema.get("items", {}):
        return schema_keys(schema["items"], path)
    return {path}


def leaves(values: dict, path: str = "") -> set:
    found = set()
    for name, value in values.items():
        inner = f"{path}.{name}".lstrip(".")
        # Of these the table says what they are, not what is in them.
        whole = inner.split(".")[0] in ("config", "probes", "podSecurityContext", "securityContext", "resources")
        found |= leaves(value, inner) if isinstance(value, dict) and value and not whole else {inner.split(".")[0] if whole else inner}
    return found


def main() -> None:
    schema = json.loads((ROOT / "helm/values.schema.json").read_text())
    example, allowed = example_keys(), schema_keys(schema["properties"]["config"], "")
    check("config has the keys of ungebro.example.toml", example == allowed, sorted(example ^ allowed))

    values = leaves(yaml.safe_load((ROOT / "helm/values.yaml").read_text()))
    described = (ROOT / "helm/README.md").read_text().partition("\n## The values\n")[2]
    table = set(re.findall(r"^\| `([^`]+)` \|", described, re.M))
    check("README.md has a line for each value", values == table, sorted(values ^ table))

    chart = yaml.safe_load((ROOT / "helm/Chart.yaml").read_text())
    version = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]
    check("the chart has the version of the program", chart["version"] == chart["appVersion"] == version, version)
    changes = (ROOT / "CHANGELOG.md").read_text()
    check("CHANGELOG.md knows the version", f"## [{version}]" in changes, version)
    print(f"helm_values: {4 - len(failed)} passed, {len(failed)} failed")
    raise SystemExit(bool(failed))


main()
