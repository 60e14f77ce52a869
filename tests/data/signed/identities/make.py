"""Writes the test identities: an OCES-like chain whose certificates are signed with RSASSA-PSS."""
import datetime, pathlib, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

out = pathlib.Path(sys.argv[1])
START, END = datetime.datetime(2026, 1, 1), datetime.datetime(2056, 1, 1)
PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=32)

def name(cn):
    return x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "DK"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "ungebro test"),
        x509.NameAttribute(NameOID.COMMON_NAME, cn),
    ])

def certificate(cn, key, issuer, issuer_key, ca, start=START, end=END, usage=True):
    builder = (
        x509.CertificateBuilder().subject_name(name(cn)).issuer_name(name(issuer))
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(start).not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(
            digital_signature=not ca and usage, content_commitment=not ca and usage, key_encipherment=not ca,
            data_encipherment=False, key_agreement=False, key_cert_sign=ca, crl_sign=ca,
            encipher_only=False, decipher_only=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256(), rsa_padding=PSS)

def key(bits):
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)

def pem(item):
    return item.public_bytes(serialization.Encoding.PEM).decode()

def private(item, form):
    return item.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()

P8, P1 = serialization.PrivateFormat.PKCS8, serialization.PrivateFormat.TraditionalOpenSSL
root_key, issuing_key, other_key = key(4096), key(3072), key(3072)
root = certificate("ungebro test rod-CA", root_key, "ungebro test rod-CA", root_key, True)
issuing = certificate("ungebro test udstedende-CA", issuing_key, "ungebro test rod-CA", root_key, True)
other = certificate("ungebro fremmed CA", other_key, "ungebro fremmed CA", other_key, True)
(out / "root.pem").write_text(pem(root))
(out / "issuing.pem").write_text(pem(issuing))
(out / "other-root.pem").write_text(pem(other))

def leaf(file, cn, bits, issuer, issuer_key, form=P8, **more):
    k = key(bits)
    c = certificate(cn, k, issuer, issuer_key, False, **more)
    (out / file).write_text(pem(c) + private(k, form))

ISSUING = ("ungebro test udstedende-CA", issuing_key)
leaf("rsa-2048.pem", "ungebro 2048", 2048, *ISSUING)
leaf("rsa-3072.pem", "ungebro 3072", 3072, *ISSUING, form=P1)
leaf("rsa-4096.pem", "ungebro 4096", 4096, *ISSUING)
leaf("foreign.pem", "ungebro fremmed", 2048, "ungebro fremmed CA", other_key)
leaf("expired.pem", "ungebro udloebet", 2048, *ISSUING, end=datetime.datetime(2026, 6, 1))
leaf("encryption-only.pem", "ungebro kun kryptering", 2048, *ISSUING, usage=False)
