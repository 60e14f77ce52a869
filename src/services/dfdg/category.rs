//! Person categories: registering and correcting them, alone or together with an interview.

use super::fields::{COMMENT, JOBCENTERS_AND_OPERATORS, cpr, identifier};
use super::interview::{IN_PERSON_INTERVIEW, INTERVIEW};
use super::registration;
use crate::operation::{Part, Scopes, Spec};
use crate::shape::{Kind, Object, code, required};

/// May register person categories.
pub const WRITE: Scopes = Scopes::all(&["persons.categories.write"]);

/// May register both at once.
const BOTH: Scopes = Scopes::all(&["persons.categories.write", "persons.interviews.write"]);

const DEFAULTS: Spec = registration(WRITE, JOBCENTERS_AND_OPERATORS, "categories");

static CATEGORY: Object = Object {
    name: "Category",
    doc: "A person category (visitation): how near a person is to the labour market.",
    members: &[
        required("categoryType", "PersonCategoryTypeIdentifier", code("person-category-type"))
            .doc("The category; must fit the person's contact group. \"Not visited\" cannot be registered (6029).")
            .example("4"),
        required("incidentDate", "IncidentDate", Kind::Instant)
            .doc("From when the person was placed in the category, not in the future; a date and time, although named a date.")
            .example("2026-11-20T00:00:00+01:00"),
    ],
};

static CATEGORY_AND_INTERVIEW: Object = Object {
    name: "CategoryAndInterview",
    doc: "A person category and the interview at which it was decided.",
    members: &[
        required("interview", "PersonInterview", Kind::Object(&INTERVIEW)).doc("The interview."),
        required("category", "PersonCategory", Kind::Object(&CATEGORY)).doc("The category."),
    ],
};

/// Register a person category.
pub static CREATE_CATEGORY: Spec = Spec {
    id: "createCategory",
    operation: "CreatePersonCategory",
    path: "/persons/{cpr}/categories",
    parameters: &[cpr("PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "PersonCategory", object: &CATEGORY }],
    status: 201,
    summary: "Register a person category",
    description: "Registers the category in which a jobcentre places a person. The receipt's identifier is the one that a correction names.",
    ..DEFAULTS
};

/// Correct a person category.
pub static CORRECT_CATEGORY: Spec = Spec {
    id: "correctCategory",
    operation: "UpdatePersonCategory",
    path: "/persons/{cpr}/categories/{categoryId}/corrections",
    parameters: &[
        cpr("PersonCivilRegistrationIdentifier"),
        identifier("categoryId", "MessageIdentifier", "The category's identifier, from the receipt."),
    ],
    body: &[Part { prefix: "", object: &COMMENT }],
    status: 201,
    summary: "Correct a person category",
    description: "Corrects a registered category with a comment. The upstream's update carries nothing else: a new value is a new category.",
    ..DEFAULTS
};

/// Register a person category and an interview.
pub static CREATE_CATEGORY_AND_INTERVIEW: Spec = Spec {
    id: "createCategoryAndInterview",
    operation: "CreatePersonCategoryAndInterview",
    path: "/persons/{cpr}/categories-with-interview",
    scopes: BOTH,
    parameters: &[cpr("PersonCivilRegistrationIdentifier")],
    body: &[Part { prefix: "", object: &CATEGORY_AND_INTERVIEW }],
    answer: IN_PERSON_INTERVIEW,
    status: 201,
    location: Some("/persons/{cpr}/interviews/{messageIdentifier}"),
    summary: "Register a person category and an interview",
    description: "Registers both in one call. The answer is the interview; the category's identifier is not returned by the upstream.",
    ..DEFAULTS
};

/// The routes of this file.
pub static SPECS: &[&Spec] = &[&CREATE_CATEGORY, &CORRECT_CATEGORY, &CREATE_CATEGORY_AND_INTERVIEW];
