//! Known values of the upstreams' code lists, as a file has them. They inform and never refuse a number.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::shape::MAX_CODE;

/// The lists by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeLists(BTreeMap<String, CodeList>);

/// One list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    /// The element of the interface descriptions that it is for.
    pub element: String,
    /// What it is for.
    pub description: Texts,
    /// Whether `values` are all there are; otherwise only those that are known.
    pub complete: bool,
    /// The known values, in the order of the file.
    pub values: Vec<CodeValue>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// English.
    pub en: String,
    /// Danish.
    pub da: String,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeValue {
    /// The number.
    pub code: i64,
    /// Its name in Danish.
    pub da: String,
    /// Its name in English.
    pub en: String,
    /// Where that is known from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// A file of code lists that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", file.display())]
pub struct CodeListFault {
    /// The file.
    pub file: PathBuf,
    /// Why.
    pub reason: CodeListReason,
}

/// Why code lists cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CodeListReason {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is not of the form that this program reads.
    #[error("is not a file of code lists: {0}")]
    Malformed(#[from] serde_json::Error),
    /// A name that cannot stand in an address.
    #[error("a list's name has lower-case letters, digits and hyphens only: {0}")]
    Name(String),
    /// A number outside the range of codes, or one that stands twice.
    #[error("{list}: the code {code} stands twice or is not from 0 to {MAX_CODE}")]
    Code {
        /// The list.
        list: String,
        /// The number.
        code: i64,
    },
}

impl CodeLists {
    /// Reads a file (`code_lists_file`).
    pub fn load(file: &Path) -> Result<Self, CodeListFault> {
        let read = std::fs::read_to_string(file).map_err(CodeListReason::from);
        read.and_then(|text| Self::parse(&text))
            .map_err(|reason| CodeListFault { file: file.to_owned(), reason })
    }

    /// Reads the text of a file: a JSON object of lists by name.
    pub fn parse(text: &str) -> Result<Self, CodeListReason> {
        let lists: BTreeMap<String, CodeList> = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
        for (name, list) in &lists {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            if name.is_empty() || !name.bytes().all(plain) {
                return Err(CodeListReason::Name(name.clone()));
            }
            for (index, value) in list.values.iter().enumerate() {
                let again = list.values[..index].iter().any(|earlier| earlier.code == value.code);
                if again || !(0..=MAX_CODE).contains(&value.code) {
                    return Err(CodeListReason::Code { list: name.clone(), code: value.code });
                }
            }
        }
        Ok(Self(lists))
    }

    /// The list of a name.
    pub fn get(&self, name: &str) -> Option<&CodeList> {
        self.0.get(name)
    }

    /// Every list by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &CodeList)> {
        self.0.iter().map(|(name, list)| (name.as_str(), list))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services;
    use crate::shape::{Kind, schema};

    #[test]
    fn the_bundled_lists_can_be_read_and_have_every_list_that_a_member_names() {
        let lists = CodeLists::parse(services::CODE_LISTS).unwrap();
        for spec in services::specs() {
            let nested = schema::nested(spec.body_members());
            let members = nested.iter().flat_map(|object| object.members).chain(spec.body_members());
            for member in members {
                if let Kind::Code { list, .. } = member.kind {
                    assert!(lists.get(list).is_some(), "{list}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_file_is_refused_with_what_is_wrong() {
        let list = |codes: &str| {
            format!(
                r#"{{"x":{{"element":"X","description":{{"en":"","da":""}},"complete":false,"values":[{codes}]}}}}"#
            )
        };
        let value = |code: i64| format!(r#"{{"code":{code},"da":"","en":""}}"#);
        assert!(CodeLists::parse(&list(&value(1))).is_ok());
        for wrong in
            ["[]".to_owned(), list(&value(-1)), list(&format!("{},{}", value(1), value(1))), list("7")]
        {
            assert!(CodeLists::parse(&wrong).is_err(), "{wrong}");
        }
        assert!(matches!(
            CodeLists::parse(&list("").replace("\"x\"", "\"X y\"")),
            Err(CodeListReason::Name(_))
        ));
    }
}
