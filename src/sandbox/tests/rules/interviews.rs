//! Interviews and their participants.

use super::{NORA, PRESET, TOBIAS, VIGGO, joint, lacking, of, people, put, refused};
use crate::sandbox::element::Element;
use crate::sandbox::tests::client::{Client, days, hours};
use crate::sandbox::tests::samples::{
    MADS, category, cpr, create_interview, id, interview, participant, request, text, with,
};
use crate::sandbox::world::Organisation;

#[test]
fn an_interview_was_held_within_seven_days() {
    let client = Client::new();
    let at = |time| of(MADS, [put("InterviewTime", time)]);
    refused(
        &client,
        [(hours(1), "4657"), (days(-8), "4653"), (days(-7), "ok"), (hours(0), "ok")]
            .map(|(time, code)| ("CreatePersonInterview", at(time), code)),
    );
}

#[test]
fn an_interview_has_known_codes_and_a_plain_agreement() {
    let client = Client::new();
    let mut strange = participant("Bo");
    strange = with(strange, "", text("InterviewParticipantContactTypeIdentifier", "7"));
    let mut stranger = participant("Bo");
    stranger = with(stranger, "", text("InterviewParticipantTypeIdentifier", "11"));
    let one = |it: &Element| ("", Element::of("InterviewParticipantCollection", vec![it.clone()]));
    let authority = ("ResponsibleAuthority/AuthorityStructure", text("OrganisationTypeIdentifier", "1000"));
    refused(
        &client,
        [
            (put("InterviewTypeIdentifier", "99"), "4709"),
            (put("InterviewTypeIdentifier", "20"), "2003"),
            (put("InterviewContactTypeIdentifier", "7"), "4708"),
            (put("ParticipationStatusTypeIdentifier", "7"), "8176"),
            (authority, "2002"),
            (one(&strange), "8177"),
            (one(&stranger), "8178"),
            (put("AgreementDescription", "se <b>her</b>"), "4733"),
            (put("AgreementDescription", "a < b og b > c"), "ok"),
            (put("AgreementDescription", "  \n "), "4734"),
        ]
        .map(|(change, code)| ("CreatePersonInterview", of(MADS, [change]), code)),
    );
}

#[test]
fn an_interview_fits_the_persons_contact_group_and_health() {
    let client = Client::new();
    let kind = |kind| put("InterviewTypeIdentifier", kind);
    refused(
        &client,
        [
            ("CreatePersonInterview", of(MADS, [kind("4")]), "6058"),
            ("CreatePersonInterview", of(TOBIAS, [kind("4")]), "ok"),
            ("CreatePersonInterview", of(MADS, joint("19", "1")), "8058"),
            ("CreatePersonInterview", of(NORA, joint("19", "1")), "ok"),
            ("CreatePersonInterview", of(NORA, joint("21", "5")), "8058"),
            ("CreatePersonInterview", of(VIGGO, joint("21", "5")), "ok"),
        ],
    );
}

#[test]
fn a_joint_interview_says_who_takes_part() {
    let client = Client::new();
    let more = lacking(joint("7", "1"), "ParticipationStatusTypeIdentifier");
    refused(
        &client,
        [
            (
                "CreatePersonInterview",
                of(NORA, lacking(joint("17", "1"), "InterviewWithMoreAuthorities")),
                "6054",
            ),
            (
                "CreatePersonInterview",
                of(NORA, lacking(joint("17", "1"), "InterviewParticipantCollection")),
                "6055",
            ),
            (
                "CreatePersonInterview",
                of(NORA, lacking(joint("17", "1"), "ParticipationStatusTypeIdentifier")),
                "6056",
            ),
            ("CreatePersonInterview", of(NORA, more), "9126"),
            ("CreatePersonInterview", of(VIGGO, joint("21", "4")), "9125"),
        ],
    );
}

#[test]
fn a_booking_belongs_to_the_person() {
    let client = Client::new();
    let booking =
        |last| of(MADS, [put("BookingIdentifier", format!("30000000-0000-4000-8000-00000000000{last}"))]);
    refused(
        &client,
        [(1, "ok"), (2, "6057"), (3, "4768")]
            .map(|(last, code)| ("CreatePersonInterview", booking(last), code)),
    );
}

#[test]
fn an_identifier_is_chosen_once_and_by_jobcentres_only() {
    let mut client = Client::new();
    let chosen = || of(MADS, [put("MessageIdentifier", "ABCDEF00-0000-4000-8000-000000000001")]);
    refused(
        &client,
        [("CreatePersonInterview", chosen(), "ok"), ("CreatePersonInterview", chosen(), "4721")],
    );
    client.acting_for(Organisation::ExternalOperator, "12345678");
    refused(&client, [("CreatePersonInterview", chosen(), "8240")]);
}

