//! The citizens of the sandbox: made-up people, each there to show one thing.
//!
//! Ages are stated, not computed from the number, so that nobody outgrows their part.

/// The municipality and jobcentre of everybody who is not said to live elsewhere.
pub(crate) const HOME_JOBCENTER: u32 = 15101;
/// `KommuneInstitutionNummer` of that municipality.
pub(crate) const HOME_KUI: u64 = 7_654_321;
/// The jobcentre and number of the other municipality.
pub(crate) const OTHER_JOBCENTER: u32 = 10101;
/// `KommuneInstitutionNummer` of the other municipality.
pub(crate) const OTHER_KUI: u64 = 7_654_322;
/// The unemployment fund of most members.
pub(crate) const HOME_FUND: u32 = 11;
/// The fund of the one member elsewhere.
pub(crate) const OTHER_FUND: u32 = 22;
/// The external operator who works for most people.
pub(crate) const OPERATOR: u32 = 12_345_678;
/// The jobcentres that exist.
pub(crate) const JOBCENTERS: [u32; 4] = [10101, 15101, 46101, 75101];

/// Kinds of absence that play a part (STAR's `AbsenceTypeIdentifier`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Absence {
    /// 8, parental leave.
    Leave,
    /// 11, illness.
    Illness,
}

/// What Ungedatabasen holds of a young person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contacts {
    /// No contact person: code 18.
    None,
    /// One who has no end.
    One,
    /// One who will end in a month: with everything there can be.
    Ending,
    /// Three at two schools, one of them ended.
    Three,
    /// One of whom only name and school are known.
    NameOnly,
    /// One whose name holds what XML must escape.
    Odd,
    /// So many.
    Many(usize),
}

/// A citizen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Person {
    pub(crate) cpr: &'static str,
    pub(crate) name: &'static str,
    /// What the person is there for, in English and Danish.
    pub(crate) part: (&'static str, &'static str),
    pub(crate) age: u8,
    pub(crate) dead: bool,
    pub(crate) in_dfdg: bool,
    pub(crate) jobcenter: u32,
    pub(crate) kui: u64,
    pub(crate) enrolled: bool,
    /// Type of the contact group that is open from the start.
    pub(crate) contact_group: Option<u32>,
    pub(crate) absence: Option<Absence>,
    pub(crate) warning_letter_passed: bool,
    pub(crate) fund: Option<u32>,
    pub(crate) operator: Option<u32>,
    pub(crate) cv: Option<&'static str>,
    /// What Ungedatabasen holds; `None`: nothing at all, code 14.
    pub(crate) youth: Option<Contacts>,
    pub(crate) subscribed: bool,
    /// Whether every authority may act for this person.
    pub(crate) open_to_all: bool,
}

const NOBODY: Person = Person {
    cpr: "",
    name: "",
    part: ("", ""),
    age: 41,
    dead: false,
    in_dfdg: true,
    jobcenter: HOME_JOBCENTER,
    kui: HOME_KUI,
    enrolled: false,
    contact_group: None,
    absence: None,
    warning_letter_passed: false,
    fund: Some(HOME_FUND),
    operator: Some(OPERATOR),
    cv: None,
    youth: None,
    subscribed: false,
    open_to_all: false,
};

const fn youth(
    cpr: &'static str,
    name: &'static str,
    contacts: Contacts,
    english: &'static str,
    danish: &'static str,
) -> Person {
    Person { cpr, name, part: (english, danish), age: 18, youth: Some(contacts), subscribed: true, ..NOBODY }
}

const fn seeker(
    cpr: &'static str,
    name: &'static str,
    english: &'static str,
    danish: &'static str,
) -> Person {
    Person { cpr, name, part: (english, danish), ..NOBODY }
}

