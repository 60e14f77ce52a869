//! `[docs]`: how somebody logs in from the documentation page.

use std::collections::BTreeMap;

use super::section::Section;
use super::value::{filled_text, http_url};

/// `[docs]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// `client_id`: of a public client at the provider of `auth.authorization_url`; without it the page has no login.
    pub client_id: Option<String>,
    /// `redirect_url`: where the provider sends the browser back to; by default the page's own address.
    pub redirect_url: Option<String>,
    /// `scopes`: what is asked for; by default every scope of the documents.
    pub scopes: Option<Vec<String>>,
    /// `[docs.parameters]`: added to both requests of the login, such as `audience` or `resource`.
    pub parameters: BTreeMap<String, String>,
}

impl Docs {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let scopes = section.filled_list("scopes", Vec::new(), filled_text);
        Self {
            client_id: section.optional("client_id", filled_text),
            redirect_url: section.optional("redirect_url", http_url),
            scopes: section.has_set("scopes").then_some(scopes),
            parameters: section.table("parameters", read_parameters),
        }
    }
}

fn read_parameters(section: &mut Section<'_>) -> BTreeMap<String, String> {
    let names = section.names();
    let read = |name: String| {
        let value = section.optional(&name, filled_text)?;
        Some((name, value))
    };
    names.into_iter().filter_map(read).collect()
}
