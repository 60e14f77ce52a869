//! What the client sends as `Idempotency-Key`, for whom it counts, and what both become in a store.

use std::fmt;

use crate::types::Authority;

/// The value of `Idempotency-Key`: 1 to 255 visible ASCII characters.
///
/// Clients choose it freely, so it may name a person; `Debug` prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// Takes the value of the header as it came.
    ///
    /// # Errors
    /// Anything but 1 to 255 characters from `!` to `~`.
    pub fn parse(text: &str) -> Result<Self, IdempotencyKeyFault> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if visible && (1..=255).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdempotencyKeyFault)
        }
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdempotencyKey")
    }
}

/// The text is not an idempotency key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key has 1 to 255 visible ASCII characters")]
pub struct IdempotencyKeyFault;

/// Whose key it is: the same text means nothing to anybody else.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `iss` of the token.
    pub issuer: &'a str,
    /// The client that the token was issued to, where it says so.
    pub client: Option<&'a str>,
    /// `sub` of the token.
    pub subject: &'a str,
    /// For whom the call is made.
    pub authority: &'a Authority,
}

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scope")
    }
}

/// The name under which a key is stored: an HMAC of scope and key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyName(pub(super) [u8; 32]);

impl fmt::Debug for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyName")
    }
}

/// An HMAC of everything that makes two requests the same request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint(pub(super) [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprint")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_has_1_to_255_visible_characters() {
        for text in ["a", "!", "~", "8e03978e-40d5-43dd-bc93-6894a57f9324", &"x".repeat(255)] {
            assert!(IdempotencyKey::parse(text).is_ok(), "{text:?}");
        }
        for text in ["", " ", "a b", "a\t", "\u{7f}", "æ", "a\r\nb", &"x".repeat(256)] {
            assert_eq!(IdempotencyKey::parse(text), Err(IdempotencyKeyFault), "{text:?}");
        }
    }

    #[test]
    fn nothing_of_a_key_is_printed() {
        let key = IdempotencyKey::parse("0101701234").unwrap();
        assert_eq!(format!("{key:?}"), "IdempotencyKey");
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused_without_panic(text in ".*") {
            let taken = IdempotencyKey::parse(&text).is_ok();
            prop_assert_eq!(taken, (1..=255).contains(&text.len()) && text.bytes().all(|b| (0x21..=0x7e).contains(&b)));
        }
    }
}