/// Everybody who has a name.
pub(crate) const CAST: &[Person] = &[
    youth("0506085001", "Alma", Contacts::One, "has one contact person", "har én kontaktperson"),
    youth(
        "0506085002",
        "Bertil",
        Contacts::Three,
        "has three contact persons at two schools, one of them ended",
        "har tre kontaktpersoner på to skoler, den ene afsluttet",
    ),
    youth(
        "0506085003",
        "Carla",
        Contacts::None,
        "has no contact person (18)",
        "har ingen kontaktperson (18)",
    ),
    Person {
        subscribed: false,
        ..youth(
            "0506085004",
            "David",
            Contacts::One,
            "is outside the active subscription (68)",
            "er uden for det aktive abonnement (68)",
        )
    },
    youth(
        "0506085005",
        "Ella",
        Contacts::NameOnly,
        "has a contact person of whom only name and school are known",
        "har en kontaktperson, hvor kun navn og skole er kendt",
    ),
    Person {
        jobcenter: OTHER_JOBCENTER,
        kui: OTHER_KUI,
        ..youth(
            "0506085006",
            "Frederik",
            Contacts::One,
            "lives in another municipality (86 on reports, 6005 in DFDG)",
            "bor i en anden kommune (86 på indberetninger, 6005 i DFDG)",
        )
    },
    youth(
        "0506085007",
        "Gry",
        Contacts::Odd,
        "has a contact person with markup and foreign letters in the name",
        "har en kontaktperson med tegn og bogstaver i navnet, der kræver omhu",
    ),
    Person {
        age: 26,
        ..youth(
            "0506005008",
            "Hannibal",
            Contacts::One,
            "is 26: too old for reports (15)",
            "er 26 år: for gammel til indberetninger (15)",
        )
    },
    youth(
        "0506085009",
        "Ida",
        Contacts::Many(40),
        "has 40 contact persons: three such people do not fit in one answer of 100",
        "har 40 kontaktpersoner: tre som hende kan ikke være i ét svar på 100",
    ),
    youth("0506085010", "Ib", Contacts::Many(40), "has 40 contact persons", "har 40 kontaktpersoner"),
    youth("0506085011", "Ilse", Contacts::Many(40), "has 40 contact persons", "har 40 kontaktpersoner"),
    youth(
        "0506085012",
        "Johan",
        Contacts::Many(100),
        "has 100 contact persons: the answer is full, and nobody can tell whether it is whole",
        "har 100 kontaktpersoner: svaret er fuldt, og ingen kan se, om det er helt",
    ),
    Person {
        contact_group: Some(2),
        ..youth(
            "0506085013",
            "Kaja",
            Contacts::One,
            "is both: a contact person at a school and an open contact group of type 2",
            "er begge dele: en kontaktperson på en skole og en åben kontaktgruppe af type 2",
        )
    },
    Person {
        age: 14,
        ..youth(
            "0506125014",
            "Lasse",
            Contacts::None,
            "is 14: too young for reports (14)",
            "er 14 år: for ung til indberetninger (14)",
        )
    },
    Person {
        age: 15,
        ..youth(
            "0506115015",
            "Malthe",
            Contacts::One,
            "is 15: just old enough for reports",
            "er 15 år: lige gammel nok til indberetninger",
        )
    },
    Person {
        age: 24,
        ..youth(
            "0506025016",
            "Nanna",
            Contacts::One,
            "is 24: young enough for reports",
            "er 24 år: ung nok til indberetninger",
        )
    },
    Person {
        contact_group: Some(2),
        ..seeker(
            "0708850001",
            "Mads",
            "is the ordinary job seeker: open contact group of type 2, a booking, an interview, a health limitation and a group marking",
            "er den almindelige ledige: åben kontaktgruppe af type 2, en indkaldelse, en samtale, en helbredsbegrænsning og en gruppemarkering",
        )
    },
    Person {
        contact_group: Some(1),
        enrolled: true,
        cv: Some("10000002"),
        ..seeker(
            "0708850002",
            "Nora",
            "receives unemployment benefit: enrolled, open contact group of type 1, member of fund 11, CV customer 10000002",
            "er dagpengemodtager: tilmeldt, åben kontaktgruppe af type 1, medlem af a-kasse 11, CV-kunde 10000002",
        )
    },
    Person {
        jobcenter: OTHER_JOBCENTER,
        kui: OTHER_KUI,
        operator: None,
        ..seeker(
            "0708850003",
            "Oskar",
            "belongs to jobcentre 10101 (6005) and to no external operator (4511)",
            "hører til jobcenter 10101 (6005) og til ingen anden aktør (4511)",
        )
    },
    Person {
        dead: true,
        cv: Some("10000004"),
        ..seeker(
            "0708850004",
            "Pia",
            "is dead (4405), as CV customer 10000004 too",
            "er død (4405), også som CV-kunde 10000004",
        )
    },
    Person {
        in_dfdg: false,
        ..seeker(
            "0708850005",
            "Rasmus",
            "is known, but does not exist in DFDG (4404)",
            "er kendt, men findes ikke i DFDG (4404)",
        )
    },
    Person {
        enrolled: true,
        cv: Some("10000006"),
        ..seeker(
            "0708850006",
            "Sanne",
            "is enrolled and has no open contact group: types 1, 2 and 7 can be opened",
            "er tilmeldt og har ingen åben kontaktgruppe: type 1, 2 og 7 kan åbnes",
        )
    },
    Person {
        contact_group: Some(2),
        absence: Some(Absence::Illness),
        ..seeker(
            "0708850007",
            "Tobias",
            "is ill (absence type 11) in an open contact group of type 2: interview type 4 is allowed, category 4 is not (9282), the group cannot be ended (9370)",
            "er syg (fraværstype 11) i en åben kontaktgruppe af type 2: samtaletype 4 er tilladt, kategori 4 ikke (9282), og gruppen kan ikke afsluttes (9370)",
        )
    },
    Person {
        contact_group: Some(2),
        absence: Some(Absence::Leave),
        enrolled: true,
        ..seeker(
            "0708850008",
            "Ulla",
            "is on parental leave and enrolled: category 4 is refused (4654), the group cannot be ended (4919)",
            "er på barsel og tilmeldt: kategori 4 afvises (4654), og gruppen kan ikke afsluttes (4919)",
        )
    },
    Person {
        contact_group: Some(13),
        absence: Some(Absence::Illness),
        warning_letter_passed: true,
        ..seeker(
            "0708850009",
            "Viggo",
            "is in job clarification (type 13), ill, and the date of the warning letter has passed (4752); the rehabilitation team meets about him (interview type 21)",
            "er i jobafklaring (type 13), syg, og varslingsbrevets dato er overskredet (4752); rehabiliteringsteamet holder møde om ham (samtaletype 21)",
        )
    },
    Person {
        fund: Some(OTHER_FUND),
        ..seeker(
            "0708850010",
            "Winnie",
            "is a member of fund 22 (4857), not enrolled and without contact group: types 1 (4731), 7 (9336) and 13 (8190) are refused",
            "er medlem af a-kasse 22 (4857), ikke tilmeldt og uden kontaktgruppe: type 1 (4731), 7 (9336) og 13 (8190) afvises",
        )
    },
    Person {
        fund: None,
        age: 17,
        ..seeker(
            "0708095011",
            "Xenia",
            "is 17 (6033 for contact groups 2 and 13) and in no unemployment fund (4385, 9151)",
            "er 17 år (6033 for kontaktgruppe 2 og 13) og ikke i a-kasse (4385, 9151)",
        )
    },
    Person {
        absence: Some(Absence::Leave),
        enrolled: true,
        ..seeker(
            "0708850012",
            "Yrsa",
            "is enrolled and on parental leave: contact group 1 is refused (4645)",
            "er tilmeldt og på barsel: kontaktgruppe 1 afvises (4645)",
        )
    },
    Person {
        contact_group: Some(2),
        enrolled: true,
        operator: None,
        ..seeker(
            "0708850013",
            "Zenia",
            "is enrolled with an open contact group of type 2: category 4 is right, category 5 asks her to be unenrolled first (4655); registered in category 4 ten days ago",
            "er tilmeldt med en åben kontaktgruppe af type 2: kategori 4 er rigtig, kategori 5 kræver, at hun først afmeldes (4655); blev registreret i kategori 4 for ti dage siden",
        )
    },
    Person {
        absence: Some(Absence::Illness),
        ..seeker(
            "0708850014",
            "Åge",
            "is ill and has no open contact group: type 13 can be opened",
            "er syg og har ingen åben kontaktgruppe: type 13 kan åbnes",
        )
    },
];

