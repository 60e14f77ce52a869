//! Health limitations: what a person cannot do at work.

use super::fields::{COMMENT, JOBCENTERS, OPTIONAL_COMMENT, cpr, cpr_not_sent, identifier};
use super::registration;
use crate::operation::{Method, Parameter, Part, Scopes, Spec};
use crate::shape::{Kind, Object, optional, required, text};

/// May register health limitations.
pub const WRITE: Scopes = Scopes::all(&["persons.health-limitations.write"]);

const DEFAULTS: Spec = registration(WRITE, JOBCENTERS, "health-limitations");

static LIMITATION: Object = Object {
    name: "HealthLimitation",
    doc: "What limits a person at work for reasons of health.",
    members: &[
        optional("description", "HealthLimitationDescription", text(1, 1500))
            .doc("The limitation, as free text.")
            .example("Cannot lift more than five kilograms."),
        optional("nonPossibleAssignments", "HealthLimitationNonPossibleAssignments", text(1, 1500))
            .doc("Work that the person cannot do, as free text.")
            .example("Warehouse work."),
        required("documentation", "HealthLimitationDocumentation", Kind::Boolean)
            .doc("Whether it is documented.")
            .example("true"),
        required("startDate", "StartDate", Kind::Instant)
            .doc("From when it holds, not in the past; a date and time, although named a date.")
            .example("2026-11-21T00:00:00+01:00"),
        optional("endDate", "EndDate", Kind::Instant)
            .doc("Until when it holds: not before today, not before the start; a date and time, although named a date.")
            .example("2027-03-31T00:00:00+02:00"),
    ],
};

const ID: Parameter =
    identifier("healthLimitationId", "MessageIdentifier", "The limitation's identifier, from the receipt.");

/// Register a health limitation.
pub static CREATE_HEALTH_LIMITATION: Spec = Spec {
    id: "createHealthLimitation",
    operation: "CreateHealthLimitation",
    path: "/persons/{cpr}/health-limitations",
    parameters: &[cpr("HealthLimitation/PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "HealthLimitation", object: &LIMITATION }],
    status: 201,
    location: Some("/persons/{cpr}/health-limitations/{messageIdentifier}"),
    summary: "Register a health limitation",
    description: "Registers what limits a person at work.",
    ..DEFAULTS
};

/// Change a health limitation.
pub static UPDATE_HEALTH_LIMITATION: Spec = Spec {
    id: "updateHealthLimitation",
    operation: "UpdateHealthLimitation",
    method: Method::Put,
    path: "/persons/{cpr}/health-limitations/{healthLimitationId}",
    parameters: &[cpr("HealthLimitation/PersonCivilRegistrationIdentifier"), ID],
    body: &[
        Part { prefix: "HealthLimitation", object: &LIMITATION },
        Part { prefix: "", object: &OPTIONAL_COMMENT },
    ],
    summary: "Change a health limitation",
    description: "Replaces a registered limitation: what is left out is sent as absent. The start cannot be changed (4647), nor an end that was registered (4748).",
    ..DEFAULTS
};

/// Delete a health limitation.
pub static DELETE_HEALTH_LIMITATION: Spec = Spec {
    id: "deleteHealthLimitation",
    operation: "DeleteHealthLimitation",
    method: Method::Delete,
    path: "/persons/{cpr}/health-limitations/{healthLimitationId}",
    parameters: &[cpr_not_sent(), ID],
    summary: "Delete a health limitation",
    description: "Deletes a registered limitation without a comment.",
    ..DEFAULTS
};

/// Delete a health limitation with a comment.
pub static DELETE_HEALTH_LIMITATION_WITH_COMMENT: Spec = Spec {
    id: "deleteHealthLimitationWithComment",
    operation: "DeleteHealthLimitation",
    path: "/persons/{cpr}/health-limitations/{healthLimitationId}/deletion",
    parameters: &[cpr_not_sent(), ID],
    body: &[Part { prefix: "", object: &COMMENT }],
    summary: "Delete a health limitation with a comment",
    description: "Deletes a registered limitation and says why. The comment is free text and may speak of health, so it stands in the body, never in the URL.",
    ..DEFAULTS
};

/// The routes of this file.
pub static SPECS: &[&Spec] = &[
    &CREATE_HEALTH_LIMITATION,
    &UPDATE_HEALTH_LIMITATION,
    &DELETE_HEALTH_LIMITATION,
    &DELETE_HEALTH_LIMITATION_WITH_COMMENT,
];
