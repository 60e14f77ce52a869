//! Who is there, and who may act for whom.

use super::{NORA, OSKAR, WINNIE, XENIA, ZENIA, refused};
use crate::sandbox::element::Element;
use crate::sandbox::tests::client::Client;
use crate::sandbox::tests::samples::{
    MADS, category, cpr, create_interview, health_limitation, participant, request, sample, text,
};
use crate::sandbox::world::Organisation;

#[test]
fn the_person_must_be_known_alive_and_in_dfdg() {
    let client = Client::new();
    refused(
        &client,
        [("2902010001", "1001"), ("0909090909", "1010"), ("0708850005", "4404"), ("0708850004", "4405")]
            .map(|(number, code)| ("CreatePersonInterview", create_interview(number), code)),
    );
    let cv = |number| sample("RegisterUnemploymentFundParticipationCv", "", "", number);
    refused(&client, [("RegisterUnemploymentFundParticipationCv", cv("10000004"), "4405")]);
    refused(&client, [("RegisterUnemploymentFundParticipationCv", cv("12345678"), "9151")]);
}

#[test]
fn each_authority_acts_for_its_own_people_only() {
    let mut client = Client::new();
    let choice = |number| sample("RegisterUnemploymentFundParticipationChoice", number, "", "");
    let add = |number, interview: &str| {
        let interview = text("PersonInterviewIdentifier", interview);
        request(vec![cpr(number), interview, participant("Bo")])
    };
    refused(
        &client,
        [
            ("CreatePersonInterview", create_interview(OSKAR), "6005"),
            ("UpdatePersonJobcenter", sample("UpdatePersonJobcenter", OSKAR, "", ""), "4575"),
            ("RegisterUnemploymentFundParticipationChoice", choice(XENIA), "4385"),
        ],
    );
    client.acting_for(Organisation::UnemploymentFund, "11");
    refused(
        &client,
        [
            ("CreatePersonInterview", create_interview(NORA), "ok"),
            ("CreatePersonInterview", create_interview(WINNIE), "4575"),
            ("CreatePersonCategory", request(vec![cpr(NORA), category("5")]), "4413"),
            ("AddInterviewParticipant", add(NORA, "20000000-0000-4000-8000-000000000002"), "ok"),
            ("AddInterviewParticipant", add(WINNIE, "20000000-0000-4000-8000-000000000002"), "4857"),
            ("RegisterUnemploymentFundParticipationChoice", choice(WINNIE), "4857"),
            ("RegisterUnemploymentFundParticipationChoice", choice(XENIA), "4385"),
        ],
    );
    client.acting_for(Organisation::ExternalOperator, "12345678");
    refused(
        &client,
        [
            ("CreatePersonInterview", create_interview(MADS), "ok"),
            ("CreatePersonInterview", create_interview(ZENIA), "4511"),
            ("CreateHealthLimitation", request(vec![health_limitation(MADS)]), "4413"),
            ("RegisterUnemploymentFundParticipationChoice", choice(MADS), "4413"),
        ],
    );
    for organisation in [Organisation::Municipality, Organisation::Company] {
        client.acting_for(organisation, "151");
        refused(&client, [("CreatePersonInterview", create_interview(MADS), "4413")]);
    }
}

#[test]
fn jobcentre_fund_and_consent_have_their_rules() {
    let client = Client::new();
    let unknown = request(vec![Element::of(
        "UpdatePersonJobcenter",
        vec![cpr(MADS), text("JobCenterIdentifier", "99999")],
    )]);
    refused(
        &client,
        [
            ("UpdatePersonJobcenter", unknown, "4695"),
            (
                "RegisterUnemploymentFundParticipation",
                sample("RegisterUnemploymentFundParticipation", XENIA, "", ""),
                "9151",
            ),
            ("CreateCivicConsent", sample("CreateCivicConsent", MADS, "", ""), "4588"),
        ],
    );
}
