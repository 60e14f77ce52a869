//! Every operation once, and that what it registers is there afterwards.

use super::client::{Client, days, hours};
use super::samples::{
    MADS, contact_group, cpr, create_interview, health_limitation, id, interview, marking, operations,
    participant, request, sample, text, with, without,
};
use crate::sandbox::element::Element;
use crate::sandbox::world::cast::CROWD_DATE;
use crate::sandbox::world::presets::contact_group_id;

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
