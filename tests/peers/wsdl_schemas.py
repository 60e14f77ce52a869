"""The XML Schemas inside a WSDL, compiled by libxml2, and what its binding says of each operation's message."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XSD = "{http://www.w3.org/2001/XMLSchema}"
ENVELOPES = {
    "{http://schemas.xmlsoap.org/wsdl/soap/}": "{http://schemas.xmlsoap.org/soap/envelope/}",
    "{http://schemas.xmlsoap.org/wsdl/soap12/}": "{http://www.w3.org/2003/05/soap-envelope}",
}
PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True)
class Message:
    """What a request or an answer must look like. Names are `{namespace}local`."""

    envelope: str
    headers: tuple[str, ...]
    body: str


class Contract:
    """One WSDL: its compiled schemas, and the request and answer of each operation."""

    def __init__(self, wsdl: bytes, folder: Path = Path()):
        definitions = etree.fromstring(wsdl, PARSER)
        self.schemas = compile_schemas(definitions, folder)
        self.requests, self.answers = read_bindings(definitions)

    def faults(self, element: etree._Element) -> list[str]:
        """What the schemas say against an element, copied out of its message so that it stands alone."""
        self.schemas.validate(etree.fromstring(etree.tostring(element, with_tail=False), PARSER))
        return [error.message for error in self.schemas.error_log]


def compile_schemas(definitions: etree._Element, beside: Path) -> etree.XMLSchema:
    """libxml2 wants each namespace in a file of its own, and imports that say where it is."""
    schemas = [schema for schema in definitions.iter(f"{XSD}schema") if schema.get("targetNamespace")]
    file_of = {schema.get("targetNamespace"): f"{index}.xsd" for index, schema in enumerate(schemas)}
    root = etree.Element(f"{XSD}schema")
    for statement in definitions.iterfind(f".//{XSD}schema/{XSD}import[@schemaLocation]"):
        # A file beside the WSDL; it finds the others by itself.
        file_of[statement.get("namespace")] = str((beside / statement.get("schemaLocation")).resolve())
    for namespace, file in file_of.items():
        etree.SubElement(root, f"{XSD}import", namespace=namespace, schemaLocation=file)
    with TemporaryDirectory() as folder:
        for schema in schemas:
            for statement in schema.findall(f"{XSD}import"):
                statement.set("schemaLocation", file_of[statement.get("namespace")])
            Path(folder, file_of[schema.get("targetNamespace")]).write_bytes(etree.tostring(schema))
        Path(folder, "root.xsd").write_bytes(etree.tostring(root))
        return etree.XMLSchema(file=str(Path(folder, "root.xsd")))


def read_bindings(definitions: etree._Element) -> tuple[dict[str, Message], dict[str, Message]]:
    """The messages by operation, from portType and binding."""
    parts = {
        (message.get("name"), part.get("name")): qualified(part, part.get("element"))
        for message in definitions.findall(f"{WSDL}message")
        for part in message.findall(f"{WSDL}part")
    }
    requests, answers = {}, {}
    for operation in definitions.findall(f"{WSDL}binding/{WSDL}operation"):
        name = operation.get("name")
        port = definitions.find(f"{WSDL}portType/{WSDL}operation[@name='{name}']")
        for direction, messages in (("input", requests), ("output", answers)):
            bound = operation.find(f"{WSDL}{direction}")
            soap = next(ns for ns in ENVELOPES if bound.find(f"{ns}body") is not None)
            message = local(port.find(f"{WSDL}{direction}").get("message"))
            headers = [
                parts[local(header.get("message")), header.get("part")] for header in bound.findall(f"{soap}header")
            ]
            used = [name for _, name in (key for key in parts if key[0] == message)]
            body = bound.find(f"{soap}body").get("parts") or used[0]
            messages[name] = Message(ENVELOPES[soap], tuple(headers), parts[message, body])
    return requests, answers


def local(name: str) -> str:
    return name.rpartition(":")[2]


def qualified(element: etree._Element, name: str) -> str:
    prefix, _, rest = name.rpartition(":")
    return f"{{{element.nsmap[prefix or None]}}}{rest}"


def faults_of(message: etree._Element, expected: Message, contract: Contract) -> list[str]:
    """Everything wrong with an envelope. Headers of others, such as wsse:Security, are left alone."""
    if message.tag != f"{expected.envelope}Envelope":
        return [f"the root is {message.tag}"]
    children = message.findall(f"{expected.envelope}Body/*")
    if [child.tag for child in children] != [expected.body]:
        return [f"Body holds {[child.tag for child in children]}, not {expected.body}"]
    known = [header for header in message.findall(f"{expected.envelope}Header/*") if header.tag in expected.headers]
    faults = []
    if [header.tag for header in known] != list(expected.headers):
        faults.append(f"the headers are {[header.tag for header in known]}, not {list(expected.headers)}")
    for element in [*known, *children]:
        faults += contract.faults(element)
    return faults
