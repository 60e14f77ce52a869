//! How much work the encryption of an identity file may ask for: a broken count must not hold up the start for minutes.

use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::{Kdf, SCRYPT_OID, ScryptParams};

/// The most rounds of PBKDF2, in PKCS#12 files for each of their parts; well over what any tool writes by itself.
pub(super) const MAX_ROUNDS: u32 = 1_000_000;
/// The most memory that scrypt may take (128 × N × r, RFC 7914, 2); OpenSSL by itself takes 16 MiB.
const MAX_SCRYPT_BYTES: u64 = 256 << 20;
const MAX_SCRYPT_PARALLEL: u16 = 16;

/// Whether an encrypted PKCS#8 key opens within the limits.
pub(super) fn is_bearable(scheme: &EncryptionScheme) -> bool {
    match scheme {
        EncryptionScheme::Pbes1(pbes1) => u32::from(pbes1.parameters.iteration_count) <= MAX_ROUNDS,
        EncryptionScheme::Pbes2(pbes2) => match &pbes2.kdf {
            Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= MAX_ROUNDS,
            Kdf::Scrypt(scrypt) => is_bearable_scrypt(scrypt),
            // A way that is added later is not known to be bounded.
            _ => false,
        },
        _ => false,
    }
}

/// RFC 7914 wants N to be a power of two above one; the crate panics on zero.
fn is_bearable_scrypt(scrypt: &ScryptParams) -> bool {
    let bytes = scrypt.cost_parameter.saturating_mul(128).saturating_mul(scrypt.block_size.into());
    scrypt.cost_parameter > 1
        && scrypt.cost_parameter.is_power_of_two()
        && scrypt.block_size > 0
        && bytes <= MAX_SCRYPT_BYTES
        && (1..=MAX_SCRYPT_PARALLEL).contains(&scrypt.parallelization)
}

/// Whether a PKCS#12 file names scrypt: whoever opens it allows it more memory than we do, and no tool writes it there.
pub(super) fn names_scrypt(pkcs12: &[u8]) -> bool {
    let oid = SCRYPT_OID.as_bytes();
    pkcs12.windows(oid.len()).any(|window| window == oid)
}

#[cfg(test)]
mod tests {
    use pkcs8::pkcs5::pbes2::{EncryptionScheme as Cipher, Parameters, Pbkdf2Params};

    use super::*;
    use crate::transport::identity::{Identity, IdentityFault};

    fn open(file: &str) -> Result<Identity, IdentityFault> {
        let path = format!("{}/tests/data/identity/{file}", env!("CARGO_MANIFEST_DIR"));
        Identity::parse(&std::fs::read(path).unwrap(), Some(&"rødgrød med fløde".into()))
    }

    fn scheme(kdf: Kdf) -> EncryptionScheme {
        EncryptionScheme::Pbes2(Parameters { kdf, encryption: Cipher::Aes256Cbc { iv: [7; 16] } })
    }

    #[test]
    fn a_file_that_asks_for_too_much_is_refused_before_the_work() {
        for file in ["too-many-rounds.pem", "too-many-rounds.p12"] {
            let fault = open(file).unwrap_err();
            assert!(matches!(fault, IdentityFault::TooCostly), "{file}: {fault}");
        }
        assert!(open("scrypt.pem").is_ok());
    }

    #[test]
    fn scrypt_in_pkcs12_is_refused_unopened() {
        let mut file = vec![0x30, 0x82, 0x10, 0x00];
        file.extend_from_slice(SCRYPT_OID.as_bytes());
        let fault = Identity::parse(&file, None).unwrap_err();
        assert!(matches!(fault, IdentityFault::TooCostly), "{fault}");
    }

    #[test]
    fn rounds_are_bounded() {
        for (rounds, bearable) in [(1, true), (600_000, true), (MAX_ROUNDS, true), (MAX_ROUNDS + 1, false)] {
            let kdf = Kdf::Pbkdf2(Pbkdf2Params::hmac_sha256(rounds, b"saltsalt").unwrap());
            assert_eq!(is_bearable(&scheme(kdf)), bearable, "{rounds}");
        }
    }

    #[test]
    fn scrypt_is_bounded_in_memory_and_time_and_wants_a_power_of_two() {
        for (cost, block, parallel, bearable) in [
            (16_384, 8, 1, true),
            (1 << 18, 8, 1, true),
            (1 << 19, 8, 1, false),
            (0, 8, 1, false),
            (1, 8, 1, false),
            (16_383, 8, 1, false),
            (u64::MAX, 8, 1, false),
            (1 << 63, u16::MAX, 1, false),
            (16_384, 0, 1, false),
            (16_384, 8, 0, false),
            (16_384, 8, 17, false),
        ] {
            let scrypt = ScryptParams {
                salt: b"saltsalt".as_slice().try_into().unwrap(),
                cost_parameter: cost,
                block_size: block,
                parallelization: parallel,
                key_length: None,
            };
            assert_eq!(is_bearable(&scheme(Kdf::Scrypt(scrypt))), bearable, "{cost} {block} {parallel}");
        }
    }
}
