//! The user whom the upstreams are told about: a caseworker or a system.

use std::fmt;

use super::identity::Identity;

/// `UserFullName`, in characters (RequestUserStructure 2015/01/21).
const MAX_NAME: usize = 140;
/// `UserIdentifier`, in characters (RequestUserStructure 2015/01/21).
const MAX_IDENTIFIER: usize = 255;

/// `RequestUserTypeIdentifier`, STAR's code list of user types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UserType {
    /// A person.
    Caseworker,
    /// A program.
    System,
}

impl UserType {
    /// The value on the wire.
    pub const fn code(self) -> u8 {
        match self {
            Self::Caseworker => 2,
            Self::System => 3,
        }
    }
}

/// The acting user of a call, within the limits of the interface description. `Debug` shows only
/// the type.
#[derive(Clone, PartialEq, Eq)]
pub struct ActingUser {
    /// Person or program.
    pub user_type: UserType,
    /// 1 to 255 characters that XML 1.0 can carry.
    pub identifier: String,
    /// 1 to 140 characters that XML 1.0 can carry.
    pub name: String,
}

impl fmt::Debug for ActingUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActingUser")
            .field("user_type", &self.user_type)
            .finish_non_exhaustive()
    }
}

/// The token's user cannot be named to the upstream: problem `user-name-missing`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token has no name, or no identifier, that the upstream could be told")]
pub struct UserNameMissing;

/// Who acts. A client credential is a system, called `system_user_identifier` where that is
/// configured; anybody else is a caseworker and needs a name of their own.
///
/// # Errors
/// When the name or the identifier is missing, too long or not XML text.
pub fn acting_user(
    identity: &Identity,
    system_user_identifier: Option<&str>,
) -> Result<ActingUser, UserNameMissing> {
    let own_name = identity.name.as_deref();
    let (user_type, identifier, name) = if identity.is_system {
        let identifier = system_user_identifier.unwrap_or(&identity.subject);
        let name = own_name.or(identity.client.as_deref());
        (UserType::System, identifier, name)
    } else {
        (UserType::Caseworker, identity.subject.as_str(), own_name)
    };
    let name = name.ok_or(UserNameMissing)?;
    if !fits(name, MAX_NAME) || !fits(identifier, MAX_IDENTIFIER) {
        return Err(UserNameMissing);
    }
    Ok(ActingUser {
        user_type,
        identifier: identifier.to_owned(),
        name: name.to_owned(),
    })
}

/// Something visible, not too long, and nothing that XML 1.0 cannot carry.
fn fits(text: &str, max: usize) -> bool {
    let blank = text.chars().all(char::is_whitespace);
    !blank && text.chars().count() <= max && text.chars().all(is_xml_char)
}

/// XML 1.0, production 2 (`Char`).
const fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}
