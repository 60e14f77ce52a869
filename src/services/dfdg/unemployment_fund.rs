//! Whether a person's unemployment fund takes part in interviews at the jobcentre.

use super::fields::{JOBCENTERS_AND_FUNDS, cpr};
use super::registration;
use crate::operation::{Method, Parameter, ParameterKind, Part, Scopes, Spec};
use crate::shape::{Kind, Member, Object, optional, required};

/// May register the unemployment fund's part in interviews.
pub const WRITE: Scopes = Scopes::all(&["persons.unemployment-fund.write"]);

const DEFAULTS: Spec =
    Spec { method: Method::Put, ..registration(WRITE, JOBCENTERS_AND_FUNDS, "unemployment-fund") };

const UNWANTED: Member = required("unwanted", "UnemploymentFundParticipationUnwanted", Kind::Boolean)
    .doc("Whether the person does NOT want the visiting authority to take part in the next joint interview.")
    .example("false");

static PARTICIPATION: Object = Object {
    name: "FundParticipation",
    doc: "Whether the visiting authority's part in the next joint interview is wanted.",
    members: &[
        UNWANTED,
        optional("incidentDate", "UnemploymentFundParticipationIncidentDate", Kind::Day)
            .doc("The day on which the refusal was updated.")
            .example("2026-11-20"),
    ],
};

static PARTICIPATION_BY_CV: Object = Object {
    name: "FundParticipationByCv",
    doc: "Whether the visiting authority's part in the next joint interview is wanted.",
    members: &[UNWANTED],
};

static CHOICE: Object = Object {
    name: "FundParticipationChoice",
    doc: "The fund's or the jobcentre's own choice.",
    members: &[
        required("participates", "UnemploymentFundParticipation", Kind::Boolean)
            .doc("Whether the fund, or the jobcentre, takes part in the first joint interview: false declines, true says that it would like to after all.")
            .example("true"),
        required("eventDate", "EventDate", Kind::Instant)
            .doc("When the refusal was updated; a date and time, although named a date.")
            .example("2026-11-20T10:00:00+01:00"),
    ],
};

/// Register whether the visiting authority's participation is wanted.
pub static REGISTER_FUND_PARTICIPATION: Spec = Spec {
    id: "registerFundParticipation",
    operation: "RegisterUnemploymentFundParticipation",
    path: "/persons/{cpr}/unemployment-fund/participation",
    parameters: &[cpr("PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "", object: &PARTICIPATION }],
    summary: "Register whether the visiting authority's participation is wanted",
    description: "Registers that a person does not want an authority other than the one that holds it to take part in the next joint interview, or wants it again.",
    ..DEFAULTS
};

/// Register whether the fund or jobcentre takes part.
pub static REGISTER_FUND_PARTICIPATION_CHOICE: Spec = Spec {
    id: "registerFundParticipationChoice",
    operation: "RegisterUnemploymentFundParticipationChoice",
    path: "/persons/{cpr}/unemployment-fund/participation-choice",
    parameters: &[cpr("PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "", object: &CHOICE }],
    summary: "Register whether the fund or jobcentre takes part",
    description: "Registers that the unemployment fund declines the first joint interview with a person, or that the jobcentre does (in the trial where funds hold it); or takes that back.",
    ..DEFAULTS
};

/// Register by CV whether the visiting authority's participation is wanted.
pub static REGISTER_FUND_PARTICIPATION_BY_CV: Spec = Spec {
    id: "registerFundParticipationByCv",
    operation: "RegisterUnemploymentFundParticipationCv",
    path: "/cv-customers/{cvCustomerId}/unemployment-fund/participation",
    parameters: &[Parameter {
        name: "cvCustomerId",
        wire: Some("CvCustomerIdentifier"),
        kind: ParameterKind::CvCustomer,
        doc: "The person's CV customer number, eight digits. It counts as personal.",
    }],
    body: &[Part { prefix: "", object: &PARTICIPATION_BY_CV }],
    deprecated: true,
    summary: "Register by CV whether the visiting authority's participation is wanted",
    description: "As registerFundParticipation, with the person named by CV customer number. Not in use upstream.",
    ..DEFAULTS
};

/// The routes of this file.
pub static SPECS: &[&Spec] =
    &[&REGISTER_FUND_PARTICIPATION, &REGISTER_FUND_PARTICIPATION_CHOICE, &REGISTER_FUND_PARTICIPATION_BY_CV];
