//! `[routes]`: routes switched off, or opened to other kinds of authority.

use std::collections::BTreeMap;

use crate::types::AuthorityKind;

use super::section::Section;
use super::value::{authority, boolean};

/// `[routes]`: what was changed, by operationId.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes(pub BTreeMap<String, RouteSettings>);

/// `[routes.<operationId>]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteSettings {
    /// `enabled`: a route that is not is unknown (404).
    pub enabled: bool,
    /// `authorities`: the kinds that may use the route, instead of its own list; at least one.
    pub authorities: Option<Vec<AuthorityKind>>,
}

impl Routes {
    /// Whether the route is served.
    pub fn enabled(&self, operation_id: &str) -> bool {
        self.0.get(operation_id).is_none_or(|settings| settings.enabled)
    }

    /// The kinds that the configuration names for a route instead of its own.
    pub fn authorities(&self, operation_id: &str) -> Option<&[AuthorityKind]> {
        self.0.get(operation_id)?.authorities.as_deref()
    }
}

impl Default for RouteSettings {
    fn default() -> Self {
        Self { enabled: true, authorities: None }
    }
}

impl Routes {
    /// Reads the routes that exist; the section reports the others as unknown.
    pub(super) fn read(section: &mut Section<'_>, known: &[&str]) -> Self {
        let read = |name: &&str| {
            let settings = section.optional_table(name, RouteSettings::read)?;
            Some(((*name).to_owned(), settings))
        };
        Self(known.iter().filter_map(read).collect())
    }
}

impl RouteSettings {
    fn read(section: &mut Section<'_>) -> Self {
        let enabled = section.or("enabled", true, boolean);
        let authorities = section.filled_list("authorities", Vec::new(), authority);
        Self { enabled, authorities: section.has_set("authorities").then_some(authorities) }
    }
}
