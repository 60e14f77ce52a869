//! `[authority_kinds]` and `[authorities]`: what the upstreams are told about an authority.

use std::collections::BTreeMap;

use crate::types::{Authority, AuthorityKind};

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
        let of_kind = self
            .by_kind
            .get(&authority.kind())
            .copied()
            .unwrap_or_default();
        AuthoritySettings {
            star_institution_number: exact
                .star_institution_number
                .or(of_kind.star_institution_number),
            kui_institution_number: exact
                .kui_institution_number
                .or(of_kind.kui_institution_number),
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
