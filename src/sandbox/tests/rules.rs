//! Every rule of the world: the case that breaks it and the code that says so.

use super::client::{Client, days, hours};
use super::operations::{
    MADS, category, contact_group, cpr, create_interview, health_limitation, id, interview, look_up, marking,
    participant, report, request, sample, text, with, without,
};
use crate::sandbox::element::Element;
use crate::sandbox::world::Organisation;
use crate::sandbox::world::cast::CROWD_DATE;
use crate::sandbox::world::presets::contact_group_id;

const NORA: &str = "0708850002";
const OSKAR: &str = "0708850003";
const SANNE: &str = "0708850006";
const TOBIAS: &str = "0708850007";
const ULLA: &str = "0708850008";
const VIGGO: &str = "0708850009";
const WINNIE: &str = "0708850010";
const XENIA: &str = "0708095011";
const YRSA: &str = "0708850012";
const ZENIA: &str = "0708850013";
const AAGE: &str = "0708850014";
const PRESET: &str = "20000000-0000-4000-8000-00000000000";

/// One case: operation, request, and the code with which it is refused (`ok` where it is not).
type Case = (&'static str, Element, &'static str);

fn refused(client: &Client, cases: impl IntoIterator<Item = Case>) {
    for (number, (operation, request, code)) in cases.into_iter().enumerate() {
        assert_eq!(client.code(operation, request), code, "case {number}, {operation}");
    }
}

