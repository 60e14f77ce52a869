//! Consents. The upstream has phased these operations out; the routes stay for those who still see them answered.

use super::fields::{COMMENT, JOBCENTERS, cpr, cpr_not_sent, identifier};
use super::registration;
use crate::operation::{Method, Parameter, Part, Scopes, Spec};
use crate::shape::{Kind, Object, required};

/// May register consents.
pub const WRITE: Scopes = Scopes::all(&["persons.consents.write"]);

const DEFAULTS: Spec = Spec { deprecated: true, ..registration(WRITE, JOBCENTERS, "consents") };

static CONSENT: Object = Object {
    name: "Consent",
    doc: "A person's consent, given to a jobcentre.",
    members: &[
        required("consent", "Consent", Kind::Boolean).doc("Whether consent was given.").example("true"),
        required("consentDate", "ConsentDate", Kind::Instant)
            .doc("When it was given; a date and time, although named a date.")
            .example("2026-11-20T10:00:00+01:00"),
        required(
            "jobcenterIdentifier",
            "JobCenterIdentifier",
            Kind::Integer { min: i32::MIN as i64, max: i32::MAX as i64 },
        )
        .doc("The jobcentre's number; in this operation the upstream limits it to 32 bits only.")
        .example("15101"),
    ],
};

const ID: Parameter =
    identifier("consentId", "MessageIdentifier", "The consent's identifier, from the receipt.");

/// Register a consent.
pub static CREATE_CONSENT: Spec = Spec {
    id: "createConsent",
    operation: "CreateCivicConsent",
    path: "/persons/{cpr}/consents",
    parameters: &[cpr("CivicConsent/PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "CivicConsent", object: &CONSENT }],
    status: 201,
    location: Some("/persons/{cpr}/consents/{messageIdentifier}"),
    summary: "Register a consent",
    description: "Registers a person's consent. Phased out upstream, which answers that the method cannot be used (410 operation-deprecated).",
    ..DEFAULTS
};

/// Delete a consent.
pub static DELETE_CONSENT: Spec = Spec {
    id: "deleteConsent",
    operation: "DeleteCivicConsent",
    method: Method::Delete,
    path: "/persons/{cpr}/consents/{consentId}",
    parameters: &[cpr_not_sent(), ID],
    summary: "Delete a consent",
    description: "Deletes a consent without a comment. Phased out upstream.",
    ..DEFAULTS
};

/// Delete a consent with a comment.
pub static DELETE_CONSENT_WITH_COMMENT: Spec = Spec {
    id: "deleteConsentWithComment",
    operation: "DeleteCivicConsent",
    path: "/persons/{cpr}/consents/{consentId}/deletion",
    parameters: &[cpr_not_sent(), ID],
    body: &[Part { prefix: "", object: &COMMENT }],
    summary: "Delete a consent with a comment",
    description: "Deletes a consent and says why. The comment is free text and may speak of health, so it stands in the body, never in the URL. Phased out upstream.",
    ..DEFAULTS
};

/// The routes of this file.
pub static SPECS: &[&Spec] = &[&CREATE_CONSENT, &DELETE_CONSENT, &DELETE_CONSENT_WITH_COMMENT];
