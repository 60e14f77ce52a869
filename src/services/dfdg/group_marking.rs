//! Group markings: a person's part in a group project.

use super::fields::{
    COMMENT, JOBCENTERS_AND_FUNDS, OPTIONAL_CORRECTION_COMMENT, cpr, cpr_not_sent, identifier,
};
use super::registration;
use crate::operation::{Method, Parameter, Part, Scopes, Spec};
use crate::shape::{Kind, Member, Object, optional, required};

/// May register group markings.
pub const WRITE: Scopes = Scopes::all(&["persons.group-markings.write"]);

const DEFAULTS: Spec = registration(WRITE, JOBCENTERS_AND_FUNDS, "group-markings");

const START: Member = required("startTime", "PersonGroupMarkingStartTime", Kind::Instant)
    .doc("From when the person takes part: not before the project; on a change also not in the past.")
    .example("2026-11-21T08:00:00+01:00");
const END: Member = optional("endTime", "PersonGroupMarkingEndTime", Kind::Instant)
    .doc("Until when the person takes part: not before the start, not after the project.")
    .example("2027-01-31T16:00:00+01:00");

static MARKING: Object = Object {
    name: "GroupMarking",
    doc: "A person's part in a group project.",
    members: &[
        START,
        END,
        required("projectIdentifier", "PersonGroupProjectIdentifier", Kind::Guid)
            .doc("The group project, which STAR must know.")
            .example("5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9"),
    ],
};

static MARKING_CHANGE: Object = Object {
    name: "GroupMarkingChange",
    doc: "What can be changed of a group marking. The start is always sent.",
    members: &[START, END, OPTIONAL_CORRECTION_COMMENT],
};

const ID: Parameter =
    identifier("markingId", "MessageIdentifier", "The marking's identifier, from the receipt.");

/// Mark a person as part of a group project.
pub static CREATE_GROUP_MARKING: Spec = Spec {
    id: "createGroupMarking",
    operation: "CreatePersonGroupMarking",
    path: "/persons/{cpr}/group-markings",
    parameters: &[cpr("PersonGroupMarking/PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "PersonGroupMarking", object: &MARKING }],
    status: 201,
    location: Some("/persons/{cpr}/group-markings/{messageIdentifier}"),
    summary: "Mark a person as part of a group project",
    description: "Registers that a person takes part in a group project for a time.",
    ..DEFAULTS
};

/// Change a group marking.
pub static UPDATE_GROUP_MARKING: Spec = Spec {
    id: "updateGroupMarking",
    operation: "UpdatePersonGroupMarking",
    method: Method::Patch,
    path: "/persons/{cpr}/group-markings/{markingId}",
    parameters: &[cpr_not_sent(), ID],
    body: &[Part { prefix: "", object: &MARKING_CHANGE }],
    summary: "Change a group marking",
    description: "Changes the time for which a person takes part in a group project. Only the authority that made the marking, or the person's jobcentre, may.",
    ..DEFAULTS
};

/// Delete a group marking.
pub static DELETE_GROUP_MARKING: Spec = Spec {
    id: "deleteGroupMarking",
    operation: "DeletePersonGroupMarking",
    method: Method::Delete,
    path: "/persons/{cpr}/group-markings/{markingId}",
    parameters: &[cpr_not_sent(), ID],
    summary: "Delete a group marking",
    description: "Deletes a marking without a comment.",
    ..DEFAULTS
};

/// Delete a group marking with a comment.
pub static DELETE_GROUP_MARKING_WITH_COMMENT: Spec = Spec {
    id: "deleteGroupMarkingWithComment",
    operation: "DeletePersonGroupMarking",
    path: "/persons/{cpr}/group-markings/{markingId}/deletion",
    parameters: &[cpr_not_sent(), ID],
    body: &[Part { prefix: "", object: &COMMENT }],
    summary: "Delete a group marking with a comment",
    description: "Deletes a marking and says why. The comment is free text and may speak of health, so it stands in the body, never in the URL.",
    ..DEFAULTS
};

/// The routes of this file.
pub static SPECS: &[&Spec] = &[
    &CREATE_GROUP_MARKING,
    &UPDATE_GROUP_MARKING,
    &DELETE_GROUP_MARKING,
    &DELETE_GROUP_MARKING_WITH_COMMENT,
];
