//! Ungedatabasen: contact persons by number, and reports of a municipality.

use jiff::Timestamp;

use super::World;
use super::caller::Refusal;
use super::cast::{self, Contacts, Person};
use super::contacts;
use crate::sandbox::catalogue::text_of;
use crate::sandbox::element::Element;
use crate::sandbox::rules::{Rule, youth as rules};
use crate::sandbox::triggers;

/// How many rows an answer can hold.
pub(crate) const ROWS: usize = 100;
/// Reports are about people from this age …
const FIRST_AGE: u8 = 15;
/// … to the day before this birthday.
const TOO_OLD: u8 = 25;

/// An answer, and the first rule by which it holds a code.
pub(crate) type Told = (Element, Option<&'static Rule>);

impl World {
    /// Answers `Hent`: for the numbers named in it, or for what has changed since a time.
    pub(crate) fn look_up(&mut self, request: &Element, now: Timestamp) -> Result<Told, Refusal> {
        let institution = request.required("STARInstitutionNummer")?.trim().to_owned();
        if let Some(since) = request.optional_time("SidenSidst")? {
            let page = self.feed.page(&institution, since, request.required("SidenSidst")?);
            return Ok((page, None));
        }
        let mut refused = None;
        let mut all = Vec::new();
        for cpr in request.children.iter().filter_map(|elev| elev.value("CPRNr")) {
            let (rows, rule) = rows(cpr, now);
            refused = refused.or(rule);
            all.extend(rows);
        }
        all.truncate(ROWS);
        Ok((answer(false, None, all), refused))
    }

    /// The newest changes, whoever asks: what a trigger has to show.
    pub(crate) fn newest_changes(&self) -> Element {
        self.feed.newest(ROWS / 2)
    }

    /// The rule by which a report is refused; none where it is accepted.
    pub(crate) fn report(
        &mut self,
        request: &Element,
        now: Timestamp,
    ) -> Result<Option<&'static Rule>, Refusal> {
        let person = request.value("CPRNr").and_then(cast::person);
        let Some(person) = person.filter(|person| person.youth.is_some()) else {
            return Ok(Some(&rules::UNKNOWN));
        };
        if person.age < FIRST_AGE {
            return Ok(Some(&rules::TOO_YOUNG));
        }
        if person.age >= TOO_OLD {
            return Ok(Some(&rules::TOO_OLD));
        }
        let number = request.number("KommuneInstitutionNummer")?;
        if !person.open_to_all && u64::try_from(number) != Ok(person.kui) {
            return Ok(Some(&rules::OTHER_MUNICIPALITY));
        }
        for path in [
            "KommuneKontakt/KontaktRegistreringstid",
            "JobOnsker/JobRegistreringstid",
            "UddannelsesOnsker/UddannelseRegistreringstid",
        ] {
            if request.optional_time(path)?.is_some_and(|time| time > now) {
                return Ok(Some(&rules::IN_FUTURE));
            }
        }
        self.reports += 1;
        Ok(None)
    }
}

/// The rows for one number: contact persons, or one row with the code of a rule or trigger.
fn rows(cpr: &str, now: Timestamp) -> (Vec<Element>, Option<&'static Rule>) {
    if let Some(code) = triggers::youth_code(cpr) {
        return (vec![code_row(cpr, code)], None);
    }
    let rule = match cast::person(cpr) {
        None | Some(Person { youth: None, .. }) => &rules::UNKNOWN,
        Some(Person { subscribed: false, .. }) => &rules::NOT_SUBSCRIBED,
        Some(Person { youth: Some(Contacts::None), .. }) => &rules::NO_CONTACT,
        Some(person) => {
            return (contacts::of(person, now).iter().map(|contact| contact.row(cpr)).collect(), None);
        }
    };
    (vec![code_row(cpr, rule.code())], Some(rule))
}

/// A row that says what is wrong with a number.
pub(crate) fn code_row(cpr: &str, code: u32) -> Element {
    Element::of(
        "ElevKontaktPerson",
        vec![
            Element::text("CPRNr", cpr),
            Element::text("FejlKode", code.to_string()),
            Element::text("FejlTekst", text_of(code, "HentInstitutionKontakt")),
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
