//! Health limitations.

use super::{Step, call, rules};

const MADS: &str = "0708850001";
/// Those of Mads that are there from the start: begun, ended and planned.
const BEGUN: &[&str] = &[MADS, "20000000-0000-4000-8000-000000000003"];
const ENDED: &[&str] = &[MADS, "20000000-0000-4000-8000-000000000004"];
const PLANNED: &[&str] = &[MADS, "20000000-0000-4000-8000-000000000005"];

const fn create(change: &'static str) -> Step {
    call("createHealthLimitation", &[MADS], change)
}

const fn update(values: &'static [&'static str], change: &'static str) -> Step {
    call("updateHealthLimitation", values, change)
}

const fn delete(values: &'static [&'static str]) -> Step {
    call("deleteHealthLimitation", values, "")
}

rules! { Dfdg;
    STARTS_BEFORE_TODAY {
        4668 "C" ("a limitation starts before today", "en begrænsning begynder før i dag"),
        refused [create(r#"{"startDate":"today-1s"}"#)],
        allowed [create(r#"{"startDate":"today"}"#)]
    }
    ENDS_BEFORE_START {
        4669 "C" ("a limitation ends before it starts", "en begrænsning slutter, før den begynder"),
        refused [create(r#"{"startDate":"now+1h","endDate":"now+59m"}"#)],
        allowed [create(r#"{"startDate":"now+1h","endDate":"now+1h"}"#)]
    }
    ENDS_BEFORE_TODAY {
        4742 "C" ("a limitation is to end before today", "en begrænsning skal slutte før i dag"),
        refused [update(BEGUN, r#"{"startDate":"start-20d","endDate":"today-1s"}"#)],
        allowed [update(BEGUN, r#"{"startDate":"start-20d","endDate":"today"}"#)]
    }
    START_FIXED {
        4647 "G" ("the start of a limitation that has begun is to change", "starten på en begrænsning, der er begyndt, skal ændres"),
        refused [update(BEGUN, r#"{"startDate":"now"}"#)],
        allowed [update(BEGUN, r#"{"startDate":"start-20d"}"#)]
    }
    MOVES_BEFORE_TODAY {
        4668 "G" ("the start of a limitation is moved before today", "starten på en begrænsning flyttes til før i dag"),
        refused [update(PLANNED, r#"{"startDate":"today-1s"}"#)],
        allowed [update(PLANNED, r#"{"startDate":"today"}"#)]
    }
    END_FIXED {
        4748 "G" ("the end of a limitation that has ended is to change", "slutningen på en begrænsning, der er ophørt, skal ændres"),
        refused [update(ENDED, r#"{"startDate":"start-60d","endDate":"now+1d"}"#)],
        allowed [update(ENDED, r#"{"startDate":"start-60d","endDate":"start-30d"}"#)]
    }
    OTHERS {
        4575 "C" ("a jobcentre changes or deletes a limitation of somebody of another",
                  "et jobcenter ændrer eller sletter en begrænsning hos en person fra et andet"),
        refused [delete(PLANNED).by("jobcenter:10101")],
        allowed [delete(PLANNED).by("jobcenter:15101")]
    }
    HAS_ENDED {
        4743 "G" ("a limitation that has ended is to be deleted", "en begrænsning, der er ophørt, skal slettes"),
        refused [delete(ENDED)],
        allowed [delete(PLANNED)]
    }
    HAS_BEGUN {
        4668 "G" ("a limitation that has begun is to be deleted", "en begrænsning, der er begyndt, skal slettes"),
        refused [delete(BEGUN)],
        allowed [delete(PLANNED)]
    }
}
