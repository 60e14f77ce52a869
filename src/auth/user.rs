//! The user whom the upstreams are told about: a caseworker or a system.

use std::fmt;

use super::identity::Identity;
use crate::types::text::is_xml_text;

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
pub struct ActingUser<'i> {
    /// Person or program.
    pub user_type: UserType,
    /// 1 to 255 characters that XML 1.0 can carry.
    pub identifier: &'i str,
    /// 1 to 140 characters that XML 1.0 can carry.
    pub name: &'i str,
}

impl fmt::Debug for ActingUser<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActingUser").field("user_type", &self.user_type).finish_non_exhaustive()
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
pub fn acting_user<'i>(
    identity: &'i Identity,
    system_user_identifier: Option<&'i str>,
) -> Result<ActingUser<'i>, UserNameMissing> {
    let own_name = identity.name.as_deref();
    let (user_type, identifier, name) = if identity.is_system {
        let identifier = system_user_identifier.unwrap_or(&identity.subject);
        let name = own_name.or(identity.client.as_deref());
        (UserType::System, identifier, name)
    } else {
        (UserType::Caseworker, identity.user_id.as_deref().ok_or(UserNameMissing)?, own_name)
    };
    let name = name.ok_or(UserNameMissing)?;
    if !fits(name, MAX_NAME) || !fits(identifier, MAX_IDENTIFIER) {
        return Err(UserNameMissing);
    }
    Ok(ActingUser { user_type, identifier, name })
}

/// Something visible, not too long, and nothing that XML 1.0 cannot carry.
fn fits(text: &str, max: usize) -> bool {
    let blank = text.chars().all(char::is_whitespace);
    !blank && text.chars().count() <= max && is_xml_text(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(is_system: bool, name: Option<&str>, client: Option<&str>) -> Identity {
        Identity {
            issuer_index: 0,
            issuer: "https://idp.example.dk/".to_owned(),
            subject: "subject".to_owned(),
            user_id: Some("subject".to_owned()),
            client: client.map(str::to_owned),
            name: name.map(str::to_owned),
            is_system,
            scopes: Default::default(),
            authorities: Vec::new(),
            untrusted: Vec::new(),
            ill_formed: 0,
        }
    }

    #[test]
    fn a_caseworker_has_the_names_of_the_token() {
        let identity = identity(false, Some("Åse Ørsted"), Some("portal"));
        let user = acting_user(&identity, Some("CVR:1")).unwrap();
        assert_eq!(user.user_type.code(), 2);
        assert_eq!((user.identifier, user.name), ("subject", "Åse Ørsted"));
    }

    #[test]
    fn a_caseworker_is_never_named_after_the_client() {
        let identity = identity(false, None, Some("portal"));
        assert_eq!(acting_user(&identity, Some("CVR:1")), Err(UserNameMissing));
    }

    #[test]
    fn a_system_has_the_configured_identifier_or_else_its_subject() {
        for (configured, name, expected) in [
            (Some("CVR:1"), Some("Robot"), ("CVR:1", "Robot")),
            (Some("CVR:1"), None, ("CVR:1", "client")),
            (None, Some("Robot"), ("subject", "Robot")),
            (None, None, ("subject", "client")),
        ] {
            let identity = identity(true, name, Some("client"));
            let user = acting_user(&identity, configured).unwrap();
            assert_eq!(user.user_type.code(), 3);
            assert_eq!((user.identifier, user.name), expected);
        }
        assert_eq!(acting_user(&identity(true, None, None), None), Err(UserNameMissing));
    }

    #[test]
    fn names_keep_within_the_interface_description() {
        let longest = "å".repeat(140);
        for (name, accepted) in [
            ("x", true),
            (longest.as_str(), true),
            (&format!("{longest}å"), false),
            ("", false),
            (" \u{a0}", false),
            ("a\u{0}b", false),
            ("a\u{1b}b", false),
            ("a\u{FFFE}b", false),
            ("a\u{1F600}b", true),
        ] {
            let identity = identity(false, Some(name), None);
            let outcome = acting_user(&identity, None);
            assert_eq!(outcome.is_ok(), accepted, "{}", name.escape_debug());
        }
        let mut long = identity(false, Some("x"), None);
        long.user_id = Some("s".repeat(255));
        assert!(acting_user(&long, None).is_ok());
        long.user_id = Some("s".repeat(256));
        assert!(acting_user(&long, None).is_err());
    }

    #[test]
    fn debug_shows_only_the_type() {
        let identity = identity(false, Some("Åse"), None);
        let user = acting_user(&identity, None).unwrap();
        assert_eq!(format!("{user:?}"), "ActingUser { user_type: Caseworker, .. }");
    }
}
