"""Checks requests that the gateway sent against the bundled WSDLs, or those of a folder, with libxml2.

    validate_messages.py DIR [WSDL_DIR]

DIR holds whole SOAP envelopes in files named <Operation>.<variant>.xml, at least one for each operation.
"""

import sys
from pathlib import Path

from lxml import etree

from wsdl_schemas import PARSER, Contract, faults_of

SERVICES = Path(__file__).resolve().parents[2] / "src" / "services"


def main(folder: Path, wsdls: Path = SERVICES) -> int:
    contracts = [Contract(path.read_bytes(), path.parent) for path in sorted(wsdls.glob("*/*.wsdl"))]
    contract_of = {operation: contract for contract in contracts for operation in contract.requests}
    files = sorted(folder.glob("*.xml"))
    results = {file.name: faults_in(file, contract_of) for file in files}
    for operation in contract_of.keys() - {operation_of(file) for file in files}:
        results[operation] = ["no message of it"]
    for name, faults in results.items():
        for fault in faults:
            print(f"FAILED {name}: {fault}")
    failed = sum(1 for faults in results.values() if faults)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def operation_of(file: Path) -> str:
    return file.name.partition(".")[0]


def faults_in(file: Path, contract_of: dict[str, Contract]) -> list[str]:
    contract = contract_of.get(operation_of(file))
    if contract is None:
        return ["no bundled WSDL has this operation"]
    try:
        message = etree.parse(file, PARSER).getroot()
    except etree.XMLSyntaxError as error:
        return [str(error)]
    return faults_of(message, contract.requests[operation_of(file)], contract)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        sys.exit(__doc__)
    sys.exit(main(*map(Path, sys.argv[1:])))
