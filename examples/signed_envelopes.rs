//! Writes signed envelopes, stamped now, for other implementations to verify: `signed_envelopes DIR`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use ungebro::soap::schema::SoapVersion;
use ungebro::soap::security::{DigestAlgorithm, SignatureAlgorithm, Signer, SigningKey};

const KEYS: [&str; 3] = ["rsa-2048", "rsa-3072", "rsa-4096"];
const ALGORITHMS: [(&str, SignatureAlgorithm, DigestAlgorithm); 3] = [
    ("sha256", SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256),
    ("sha1", SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1),
    ("mixed", SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha256),
];
const VERSIONS: [(&str, SoapVersion); 2] = [("1.1", SoapVersion::V11), ("1.2", SoapVersion::V12)];

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::args_os().nth(1).ok_or("usage: signed_envelopes DIR")?);
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/signed");
    fs::create_dir_all(&out)?;
    for key in KEYS {
        let identity = fs::read(data.join(format!("identities/{key}.pem")))?;
        let certificate = CertificateDer::from_pem_slice(&identity)?;
        let private_key = PrivateKeyDer::from_pem_slice(&identity)?;
        for (algorithms, signature, digest) in ALGORITHMS {
            let signer = Signer::new(SigningKey::new(&certificate, &private_key, signature)?, digest);
            for payload in fs::read_dir(data.join("payloads"))? {
                write_all(&signer, &payload?.path(), &out, &format!("{key}.{algorithms}"))?;
            }
        }
    }
    Ok(())
}

/// One payload in both versions, twice in each, as when a call is retried.
fn write_all(signer: &Signer, payload: &Path, out: &Path, variant: &str) -> Result<(), Box<dyn Error>> {
    let name = payload.file_stem().ok_or("a payload without name")?.to_string_lossy();
    let body = fs::read(payload)?;
    for (version, soap) in VERSIONS {
        for attempt in 1..=2 {
            let envelope = signer.sign(soap, &body, Timestamp::now())?;
            fs::write(out.join(format!("{name}.{version}.{variant}.{attempt}.xml")), envelope)?;
        }
    }
    Ok(())
}
