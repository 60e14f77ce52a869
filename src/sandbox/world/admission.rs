//! Whom an operation concerns, and whether the calling authority may act for that person.

use super::World;
use super::caller::{Caller, Organisation, Refusal, refuse_if};
use super::cast::{self, Person};
use crate::problem::catalogue;
use crate::sandbox::catalogue::{System, find};
use crate::sandbox::rules::{Rule, limitations, people as rules};
use crate::types::time::danish_day;
use jiff::civil::Date;

/// What an operation answers an authority to whom the person does not belong; `None`: that does not matter to it.
#[derive(Clone, Copy)]
pub(crate) struct Access {
    jobcenter: Option<&'static Rule>,
    fund: Fund,
    operator: Operator,
}

#[derive(Clone, Copy)]
enum Fund {
    /// Funds may not call this.
    Refused,
    /// Any fund may.
    Any,
    /// The person's own; anybody else's is "not authorized".
    Own,
    /// The person's own, with codes for none and for another.
    OwnWithReason,
}

#[derive(Clone, Copy)]
enum Operator {
    Refused,
    Any,
    Own,
}

/// The access rules of an operation that concerns a person. The codes are those that its description lists; which
/// kinds of authority it takes is inferred from them.
pub(crate) fn access(operation: &str) -> Access {
    let (jobcenter, fund, operator) = match operation {
        "CreatePersonInterview" => (Some(&rules::OTHER_JOBCENTER), Fund::Own, Operator::Own),
        "UpdatePersonInterview" | "AddInterviewParticipant" | "UpdateInterviewParticipant" => {
            (Some(&rules::OTHER_JOBCENTER), Fund::OwnWithReason, Operator::Own)
        }
        "DeleteInterviewParticipant" => (None, Fund::Any, Operator::Any),
        "CreatePersonCategory"
        | "UpdatePersonCategory"
        | "CreatePersonCategoryAndInterview"
        | "CreateContactGroup"
        | "UpdateContactGroup" => (Some(&rules::OTHER_JOBCENTER), Fund::Refused, Operator::Own),
        "UpdateHealthLimitation" => (Some(&limitations::OTHERS), Fund::Refused, Operator::Refused),
        "CreatePersonGroupMarking"
        | "RegisterUnemploymentFundParticipation"
        | "RegisterUnemploymentFundParticipationCv" => (None, Fund::Any, Operator::Refused),
        "RegisterUnemploymentFundParticipationChoice" => {
            (Some(&rules::OTHER_JOBCENTER), Fund::OwnWithReason, Operator::Refused)
        }
        _ => (None, Fund::Refused, Operator::Refused),
    };
    Access { jobcenter, fund, operator }
}

impl World {
    /// The person whom a number names, for an authority that may call the operation for that person.
    pub(crate) fn admit(
        &self,
        cpr: &str,
        caller: &Caller,
        operation: &str,
    ) -> Result<&'static Person, Refusal> {
        refuse_if(!is_a_date(cpr), listed(&rules::NO_DATE, operation))?;
        let person = cast::person(cpr).ok_or(Refusal(listed(&rules::NOBODY, operation)))?;
        refuse_if(!person.in_dfdg, listed(&rules::NOT_IN_DFDG, operation))?;
        refuse_if(person.dead, listed(&rules::DEAD, operation))?;
        let access = access(operation);
        match caller.organisation {
            Organisation::Jobcenter => self.admit_jobcenter(cpr, person, caller, access)?,
            Organisation::UnemploymentFund => admit_fund(person, caller, access)?,
            Organisation::ExternalOperator => admit_operator(person, caller, access)?,
            Organisation::Municipality | Organisation::Company => {
                return Err(Refusal(&rules::AUTHORITY_KIND));
            }
        }
        Ok(person)
    }

    fn admit_jobcenter(
        &self,
        cpr: &str,
        person: &Person,
        caller: &Caller,
        access: Access,
    ) -> Result<(), Refusal> {
        match access.jobcenter {
            Some(rule) => {
                refuse_if(!person.open_to_all && !caller.is_number(self.jobcenter_of(cpr, person)), rule)
            }
            None => Ok(()),
        }
    }

    /// The jobcentre to which a person belongs now.
    pub(crate) fn jobcenter_of(&self, cpr: &str, person: &Person) -> u32 {
        self.moved.get(cpr).copied().unwrap_or(person.jobcenter)
    }
}

/// The rule, or one whose code any operation may answer where its own is not expected of this one.
fn listed(rule: &'static Rule, operation: &str) -> &'static Rule {
    let code = find(System::Dfdg, rule.code())
        .and_then(|code| catalogue::code(code.system.into(), code.code, operation));
    if code.is_some_and(|code| code.is_expected_of(operation)) { rule } else { &rules::NO_CODE_FOR_IT }
}

fn admit_fund(person: &Person, caller: &Caller, access: Access) -> Result<(), Refusal> {
    let own = person.open_to_all || person.fund.is_some_and(|fund| caller.is_number(fund));
    match access.fund {
        Fund::Refused => Err(Refusal(&rules::AUTHORITY_KIND)),
        Fund::Any => Ok(()),
        Fund::Own => refuse_if(!own, &rules::OTHERS_MEMBER),
        Fund::OwnWithReason if person.fund.is_none() => Err(Refusal(&rules::NO_FUND)),
        Fund::OwnWithReason => refuse_if(!own, &rules::OTHER_FUND),
    }
}

fn admit_operator(person: &Person, caller: &Caller, access: Access) -> Result<(), Refusal> {
    match access.operator {
        Operator::Refused => Err(Refusal(&rules::AUTHORITY_KIND)),
        Operator::Any => Ok(()),
        Operator::Own => {
            let own =
                person.open_to_all || person.operator.is_some_and(|operator| caller.is_number(operator));
            refuse_if(!own, &rules::NOT_SERVED)
        }
    }
}

/// Whether the number's first six digits are a date in the century that its seventh digit gives.
///
/// STAR's pattern takes 29 February in every year.
fn is_a_date(cpr: &str) -> bool {
    let part = |range: std::ops::Range<usize>| cpr.get(range).and_then(|text| text.parse::<i16>().ok());
    let (Some(day), Some(month), Some(year), Some(century)) =
        (part(0..2), part(2..4), part(4..6), part(6..7))
    else {
        return false;
    };
    let year = match (century, year) {
        (0..=3, _) | (4 | 9, 37..) => 1900 + year,
        (5..=8, 58..) => 1800 + year,
        _ => 2000 + year,
    };
    Date::new(year, month as i8, day as i8).is_ok()
}

/// The number of days from one point in time to a later one, by the Danish calendar; negative when it is earlier.
pub(crate) fn danish_days_between(from: jiff::Timestamp, to: jiff::Timestamp) -> i64 {
    let days = danish_day(to).since(danish_day(from)).map_or(0, |span| span.get_days());
    i64::from(days)
}

#[cfg(test)]
mod tests {
    use super::is_a_date;

    #[test]
    fn the_seventh_digit_gives_the_century() {
        for good in
            ["2902000001", "2902004001", "2902009001", "0101991010", "0506085001", "3112579001", "2902965001"]
        {
            assert_eq!(is_a_date(good), good != "2902000001", "{good}");
        }
        assert!(!is_a_date("2902010001") && !is_a_date("2902014001") && !is_a_date("0000000000"));
    }
}