/// Ten thousand alike, for load and for tests that must not meet: every number that begins with [`CROWD_DATE`].
const CROWD: Person = Person { age: 22, youth: Some(Contacts::One), subscribed: true, ..NOBODY };
/// Behind a trigger that does not refuse stands a person for whom every authority may act.
const BEHIND_A_TRIGGER: Person = Person { open_to_all: true, youth: Some(Contacts::Ending), ..CROWD };

/// The first six digits of the crowd.
pub(crate) const CROWD_DATE: &str = "020202";
/// The first six digits of a trigger; the last four say which.
pub(crate) const TRIGGER_DATE: &str = "010199";

/// Whom a number names.
pub(crate) fn person(cpr: &str) -> Option<&'static Person> {
    if cpr.starts_with(CROWD_DATE) {
        return Some(&CROWD);
    }
    if let Some(number) = cpr.strip_prefix(TRIGGER_DATE) {
        return number.starts_with('7').then_some(&BEHIND_A_TRIGGER);
    }
    CAST.iter().find(|person| person.cpr == cpr)
}

/// Whom a CV customer number names.
pub(crate) fn cv_customer(number: &str) -> Option<&'static Person> {
    CAST.iter().find(|person| person.cv == Some(number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Cpr;

    #[test]
    fn every_number_of_the_cast_is_valid_and_names_one_person() {
        for citizen in CAST {
            assert!(Cpr::parse(citizen.cpr).is_some(), "{}", citizen.name);
            assert_eq!(person(citizen.cpr).unwrap().name, citizen.name);
        }
        assert!(Cpr::parse(&format!("{CROWD_DATE}0000")).is_some());
        assert!(Cpr::parse(&format!("{TRIGGER_DATE}6005")).is_some());
    }
}
