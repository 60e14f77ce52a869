//! Person categories.

use super::{Step, call, rules};

const MADS: &str = "0708850001";
const ZENIA: &str = "0708850013";

const fn category(values: &'static [&'static str], change: &'static str) -> Step {
    call("createCategory", values, change)
}

rules! { Dfdg;
    NOT_ASSESSED {
        6029 "D" ("category 8", "kategori 8"),
        refused [category(&[MADS], r#"{"categoryType":8}"#)],
        allowed [category(&[MADS], r#"{"categoryType":7}"#)]
    }
    TOO_HIGH {
        8195 "G" ("a category above 15", "en kategori over 15"),
        refused [category(&[MADS], r#"{"categoryType":16}"#)],
        allowed [category(&[MADS], r#"{"categoryType":15}"#)]
    }
    TOO_LOW {
        4664 "G" ("category 0–3", "kategori 0–3"),
        refused [category(&[ZENIA], r#"{"categoryType":3}"#)],
        allowed [category(&[ZENIA], r#"{"categoryType":4}"#)]
    }
    IN_FUTURE {
        8194 "C" ("a category lies in the future", "en kategori ligger i fremtiden"),
        refused [category(&[MADS], r#"{"categoryType":5,"incidentDate":"now+1m"}"#)],
        allowed [category(&[MADS], r#"{"categoryType":5,"incidentDate":"now"}"#)]
    }
    LATER_EXISTS {
        8192 "C" ("a category lies before another category or a contact group of the person",
                  "en kategori ligger før en anden kategori eller en kontaktgruppe hos personen"),
        refused [category(&[ZENIA], r#"{"categoryType":4,"incidentDate":"start-10d-1s"}"#)],
        allowed [category(&[ZENIA], r#"{"categoryType":4,"incidentDate":"start-10d"}"#)]
    }
    NO_CONTACT_GROUP {
        4716 "G" ("a category for somebody without open contact group", "en kategori til en person uden åben kontaktgruppe"),
        refused [category(&["0708850006"], r#"{"categoryType":5}"#)],
        allowed [category(&[MADS], r#"{"categoryType":5}"#)]
    }
    BENEFIT {
        8193 "D" ("a category in contact group 1", "en kategori i kontaktgruppe 1"),
        refused [category(&["0708850002"], r#"{"categoryType":5}"#)],
        allowed [category(&[MADS], r#"{"categoryType":5}"#)]
    }
    WARNING_LETTER {
        4752 "C" ("a category for somebody ill whose warning letter date has passed",
                  "en kategori til en syg person, hvis varslingsbrevs dato er overskredet"),
        refused [category(&["0708850009"], r#"{"categoryType":5}"#)],
        allowed [category(&["0708850007"], r#"{"categoryType":5}"#)]
    }
    LEAVE {
        4654 "G" ("category 4 during parental leave", "kategori 4 under barsel"),
        refused [category(&["0708850008"], r#"{"categoryType":4}"#)],
        allowed [category(&["0708850008"], r#"{"categoryType":6}"#)]
    }
    ILLNESS {
        9282 "G" ("category 4 for somebody ill", "kategori 4 til en syg person"),
        refused [category(&["0708850007"], r#"{"categoryType":4}"#)],
        allowed [category(&["0708850007"], r#"{"categoryType":5}"#)]
    }
    NOT_ENROLLED {
        4656 "G" ("category 4 for somebody not enrolled", "kategori 4 til en person, der ikke er tilmeldt"),
        refused [category(&[MADS], r#"{"categoryType":4}"#)],
        allowed [category(&[ZENIA], r#"{"categoryType":4}"#)]
    }
    ENROLLED {
        4655 "G" ("category 5 for somebody enrolled", "kategori 5 til en person, der er tilmeldt"),
        refused [category(&[ZENIA], r#"{"categoryType":5}"#)],
        allowed [category(&[MADS], r#"{"categoryType":5}"#)]
    }
}
