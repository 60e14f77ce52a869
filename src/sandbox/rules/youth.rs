//! Ungedatabasen: who can be looked up, and about whom a municipality may report.

use super::{call, rules};

rules! { Udb;
    UNKNOWN {
        14 "D" ("Ungedatabasen does not know the number", "Ungedatabasen kender ikke nummeret"),
        refused [call("getYouthContacts", &["0909090909"], "")],
        allowed [call("getYouthContacts", &["0506085001"], "")]
    }
    TOO_YOUNG {
        14 "G" ("a report is about somebody under 15", "en indberetning drejer sig om en person under 15 år"),
        refused [call("reportYouth", &["0506125014"], "")],
        allowed [call("reportYouth", &["0506115015"], "")]
    }
    TOO_OLD {
        15 "D" ("a report is about somebody of 25 or more", "en indberetning drejer sig om en person på 25 år eller mere"),
        refused [call("reportYouth", &["0506005008"], "")],
        allowed [call("reportYouth", &["0506025016"], "")]
    }
    NO_CONTACT {
        18 "D" ("no contact person is registered; the gateway answers an empty list",
                "ingen kontaktperson er registreret; gatewayen svarer med en tom liste"),
        refused [call("getYouthContacts", &["0506085003"], "")],
        allowed [call("getYouthContacts", &["0506085005"], "")]
    }
    NOT_SUBSCRIBED {
        68 "D" ("the person is outside the active subscription", "personen er uden for det aktive abonnement"),
        refused [call("getYouthContacts", &["0506085004"], "")],
        allowed [call("getYouthContacts", &["0506085002"], "")]
    }
    OTHER_MUNICIPALITY {
        86 "D" ("a report's KommuneInstitutionNummer is not that of the municipality where the person lives",
                "en indberetnings KommuneInstitutionNummer er ikke nummeret på den kommune, hvor personen bor"),
        refused [call("reportYouth", &["0506085006"], "")],
        allowed [call("reportYouth", &["0506085001"], "")]
    }
    IN_FUTURE {
        280 "D, Ok=false G" ("a time of a report lies in the future; answered with Ok=false",
                "et tidspunkt i en indberetning ligger i fremtiden; der svares med Ok=false"),
        refused [call("reportYouth", &["0506085001"], r#"{"municipalityContact":{"registeredAt":"now+1h"}}"#)],
        allowed [call("reportYouth", &["0506085001"], r#"{"municipalityContact":{"registeredAt":"now"}}"#)]
    }
}
