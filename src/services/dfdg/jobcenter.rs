//! The jobcentre that a person belongs to.

use super::fields::{JOBCENTERS, cpr};
use super::registration;
use crate::operation::{Method, Part, Scopes, Spec};
use crate::shape::{Kind, Object, required};

/// May move persons between jobcentres.
pub const WRITE: Scopes = Scopes::all(&["persons.jobcenter.write"]);

static JOBCENTER: Object = Object {
    name: "Jobcenter",
    doc: "The jobcentre that a person belongs to.",
    members: &[required(
        "jobcenterIdentifier",
        "JobCenterIdentifier",
        Kind::Integer { min: 10_000, max: 99_999 },
    )
    .doc("The jobcentre's five-digit number: the municipality's three digits and two for the part of it.")
    .example("15101")],
};

/// Set a person's jobcentre.
pub static UPDATE_JOBCENTER: Spec = Spec {
    id: "updateJobcenter",
    operation: "UpdatePersonJobcenter",
    method: Method::Put,
    path: "/persons/{cpr}/jobcenter",
    parameters: &[cpr("UpdatePersonJobcenter/PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "UpdatePersonJobcenter", object: &JOBCENTER }],
    summary: "Set a person's jobcentre",
    description: "Registers to which jobcentre a person belongs.",
    ..registration(WRITE, JOBCENTERS, "jobcenter")
};

/// The routes of this file.
pub static SPECS: &[&Spec] = &[&UPDATE_JOBCENTER];
