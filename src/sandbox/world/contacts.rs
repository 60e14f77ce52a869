//! The contact persons that schools have registered for young people.

use jiff::{SignedDuration, Timestamp};

use super::cast::{Contacts, Person};
use super::utc;
use crate::sandbox::element::Element;

/// One row of an answer.
pub(crate) struct Contact {
    name: String,
    phone: Option<String>,
    email: Option<String>,
    ended: Option<Timestamp>,
    institution: u32,
}

const SCHOOLS: [u32; 3] = [151_012, 101_497, 461_302];

/// The contact persons of somebody, as they are at a time.
pub(crate) fn of(person: &Person, now: Timestamp) -> Vec<Contact> {
    match person.youth {
        None | Some(Contacts::None) => Vec::new(),
        Some(Contacts::One) => vec![Contact::new("Vejleder Vibeke Dahl", 0)],
        Some(Contacts::Ending) => {
            vec![Contact { ended: Some(days(now, 30)), ..Contact::new("Vejleder Vibeke Dahl", 0) }]
        }
        Some(Contacts::Three) => {
            let ended = Contact { ended: Some(days(now, -30)), ..Contact::new("Studievejledningen", 1) };
            vec![Contact::new("Vejleder Vibeke Dahl", 0), Contact::new("Mentor Søren Åkjær", 0), ended]
        }
        Some(Contacts::NameOnly) => {
            vec![Contact { phone: None, email: None, ..Contact::new("Kontaktteamet", 2) }]
        }
        Some(Contacts::Odd) => {
            let name = "Ærø & Œuvre <vejledning> \"ÆØÅ\" ]]> 日本 😀";
            vec![Contact { phone: Some("+45 00 12 34 56".to_owned()), ..Contact::new(name, 1) }]
        }
        Some(Contacts::Many(count)) => {
            (1..=count).map(|number| Contact::new(&format!("Kontaktperson nr. {number}"), number)).collect()
        }
    }
}

fn days(now: Timestamp, days: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now)
}

impl Contact {
    /// A contact person with everything, at one of the schools.
    pub(crate) fn new(name: &str, number: usize) -> Self {
        Self {
            name: name.to_owned(),
            phone: Some(format!("8888{:04}", 1000 + number)),
            email: Some(format!("kontakt{number}@skole.example")),
            ended: None,
            institution: SCHOOLS[number % SCHOOLS.len()],
        }
    }

    /// The row for a number.
    pub(crate) fn row(&self, cpr: &str) -> Element {
        let mut children =
            vec![Element::text("CPRNr", cpr), Element::text("KontaktPerson", self.name.clone())];
        children.extend(self.phone.iter().map(|phone| Element::text("KontaktTelefon", phone.clone())));
        children.extend(self.email.iter().map(|email| Element::text("KontaktMail", email.clone())));
        children.extend(self.ended.iter().map(|ended| Element::text("SlutDato", utc(*ended))));
        children.push(Element::text("InstitutionNummer", self.institution.to_string()));
        Element::of("ElevKontaktPerson", children)
    }
}
