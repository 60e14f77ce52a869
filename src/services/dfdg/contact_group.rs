//! Contact groups: under which scheme a person is in contact with the jobcentre.

use super::fields::{JOBCENTERS_AND_OPERATORS, OPTIONAL_COMMENT, cpr, identifier};
use super::registration;
use crate::operation::{Method, Part, Scopes, Spec};
use crate::shape::{Kind, Object, optional, required};

/// May register contact groups.
pub const WRITE: Scopes = Scopes::all(&["persons.contact-groups.write"]);

const DEFAULTS: Spec = registration(WRITE, JOBCENTERS_AND_OPERATORS, "contact-groups");

/// A contact group.
static CONTACT_GROUP: Object = Object {
    name: "ContactGroup",
    doc: "The scheme under which a person is in contact with the jobcentre. A person has one open contact group at most.",
    members: &[
        optional(
            "contactGroupType",
            "ContactGroupTypeIdentifier",
            Kind::Code { max: 10_000_000, list: "contact-group-type" },
        )
        .doc("The scheme. Cannot be changed later.")
        .example("2"),
        optional("eventTime", "ContactGroupEventTime", Kind::Instant)
            .doc("When it was decided: at the start or before it. Cannot be changed later.")
            .example("2026-11-20T08:00:00+01:00"),
        required("startTime", "ContactGroupStartTime", Kind::Instant)
            .doc("From when it holds. Cannot be changed later.")
            .example("2026-11-20T08:00:00+01:00"),
        optional("endTime", "ContactGroupEndTime", Kind::Instant)
            .doc("Until when it holds; on a change not before today and not before the start.")
            .example("2027-05-31T23:59:59+02:00"),
    ],
};

/// Register a contact group.
pub static CREATE_CONTACT_GROUP: Spec = Spec {
    id: "createContactGroup",
    operation: "CreateContactGroup",
    path: "/persons/{cpr}/contact-groups",
    parameters: &[cpr("ContactGroup/PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "ContactGroup", object: &CONTACT_GROUP }],
    status: 201,
    location: Some("/persons/{cpr}/contact-groups/{messageIdentifier}"),
    summary: "Register a contact group",
    description: "Opens a contact group for a person who has none that is open.",
    ..DEFAULTS
};

/// Change a contact group.
pub static UPDATE_CONTACT_GROUP: Spec = Spec {
    id: "updateContactGroup",
    operation: "UpdateContactGroup",
    method: Method::Put,
    path: "/persons/{cpr}/contact-groups/{contactGroupId}",
    parameters: &[
        cpr("ContactGroup/PersonCivilRegistrationIdentifier"),
        identifier(
            "contactGroupId",
            "MessageIdentifier",
            "The contact group's identifier, from the receipt.",
        ),
    ],
    body: &[
        Part { prefix: "ContactGroup", object: &CONTACT_GROUP },
        Part { prefix: "", object: &OPTIONAL_COMMENT },
    ],
    summary: "Change a contact group",
    description: "Replaces a registered contact group, in practice to end it: what is left out is sent as absent. Type, start and event time must be those registered.",
    ..DEFAULTS
};

/// The routes of this file.
pub static SPECS: &[&Spec] = &[&CREATE_CONTACT_GROUP, &UPDATE_CONTACT_GROUP];
