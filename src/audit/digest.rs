//! A SHA-256 or HMAC-SHA-256 value in the form in which the trail holds it.

use std::fmt;

use serde::{Serialize, Serializer};

/// 32 bytes as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest([u8; Self::LENGTH]);

impl Digest {
    /// Bytes of the text.
    pub(super) const LENGTH: usize = 64;

    /// What stands in `prev` of a chain's first line.
    pub const ZERO: Self = Self([b'0'; Self::LENGTH]);

    /// Reads 64 lower-case hexadecimal digits; anything else is `None`.
    pub fn parse(text: &[u8]) -> Option<Self> {
        let digits: [u8; Self::LENGTH] = text.try_into().ok()?;
        let lower_hex = |digit: &u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        digits.iter().all(lower_hex).then_some(Self(digits))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("hexadecimal digits are ASCII")
    }

    /// # Panics
    ///
    /// When `bytes` are not 32: every caller passes a whole SHA-256.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        assert_eq!(bytes.len() * 2, Self::LENGTH);
        let mut text = [0; Self::LENGTH];
        for (pair, byte) in text.chunks_exact_mut(2).zip(bytes) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        Self(text)
    }

    pub(super) fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
