//! Every operation once, and that what it registers is there afterwards.

use super::client::{Client, days, hours};
use crate::sandbox::element::Element;
use crate::sandbox::service::Service;
use crate::sandbox::world::cast::CROWD_DATE;
use crate::sandbox::world::presets::contact_group_id;

pub(super) fn text(name: &'static str, text: impl Into<String>) -> Element {
    Element::text(name, text)
}

pub(super) fn cpr(number: &str) -> Element {
    text("PersonCivilRegistrationIdentifier", number)
}

pub(super) fn request(children: Vec<Element>) -> Element {
    Element::of("Request", children)
}

pub(super) const MADS: &str = "0708850001";

/// An interview of a type that anybody can have, an hour ago.
pub(super) fn interview() -> Element {
    Element::of(
        "PersonInterview",
        vec![
            text("InterviewTypeIdentifier", "7"),
            Element::of(
                "ResponsibleAuthority",
                vec![
                    Element::of(
                        "AuthorityStructure",
                        vec![
                            text("AuthorityCode", "15101"),
                            text("AuthorityName", "Jobcenter"),
                            text("OrganisationTypeIdentifier", "8"),
                        ],
                    ),
                    Element::of(
                        "CaseWorker",
                        vec![
                            text("CaseWorkerGivenName", "Åse"),
                            text("CaseWorkerSurname", "Sørensen"),
                            text("CaseWorkerIdentifier", "aase"),
                        ],
                    ),
                ],
            ),
            text("InterviewTime", hours(-1)),
            text("InterviewContactTypeIdentifier", "1"),
            text("InterviewWithMoreAuthorities", "false"),
            text("AgreementDescription", "Aftale om praktik"),
        ],
    )
}

/// Puts a value in place of another, at a path; adds it where there was none.
pub(super) fn with(mut element: Element, path: &str, value: Element) -> Element {
    let mut target = &mut element;
    for name in path.split('/').filter(|name| !name.is_empty()) {
        target = target.child_mut(name).unwrap();
    }
    target.children.retain(|child| child.name != value.name);
    target.children.push(value);
    element
}

pub(super) fn without(mut element: Element, name: &str) -> Element {
    element.children.retain(|child| child.name != name);
    element
}

pub(super) fn participant(name: &str) -> Element {
    Element::of(
        "InterviewParticipant",
        vec![
            text("InterviewParticipantName", name),
            text("InterviewParticipantContactTypeIdentifier", "1"),
            text("InterviewParticipantTypeIdentifier", "1"),
        ],
    )
}

pub(super) fn create_interview(number: &str) -> Element {
    request(vec![cpr(number), interview()])
}

pub(super) fn category(code: &str) -> Element {
    let children = vec![text("PersonCategoryTypeIdentifier", code), text("IncidentDate", hours(-1))];
    Element::of("PersonCategory", children)
}

pub(super) fn contact_group(number: &str, code: &str) -> Element {
    let children = vec![
        cpr(number),
        text("ContactGroupTypeIdentifier", code),
        text("ContactGroupEventTime", days(-1)),
        text("ContactGroupStartTime", hours(-1)),
    ];
    Element::of("ContactGroup", children)
}

pub(super) fn health_limitation(number: &str) -> Element {
    let children = vec![
        cpr(number),
        text("HealthLimitationDescription", "Ingen tunge løft"),
        text("HealthLimitationDocumentation", "true"),
        text("StartDate", days(1)),
        text("EndDate", days(30)),
    ];
    Element::of("HealthLimitation", children)
}

pub(super) const PROJECT: &str = "40000000-0000-4000-8000-000000000002";

pub(super) fn marking(number: &str) -> Element {
    let children = vec![
        cpr(number),
        text("PersonGroupMarkingStartTime", days(1)),
        text("PersonGroupMarkingEndTime", days(10)),
        text("PersonGroupProjectIdentifier", PROJECT),
    ];
    Element::of("PersonGroupMarking", children)
}

pub(super) fn report(number: &str) -> Element {
    let wishes = vec![text("JobOnsker", "Tømrer"), text("JobRegistreringstid", hours(-1))];
    Element::of(
        "IndberetningKontaktJobOgUddOenskerRequest",
        vec![
            text("ModtagerSystemID", "ungebro"),
            text("CPRNr", number),
            text("KommuneInstitutionNummer", "7654321"),
            Element::of("JobOnsker", wishes),
        ],
    )
}

pub(super) fn look_up(numbers: &[&str]) -> Element {
    let mut children = vec![text("STARInstitutionNummer", "1234567")];
    children.extend(numbers.iter().map(|number| Element::of("Elev", vec![text("CPRNr", *number)])));
    Element::of("Hent", children)
}

