//! Identity files as operators have them, and what is said of those that cannot be used.

use std::path::Path;

use ungebro::config::IdentityFiles;
use ungebro::transport::identity::{Identity, IdentityError};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/identity");

fn load(file: &str, password: Option<&str>) -> Result<Identity, IdentityError> {
    let folder = Path::new(FOLDER);
    Identity::load(&IdentityFiles {
        path: folder.join(file),
        password_file: password.map(|name| folder.join(name)),
    })
}

fn complaint(file: &str, password: Option<&str>) -> String {
    let error = load(file, password).unwrap_err().to_string();
    error.strip_prefix(&format!("{FOLDER}/")).unwrap().to_owned()
}

#[test]
fn every_form_holds_the_same_identity() {
    let expected = load("pkcs8.pem", None).unwrap();
    let password = Some("password.txt");
    for (file, password) in [
        ("pkcs1.pem", None),
        ("backwards.pem", None),
        ("encrypted.pem", password),
        ("modern.p12", password),
        ("legacy.p12", password),
        ("no-mac.p12", password),
        ("many-rounds.p12", password),
        ("empty-password.p12", None),
        // A password that is not needed does no harm.
        ("pkcs8.pem", password),
    ] {
        let identity = load(file, password).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(identity.chain, expected.chain, "{file}");
        assert_eq!(identity.fingerprint, expected.fingerprint, "{file}");
        assert_eq!(identity.chain.len(), 2, "{file}");
    }
}

#[test]
fn a_wrong_password_names_the_file() {
    for file in ["modern.p12", "legacy.p12", "no-mac.p12", "encrypted.pem"] {
        assert_eq!(complaint(file, Some("wrong-password.txt")), format!("{file}: wrong password"));
    }
}

#[test]
fn a_missing_password_file_is_asked_for() {
    for file in ["modern.p12", "encrypted.pem"] {
        let expected = format!("{file}: is encrypted, and there is no password file for it");
        assert_eq!(complaint(file, None), expected);
    }
}

#[test]
fn each_other_fault_is_one_line_that_names_file_and_reason() {
    for (file, password, expected) in [
        ("absent.pem", None, "absent.pem: cannot be read: No such file"),
        ("pkcs8.pem", Some("absent.txt"), "absent.txt: cannot be read: No such file"),
        ("pkcs8.pem", Some("modern.p12"), "modern.p12: is not text"),
        ("password.txt", None, "password.txt: is neither PEM nor PKCS#12"),
        ("old-encryption.pem", None, "old-encryption.pem: its key has OpenSSL's old"),
        ("mismatch.pem", None, "mismatch.pem: its private key does not belong"),
        ("two-keys.pem", None, "two-keys.pem: holds more than one private key"),
        ("own.pem", None, "own.pem: holds no private key"),
        ("no-key.p12", Some("password.txt"), "no-key.p12: holds no private key"),
    ] {
        let said = complaint(file, password);
        assert!(said.starts_with(expected), "{said}");
        assert!(!said.contains('\n'), "{said}");
    }
}

/// The same file as programs of Windows, Java and Mozilla write it: lengths left open, or longer than needed, outside or within.
#[test]
fn pkcs12_in_ber_is_called_by_its_name() {
    let der = std::fs::read(Path::new(FOLDER).join("modern.p12")).unwrap();
    assert_eq!(der[..2], [0x30, 0x82]);
    let open = |content: &[u8]| [&[0x30, 0x80], content, &[0, 0]].concat();
    let longer = |content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        [&[0x30, 0x84][..], &length, content].concat()
    };
    let content = &der[4..];
    // INTEGER 3, then the authSafe.
    assert_eq!(content[..4], [0x02, 0x01, 0x03, 0x30]);
    let inner_length = 4 + usize::from(u16::from_be_bytes([content[5], content[6]]));
    let (inner, mac) = content[3..].split_at(inner_length);
    let inner_open = longer(&[&content[..3], &open(&inner[4..]), mac].concat());
    for (name, ber) in [("open", open(content)), ("longer", longer(content)), ("within", inner_open)] {
        let said = Identity::parse(&ber, Some(&"rødgrød med fløde".into())).unwrap_err().to_string();
        assert!(said.contains("in BER") && said.contains("openssl pkcs12 -export"), "{name}: {said}");
    }
    assert!(Identity::parse(&der, Some(&"rødgrød med fløde".into())).is_ok());
}

/// Editors of Windows put one before the first character, and Notepad ends lines its own way.
#[test]
fn a_byte_order_mark_is_no_part_of_a_password_or_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let marked = |name: &str, content: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, [b"\xEF\xBB\xBF", content].concat()).unwrap();
        file
    };
    let password = marked("password", "rødgrød med fløde\r\n".as_bytes());
    let path = Path::new(FOLDER).join("modern.p12");
    Identity::load(&IdentityFiles { path, password_file: Some(password) }).unwrap();
    let path = marked("pkcs8.pem", &std::fs::read(Path::new(FOLDER).join("pkcs8.pem")).unwrap());
    Identity::load(&IdentityFiles { path, password_file: None }).unwrap();
}

#[test]
fn damaged_files_are_refused_without_a_panic() {
    let password = "rødgrød med fløde".into();
    for name in ["modern.p12", "legacy.p12", "encrypted.pem"] {
        let whole = std::fs::read(Path::new(FOLDER).join(name)).unwrap();
        for place in (1..whole.len()).step_by(97) {
            assert!(Identity::parse(&whole[..place], Some(&password)).is_err(), "{name} {place}");
            let mut bent = whole.clone();
            bent[place] ^= 0x20;
            // Some bits say nothing; the point is that it returns.
            let _ = Identity::parse(&bent, Some(&password));
        }
    }
}

#[test]
fn nothing_of_the_key_is_printed() {
    let printed = format!("{:?}", load("pkcs8.pem", None).unwrap());
    assert!(printed.starts_with("Identity { fingerprint: "), "{printed}");
    assert!(printed.len() < 160, "{printed}");
}
