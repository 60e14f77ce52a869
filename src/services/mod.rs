//! The upstream systems: their services, and every route over their operations.

pub mod dfdg;
pub mod udb;

use crate::operation::{Service, Spec};

/// Every route's definition, in the order of the documents.
pub fn specs() -> impl Iterator<Item = &'static Spec> {
    udb::SPECS.iter().copied().chain(dfdg::specs())
}

/// Every service.
pub fn services() -> [&'static Service; 3] {
    [&udb::HENT_INSTITUTION_KONTAKT, &udb::INDBERETNING, &dfdg::SERVICE]
}

/// The known values of code lists that the demo serves.
pub const CODE_LISTS: &str = include_str!("code_lists.json");
