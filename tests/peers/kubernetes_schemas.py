"""Writes JSON Schemas as kubeconform reads them: kubernetes_schemas.py OUT CRD.yaml,CRD.yaml VERSION...

Those of Kubernetes are the strict ones in kubernetes-validate, whose references lead to addresses on the web and are
turned into names of files. A custom resource is made strict: an unknown member is an error in it, too.
"""

import json
import pathlib
import sys

import kubernetes_validate
import yaml


def of_kubernetes(version: str, out: pathlib.Path) -> None:
    package = pathlib.Path(kubernetes_validate.__file__).parent
    source = package / "kubernetes-json-schema" / f"v{version}-local-strict"
    out.mkdir(parents=True, exist_ok=True)
    for path in source.glob("*.json"):
        schema = json.loads(path.read_text().replace("/api/_definitions.json#", "_definitions.json#"))
        if isinstance(schema, dict):
            schema.pop("$id", None)
        (out / path.name).write_text(json.dumps(schema))


def strict(schema: object) -> object:
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: strict(value) for name, value in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        schema.setdefault("additionalProperties", False)
    return schema


def of_custom_resource(path: pathlib.Path, out: pathlib.Path) -> None:
    spec = yaml.safe_load(path.read_text())["spec"]
    group = spec["group"].split(".")[0]
    for version in spec["versions"]:
        schema = strict(version["schema"]["openAPIV3Schema"])
        # Described as "an object" and nothing more.
        schema["properties"]["metadata"] = {"$ref": "_definitions.json#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}
        name = f"{spec['names']['kind'].lower()}-{group}-{version['name']}.json"
        (out / name).write_text(json.dumps(schema))


def main() -> None:
    out, custom, *versions = sys.argv[1:]
    for version in versions:
        folder = pathlib.Path(out) / f"v{version}"
        of_kubernetes(version, folder)
        for path in custom.split(","):
            of_custom_resource(pathlib.Path(path), folder)


main()
