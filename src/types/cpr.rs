//! Civil registration numbers (CPR): the pattern of STAR, and the test numbers of STIL.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// The pattern of STAR's `PersonCivilRegistrationIdentifierType`; it matches the whole value.
pub const CPR_PATTERN: &str = "((((0[1-9]|1[0-9]|2[0-9]|3[0-1])(01|03|05|07|08|10|12))|((0[1-9]|1[0-9]|2[0-9]|30)(04|06|09|11))|((0[1-9]|1[0-9]|2[0-9])(02)))[0-9]{6})|0000000000";

/// The number that STAR's pattern allows for a person without one; it names nobody.
const NOBODY: &str = "0000000000";

static CPR: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("^(?:{CPR_PATTERN})$")).expect("the pattern is constant"));

/// STIL's numbers for people who do not exist: 60 added to the day, or three letters after the date.
static TEST_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    let shifted_day = "(?:6[1-9]|[78][0-9]|9[01])";
    let day = "(?:0[1-9]|[12][0-9]|3[01])";
    let month_and_year = "(?:0[1-9]|1[0-2])[0-9]{2}";
    let letters = "[A-Z]{3}[0-9]";
    Regex::new(&format!(
        "^(?:{shifted_day}{month_and_year}(?:[0-9]{{4}}|{letters})|{day}{month_and_year}{letters})$"
    ))
    .expect("the pattern is constant")
});

/// The pattern of STIL's test numbers, not anchored.
pub fn test_number_pattern() -> &'static str {
    let anchored = TEST_NUMBER.as_str();
    anchored.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$")).unwrap_or(anchored)
}

/// A civil registration number that was checked. There is no modulus 11 check: numbers without it are valid since 2007.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cpr(Box<str>);

impl Cpr {
    /// Takes a number of STAR's pattern that names somebody.
    pub fn parse(text: &str) -> Option<Self> {
        (text != NOBODY && CPR.is_match(text)).then(|| Self(text.into()))
    }

    /// Takes what [`Cpr::parse`] takes and also STIL's ten-character test numbers (`upstreams.udb.test_numbers`).
    pub fn parse_with_test_numbers(text: &str) -> Option<Self> {
        Self::parse(text)
            .or_else(|| (text != NOBODY && TEST_NUMBER.is_match(text)).then(|| Self(text.into())))
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Cpr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Cpr(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_follows_stars_pattern_and_names_somebody() {
        for good in ["0101900000", "2902010000", "3112999999", "0101000001"] {
            assert!(Cpr::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "0000000000",
            "3002000000",
            "3104000000",
            "0113000000",
            "010190000",
            "01019000000",
            "010190-0000",
            "6101900000",
            "010190ABC1",
            "0101900000\n",
        ] {
            assert!(Cpr::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn test_numbers_need_their_switch() {
        for number in ["6101900000", "010190KOT1", "9112990000"] {
            assert!(
                Cpr::parse(number).is_none() && Cpr::parse_with_test_numbers(number).is_some(),
                "{number}"
            );
        }
        for bad in ["0000000000", "010190kot1", "010190KO12", "9901010000", "6113900000"] {
            assert!(Cpr::parse_with_test_numbers(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn debug_prints_nothing_of_the_number() {
        assert_eq!(format!("{:?}", Cpr::parse("0101900000").unwrap()), "Cpr(…)");
    }
}
