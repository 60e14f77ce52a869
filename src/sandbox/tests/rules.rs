//! What one example of a rule cannot show: other operations under it, other values, and that nothing is half done.

use super::client::{Client, hours};
use super::samples::{
    MADS, category, contact_group, cpr, health_limitation, id, interview, look_up, participant, request,
    sample, text, with, without,
};
use crate::problem::catalogue;
use crate::sandbox::catalogue::find;
use crate::sandbox::element::Element;
use crate::sandbox::rules::{self, Example};
use crate::sandbox::world::Organisation;

const NORA: &str = "0708850002";
const SANNE: &str = "0708850006";
const WINNIE: &str = "0708850010";
const FIRST: &str = "20000000-0000-4000-8000-000000000001";
const JOINT: &str = "20000000-0000-4000-8000-000000000002";

/// One case: operation, request, and the code with which it is refused (`ok` where it is not).
type Case = (&'static str, Element, &'static str);

fn refused(client: &Client, cases: impl IntoIterator<Item = Case>) {
    for (number, (operation, request, code)) in cases.into_iter().enumerate() {
        assert_eq!(client.code(operation, request), code, "case {number}, {operation}");
    }
}

#[test]
fn an_operation_takes_the_kinds_of_authority_that_its_codes_imply() {
    let mut client = Client::new();
    let add =
        |number| request(vec![cpr(number), text("PersonInterviewIdentifier", JOINT), participant("Bo")]);
    let choice = |number| sample("RegisterUnemploymentFundParticipationChoice", number, "", "");
    client.acting_for(Organisation::UnemploymentFund, "11");
    refused(
        &client,
        [
            ("CreatePersonCategory", request(vec![cpr(NORA), category("5")]), "4413"),
            ("AddInterviewParticipant", add(NORA), "ok"),
            ("AddInterviewParticipant", add(WINNIE), "4857"),
        ],
    );
    client.acting_for(Organisation::ExternalOperator, "12345678");
    refused(
        &client,
        [
            ("CreateHealthLimitation", request(vec![health_limitation(MADS)]), "4413"),
            ("RegisterUnemploymentFundParticipationChoice", choice(MADS), "4413"),
        ],
    );
    for organisation in [Organisation::Municipality, Organisation::Company] {
        client.acting_for(organisation, "151");
        let created = request(vec![cpr(MADS), interview()]);
        refused(&client, [("CreatePersonInterview", created, "4413")]);
    }
}

#[test]
fn a_rule_holds_for_whatever_breaks_it() {
    let client = Client::new();
    let typeless = request(vec![without(contact_group(SANNE, "1"), "ContactGroupTypeIdentifier")]);
    let dead = sample("RegisterUnemploymentFundParticipationCv", "", "", "10000004");
    refused(
        &client,
        [
            ("CreateContactGroup", typeless, "4675"),
            ("CreateContactGroup", request(vec![contact_group(SANNE, "9")]), "4675"),
            ("CreateContactGroup", request(vec![contact_group(MADS, "9")]), "4675"),
            ("RegisterUnemploymentFundParticipationCv", dead, "4405"),
        ],
    );
}

/// What no interface description lists for an operation, the sandbox does not answer from it by a rule.
#[test]
fn every_rule_refuses_an_operation_of_which_its_code_is_expected() {
    for rule in rules::all() {
        let Example::Shown { refused, .. } = rule.example() else { continue };
        let operation = refused.last().unwrap().spec().operation;
        let code = find(rule.system(), rule.code()).unwrap();
        let row = catalogue::code(rule.system().into(), code.code, operation).unwrap();
        assert!(row.is_expected_of(operation), "{} from {operation}", code.code);
    }
}

#[test]
fn what_is_listed_for_another_operation_only_is_not_refused() {
    let client = Client::new();
    let blank = with(interview(), "", text("AgreementDescription", " "));
    refused(&client, [("CreatePersonInterview", request(vec![cpr(MADS), blank]), "ok")]);
}

/// Mads' interview again.
fn update(changes: impl IntoIterator<Item = Element>) -> Element {
    let same = [text("MessageIdentifier", FIRST), text("InterviewTime", "2026-11-18T10:00:00+01:00")];
    let changed = same.into_iter().chain(changes).fold(interview(), |it, change| with(it, "", change));
    request(vec![cpr(MADS), changed, text("CorrectionComment", "Rettet")])
}

fn people(participants: Vec<Element>) -> Element {
    Element::of("InterviewParticipantCollection", participants)
}

#[test]
fn an_update_is_checked_like_a_new_interview() {
    refused(
        &Client::new(),
        [
            (text("InterviewContactTypeIdentifier", "9"), "4708"),
            (text("AgreementDescription", " "), "4734"),
            (text("MessageIdentifier", JOINT), "4589"),
        ]
        .map(|(change, code)| ("UpdatePersonInterview", update([change]), code)),
    );
}

#[test]
fn the_participants_of_an_update_replace_those_there_were() {
    let client = Client::new();
    refused(&client, [("UpdatePersonInterview", update([people(vec![participant("Ny")])]), "ok")]);
    let first = request(vec![
        cpr(MADS),
        text("MessageIdentifier", "21000000-0000-4000-8000-000000000001"),
        text("PersonInterviewIdentifier", FIRST),
    ]);
    refused(&client, [("DeleteInterviewParticipant", first, "8197")]);
    let unknown = text("MessageIdentifier", "99999999-0000-4000-8000-000000000001");
    let unknown = people(vec![with(participant("Bo"), "", unknown)]);
    refused(&client, [("UpdatePersonInterview", update([unknown]), "4589")]);
}

#[test]
fn category_and_interview_are_registered_both_or_not_at_all() {
    let client = Client::new();
    let both = |interview: Element, code| request(vec![cpr(MADS), interview, category(code)]);
    let chosen = || with(interview(), "", text("MessageIdentifier", "ABCDEF00-0000-4000-8000-000000000003"));
    let late = with(interview(), "", text("InterviewTime", hours(1)));
    refused(
        &client,
        [(late, "5", "4657"), (chosen(), "4", "4656"), (chosen(), "5", "ok"), (chosen(), "5", "4721")].map(
            |(interview, code, answer)| ("CreatePersonCategoryAndInterview", both(interview, code), answer),
        ),
    );
}

#[test]
fn somebody_elses_category_is_unknown_and_a_corrected_one_is_gone() {
    let client = Client::new();
    let made = id(&client.call("CreatePersonCategory", request(vec![cpr(MADS), category("5")])).unwrap());
    let correct = |number| {
        request(vec![cpr(number), text("MessageIdentifier", made.clone()), text("CorrectionComment", "x")])
    };
    refused(
        &client,
        [(NORA, "4589"), (MADS, "ok"), (MADS, "4589")]
            .map(|(number, code)| ("UpdatePersonCategory", correct(number), code)),
    );
}

#[test]
fn an_answer_holds_at_most_a_hundred_contact_persons() {
    let client = Client::new();
    let rows = |numbers: &[&str]| {
        client.call("HentInstitutionKontakt", look_up(numbers)).unwrap().children.len() - 1
    };
    assert_eq!(rows(&["0506085001", "0506085002", "0909090909"]), 5);
    assert_eq!(rows(&["0506085009", "0506085010"]), 80);
    assert_eq!(rows(&["0506085009", "0506085010", "0506085011"]), 100);
    assert_eq!(rows(&["0506085012"]), 100);
}