fn of(number: &str, changes: impl IntoIterator<Item = (&'static str, Element)>) -> Element {
    let changed =
        changes.into_iter().fold(interview(), |interview, (path, value)| with(interview, path, value));
    request(vec![cpr(number), changed])
}

fn put(name: &'static str, value: impl Into<String>) -> (&'static str, Element) {
    ("", text(name, value))
}

fn people(names: &[&str]) -> (&'static str, Element) {
    ("", Element::of("InterviewParticipantCollection", names.iter().map(|name| participant(name)).collect()))
}

/// A joint interview with everything that it needs.
fn joint(kind: &str, status: &str) -> Vec<(&'static str, Element)> {
    vec![
        put("InterviewTypeIdentifier", kind),
        put("InterviewWithMoreAuthorities", "true"),
        put("ParticipationStatusTypeIdentifier", status),
        people(&["Bo"]),
    ]
}

fn lacking(mut changes: Vec<(&'static str, Element)>, name: &str) -> Vec<(&'static str, Element)> {
    changes.retain(|(_, value)| value.name != name);
    changes
}

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
fn a_category_fits_group_absence_and_enrolment() {
    let client = Client::new();
    let of = |number, code| request(vec![cpr(number), category(code)]);
    let at = |number, time| request(vec![cpr(number), with(category("4"), "", text("IncidentDate", time))]);
    refused(
        &client,
        [
            (of(MADS, "8"), "6029"),
            (of(MADS, "16"), "8195"),
            (of(MADS, "3"), "4664"),
            (at(MADS, hours(1)), "8194"),
            (at(ZENIA, days(-11)), "8192"),
            (at(MADS, days(-100)), "8192"),
            (of(SANNE, "5"), "4716"),
            (of(NORA, "5"), "8193"),
            (of(VIGGO, "5"), "4752"),
            (of(ULLA, "4"), "4654"),
            (of(TOBIAS, "4"), "9282"),
            (of(MADS, "4"), "4656"),
            (of(ZENIA, "5"), "4655"),
            (of(MADS, "5"), "ok"),
            (of(ZENIA, "4"), "ok"),
            (of(MADS, "15"), "ok"),
        ]
        .map(|(request, code)| ("CreatePersonCategory", request, code)),
    );
}

#[test]
fn a_corrected_category_is_gone() {
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

#[test]
fn a_contact_group_fits_the_person() {
    let mut client = Client::new();
    let of = |number, code| request(vec![contact_group(number, code)]);
    let typeless = request(vec![without(contact_group(SANNE, "1"), "ContactGroupTypeIdentifier")]);
    let change = |name, value: String| request(vec![with(contact_group(SANNE, "1"), "", text(name, value))]);
    refused(
        &client,
        [
            (of(SANNE, "9"), "4675"),
            (of(SANNE, "30"), "4675"),
            (typeless, "4675"),
            (of(SANNE, "29"), "9331"),
            (change("ContactGroupEventTime", hours(0)), "8063"),
            (change("ContactGroupEndTime", hours(-2)), "4669"),
            (of(MADS, "3"), "4644"),
            (of(XENIA, "2"), "6033"),
            (of(WINNIE, "1"), "4731"),
            (of(YRSA, "1"), "4645"),
            (of(WINNIE, "13"), "8190"),
            (of(AAGE, "13"), "ok"),
            (of(WINNIE, "7"), "9336"),
            (of(SANNE, "7"), "ok"),
        ]
        .map(|(request, code)| ("CreateContactGroup", request, code)),
    );
    client.acting_for(Organisation::ExternalOperator, "12345678");
    refused(&client, [("CreateContactGroup", of(WINNIE, "29"), "ok")]);
}

#[test]
fn contact_groups_follow_each_other() {
    let client = Client::new();
    let number = format!("{CROWD_DATE}0031");
    let ended = with(contact_group(&number, "2"), "", text("ContactGroupEndTime", hours(0)));
    let again = |code, start: i64| {
        request(vec![with(contact_group(&number, code), "", text("ContactGroupStartTime", hours(start)))])
    };
    refused(
        &client,
        [
            ("CreateContactGroup", request(vec![ended]), "ok"),
            ("CreateContactGroup", again("3", -2), "8192"),
            ("CreateContactGroup", again("2", 0), "8096"),
            ("CreateContactGroup", again("3", 0), "ok"),
        ],
    );
}

#[test]
fn only_the_end_of_a_contact_group_changes() {
    let client = Client::new();
    let start = "2026-08-23T00:00:00+02:00";
    let group = |number, code: &str| {
        with(
            without(contact_group(number, code), "ContactGroupEventTime"),
            "",
            text("ContactGroupStartTime", start),
        )
    };
    let update = |number, group: Element| {
        ("UpdateContactGroup", request(vec![text("MessageIdentifier", contact_group_id(number)), group]))
    };
    let ending = |number, code, end: String| {
        update(number, with(group(number, code), "", text("ContactGroupEndTime", end)))
    };
    let cases = [
        (update(MADS, group(MADS, "3")), "4646"),
        (update(MADS, contact_group(MADS, "2")), "4647"),
        (update(MADS, with(group(MADS, "2"), "", text("ContactGroupEventTime", hours(-1)))), "8065"),
        (ending(MADS, "2", days(-1)), "4648"),
        (ending(MADS, "2", days(-100)), "4669"),
        (ending(ULLA, "2", days(1)), "4919"),
        (ending(TOBIAS, "2", days(1)), "9370"),
        (update(SANNE, group(SANNE, "2")), "4589"),
        (ending(MADS, "2", hours(0)), "ok"),
    ];
    refused(&client, cases.map(|((operation, request), code)| (operation, request, code)));
    refused(&client, [("CreateContactGroup", request(vec![contact_group(MADS, "3")]), "ok")]);
    let (operation, reopen) = update(MADS, group(MADS, "2"));
    refused(&client, [(operation, reopen, "4644")]);
}

#[test]
fn a_health_limitation_is_planned_ahead_and_fixed_once_begun() {
    let mut client = Client::new();
    let change = |limitation: Element, name, value: String| with(limitation, "", text(name, value));
    let new = || health_limitation(MADS);
    refused(
        &client,
        [
            (change(new(), "StartDate", days(-1)), "4668"),
            (change(new(), "EndDate", hours(1)), "4669"),
            (change(change(new(), "StartDate", hours(1)), "EndDate", days(-1)), "4669"),
            (change(new(), "StartDate", hours(0)), "ok"),
        ]
        .map(|(limitation, code)| ("CreateHealthLimitation", request(vec![limitation]), code)),
    );
    let begun = || without(change(new(), "StartDate", "2026-11-01T00:00:00+01:00".into()), "EndDate");
    let ended = || {
        change(
            change(new(), "StartDate", "2026-09-22T00:00:00+02:00".into()),
            "EndDate",
            "2026-10-22T00:00:00+02:00".into(),
        )
    };
    let planned = || {
        change(
            change(new(), "StartDate", "2026-11-26T00:00:00+01:00".into()),
            "EndDate",
            "2026-12-31T00:00:00+01:00".into(),
        )
    };
    let identified =
        |last, limitation| request(vec![text("MessageIdentifier", format!("{PRESET}{last}")), limitation]);
    refused(
        &client,
        [
            (3, begun(), "ok"),
            (3, change(begun(), "StartDate", days(2)), "4647"),
            (3, change(begun(), "EndDate", days(-1)), "4742"),
            (4, change(ended(), "EndDate", days(5)), "4748"),
            (4, ended(), "ok"),
            (5, change(planned(), "StartDate", days(-1)), "4668"),
            (5, change(planned(), "EndDate", days(1)), "4669"),
            (5, planned(), "ok"),
            (9, planned(), "4589"),
            (5, change(planned(), "StartDate", days(2)), "ok"),
        ]
        .map(|(last, limitation, code)| ("UpdateHealthLimitation", identified(last, limitation), code)),
    );
    let delete = |last| request(vec![text("MessageIdentifier", format!("{PRESET}{last}"))]);
    refused(
        &client,
        [(3, "4668"), (4, "4743"), (9, "4589")]
            .map(|(last, code)| ("DeleteHealthLimitation", delete(last), code)),
    );
    client.acting_for(Organisation::Jobcenter, "10101");
    refused(
        &client,
        [
            ("DeleteHealthLimitation", delete(5), "4575"),
            ("UpdateHealthLimitation", identified(5, planned()), "4575"),
        ],
    );
    client.acting_for(Organisation::Jobcenter, "15101");
    refused(&client, [("DeleteHealthLimitation", delete(5), "ok")]);
}

#[test]
fn a_marking_lies_within_its_project_and_alone() {
    let mut client = Client::new();
    let change = |name, value: String| request(vec![with(marking(MADS), "", text(name, value))]);
    let unknown = "40000000-0000-4000-8000-000000000009".to_owned();
    refused(
        &client,
        [
            (change("PersonGroupProjectIdentifier", unknown), "4666"),
            (change("PersonGroupMarkingEndTime", hours(1)), "4669"),
            (change("PersonGroupMarkingStartTime", days(-31)), "4670"),
            (change("PersonGroupMarkingEndTime", days(61)), "4671"),
            (request(vec![marking(MADS)]), "ok"),
            (request(vec![marking(MADS)]), "4672"),
        ]
        .map(|(request, code)| ("CreatePersonGroupMarking", request, code)),
    );
    let update = |last, start: i64, end: i64| {
        let start = text("PersonGroupMarkingStartTime", days(start));
        request(vec![
            text("MessageIdentifier", format!("{PRESET}{last}")),
            start,
            text("PersonGroupMarkingEndTime", days(end)),
        ])
    };
    let delete = |last| request(vec![text("MessageIdentifier", format!("{PRESET}{last}"))]);
    refused(
        &client,
        [
            ("UpdatePersonGroupMarking", update(9, 1, 2), "4589"),
            ("UpdatePersonGroupMarking", update(6, -1, 2), "4668"),
            ("UpdatePersonGroupMarking", update(7, 5, 4), "4669"),
            ("UpdatePersonGroupMarking", update(7, 5, 61), "4671"),
            ("DeletePersonGroupMarking", delete(6), "4668"),
        ],
    );
    client.acting_for(Organisation::Jobcenter, "10101");
    refused(
        &client,
        [
            ("UpdatePersonGroupMarking", update(7, 5, 6), "9407"),
            ("DeletePersonGroupMarking", delete(7), "9407"),
        ],
    );
    client.acting_for(Organisation::UnemploymentFund, "11");
    refused(
        &client,
        [
            ("UpdatePersonGroupMarking", update(7, 5, 6), "ok"),
            ("DeletePersonGroupMarking", delete(7), "ok"),
            ("DeletePersonGroupMarking", delete(7), "4589"),
        ],
    );
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

fn row_code(answer: &Element) -> Option<&str> {
    answer.value("ElevKontaktPerson/FejlKode")
}

#[test]
fn a_look_up_says_what_is_wrong_with_a_number() {
    let client = Client::new();
    for (number, code) in [
        ("0909090909", Some("14")),
        ("0506085003", Some("18")),
        ("0506085004", Some("68")),
        (MADS, Some("14")),
        ("0506085001", None),
        ("0506005008", None),
    ] {
        assert_eq!(
            row_code(&client.call("HentInstitutionKontakt", look_up(&[number])).unwrap()),
            code,
            "{number}"
        );
    }
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

#[test]
fn a_report_is_about_somebody_of_fifteen_to_twenty_four_who_lives_there() {
    let client = Client::new();
    let future = with(report("0506085001"), "JobOnsker", text("JobRegistreringstid", hours(1)));
    for (request, code) in [
        (report("0506085001"), None),
        (report("0909090909"), Some("14")),
        (report(MADS), Some("14")),
        (report("0506125014"), Some("14")),
        (report("0506005008"), Some("15")),
        (report("0506085006"), Some("86")),
        (future, Some("280")),
    ] {
        let answer = client.call("IndberetningKontaktJobOgUddOensker", request).unwrap();
        assert_eq!(
            (answer.value("Ok"), answer.value("Fejl/Fejlkode")),
            (Some(if code.is_none() { "true" } else { "false" }), code)
        );
    }
}
