//! The rows of an answer about contact persons, and what clients see of them.

use crate::operation::Part;
use crate::shape::{Item, Kind, Member, Object, optional, required, text};

const UNLIMITED: Kind = text(0, usize::MAX);
const NUMBER: Kind = Kind::Integer { min: 0, max: 9_999_999_999 };

/// A contact person, as clients see it.
pub static CONTACT: Object = Object {
    name: "Contact",
    doc: "A contact person or group that a school has named for a young person. What the school left out is left out.",
    members: &[NAME, PHONE, EMAIL, END_DATE, INSTITUTION_NUMBER],
};

pub(super) const NAME: Member = optional("name", "KontaktPerson", UNLIMITED)
    .doc("Name of the contact person or group, at most 250 characters.")
    .example("Studievejledningen");
pub(super) const PHONE: Member = optional("phone", "KontaktTelefon", UNLIMITED)
    .doc("Telephone number, at most 20 characters.")
    .example("70101010");
pub(super) const EMAIL: Member = optional("email", "KontaktMail", UNLIMITED)
    .doc("E-mail address, at most 64 characters.")
    .example("vejledning@skole.example");
pub(super) const END_DATE: Member = optional("endDate", "SlutDato", Kind::Instant)
    .doc("From when the contact person no longer holds; a date and time, although named a date.")
    .example("2027-06-30T00:00:00+02:00");
pub(super) const INSTITUTION_NUMBER: Member = optional("institutionNumber", "InstitutionNummer", NUMBER)
    .doc("Number of the institution that named the contact person.")
    .example("281047");

static ROW: Object = Object {
    name: "ElevKontaktPerson",
    doc: "",
    members: &[
        optional("cpr", "CPRNr", UNLIMITED),
        optional("code", "FejlKode", Kind::Integer { min: i64::MIN, max: i64::MAX }),
        optional("text", "FejlTekst", UNLIMITED),
        NAME,
        PHONE,
        EMAIL,
        END_DATE,
        INSTITUTION_NUMBER,
    ],
};

static ANSWER: Object = Object {
    name: "HentSvar",
    doc: "",
    members: &[
        required("more", "FindesFlereKontaktPersoner", Kind::Boolean),
        optional("latest", "SenesteRegistrering", UNLIMITED),
        optional("rows", "ElevKontaktPerson", Kind::List { of: Item::Object(&ROW), max: usize::MAX }),
    ],
};

/// The answer of HentInstitutionKontakt.
pub const HENT_SVAR: Part = Part { prefix: "", object: &ANSWER };