fn update(number: &str, last: u32, changes: Vec<(&'static str, Element)>) -> Element {
    let identifier = put("MessageIdentifier", format!("{PRESET}{last}"));
    let time = put(
        "InterviewTime",
        if last == 1 { "2026-11-18T10:00:00+01:00" } else { "2026-11-19T10:00:00+01:00" },
    );
    let mut all = of(number, [identifier, time].into_iter().chain(changes));
    all.children.push(text("CorrectionComment", "Rettet"));
    all
}

#[test]
fn what_identifies_an_interview_cannot_change() {
    let client = Client::new();
    refused(
        &client,
        [
            ("UpdatePersonInterview", update(MADS, 1, vec![]), "ok"),
            ("UpdatePersonInterview", update(MADS, 1, vec![put("InterviewTime", hours(-1))]), "8184"),
            ("UpdatePersonInterview", update(MADS, 1, vec![put("InterviewTypeIdentifier", "8")]), "8187"),
            (
                "UpdatePersonInterview",
                update(MADS, 1, vec![put("InterviewWithMoreAuthorities", "true")]),
                "8188",
            ),
            (
                "UpdatePersonInterview",
                update(MADS, 1, vec![put("InterviewContactTypeIdentifier", "9")]),
                "4708",
            ),
            ("UpdatePersonInterview", update(MADS, 1, vec![put("AgreementDescription", " ")]), "4734"),
            ("UpdatePersonInterview", update(NORA, 1, vec![]), "4589"),
            ("UpdatePersonInterview", update(MADS, 9, vec![]), "4589"),
            (
                "UpdatePersonInterview",
                update(NORA, 2, lacking(joint("19", "1"), "InterviewParticipantCollection")),
                "6055",
            ),
        ],
    );
}

#[test]
fn the_participants_of_an_update_replace_those_there_were() {
    let client = Client::new();
    refused(&client, [("UpdatePersonInterview", update(MADS, 1, vec![people(&["Ny"])]), "ok")]);
    let first = vec![
        cpr(MADS),
        text("MessageIdentifier", "21000000-0000-4000-8000-000000000001"),
        text("PersonInterviewIdentifier", format!("{PRESET}1")),
    ];
    refused(&client, [("DeleteInterviewParticipant", request(first), "8197")]);
    let unknown =
        with(participant("Bo"), "", text("MessageIdentifier", "99999999-0000-4000-8000-000000000001"));
    let unknown = ("", Element::of("InterviewParticipantCollection", vec![unknown]));
    refused(&client, [("UpdatePersonInterview", update(MADS, 1, vec![unknown]), "4589")]);
}

#[test]
fn a_participant_is_found_in_the_right_interview() {
    let mut client = Client::new();
    let named = |number, interview: &str, participant: &str| {
        let participant =
            text("MessageIdentifier", format!("21000000-0000-4000-8000-00000000000{participant}"));
        request(vec![cpr(number), participant, text("PersonInterviewIdentifier", interview)])
    };
    let own = id(&client.call("CreatePersonInterview", create_interview(MADS)).unwrap());
    let first = format!("{PRESET}1");
    let add =
        |interview: &str, it| request(vec![cpr(MADS), text("PersonInterviewIdentifier", interview), it]);
    let outsider = || with(participant("Bo"), "", text("ExternalAuthorityParticipantId", "X-1"));
    let chosen =
        || with(participant("Bo"), "", text("MessageIdentifier", "ABCDEF00-0000-4000-8000-000000000002"));
    refused(
        &client,
        [
            ("DeleteInterviewParticipant", named(MADS, &own, "1"), "8198"),
            ("DeleteInterviewParticipant", named(MADS, &first, "3"), "8197"),
            ("DeleteInterviewParticipant", named(NORA, &first, "1"), "4589"),
            ("DeleteInterviewParticipant", named(MADS, &first, "1"), "ok"),
            ("AddInterviewParticipant", add(&format!("{PRESET}2"), participant("Bo")), "8237"),
            (
                "AddInterviewParticipant",
                add("99999999-0000-4000-8000-000000000001", participant("Bo")),
                "4589",
            ),
            ("AddInterviewParticipant", add(&own, outsider()), "8188"),
            (
                "AddInterviewParticipant",
                add(&own, with(participant("Bo"), "", text("InterviewParticipantTypeIdentifier", "0"))),
                "8178",
            ),
            ("AddInterviewParticipant", add(&own, chosen()), "ok"),
            ("AddInterviewParticipant", add(&own, chosen()), "8240"),
        ],
    );
    client.acting_for(Organisation::ExternalOperator, "12345678");
    refused(&client, [("AddInterviewParticipant", add(&own, chosen()), "8240")]);
}

#[test]
fn category_and_interview_are_registered_both_or_not_at_all() {
    let client = Client::new();
    let both = |interview: Element, code| request(vec![cpr(MADS), interview, category(code)]);
    let chosen = || with(interview(), "", text("MessageIdentifier", "ABCDEF00-0000-4000-8000-000000000003"));
    let late = with(interview(), "", text("InterviewTime", hours(1)));
    refused(
        &client,
        [
            ("CreatePersonCategoryAndInterview", both(late, "5"), "4657"),
            ("CreatePersonCategoryAndInterview", both(chosen(), "4"), "4656"),
            ("CreatePersonCategoryAndInterview", both(chosen(), "5"), "ok"),
            ("CreatePersonCategoryAndInterview", both(chosen(), "5"), "4721"),
        ],
    );
}
