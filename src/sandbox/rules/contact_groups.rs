//! Contact groups.

use super::{Step, call, rules};

const MADS: &str = "0708850001";
const SANNE: &str = "0708850006";
const WINNIE: &str = "0708850010";
const XENIA: &str = "0708095011";
/// One of the crowd.
const SOMEBODY: &str = "0202020031";

const fn open(values: &'static [&'static str], change: &'static str) -> Step {
    call("createContactGroup", values, change)
}

/// A change of the contact group in which somebody is from the start.
const fn update(values: &'static [&'static str], change: &'static str) -> Step {
    call("updateContactGroup", values, change)
}

const OF_MADS: &[&str] = &[MADS, "22000000-0000-4000-8000-000708850001"];
const OF_TOBIAS: &[&str] = &["0708850007", "22000000-0000-4000-8000-000708850007"];
const OF_ULLA: &[&str] = &["0708850008", "22000000-0000-4000-8000-000708850008"];

rules! { Dfdg;
    TYPE_UNKNOWN {
        4675 "D, the missing G" ("the type is missing or not among 1–29 without 9", "typen mangler eller er ikke blandt 1–29 uden 9"),
        refused [open(&[SANNE], r#"{"contactGroupType":30}"#)],
        allowed [open(&[SANNE], r#"{"contactGroupType":28}"#)]
    }
    NOT_FOR_JOBCENTERS {
        9331 "G" ("a jobcentre opens contact group 29 (invented number)", "et jobcenter åbner kontaktgruppe 29 (opfundet nummer)"),
        refused [open(&[SANNE], r#"{"contactGroupType":29}"#)],
        allowed [open(&[SANNE], r#"{"contactGroupType":29}"#).by("external-operator:12345678")]
    }
    EVENT_AFTER_START {
        8063 "C" ("the event time lies after the start", "hændelsestidspunktet ligger efter starten"),
        refused [open(&[SANNE], r#"{"contactGroupType":2,"startTime":"now-1h","eventTime":"now-59m"}"#)],
        allowed [open(&[SANNE], r#"{"contactGroupType":2,"startTime":"now-1h","eventTime":"now-1h"}"#)]
    }
    OPEN {
        4644 "C" ("the person has another contact group that is open", "personen har en anden kontaktgruppe, der er åben"),
        refused [open(&[MADS], r#"{"contactGroupType":3}"#)],
        allowed [
            update(OF_MADS, r#"{"contactGroupType":2,"startTime":"start-90d","endTime":"now"}"#),
            open(&[MADS], r#"{"contactGroupType":3}"#),
        ]
    }
    LATER_EXISTS {
        8192 "C" ("a contact group starts before another of the person", "en kontaktgruppe begynder før en anden hos personen"),
        refused [
            open(&[SOMEBODY], r#"{"contactGroupType":2,"startTime":"now-1h","endTime":"now"}"#),
            open(&[SOMEBODY], r#"{"contactGroupType":3,"startTime":"now-61m"}"#),
        ],
        allowed [
            open(&[SOMEBODY], r#"{"contactGroupType":2,"startTime":"now-1h","endTime":"now"}"#),
            open(&[SOMEBODY], r#"{"contactGroupType":3,"startTime":"now-1h"}"#),
        ]
    }
    SAME_AGAIN {
        8096 "G" ("the same type again on the Danish day on which it ended", "samme type igen på den danske dag, hvor den sluttede"),
        refused [
            open(&[SOMEBODY], r#"{"contactGroupType":2,"startTime":"today","endTime":"today"}"#),
            open(&[SOMEBODY], r#"{"contactGroupType":2,"startTime":"today"}"#),
        ],
        allowed [
            open(&[SOMEBODY], r#"{"contactGroupType":2,"startTime":"today-1d","endTime":"today-1s"}"#),
            open(&[SOMEBODY], r#"{"contactGroupType":2,"startTime":"today"}"#),
        ]
    }
    TOO_YOUNG {
        6033 "G" ("contact group 2 or 13 for somebody under 18", "kontaktgruppe 2 eller 13 til en person under 18 år"),
        refused [open(&[XENIA], r#"{"contactGroupType":2}"#)],
        allowed [open(&[XENIA], r#"{"contactGroupType":3}"#)]
    }
    NOT_ENROLLED {
        4731 "G" ("contact group 1 for somebody not enrolled", "kontaktgruppe 1 til en person, der ikke er tilmeldt"),
        refused [open(&[WINNIE], r#"{"contactGroupType":1}"#)],
        allowed [open(&[SANNE], r#"{"contactGroupType":1}"#)]
    }
    LEAVE {
        4645 "G" ("contact group 1 during parental leave", "kontaktgruppe 1 under barsel"),
        refused [open(&["0708850012"], r#"{"contactGroupType":1}"#)],
        allowed [open(&["0708850012"], r#"{"contactGroupType":2}"#)]
    }
    NOT_ILL {
        8190 "G" ("contact group 13 for somebody not ill", "kontaktgruppe 13 til en person, der ikke er syg"),
        refused [open(&[WINNIE], r#"{"contactGroupType":13}"#)],
        allowed [open(&["0708850014"], r#"{"contactGroupType":13}"#)]
    }
    NO_CV {
        9336 "G" ("contact group 7 (invented number) for somebody without CV number", "kontaktgruppe 7 (opfundet nummer) til en person uden CV-nummer"),
        refused [open(&[WINNIE], r#"{"contactGroupType":7}"#)],
        allowed [open(&[SANNE], r#"{"contactGroupType":7}"#)]
    }
    TYPE_FIXED {
        4646 "C" ("an update has another type", "en ændring har en anden type"),
        refused [update(OF_MADS, r#"{"contactGroupType":3,"startTime":"start-90d"}"#)],
        allowed [update(OF_MADS, r#"{"contactGroupType":2,"startTime":"start-90d"}"#)]
    }
    START_FIXED {
        4647 "C" ("an update has another start", "en ændring har en anden start"),
        refused [update(OF_MADS, r#"{"startTime":"start-90d+1s"}"#)],
        allowed [update(OF_MADS, r#"{"startTime":"start-90d"}"#)]
    }
    EVENT_FIXED {
        8065 "C" ("an update has another event time", "en ændring har et andet hændelsestidspunkt"),
        refused [update(OF_MADS, r#"{"startTime":"start-90d","eventTime":"start-91d"}"#)],
        allowed [update(OF_MADS, r#"{"startTime":"start-90d","eventTime":"start-90d"}"#)]
    }
    ENDS_BEFORE_ITS_START {
        4669 "C" ("an update ends a contact group before its start", "en ændring slutter en kontaktgruppe før dens start"),
        refused [update(OF_MADS, r#"{"startTime":"start-90d","endTime":"start-91d"}"#)],
        allowed []
    }
    ENDS_BEFORE_TODAY {
        4648 "C" ("an update ends a contact group before today", "en ændring slutter en kontaktgruppe før i dag"),
        refused [update(OF_MADS, r#"{"startTime":"start-90d","endTime":"today-1s"}"#)],
        allowed [update(OF_MADS, r#"{"startTime":"start-90d","endTime":"today"}"#)]
    }
    ENROLLED {
        4919 "C" ("the contact group of somebody enrolled is to end", "kontaktgruppen for en tilmeldt person skal slutte"),
        refused [update(OF_ULLA, r#"{"startTime":"start-90d","endTime":"now"}"#)],
        allowed [update(OF_ULLA, r#"{"startTime":"start-90d"}"#)]
    }
    ABSENT {
        9370 "C" ("the contact group of somebody absent is to end", "kontaktgruppen for en fraværende person skal slutte"),
        refused [update(OF_TOBIAS, r#"{"startTime":"start-90d","endTime":"now"}"#)],
        allowed [update(OF_TOBIAS, r#"{"startTime":"start-90d"}"#)]
    }
    REOPENS {
        4644 "C" ("an update opens a contact group again beside an open one", "en ændring genåbner en kontaktgruppe ved siden af en åben"),
        refused [
            update(OF_MADS, r#"{"startTime":"start-90d","endTime":"now"}"#),
            open(&[MADS], r#"{"contactGroupType":3}"#),
            update(OF_MADS, r#"{"startTime":"start-90d"}"#),
        ],
        allowed [
            update(OF_MADS, r#"{"startTime":"start-90d","endTime":"now"}"#),
            update(OF_MADS, r#"{"startTime":"start-90d"}"#),
        ]
    }
}
