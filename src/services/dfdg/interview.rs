//! Interviews: registering and changing them, and their participants.

use super::fields::{COMMENT, INTERVIEWERS, cpr, identifier};
use super::registration;
use crate::operation::{Method, Parameter, Part, Scopes, Spec};
use crate::pattern;
use crate::shape::{Item, Kind, Object, Pattern, code, matching, optional, required, text};

/// May register interviews.
pub const WRITE: Scopes = Scopes::all(&["persons.interviews.write"]);

static AUTHORITY_CODE: Pattern = pattern!("[-][1]|[0-9]{1,8}");
static TELEPHONE: Pattern = pattern!(r"(\+)?[0-9]{3,20}");
static EMAIL: Pattern = pattern!(r"([^>\(\)\[\]\\,;:@\s]{0,191}@[^>\(\)\[\]\\,;:@\s]{1,64})");

/// A participant of an interview.
pub static PARTICIPANT: Object = Object {
    name: "InterviewParticipant",
    doc: "Somebody who takes part in an interview besides the person and the caseworker.",
    members: &[
        optional("messageIdentifier", "MessageIdentifier", Kind::Guid)
            .doc("An identifier of the client's own choice; STAR makes one otherwise, and refuses it in some situations (8240).")
            .example("3f0e9b1a-6c2d-4e7f-8a5b-1c9d0e2f4a6b"),
        required("name", "InterviewParticipantName", text(1, 256)).doc("The participant's name.").example("Karen Holm"),
        required("contactType", "InterviewParticipantContactTypeIdentifier", code("interview-contact-type"))
            .doc("How the participant takes part.")
            .example("1"),
        required("participantType", "InterviewParticipantTypeIdentifier", code("interview-participant-type"))
            .doc("In which role the participant takes part.")
            .example("2"),
        optional("externalAuthorityParticipantId", "ExternalAuthorityParticipantId", text(1, 256))
            .doc("The participant's identifier in the authority that he or she comes from.")
            .example("MUN-0042"),
    ],
};

static AUTHORITY: Object = Object {
    name: "InterviewAuthority",
    doc: "The authority that holds an interview.",
    members: &[
        required("code", "AuthorityCode", matching(&AUTHORITY_CODE))
            .doc("Number of the jobcentre, unemployment fund or operator; -1 where it has none.")
            .example("15101"),
        required("name", "AuthorityName", text(1, 100)).doc("Its name.").example("Jobcenter Eksempel"),
        required("organisationType", "OrganisationTypeIdentifier", code("organisation-type"))
            .doc("Its kind.")
            .example("8"),
    ],
};

static CASE_WORKER: Object = Object {
    name: "InterviewCaseWorker",
    doc: "The caseworker who holds an interview.",
    members: &[
        required("givenName", "CaseWorkerGivenName", text(1, 50)).doc("Given name.").example("Mette"),
        optional("middleName", "CaseWorkerMiddleName", text(1, 40)).doc("Middle name.").example("Bjerg"),
        required("surname", "CaseWorkerSurname", text(1, 40)).doc("Surname.").example("Sørensen"),
        optional("phone", "TelephoneNumberIdentifier", matching(&TELEPHONE))
            .doc("Telephone number, digits with an optional + before them.")
            .example("+4570101010"),
        optional("email", "EmailAddressIdentifier", matching(&EMAIL))
            .doc("E-mail address.")
            .example("mette@jobcenter.example"),
        required("identifier", "CaseWorkerIdentifier", text(1, 255))
            .doc("What identifies the caseworker in the authority's own system.")
            .example("mbs"),
    ],
};

static RESPONSIBLE: Object = Object {
    name: "InterviewResponsible",
    doc: "Who is responsible for an interview.",
    members: &[
        required("authority", "AuthorityStructure", Kind::Object(&AUTHORITY)).doc("The authority."),
        required("caseWorker", "CaseWorker", Kind::Object(&CASE_WORKER)).doc("The caseworker."),
    ],
};

/// An interview, as it is registered and as STAR answers it.
pub static INTERVIEW: Object = Object {
    name: "Interview",
    doc: "An interview that an authority held with a person.",
    members: &[
        optional("messageIdentifier", "MessageIdentifier", Kind::Guid)
            .doc("The interview's identifier. When registering: of the client's own choice, so that a repeat is refused (4721); STAR makes one otherwise, and refuses it in some situations (8240).")
            .example("1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9"),
        required("interviewType", "InterviewTypeIdentifier", code("interview-type"))
            .doc("What kind of interview it was; must be allowed for the person's contact group. Cannot be changed later.")
            .example("7"),
        optional("bookingIdentifier", "BookingIdentifier", Kind::Guid)
            .doc("The booking in the person's calendar that led to it; STAR must know it for this person."),
        required("responsibleAuthority", "ResponsibleAuthority", Kind::Object(&RESPONSIBLE))
            .doc("Who is responsible."),
        required("interviewTime", "InterviewTime", Kind::Instant)
            .doc("When it took place, which may differ from the time planned: not in the future and at most seven days ago. Cannot be changed later.")
            .example("2026-11-20T09:00:00+01:00"),
        required("contactType", "InterviewContactTypeIdentifier", code("interview-contact-type"))
            .doc("How it was held.")
            .example("1"),
        required("withMoreAuthorities", "InterviewWithMoreAuthorities", Kind::Boolean)
            .doc("Whether it was convened with another authority's participation; then participationStatus is required. Cannot be changed later.")
            .example("false"),
        optional("participationStatus", "ParticipationStatusTypeIdentifier", code("participation-status-type"))
            .doc("How the person took part.")
            .example("5"),
        optional(
            "participants",
            "InterviewParticipantCollection/InterviewParticipant",
            Kind::List { of: Item::Object(&PARTICIPANT), max: usize::MAX },
        )
        .doc("Who else took part; left out rather than empty."),
        required("agreementDescription", "AgreementDescription", text(1, 3000))
            .doc("What was agreed, as free text without HTML.")
            .example("Two applications a week; next interview in a month."),
    ],
};

