"""Verifies signed envelopes with signxml: verify_signxml.py FILE..."""

import base64
import sys

from cryptography import x509
from lxml import etree
from signxml import DigestAlgorithm, SignatureConfiguration, SignatureMethod, XMLVerifier

WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def verify(path):
    document = etree.parse(path).getroot()
    token = document.find(f".//{{{WSSE}}}BinarySecurityToken").text
    certificate = x509.load_der_x509_certificate(base64.b64decode(token))
    configuration = SignatureConfiguration(
        require_x509=True,
        expect_references=2,
        location=".//",
        signature_methods=frozenset({SignatureMethod.RSA_SHA256, SignatureMethod.RSA_SHA1}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA1}),
    )
    results = XMLVerifier().verify(
        document, x509_cert=certificate, id_attribute="Id", expect_config=configuration
    )
    parts = {etree.QName(result.signed_xml).localname for result in results}
    if parts != {"Body", "Timestamp"}:
        raise ValueError(f"signed parts: {sorted(parts)}")


def main():
    passed = failed = 0
    for path in sys.argv[1:]:
        try:
            verify(path)
            passed += 1
        except Exception as error:
            failed += 1
            print(f"{path}: {type(error).__name__}: {error}")
    print(f"signxml: {passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
