//! Ungedatabasen: contact persons by number, and reports of a municipality.

use jiff::Timestamp;

use super::World;
use super::caller::Refusal;
use super::cast::{self, Contacts, Person};
use super::contacts;
use crate::sandbox::catalogue::{System, text};
use crate::sandbox::element::Element;
use crate::sandbox::triggers;

/// How many rows an answer can hold.
pub(crate) const ROWS: usize = 100;
/// Reports are about people from this age …
const FIRST_AGE: u8 = 15;
/// … to the day before this birthday.
const TOO_OLD: u8 = 25;

impl World {
    /// Answers `Hent`: for the numbers named in it, or for what has changed since a time.
    pub(crate) fn look_up(&mut self, request: &Element, now: Timestamp) -> Result<Element, Refusal> {
        let institution = request.required("STARInstitutionNummer")?.trim().to_owned();
        if let Some(since) = request.optional_time("SidenSidst")? {
            return Ok(self.feed.page(&institution, since, request.required("SidenSidst")?));
        }
        let rows: Vec<Element> = request
            .children
            .iter()
            .filter_map(|elev| elev.value("CPRNr"))
            .flat_map(|cpr| rows(cpr, now))
            .take(ROWS)
            .collect();
        Ok(answer(false, None, rows))
    }

    /// The newest changes, whoever asks: what a trigger has to show.
    pub(crate) fn newest_changes(&self) -> Element {
        self.feed.newest(ROWS / 2)
    }

    /// Answers a report with a code, or with none where it is accepted.
    pub(crate) fn report(&mut self, request: &Element, now: Timestamp) -> Result<Option<u32>, Refusal> {
        let Some(person) = request.value("CPRNr").and_then(cast::person) else {
            return Ok(Some(14));
        };
        if person.youth.is_none() || person.age < FIRST_AGE {
            return Ok(Some(14));
        }
        if person.age >= TOO_OLD {
            return Ok(Some(15));
        }
        let number = request.number("KommuneInstitutionNummer")?;
        if !person.open_to_all && u64::try_from(number) != Ok(person.kui) {
            return Ok(Some(86));
        }
        for path in [
            "KommuneKontakt/KontaktRegistreringstid",
            "JobOnsker/JobRegistreringstid",
            "UddannelsesOnsker/UddannelseRegistreringstid",
        ] {
            if request.optional_time(path)?.is_some_and(|time| time > now) {
                return Ok(Some(280));
            }
        }
        self.reports += 1;
        Ok(None)
    }
}

/// The rows for one number: contact persons, or one row with a code.
fn rows(cpr: &str, now: Timestamp) -> Vec<Element> {
    if let Some(code) = triggers::youth_code(cpr) {
        return vec![code_row(cpr, code)];
    }
    match cast::person(cpr) {
        Some(person @ Person { youth: Some(contacts), .. }) => match (person.subscribed, contacts) {
            (false, _) => vec![code_row(cpr, 68)],
            (true, Contacts::None) => vec![code_row(cpr, 18)],
            (true, _) => contacts::of(person, now).iter().map(|contact| contact.row(cpr)).collect(),
        },
        Some(Person { youth: None, .. }) | None => vec![code_row(cpr, 14)],
    }
}

/// A row that says what is wrong with a number.
pub(crate) fn code_row(cpr: &str, code: u32) -> Element {
    Element::of(
        "ElevKontaktPerson",
        vec![
            Element::text("CPRNr", cpr),
            Element::text("FejlKode", code.to_string()),
            Element::text("FejlTekst", text(System::Udb, code)),
        ],
    )
}

/// `HentSvar`.
pub(crate) fn answer(more: bool, latest: Option<String>, rows: Vec<Element>) -> Element {
    let mut children = vec![Element::text("FindesFlereKontaktPersoner", more.to_string())];
    children.extend(latest.map(|latest| Element::text("SenesteRegistrering", latest)));
    children.extend(rows);
    Element::of("HentSvar", children)
}
