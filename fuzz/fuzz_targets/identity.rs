//! Identity files, PEM and PKCS#12: whatever they hold, an identity or one line that says why not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;
use ungebro::transport::identity::Identity;

/// Of the files in tests/data/identity.
const PASSWORD: &str = "rødgrød med fløde";

fuzz_target!(|data: &[u8]| {
    for password in [None, Some(SecretString::from(PASSWORD))] {
        match Identity::parse(data, password.as_ref()) {
            Ok(identity) => assert!(!identity.chain.is_empty()),
            Err(fault) => assert!(!fault.to_string().contains('\n')),
        }
    }
});
