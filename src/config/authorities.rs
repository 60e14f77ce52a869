//! `[authority_kinds]` and `[authorities]`: what the upstreams are told about an authority.

use std::collections::BTreeMap;

use crate::types::{Authority, AuthorityKind};

use super::auth::AuthorityPattern;
use super::fault::Reason;
use super::section::Section;
use super::value::integer;

/// The two authority tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorities {
    /// `[authority_kinds]`: kind to `OrganisationTypeIdentifier`. A kind that is not there is
    /// refused towards DFDG.
    pub organisation_types: BTreeMap<AuthorityKind, u32>,
    /// `[authorities."kind:code"]`
    pub exact: BTreeMap<Authority, AuthoritySettings>,
    /// `[authorities."kind:*"]`
    pub by_kind: BTreeMap<AuthorityKind, AuthoritySettings>,
}

/// `[authorities."kind:code"]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuthoritySettings {
    /// `star_institution_number`: `STARInstitutionNummer`, at most ten digits.
    pub star_institution_number: Option<u64>,
    /// `kui_institution_number`: `KommuneInstitutionNummer`.
    pub kui_institution_number: Option<u64>,
}

impl Authorities {
    /// `OrganisationTypeIdentifier` of a kind, where it is known.
    pub fn organisation_type(&self, kind: AuthorityKind) -> Option<u32> {
        self.organisation_types.get(&kind).copied()
    }

    /// The numbers of an authority: each from its own table, else from that of its kind.
    pub fn settings(&self, authority: &Authority) -> AuthoritySettings {
        let exact = self.exact.get(authority).copied().unwrap_or_default();
        let of_kind = self.by_kind.get(&authority.kind()).copied().unwrap_or_default();
        AuthoritySettings {
            star_institution_number: exact.star_institution_number.or(of_kind.star_institution_number),
            kui_institution_number: exact.kui_institution_number.or(of_kind.kui_institution_number),
        }
    }
}

impl Default for Authorities {
    fn default() -> Self {
        Self {
            organisation_types: BTreeMap::from([
                (AuthorityKind::Jobcenter, 8),
                (AuthorityKind::Municipality, 7),
                (AuthorityKind::ExternalOperator, 4),
            ]),
            exact: BTreeMap::new(),
            by_kind: BTreeMap::new(),
        }
    }
}

impl Authorities {
    /// Reads both tables, which stand at the root.
    pub(super) fn read(root: &mut Section<'_>) -> Self {
        let mut authorities = Self::default();
        root.table("authority_kinds", |kinds| authorities.read_kinds(kinds));
        root.table("authorities", |entries| authorities.read_entries(entries));
        authorities
    }

    fn read_kinds(&mut self, section: &mut Section<'_>) {
        for kind in AuthorityKind::ALL {
            let identifier = section.optional(kind.as_str(), integer(0..=100_000_000));
            self.organisation_types.extend(identifier.map(|identifier| (kind, identifier)));
        }
    }

    fn read_entries(&mut self, section: &mut Section<'_>) {
        for name in section.names() {
            let settings = section.table(&name, AuthoritySettings::read);
            match name.parse() {
                Ok(AuthorityPattern::One(authority)) => {
                    self.exact.insert(authority, settings);
                }
                Ok(AuthorityPattern::Kind(kind)) => {
                    self.by_kind.insert(kind, settings);
                }
                Ok(AuthorityPattern::Any) => {
                    section.fault(&name, Reason::rule("must name a kind, such as jobcenter:*"));
                }
                Err(error) => section.fault(&name, error.into()),
            }
        }
    }
}

impl AuthoritySettings {
    fn read(section: &mut Section<'_>) -> Self {
        Self {
            star_institution_number: section.optional("star_institution_number", integer(0..=9_999_999_999)),
            kui_institution_number: section
                .optional("kui_institution_number", integer(0..=i64::MAX.unsigned_abs())),
        }
    }
}
