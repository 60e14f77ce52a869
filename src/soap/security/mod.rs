//! WS-Security with X.509 tokens: requests are signed, signed answers are checked.
//!
//! What goes out is written as its own exclusive canonical form (RFC 3741) and never touched
//! again. Of what comes in only the very bytes that were digested are handed on, so that nothing
//! can be read that no signature covers.

mod algorithm;
mod canonical;
mod element;
mod error;
mod key;
mod layout;
mod names;
mod sign;
mod signature;
mod timestamp;
mod trust;
mod upstream;
mod verify;

#[cfg(test)]
mod tests;

pub use algorithm::{DigestAlgorithm, SignatureAlgorithm};
pub use canonical::canonical_payload;
pub use error::{SignedPart, VerifyError};
pub use key::{SigningKey, SigningKeyError};
pub use sign::{SignError, Signer};
pub use trust::{TrustAnchorError, TrustAnchors};
pub use upstream::{MessageSecurity, SecurityError, SecurityFault};
pub use verify::{Verification, Verified, Verifier};