pub(super) fn changes(since: &str) -> Element {
    let children = vec![text("STARInstitutionNummer", "1234567"), text("SidenSidst", since)];
    Element::of("Hent", children)
}

/// A request of every operation about the person whom `number` names, or for identifiers `id` where none is sent.
pub(super) fn sample(operation: &str, number: &str, id: &str, cv: &str) -> Element {
    let identifier = || text("MessageIdentifier", id);
    let interview_id = || text("PersonInterviewIdentifier", "20000000-0000-4000-8000-000000000001");
    let comment = || text("CorrectionComment", "Rettelse");
    match operation {
        "HentInstitutionKontakt" => look_up(&[number]),
        "IndberetningKontaktJobOgUddOensker" => report(number),
        "CreatePersonInterview" => create_interview(number),
        "UpdatePersonInterview" => request(vec![cpr(number), with(interview(), "", identifier()), comment()]),
        "AddInterviewParticipant" => request(vec![cpr(number), interview_id(), participant("Bo")]),
        "UpdateInterviewParticipant" => {
            request(vec![cpr(number), identifier(), interview_id(), text("InterviewParticipantName", "Bo")])
        }
        "DeleteInterviewParticipant" => request(vec![cpr(number), identifier(), interview_id()]),
        "CreatePersonCategory" => request(vec![cpr(number), category("5")]),
        "UpdatePersonCategory" => request(vec![cpr(number), identifier(), comment()]),
        "CreatePersonCategoryAndInterview" => request(vec![cpr(number), interview(), category("5")]),
        "CreateContactGroup" => request(vec![contact_group(number, "2")]),
        "UpdateContactGroup" => request(vec![identifier(), contact_group(number, "2")]),
        "CreateHealthLimitation" => request(vec![health_limitation(number)]),
        "UpdateHealthLimitation" => request(vec![identifier(), health_limitation(number)]),
        "DeleteHealthLimitation" | "DeletePersonGroupMarking" | "DeleteCivicConsent" => {
            request(vec![identifier()])
        }
        "CreatePersonGroupMarking" => request(vec![marking(number)]),
        "UpdatePersonGroupMarking" => {
            request(vec![identifier(), text("PersonGroupMarkingStartTime", days(1))])
        }
        "CreateCivicConsent" => request(vec![Element::of(
            "CivicConsent",
            vec![
                cpr(number),
                text("Consent", "true"),
                text("ConsentDate", hours(-1)),
                text("JobCenterIdentifier", "15101"),
            ],
        )]),
        "UpdatePersonJobcenter" => request(vec![Element::of(
            "UpdatePersonJobcenter",
            vec![cpr(number), text("JobCenterIdentifier", "46101")],
        )]),
        "RegisterUnemploymentFundParticipation" => {
            request(vec![cpr(number), text("UnemploymentFundParticipationUnwanted", "true")])
        }
        "RegisterUnemploymentFundParticipationCv" => request(vec![
            text("CvCustomerIdentifier", cv),
            text("UnemploymentFundParticipationUnwanted", "true"),
        ]),
        "RegisterUnemploymentFundParticipationChoice" => request(vec![
            cpr(number),
            text("UnemploymentFundParticipation", "false"),
            text("EventDate", hours(-1)),
        ]),
        other => panic!("no sample of {other}"),
    }
}

/// The names of all operations.
pub(super) fn operations() -> impl Iterator<Item = &'static str> {
    Service::ALL
        .into_iter()
        .flat_map(|service| &service.contract().operations)
        .map(|operation| &*operation.name)
}

/// The identifier in a receipt or interview.
pub(super) fn id(answer: &Element) -> String {
    answer.value("MessageIdentifier").unwrap().to_owned()
}

fn member(number: u32) -> String {
    format!("{CROWD_DATE}{number:04}")
}

#[test]
fn every_operation_is_answered_and_only_phased_out_ones_are_refused() {
    let client = Client::new();
    let unknown = "99999999-0000-4000-8000-000000000000";
    for (number, operation) in (100..).zip(operations()) {
        let code = client.code(operation, sample(operation, &member(number), unknown, "10000002"));
        let expected = match operation {
            "CreateCivicConsent" | "DeleteCivicConsent" => "4588",
            "UpdatePersonInterview"
            | "AddInterviewParticipant"
            | "UpdateInterviewParticipant"
            | "DeleteInterviewParticipant"
            | "UpdatePersonCategory"
            | "UpdateContactGroup"
            | "UpdateHealthLimitation"
            | "DeleteHealthLimitation"
            | "UpdatePersonGroupMarking"
            | "DeletePersonGroupMarking" => {
                if operation == "AddInterviewParticipant" {
                    "8237"
                } else {
                    "4589"
                }
            }
            "CreatePersonCategory" | "CreatePersonCategoryAndInterview" => "4716",
            _ => "ok",
        };
        assert_eq!(code, expected, "{operation}");
    }
}

