//! Look-ups of young people by several authorities, each with an institution number and contact persons of its own.

use std::time::Duration;

use serde_json::Value;
use ungebro::config::{AuthoritySettings, Config};

use super::app::App;
use super::client::Call;
use super::exchange::{hent_svar, numbers_of};
use super::token::Token;
use super::upstream::{Received, Reply};

pub(crate) const SCOPE: &str = "youth.contacts.read";
/// Authorities and their institution numbers; the last two have the same.
pub(crate) const AUTHORITIES: [(&str, u64); 4] = [
    ("jobcenter:10101", 1_010_101),
    ("jobcenter:20202", 2_020_202),
    ("star:3", 3_030_303),
    ("jobcenter:40404", 3_030_303),
];
pub(crate) const FIRST: &str = AUTHORITIES[0].0;
/// Longer than any test takes.
pub(crate) const HOUR: Duration = Duration::from_secs(3600);

/// The authorities' numbers, and everything remembered for an hour.
pub(crate) fn remembering(config: &mut Config) {
    for (authority, number) in AUTHORITIES {
        let numbers =
            AuthoritySettings { star_institution_number: Some(number), kui_institution_number: None };
        config.authorities.exact.insert(authority.parse().unwrap(), numbers);
    }
    config.cache.contacts_ttl = HOUR;
    config.cache.empty_ttl = HOUR;
    config.cache.not_found_ttl = HOUR;
}

/// A look-up of one person.
pub(crate) fn look_up(app: &App, authority: &str, cpr: &str) -> Call {
    app.call("GET", &format!("/youth/{cpr}/contacts")).token(&Token::caseworker(SCOPE, authority))
}

/// The numbers of so many young people.
pub(crate) fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{:02}0190{:04}", index % 28 + 1, index)).collect()
}

/// The institution number that a call was made with.
pub(crate) fn institution_of(received: &Received) -> u64 {
    received.message().text_of("STARInstitutionNummer").unwrap().parse().unwrap()
}

/// A contact person's name that belongs to one institution and one young person.
pub(crate) fn name(institution: u64, cpr: &str) -> String {
    format!("{institution} for {}", &cpr[6..])
}

/// A row with that contact person.
pub(crate) fn row(institution: u64, cpr: &str) -> String {
    format!(
        "<ElevKontaktPerson><CPRNr>{cpr}</CPRNr><KontaktPerson>{}</KontaktPerson></ElevKontaktPerson>",
        name(institution, cpr)
    )
}

/// An answer with rows for each number asked about.
pub(crate) fn reply(received: &Received, row: impl Fn(u64, &str) -> String) -> Reply {
    let institution = institution_of(received);
    let rows = numbers_of(&received.message()).iter().map(|cpr| row(institution, cpr)).collect();
    Reply::message("1.2", &hent_svar(false, None, rows))
}

/// One contact person for everybody.
pub(crate) fn everybody_has_one(received: &Received) -> Reply {
    reply(received, row)
}

/// The names in an answer about one person.
pub(crate) fn names(person: &Value) -> Vec<&str> {
    let contacts = person["contacts"].as_array().unwrap_or_else(|| panic!("{person}"));
    contacts.iter().map(|contact| contact["name"].as_str().unwrap()).collect()
}
