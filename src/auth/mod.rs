//! Who is calling and for which authority, below HTTP: key sets, tokens, authorities, acting users.

mod authority;
mod claims;
mod development;
mod identity;
mod jwk;
mod keys;
mod source;
mod token;
mod user;

#[cfg(test)]
mod tests;

pub use authority::{AuthorityRefusal, choose};
pub use development::{
    AUDIENCE as DEVELOPMENT_AUDIENCE, DevelopmentIssuer, DevelopmentKeyError, DevelopmentToken,
    ISSUER as DEVELOPMENT_ISSUER, state_folder,
};
pub use identity::Identity;
pub use keys::{KeySetFault, KeySetStatus, KeySets, examine};
pub use source::{ReadError, SourceError};
pub use token::{TokenError, Verifier};
pub use user::{ActingUser, UserNameMissing, UserType, acting_user};