const INTERVIEW_ID: Parameter = identifier(
    "interviewId",
    "PersonInterviewIdentifier",
    "The interview's identifier, from the answer to its registration.",
);
const PARTICIPANT_ID: Parameter =
    identifier("participantId", "MessageIdentifier", "The participant's identifier, from the receipt.");

/// An interview inside its element.
pub const IN_PERSON_INTERVIEW: Part = Part { prefix: "PersonInterview", object: &INTERVIEW };

/// Register an interview.
pub static CREATE_INTERVIEW: Spec = Spec {
    id: "createInterview",
    operation: "CreatePersonInterview",
    method: Method::Post,
    path: "/persons/{cpr}/interviews",
    parameters: &[cpr("PersonCivilRegistrationIdentifier")],
    body: &[IN_PERSON_INTERVIEW],
    answer: IN_PERSON_INTERVIEW,
    status: 201,
    location: Some("/persons/{cpr}/interviews/{messageIdentifier}"),
    summary: "Register an interview",
    description: "Registers an interview that was held with a person. The answer is the interview as STAR registered it.",
    ..DEFAULTS
};

/// Change an interview.
pub static UPDATE_INTERVIEW: Spec = Spec {
    id: "updateInterview",
    operation: "UpdatePersonInterview",
    method: Method::Put,
    path: "/persons/{cpr}/interviews/{interviewId}",
    parameters: &[
        cpr("PersonCivilRegistrationIdentifier"),
        identifier("interviewId", "PersonInterview/MessageIdentifier", INTERVIEW_ID.doc),
    ],
    body: &[IN_PERSON_INTERVIEW, Part { prefix: "", object: &COMMENT }],
    summary: "Change an interview",
    description: "Replaces a registered interview: what is left out is sent as absent. Time, type and withMoreAuthorities must be those registered. messageIdentifier, when given, must equal the identifier in the path.",
    ..DEFAULTS
};

/// Add a participant to an interview.
pub static ADD_INTERVIEW_PARTICIPANT: Spec = Spec {
    id: "addInterviewParticipant",
    operation: "AddInterviewParticipant",
    method: Method::Post,
    path: "/persons/{cpr}/interviews/{interviewId}/participants",
    parameters: &[cpr("PersonCivilRegistrationIdentifier"), INTERVIEW_ID],
    body: &[Part { prefix: "InterviewParticipant", object: &PARTICIPANT }],
    status: 201,
    location: Some("/persons/{cpr}/interviews/{interviewId}/participants/{messageIdentifier}"),
    summary: "Add a participant to an interview",
    description: "Adds somebody who took part in a registered interview.",
    ..DEFAULTS
};

static PARTICIPANT_CHANGE: Object = Object {
    name: "InterviewParticipantChange",
    doc: "What can be changed of a participant.",
    members: &[
        required("name", "InterviewParticipantName", text(1, 256))
            .doc("The participant's name.")
            .example("Karen Holm"),
        optional("externalAuthorityParticipantId", "ExternalAuthorityParticipantId", text(1, 256))
            .doc("The participant's identifier in the authority that he or she comes from.")
            .example("MUN-0042"),
    ],
};

/// Change a participant of an interview.
pub static UPDATE_INTERVIEW_PARTICIPANT: Spec = Spec {
    id: "updateInterviewParticipant",
    operation: "UpdateInterviewParticipant",
    method: Method::Patch,
    path: "/persons/{cpr}/interviews/{interviewId}/participants/{participantId}",
    parameters: &[cpr("PersonCivilRegistrationIdentifier"), INTERVIEW_ID, PARTICIPANT_ID],
    body: &[Part { prefix: "", object: &PARTICIPANT_CHANGE }],
    summary: "Change a participant of an interview",
    description: "Changes the name or external identifier of a participant; nothing else of a participant can be changed.",
    ..DEFAULTS
};

/// Remove a participant from an interview.
pub static DELETE_INTERVIEW_PARTICIPANT: Spec = Spec {
    id: "deleteInterviewParticipant",
    operation: "DeleteInterviewParticipant",
    method: Method::Delete,
    path: "/persons/{cpr}/interviews/{interviewId}/participants/{participantId}",
    parameters: &[cpr("PersonCivilRegistrationIdentifier"), INTERVIEW_ID, PARTICIPANT_ID],
    summary: "Remove a participant from an interview",
    description: "Removes a participant from a registered interview.",
    ..DEFAULTS
};

const DEFAULTS: Spec = registration(WRITE, INTERVIEWERS, "interviews");

/// The routes of this file.
pub static SPECS: &[&Spec] = &[
    &CREATE_INTERVIEW,
    &UPDATE_INTERVIEW,
    &ADD_INTERVIEW_PARTICIPANT,
    &UPDATE_INTERVIEW_PARTICIPANT,
    &DELETE_INTERVIEW_PARTICIPANT,
];
