//! Group markings.

use super::{Step, call, rules};

const MADS: &str = "0708850001";
const NORA: &str = "0708850002";
/// Those that are there from the start: one of Mads that has begun, one of Nora that was planned by fund 11.
const BEGUN: &[&str] = &[MADS, "20000000-0000-4000-8000-000000000006"];
const PLANNED: &[&str] = &[NORA, "20000000-0000-4000-8000-000000000007"];

const fn create(values: &'static [&'static str], change: &'static str) -> Step {
    call("createGroupMarking", values, change)
}

const fn update(values: &'static [&'static str], change: &'static str) -> Step {
    call("updateGroupMarking", values, change)
}

const fn delete(values: &'static [&'static str]) -> Step {
    call("deleteGroupMarking", values, "")
}

rules! { Dfdg;
    UNKNOWN_PROJECT {
        4666 "C" ("the group project is unknown", "gruppeprojektet er ukendt"),
        refused [create(&[NORA], r#"{"projectIdentifier":"40000000-0000-4000-8000-000000000009"}"#)],
        allowed [create(&[NORA], r#"{"projectIdentifier":"40000000-0000-4000-8000-000000000001"}"#)]
    }
    ENDS_BEFORE_START {
        4669 "C" ("a marking ends before it starts", "en markering slutter, før den begynder"),
        refused [create(&[NORA], r#"{"startTime":"now+1h","endTime":"now+59m"}"#)],
        allowed [create(&[NORA], r#"{"startTime":"now+1h","endTime":"now+1h"}"#)]
    }
    BEFORE_PROJECT {
        4670 "C" ("a marking starts before its project", "en markering begynder før sit projekt"),
        refused [create(&[MADS], r#"{"projectIdentifier":"40000000-0000-4000-8000-000000000002","startTime":"start-30d-1s"}"#)],
        allowed [create(&[MADS], r#"{"projectIdentifier":"40000000-0000-4000-8000-000000000002","startTime":"start-30d"}"#)]
    }
    AFTER_PROJECT {
        4671 "C" ("a marking ends, or starts, after its project", "en markering slutter eller begynder efter sit projekt"),
        refused [create(&[MADS], r#"{"projectIdentifier":"40000000-0000-4000-8000-000000000002","endTime":"start+61d"}"#)],
        allowed [create(&[MADS], r#"{"projectIdentifier":"40000000-0000-4000-8000-000000000002","endTime":"start+61d-1s"}"#)]
    }
    OVERLAPS {
        4672 "C" ("the person is in the project at the same time already", "personen er allerede i projektet på samme tid"),
        refused [create(&[MADS], r#"{"startTime":"start+10d"}"#)],
        allowed [create(&[MADS], r#"{"startTime":"start+10d+1s"}"#)]
    }
    MOVES_BEFORE_TODAY {
        4668 "C" ("the start of a marking is moved before today", "starten på en markering flyttes til før i dag"),
        refused [update(PLANNED, r#"{"startTime":"today-1s"}"#)],
        allowed [update(PLANNED, r#"{"startTime":"today"}"#)]
    }
    HAS_BEGUN {
        4668 "G" ("a marking that has begun is to be deleted", "en markering, der er begyndt, skal slettes"),
        refused [delete(BEGUN)],
        allowed [delete(PLANNED)]
    }
    OTHERS {
        9407 "C" ("a marking is changed or deleted neither by the authority that made it nor by the person's jobcentre",
                  "en markering ændres eller slettes hverken af den myndighed, der lavede den, eller af personens jobcenter"),
        refused [delete(PLANNED).by("jobcenter:10101")],
        allowed [delete(PLANNED).by("unemployment-fund:11")]
    }
}
