//! What a definition says of types and members, as an input of the derivation.

use std::collections::{HashMap, HashSet};

use ungebro_contract::QName;

use super::arena::Hint;

/// What a definition says, by type.
///
/// A named type's key is its name (`{namespace}local` or, where nothing else has it, `local`); an anonymous type's is
/// the key of what holds it, a slash and the element: `GetPerson/Address`. A member's key is its element or, with
/// `@`, its attribute, written in the same two ways.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// By type and member.
    pub members: HashMap<(String, String), Hint>,
    /// Types whose stray text is left out (`mixed = "ignore"`).
    pub mixed_ignored: HashSet<String>,
    /// What types mean.
    pub docs: HashMap<String, String>,
    /// Every number is a string.
    pub numbers_as_text: bool,
    /// Everything of an answer may be missing.
    pub lenient: bool,
}

impl Overrides {
    pub(super) fn hint(&self, types: &[String], member: &QName, attribute: bool) -> Hint {
        let sign = if attribute { "@" } else { "" };
        let names = [format!("{sign}{member}"), format!("{sign}{}", member.local)];
        let found = types
            .iter()
            .find_map(|key| names.iter().find_map(|name| self.members.get(&(key.clone(), name.clone()))));
        let mut hint = found.cloned().unwrap_or_default();
        hint.numbers_as_text |= self.numbers_as_text;
        hint.lenient |= self.lenient;
        hint
    }
}
