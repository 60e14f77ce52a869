//! The upstream systems: their services, and every route over their operations.

pub mod dfdg;
pub mod udb;

use crate::http::Mount;
use crate::operation::{Service, Spec};

/// Every route, in the order of the documents.
pub fn routes() -> impl Iterator<Item = &'static Mount> {
    udb::ROUTES.iter().chain(dfdg::routes())
}

/// Every route's definition.
pub fn specs() -> impl Iterator<Item = &'static Spec> {
    routes().map(|route| route.spec)
}

/// Every service.
pub fn services() -> [&'static Service; 3] {
    [&udb::HENT_INSTITUTION_KONTAKT, &udb::INDBERETNING, &dfdg::SERVICE]
}

/// The known values of code lists that the demo serves.
pub const CODE_LISTS: &str = include_str!("code_lists.json");
