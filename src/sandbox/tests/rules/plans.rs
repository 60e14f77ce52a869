//! Health limitations and group markings.

use super::{PRESET, refused};
use crate::sandbox::element::Element;
use crate::sandbox::tests::client::{Client, days, hours};
use crate::sandbox::tests::samples::{MADS, health_limitation, marking, request, text, with, without};
use crate::sandbox::world::Organisation;

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
