//! `[upstreams.<name>.tls]`: whom the gateway trusts and who it says it is.

use std::path::PathBuf;

use crate::config::fault::Reason;
use crate::config::section::Section;
use crate::config::value::file;

/// `[upstreams.<name>.tls]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The client certificate; absent: none is shown.
    pub identity: Option<Identity>,
    /// `ca_file`: PEM; absent: the web PKI roots.
    pub ca_file: Option<PathBuf>,
}

impl Tls {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        Self { identity: Identity::read(section), ca_file: section.optional("ca_file", file) }
    }
}

/// A certificate with its key, and the one that takes over from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `identity` and `identity_password_file`
    pub current: IdentityFiles,
    /// `next_identity` and `next_identity_password_file`: used from when it is valid and the
    /// first has under 24 hours left.
    pub next: Option<IdentityFiles>,
}

impl Identity {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let current = IdentityFiles::read(section, "identity", "identity_password_file");
        let next = IdentityFiles::read(section, "next_identity", "next_identity_password_file");
        if section.has_set("next_identity") && !section.has_set("identity") {
            section.fault("next_identity", Reason::rule("needs identity"));
        }
        Some(Self { current: current?, next })
    }
}

/// PEM (chain and key) or PKCS#12, with the file that holds its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityFiles {
    /// The identity itself.
    pub path: PathBuf,
    /// Absent: not encrypted.
    pub password_file: Option<PathBuf>,
}

impl IdentityFiles {
    fn read(section: &mut Section<'_>, name: &str, password_name: &str) -> Option<Self> {
        let path = section.optional(name, file);
        let password_file = section.optional(password_name, file);
        if section.has_set(password_name) && !section.has_set(name) {
            let rule = format!("needs {name}");
            section.fault(password_name, Reason::Rule(rule.into()));
        }
        Some(Self { path: path?, password_file })
    }
}
