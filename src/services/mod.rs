//! The upstream systems: their services, and every route over their operations.

pub mod dfdg;
pub mod udb;

use crate::operation::{Service, Spec};

/// Every route's definition, in the order of the documents.
pub fn specs() -> impl Iterator<Item = &'static Spec> {
    udb::SPECS.iter().chain(dfdg::specs()).copied()
}

/// Every service.
pub fn services() -> [&'static Service; 3] {
    [&udb::HENT_INSTITUTION_KONTAKT, &udb::INDBERETNING, &dfdg::SERVICE]
}
