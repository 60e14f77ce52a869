//! What the documentation of a demo fills in, so that each operation succeeds as it opens: identifiers and times of the presets.

use serde_json::{Value as Json, json};

use super::world::local;
use super::world::presets::{OPEN_PROJECT, Presets, contact_group_id};

const MADS: &str = "0708850001";
const NORA: &str = "0708850002";
const ENROLLED: &str = "0708850013";
const WITHOUT_GROUP: &str = "0708850006";

fn preset(number: u32) -> String {
    format!("20000000-0000-4000-8000-{number:012}")
}

fn participant(number: u32) -> String {
    format!("21000000-0000-4000-8000-{number:012}")
}

/// By operation: `parameters`, and `body` that is laid over the shortest example of the document.
pub(super) fn examples(presets: &Presets) -> Json {
    let day = |days| local(presets.day(days));
    let interview = json!({ "cpr": MADS, "interviewId": preset(1) });
    let of_participant =
        |number| json!({ "cpr": MADS, "interviewId": preset(1), "participantId": participant(number) });
    let limitation = |number| json!({ "cpr": MADS, "healthLimitationId": preset(number) });
    let marking = |cpr, number| json!({ "cpr": cpr, "markingId": preset(number) });
    json!({
        "listYouthContactChanges": { "parameters": { "since": day(-30) } },
        "updateInterview": { "parameters": interview, "body": { "interviewTime": local(presets.at(-3, 10)) } },
        "addInterviewParticipant": { "parameters": interview },
        "deleteInterviewParticipant": { "parameters": of_participant(2) },
        "updateInterviewParticipant": { "parameters": of_participant(1) },
        "createCategory": { "body": { "categoryType": 5 } },
        "correctCategory": { "parameters": { "cpr": ENROLLED, "categoryId": preset(8) } },
        "createCategoryAndInterview": { "body": { "category": { "categoryType": 5 } } },
        "createContactGroup": { "parameters": { "cpr": WITHOUT_GROUP }, "body": { "contactGroupType": 2 } },
        "updateContactGroup": {
            "parameters": { "cpr": MADS, "contactGroupId": contact_group_id(MADS) },
            "body": { "startTime": day(-90) },
        },
        "updateHealthLimitation": { "parameters": limitation(5), "body": { "startDate": day(5) } },
        "deleteHealthLimitation": { "parameters": limitation(5) },
        "deleteHealthLimitationWithComment": { "parameters": limitation(9) },
        "createGroupMarking": {
            "parameters": { "cpr": NORA },
            "body": { "projectIdentifier": OPEN_PROJECT, "startTime": day(1) },
        },
        "updateGroupMarking": { "parameters": marking(NORA, 7), "body": { "startTime": day(4) } },
        "deleteGroupMarking": { "parameters": marking(NORA, 7) },
        "deleteGroupMarkingWithComment": { "parameters": marking(ENROLLED, 10) },
    })
}
