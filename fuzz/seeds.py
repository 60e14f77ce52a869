"""Fills fuzz/corpus with what the tests have, and with the messages that they dump:

    UNGEBRO_DUMP_MESSAGES=DIR cargo test --test it messages:: && python3 fuzz/seeds.py DIR
"""

import sys
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
ROOT = FUZZ.parent
DATA = ROOT / "tests" / "data"
# A million rounds for each input would leave time for few.
COSTLY = {"many-rounds.p12", "too-many-rounds.p12", "too-many-rounds.pem", "scrypt.pem"}

FAULTS = {
    "dfdg-fault.xml": """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>
<faultcode>s:Client</faultcode><faultstring>See the details</faultstring><detail>
<FaultDetails xmlns="http://service.bm.dk/xml/schemas/2011/01/12/"><ErrorCode>4721</ErrorCode>
<Message>Om 010190-0001 &amp; 0101900001</Message><StackTrace>at x</StackTrace></FaultDetails>
</detail></s:Fault></s:Body></s:Envelope>""",
    "ipl-fault.xml": """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault>
<s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">Input error</s:Text></s:Reason><s:Detail>
<ServiceFaultDetailer xmlns="http://ipl.stil.dk/x"><CorrelationID>c0ffee00-1111-4222-8333-44445555beef</CorrelationID>
<ErrorCode>IPL000002</ErrorCode><ErrorMessage>x</ErrorMessage>
<SourceSystemError><ErrorCode>68</ErrorCode></SourceSystemError></ServiceFaultDetailer>
</s:Detail></s:Fault></s:Body></s:Envelope>""",
}


def fill(target: str, seeds: dict[str, bytes]) -> None:
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in seeds.items():
        (folder / name).write_bytes(content)
    print(f"{target}: {len(seeds)} seeds")
    if not seeds:
        sys.exit(f"no seeds for {target}")


def files(*patterns: tuple[Path, str]) -> dict[str, bytes]:
    found = [path for folder, pattern in patterns for path in sorted(folder.glob(pattern))]
    return {f"{path.parent.name}-{path.name}": path.read_bytes() for path in found if path.name not in COSTLY}


def folder_as_one(folder: Path) -> bytes:
    """The files of a folder in the form that the target takes apart."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".wsdl", ".xsd"})
    return b"\0".join(f"{path.relative_to(folder)}\n".encode() + path.read_bytes() for path in paths)


def main(messages: Path) -> None:
    folders = [*(ROOT / "src" / "services").iterdir(), *(DATA / "wsdl").iterdir(), *(DATA / "wsdl-official").glob("*/*")]
    wsdls = {"-".join(folder.parts[-2:]): folder_as_one(folder) for folder in folders if folder.is_dir()}
    answers = files((messages / "answers", "*.xml"), (DATA / "signed" / "peers", "*.xml"))
    fill("answer", answers | {name: fault.encode() for name, fault in FAULTS.items()})
    fill("body", files((messages / "bodies", "*.json")))
    fill("config", files((ROOT, "ungebro.example.toml")))
    fill("identity", files((DATA / "identity", "*.p12"), (DATA / "identity", "*.pem")))
    fill("signature", files((DATA / "signed" / "golden", "*.xml"), (DATA / "signed" / "peers", "*.xml")))
    fill("wsdl", wsdls)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
