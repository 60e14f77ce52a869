//! The municipality's report about a young person: who is in touch with them, and what they wish for.

use super::INDBERETNING;
use crate::operation::{
    Answers, Effect, Kinds, Method, Parameter, ParameterKind, Part, Scopes, Spec, Supplied, Supply,
};
use crate::pattern;
use crate::shape::{Kind, Object, Pattern, matching, optional, required, text};
use crate::types::AuthorityKind::Municipality;

static PHONE: Pattern = pattern!("[1-9][0-9]{0,9}");

static CONTACT: Object = Object {
    name: "MunicipalityContact",
    doc: "The person in the municipality who is in touch with the young person.",
    members: &[
        required("name", "KontaktNavn", text(1, 100)).doc("Name.").example("Mette Sørensen"),
        required("email", "KontaktMail", text(1, 100))
            .doc("E-mail address.")
            .example("mette@kommune.example"),
        optional("phone", "KontaktTelefon", matching(&PHONE))
            .doc("Mobile telephone number. The wire holds a number: no leading zero and no +.")
            .example("70101010"),
        required("registeredAt", "KontaktRegistreringstid", Kind::Instant)
            .doc("When the municipality registered it; not in the future.")
            .example("2026-11-20T10:00:00+01:00"),
    ],
};

static JOB: Object = Object {
    name: "JobWishes",
    doc: "What the young person would like to work with.",
    members: &[
        required("text", "JobOnsker", text(1, 200))
            .doc("The wishes, as free text.")
            .example("Something outdoors."),
        required("registeredAt", "JobRegistreringstid", Kind::Instant)
            .doc("When the municipality registered them; not in the future.")
            .example("2026-11-20T10:00:00+01:00"),
    ],
};

static EDUCATION: Object = Object {
    name: "EducationWishes",
    doc: "Which education the young person would like.",
    members: &[
        required("text", "UddannelsesOnsker", text(1, 200))
            .doc("The wishes, as free text.")
            .example("Gardener."),
        required("registeredAt", "UddannelsesRegistreringstid", Kind::Instant)
            .doc("When the municipality registered them; not in the future.")
            .example("2026-11-20T10:00:00+01:00"),
    ],
};

static REPORT: Object = Object {
    name: "YouthReport",
    doc: "What a municipality reports about a young person: at least one of the three.",
    members: &[
        optional("municipalityContact", "KommuneKontakt", Kind::Object(&CONTACT))
            .doc("Who is in touch with the young person."),
        optional("jobWishes", "JobOnsker", Kind::Object(&JOB)).doc("Wishes for work."),
        optional("educationWishes", "UddannelsesOnsker", Kind::Object(&EDUCATION))
            .doc("Wishes for education."),
    ],
};

static FEJL: Object = Object {
    name: "Fejl",
    doc: "",
    members: &[
        required("code", "Fejlkode", Kind::Integer { min: i64::MIN, max: i64::MAX }),
        required("text", "Fejltekst", text(0, usize::MAX)),
    ],
};

static SVAR: Object = Object {
    name: "IndberetningSvar",
    doc: "",
    members: &[required("ok", "Ok", Kind::Boolean), optional("fault", "Fejl", Kind::Object(&FEJL))],
};

static WARNING: Object = Object {
    name: "ReportWarning",
    doc: "What the upstream remarked on a report that it accepted.",
    members: &[
        required("code", "Fejlkode", text(0, usize::MAX)).doc("The upstream's code.").example("280"),
        required("text", "Fejltekst", text(0, usize::MAX))
            .doc("The upstream's text, in Danish.")
            .example("Registreringstid for kontakt, uddannelses- eller jobønsker må ikke fremdateres"),
    ],
};

static ACCEPTED: Object = Object {
    name: "ReportAccepted",
    doc: "That a report was accepted.",
    members: &[
        required("accepted", "Ok", Kind::Boolean).doc("Always true; a refusal is a problem.").example("true"),
        optional("warning", "Fejl", Kind::Object(&WARNING)).doc("What the upstream remarked, if anything."),
    ],
};

/// Report contact and wishes of a young person.
pub static REPORT_YOUTH: Spec = Spec {
    id: "reportYouth",
    operation: "IndberetningKontaktJobOgUddOensker",
    service: &INDBERETNING,
    method: Method::Post,
    path: "/youth/{cpr}/reports",
    scopes: Scopes::all(&["youth.reports.write"]),
    authorities: Kinds::any(&[Municipality]),
    effect: Effect::Write,
    parameters: &[Parameter {
        name: "cpr",
        wire: Some("CPRNr"),
        kind: ParameterKind::YouthCpr,
        doc: "The young person's CPR number, ten digits; or `-`, with the number in the header X-CivilRegistrationIdentifier.",
    }],
    query: &[],
    body: &[Part { prefix: "", object: &REPORT }],
    at_least_one_of: &["municipalityContact", "jobWishes", "educationWishes"],
    supplied: &[
        Supplied { wire: "ModtagerSystemID", what: Supply::SystemName },
        Supplied { wire: "KommuneInstitutionNummer", what: Supply::KuiInstitutionNumber },
    ],
    answer: Part { prefix: "", object: &SVAR },
    document: Some(&ACCEPTED),
    answers: Answers::Report,
    status: 200,
    location: None,
    deprecated: false,
    tag: "youth",
    summary: "Report contact and wishes of a young person",
    description: "Reports to Ungedatabasen who in the municipality is in touch with a young person, and which job and education the young person wishes for. Young people aged 15 to 24 who live in Denmark; only the municipality in which they live may report.",
};