#[test]
fn an_interview_can_be_updated_and_its_participants_added_changed_and_removed() {
    let client = Client::new();
    let registered = client.call("CreatePersonInterview", create_interview(MADS)).unwrap();
    let interview_id = id(&registered);
    let in_interview = || text("PersonInterviewIdentifier", interview_id.clone());
    let again = with(
        with(interview(), "", text("MessageIdentifier", interview_id.to_uppercase())),
        "",
        text("AgreementDescription", "Ny aftale"),
    );
    let update = request(vec![cpr(MADS), again, text("CorrectionComment", "Slåfejl")]);
    assert_eq!(id(&client.call("UpdatePersonInterview", update).unwrap()), interview_id);
    let add = request(vec![cpr(MADS), in_interview(), participant("Bo")]);
    let bo = id(&client.call("AddInterviewParticipant", add).unwrap());
    let named = || vec![cpr(MADS), text("MessageIdentifier", bo.clone()), in_interview()];
    let mut rename = named();
    rename.push(text("InterviewParticipantName", "Bo Bosen"));
    assert_eq!(client.code("UpdateInterviewParticipant", request(rename.clone())), "ok");
    assert_eq!(client.code("DeleteInterviewParticipant", request(named())), "ok");
    assert_eq!(client.code("DeleteInterviewParticipant", request(named())), "8197");
    assert_eq!(client.code("UpdateInterviewParticipant", request(rename)), "8197");
}

#[test]
fn the_interview_is_answered_whole_with_its_identifiers() {
    let client = Client::new();
    let participants = Element::of("InterviewParticipantCollection", vec![participant("Æ & Ø <Å>")]);
    let asked = with(interview(), "", participants);
    let answer = client.call("CreatePersonInterview", request(vec![cpr(MADS), asked])).unwrap();
    assert_eq!(answer.value("AgreementDescription"), Some("Aftale om praktik"));
    assert!(answer.holds("Æ & Ø <Å>"));
    assert!(answer.value("InterviewParticipantCollection/InterviewParticipant/MessageIdentifier").is_some());
}

#[test]
fn a_deleted_limitation_and_marking_are_gone() {
    let client = Client::new();
    for (create, delete, what) in [
        ("CreateHealthLimitation", "DeleteHealthLimitation", health_limitation(MADS)),
        ("CreatePersonGroupMarking", "DeletePersonGroupMarking", marking(MADS)),
    ] {
        let created = id(&client.call(create, request(vec![what])).unwrap());
        let delete_it = || request(vec![text("MessageIdentifier", created.clone())]);
        assert_eq!(client.code(delete, delete_it()), "ok");
        assert_eq!(client.code(delete, delete_it()), "4589");
    }
}

#[test]
fn who_moves_belongs_to_the_new_jobcentre_and_reset_brings_everybody_home() {
    let client = Client::new();
    let number = member(7);
    let moved = sample("UpdatePersonJobcenter", &number, "", "");
    assert_eq!(client.code("UpdatePersonJobcenter", moved), "ok");
    assert_eq!(client.code("CreatePersonInterview", create_interview(&number)), "6005");
    client.sandbox.reset();
    assert_eq!(client.code("CreatePersonInterview", create_interview(&number)), "ok");
}

#[test]
fn an_open_contact_group_can_be_ended_once_and_then_another_opened() {
    let client = Client::new();
    let number = member(8);
    let open = id(&client.call("CreateContactGroup", request(vec![contact_group(&number, "2")])).unwrap());
    assert_eq!(client.code("CreateContactGroup", request(vec![contact_group(&number, "3")])), "4644");
    let ended = with(contact_group(&number, "2"), "", text("ContactGroupEndTime", hours(0)));
    let end = request(vec![text("MessageIdentifier", open), ended]);
    assert_eq!(client.code("UpdateContactGroup", end), "ok");
    let next = with(contact_group(&number, "3"), "", text("ContactGroupStartTime", hours(0)));
    assert_eq!(client.code("CreateContactGroup", request(vec![next])), "ok");
}

#[test]
fn the_contact_groups_of_the_cast_are_there_from_the_start() {
    let client = Client::new();
    let start = text("ContactGroupStartTime", "2026-08-23T00:00:00+02:00");
    let group = without(with(contact_group(MADS, "2"), "", start), "ContactGroupEventTime");
    let group = with(group, "", text("ContactGroupEndTime", days(1)));
    let end = request(vec![text("MessageIdentifier", contact_group_id(MADS)), group]);
    assert_eq!(client.code("UpdateContactGroup", end), "ok");
}
