//! A request of every operation, and the pieces to build others from.

use super::client::{days, hours};
use crate::sandbox::element::Element;
use crate::sandbox::service::Service;

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
