//! Where a reader of the change feed left off.

use std::fmt;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use crate::types::Authority;

/// Bytes of a digest that a cursor carries; enough to tell pages apart and to keep strangers' cursors out.
const SHORT: usize = 16;

/// The upstream's time text, unchanged, and a keyed digest of the page that ended with it.
///
/// The whole is sealed for the authority that got it: what another authority was told is no time of this one's.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Cursor {
    /// The upstream's text.
    pub(super) time: String,
    /// The digest of the page.
    pub(super) digest: [u8; SHORT],
    /// The cursor as clients carry it.
    pub(super) text: String,
}

impl fmt::Debug for Cursor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cursor(…)")
    }
}

impl Cursor {
    /// The cursor after a page.
    pub(super) fn new(time: &str, page: &[u8], key: &hmac::Key, authority: &Authority) -> Self {
        let digest = short(key, &[b"page", page]);
        let seal = short(key, &[b"cursor", authority.to_string().as_bytes(), &digest, time.as_bytes()]);
        let text = BASE64.encode([&digest[..], &seal[..], time.as_bytes()].concat());
        Self { time: time.to_owned(), digest, text }
    }

    /// Reads a cursor that this gateway gave to the same authority.
    pub(super) fn parse(text: &str, key: &hmac::Key, authority: &Authority) -> Option<Self> {
        let bytes = BASE64.decode(text).ok()?;
        let (digest, rest) = bytes.split_first_chunk::<SHORT>()?;
        let (seal, time) = rest.split_first_chunk::<SHORT>()?;
        let expected = short(key, &[b"cursor", authority.to_string().as_bytes(), digest, time]);
        aws_lc_rs::constant_time::verify_slices_are_equal(seal, &expected).ok()?;
        let time = String::from_utf8(time.to_vec()).ok()?;
        Some(Self { time, digest: *digest, text: text.to_owned() })
    }
}

fn short(key: &hmac::Key, parts: &[&[u8]]) -> [u8; SHORT] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut digest = [0; SHORT];
    digest.copy_from_slice(&context.sign().as_ref()[..SHORT]);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_only_to_its_authority_and_unchanged() {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &[7; 32]);
        let [mine, other] = ["jobcenter:1", "jobcenter:2"].map(|text| text.parse::<Authority>().unwrap());
        let cursor = Cursor::new("2026-01-01T00:00:00.1234567", b"rows", &key, &mine);
        assert_eq!(Cursor::parse(&cursor.text, &key, &mine), Some(cursor.clone()));
        assert_eq!(Cursor::parse(&cursor.text, &key, &other), None);
        for changed in ["", "x", &cursor.text[1..], &format!("{}AA", cursor.text)] {
            assert_eq!(Cursor::parse(changed, &key, &mine), None);
        }
    }
}
