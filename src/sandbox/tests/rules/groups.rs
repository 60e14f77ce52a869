//! Categories and contact groups.

use super::{AAGE, NORA, SANNE, TOBIAS, ULLA, VIGGO, WINNIE, XENIA, YRSA, ZENIA, refused};
use crate::sandbox::element::Element;
use crate::sandbox::tests::client::{Client, days, hours};
use crate::sandbox::tests::samples::{MADS, category, contact_group, cpr, id, request, text, with, without};
use crate::sandbox::world::Organisation;
use crate::sandbox::world::cast::CROWD_DATE;
use crate::sandbox::world::presets::contact_group_id;

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
