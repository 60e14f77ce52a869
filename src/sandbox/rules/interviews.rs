//! Interviews and their participants.

use super::{Step, call, rules};

const MADS: &str = "0708850001";
const TOBIAS: &str = "0708850007";
const NORA: &str = "0708850002";
const VIGGO: &str = "0708850009";
/// Interviews that are there from the start: one of Mads, and a joint one of Nora.
const FIRST: &str = "20000000-0000-4000-8000-000000000001";
const JOINT: &str = "20000000-0000-4000-8000-000000000002";
/// An identifier that nothing has.
const NEW: &str = "abcdef00-0000-4000-8000-000000000001";
const OPERATOR: &str = "external-operator:12345678";

const fn mads(change: &'static str) -> Step {
    call("createInterview", &[MADS], change)
}

const fn nora(change: &'static str) -> Step {
    call("createInterview", &[NORA], change)
}

const fn viggo(change: &'static str) -> Step {
    call("createInterview", &[VIGGO], change)
}

/// Mads' first interview again, with its time.
const fn update(change: &'static str) -> Step {
    call("updateInterview", &[MADS, FIRST], change)
}

const fn join(change: &'static str) -> Step {
    call("addInterviewParticipant", &[MADS, FIRST], change)
}

rules! { Dfdg;
    OWN_IDENTIFIER {
        8240 "G" ("a fund or external operator chooses an identifier", "en a-kasse eller anden aktør vælger selv et id"),
        refused [mads(r#"{"messageIdentifier":"abcdef00-0000-4000-8000-000000000001"}"#).by(OPERATOR)],
        allowed [mads(r#"{"messageIdentifier":"abcdef00-0000-4000-8000-000000000001"}"#)]
    }
    EXISTS {
        4721 "C" ("something with the identifier is registered", "noget med id'et er registreret"),
        refused [mads(r#"{"messageIdentifier":"20000000-0000-4000-8000-000000000001"}"#)],
        allowed [mads(r#"{"messageIdentifier":"20000000-0000-4000-8000-00000000000a"}"#)]
    }
    IN_FUTURE {
        4657 "C" ("an interview lies in the future", "en samtale ligger i fremtiden"),
        refused [mads(r#"{"interviewTime":"now+1m"}"#)],
        allowed [mads(r#"{"interviewTime":"now"}"#)]
    }
    TOO_OLD {
        4653 "C" ("an interview was held more than seven Danish calendar days ago", "en samtale er holdt for mere end syv danske kalenderdage siden"),
        refused [mads(r#"{"interviewTime":"today-7d-1s"}"#)],
        allowed [mads(r#"{"interviewTime":"today-7d"}"#)]
    }
    TYPE_EXPIRED {
        2003 "G" ("interview type 20", "samtaletype 20"),
        refused [mads(r#"{"interviewType":20}"#)],
        allowed [mads(r#"{"interviewType":15}"#)]
    }
    TYPE_UNKNOWN {
        4709 "D, 21 G" ("the interview type is not among 4, 7–13, 15, 17, 19 and 21 (the rehabilitation team, invented number)",
                        "samtaletypen er ikke blandt 4, 7–13, 15, 17, 19 og 21 (rehabiliteringsteamet, opfundet nummer)"),
        refused [mads(r#"{"interviewType":14}"#)],
        allowed [mads(r#"{"interviewType":13}"#)]
    }
    CONTACT_TYPE_UNKNOWN {
        4708 "G" ("the contact type is not among 1–6", "kontaktformen er ikke blandt 1–6"),
        refused [mads(r#"{"contactType":7}"#)],
        allowed [mads(r#"{"contactType":6}"#)]
    }
    STATUS_UNKNOWN {
        8176 "G" ("the participation status is not among 1–6", "deltagelsesstatus er ikke blandt 1–6"),
        refused [mads(r#"{"participationStatus":7}"#)],
        allowed [mads(r#"{"participationStatus":6}"#)]
    }
    AUTHORITY_TYPE {
        2002 "G" ("the organisation type of the responsible authority is not from 1 to 100",
                  "den ansvarlige myndigheds organisationstype er ikke fra 1 til 100"),
        refused [mads(r#"{"responsibleAuthority":{"authority":{"organisationType":101}}}"#)],
        allowed [mads(r#"{"responsibleAuthority":{"authority":{"organisationType":100}}}"#)]
    }
    PARTICIPANT_CONTACT_TYPE {
        8177 "G" ("a participant's contact type is not among 1–6", "en deltagers kontaktform er ikke blandt 1–6"),
        refused [join(r#"{"contactType":7}"#)],
        allowed [join(r#"{"contactType":6}"#)]
    }
    PARTICIPANT_TYPE {
        8178 "G" ("a participant's type is not among 1–10", "en deltagers type er ikke blandt 1–10"),
        refused [mads(r#"{"participants":[{"name":"Karen Holm","contactType":1,"participantType":11}]}"#)],
        allowed [mads(r#"{"participants":[{"name":"Karen Holm","contactType":1,"participantType":10}]}"#)]
    }
    CROWDED {
        1014 "G" ("an interview has more than 200 participants", "en samtale har mere end 200 deltagere"),
        refused [mads(r#"{"participants":[201]}"#)],
        allowed [mads(r#"{"participants":[200]}"#)]
    }
    NEEDS_ILLNESS {
        6058 "G" ("interview type 4 in contact group 1 or 2 for somebody not ill", "samtaletype 4 i kontaktgruppe 1 eller 2 for en person, der ikke er syg"),
        refused [mads(r#"{"interviewType":4}"#)],
        allowed [call("createInterview", &[TOBIAS], r#"{"interviewType":4}"#)]
    }
    BENEFIT_ONLY {
        8058 "G" ("interview type 17 or 19 outside contact group 1", "samtaletype 17 eller 19 uden for kontaktgruppe 1"),
        refused [mads(r#"{"interviewType":19,"withMoreAuthorities":true,"participationStatus":1,"participants":[1]}"#)],
        allowed [nora(r#"{"interviewType":19,"withMoreAuthorities":true,"participationStatus":1,"participants":[1]}"#)]
    }
    REHABILITATION_ONLY {
        8058 "G" ("interview type 21 outside contact group 13", "samtaletype 21 uden for kontaktgruppe 13"),
        refused [nora(r#"{"interviewType":21,"withMoreAuthorities":true,"participationStatus":5,"participants":[1]}"#)],
        allowed [viggo(r#"{"interviewType":21,"withMoreAuthorities":true,"participationStatus":5,"participants":[1]}"#)]
    }
    MORE_AUTHORITIES {
        6054 "G" ("interview type 17, 19 or 21 without more authorities", "samtaletype 17, 19 eller 21 uden flere myndigheder"),
        refused [nora(r#"{"interviewType":17,"withMoreAuthorities":false,"participationStatus":1,"participants":[1]}"#)],
        allowed [nora(r#"{"interviewType":17,"withMoreAuthorities":true,"participationStatus":1,"participants":[1]}"#)]
    }
    PARTICIPANTS {
        6055 "G" ("interview type 17, 19 or 21 without participants", "samtaletype 17, 19 eller 21 uden deltagere"),
        refused [nora(r#"{"interviewType":17,"withMoreAuthorities":true,"participationStatus":1}"#)],
        allowed [nora(r#"{"interviewType":17,"withMoreAuthorities":true,"participationStatus":1,"participants":[1]}"#)]
    }
    STATUS {
        6056 "G" ("interview type 17, 19 or 21 without participation status", "samtaletype 17, 19 eller 21 uden deltagelsesstatus"),
        refused [nora(r#"{"interviewType":17,"withMoreAuthorities":true,"participants":[1]}"#)],
        allowed [nora(r#"{"interviewType":17,"withMoreAuthorities":true,"participationStatus":1,"participants":[1]}"#)]
    }
    MORE_AUTHORITIES_STATUS {
        9126 "C" ("more authorities without participation status", "flere myndigheder uden deltagelsesstatus"),
        refused [mads(r#"{"withMoreAuthorities":true}"#)],
        allowed [mads(r#"{"withMoreAuthorities":true,"participationStatus":1}"#)]
    }
    REHABILITATION_STATUS {
        9125 "C" ("interview type 21 with a participation status other than 5 or 6", "samtaletype 21 med en anden deltagelsesstatus end 5 eller 6"),
        refused [viggo(r#"{"interviewType":21,"withMoreAuthorities":true,"participationStatus":4,"participants":[1]}"#)],
        allowed [viggo(r#"{"interviewType":21,"withMoreAuthorities":true,"participationStatus":6,"participants":[1]}"#)]
    }
    HTML {
        4733 "C" ("the agreement holds something like an HTML tag", "aftalen indeholder noget, der ligner et HTML-tag"),
        refused [mads(r#"{"agreementDescription":"See <b>here</b>."}"#)],
        allowed [mads(r#"{"agreementDescription":"a < b and b > c"}"#)]
    }
    BLANK {
        4734 "C" ("the agreement is blank", "aftalen er tom"),
        refused [update(r#"{"interviewTime":"start-3d+10h","agreementDescription":" "}"#)],
        allowed [mads(r#"{"agreementDescription":" "}"#)]
    }
    UNKNOWN_BOOKING {
        4768 "C" ("nobody has the booking", "ingen har indkaldelsen"),
        refused [mads(r#"{"bookingIdentifier":"30000000-0000-4000-8000-000000000003"}"#)],
        allowed [mads(r#"{"bookingIdentifier":"30000000-0000-4000-8000-000000000001"}"#)]
    }
    OTHERS_BOOKING {
        6057 "C" ("the booking is somebody else's", "indkaldelsen er en andens"),
        refused [mads(r#"{"bookingIdentifier":"30000000-0000-4000-8000-000000000002"}"#)],
        allowed [nora(r#"{"bookingIdentifier":"30000000-0000-4000-8000-000000000002"}"#)]
    }
    TIME_FIXED {
        8184 "C" ("an update has another interview time", "en ændring har et andet samtaletidspunkt"),
        refused [update(r#"{"interviewTime":"start-3d+10h+1s"}"#)],
        allowed [update(r#"{"interviewTime":"start-3d+10h"}"#)]
    }
    TYPE_FIXED {
        8187 "C" ("an update has another interview type", "en ændring har en anden samtaletype"),
        refused [update(r#"{"interviewTime":"start-3d+10h","interviewType":8}"#)],
        allowed [update(r#"{"interviewTime":"start-3d+10h","interviewType":7}"#)]
    }
    MORE_AUTHORITIES_FIXED {
        8188 "C" ("an update says otherwise about more authorities", "en ændring siger noget andet om flere myndigheder"),
        refused [update(r#"{"interviewTime":"start-3d+10h","withMoreAuthorities":true,"participationStatus":1}"#)],
        allowed [update(r#"{"interviewTime":"start-3d+10h","withMoreAuthorities":false,"participationStatus":1}"#)]
    }
    OUTSIDER {
        8188 "G" ("a participant with an external identifier joins an interview without more authorities",
                  "en deltager med et eksternt id føjes til en samtale uden flere myndigheder"),
        refused [join(r#"{"externalAuthorityParticipantId":"MUN-0042"}"#)],
        allowed [call("addInterviewParticipant", &[NORA, JOINT], r#"{"externalAuthorityParticipantId":"MUN-0042"}"#)]
    }
    OTHERS_INTERVIEW {
        8237 "C" ("the interview is somebody else's", "samtalen er en andens"),
        refused [call("addInterviewParticipant", &[MADS, JOINT], "")],
        allowed [call("addInterviewParticipant", &[NORA, JOINT], "")]
    }
    PARTICIPANT_EXISTS {
        8240 "G" ("a participant's identifier is taken", "en deltagers id er optaget"),
        refused [join(r#"{"messageIdentifier":"21000000-0000-4000-8000-000000000001"}"#)],
        allowed [join(r#"{"messageIdentifier":"21000000-0000-4000-8000-000000000009"}"#)]
    }
    PARTICIPANT_UNKNOWN {
        8197 "C" ("no interview of the person has the participant", "ingen af personens samtaler har deltageren"),
        refused [call("deleteInterviewParticipant", &[MADS, FIRST, "21000000-0000-4000-8000-000000000003"], "")],
        allowed [call("deleteInterviewParticipant", &[MADS, FIRST, "21000000-0000-4000-8000-000000000002"], "")]
    }
    PARTICIPANT_ELSEWHERE {
        8198 "C" ("another interview of the person has the participant", "en anden af personens samtaler har deltageren"),
        refused [
            mads(r#"{"messageIdentifier":"abcdef00-0000-4000-8000-000000000001"}"#),
            call("deleteInterviewParticipant", &[MADS, NEW, "21000000-0000-4000-8000-000000000001"], ""),
        ],
        allowed [call("deleteInterviewParticipant", &[MADS, FIRST, "21000000-0000-4000-8000-000000000001"], "")]
    }
}
