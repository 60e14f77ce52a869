//! What each row of an answer about contact persons means for the young person it names.

use crate::problem::catalogue::{self, System};
use crate::problem::redact::Secrets;
use crate::problem::{Outcome, Problem, names};
use crate::shape::value::Value;
use crate::upstream::redacted;

/// One answer of HentInstitutionKontakt. `Debug` prints counts only.
pub struct Page {
    /// Whether there is more since the time that was asked for.
    pub more: bool,
    /// The time to ask with next, exactly as the upstream wrote it.
    pub latest: Option<String>,
    /// The rows, in order.
    pub rows: Vec<Row>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Page").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

/// One row: a contact person, or what is wrong with this young person.
pub struct Row {
    /// Whom it is about.
    pub cpr: Option<String>,
    /// What it says.
    pub says: Says,
}

/// What a row says.
pub enum Says {
    /// A contact person: the values of the members of `CONTACT`.
    Contact(Vec<Value<'static>>),
    /// That there is none (18), or nothing at all.
    Nothing,
    /// Why there is no answer about this person.
    Refused(Box<Problem>),
}

impl Page {
    /// Takes the values of an answer apart.
    pub fn of(mut values: Vec<Value<'static>>, operation: &str, secrets: &Secrets) -> Self {
        let rows = values.pop();
        let latest = values.pop().and_then(Value::into_text);
        let more = values.pop() == Some(Value::Boolean(true));
        let rows = match rows {
            Some(Value::List(rows)) => rows.into_iter().map(|row| Row::of(row, operation, secrets)).collect(),
            _ => Vec::new(),
        };
        Self { more, latest, rows }
    }
}

impl Row {
    fn of(row: Value<'static>, operation: &str, secrets: &Secrets) -> Self {
        let Value::Object(mut members) = row else {
            return Self { cpr: None, says: Says::Nothing };
        };
        let contact = members.split_off(3);
        let text = members.pop().and_then(Value::into_text);
        let code = members.pop().and_then(|code| code.as_integer());
        let cpr = members.pop().and_then(Value::into_text).map(|cpr| cpr.trim().to_owned());
        let says = match code {
            Some(code) => refused(code, text, operation, secrets),
            None if contact.iter().all(Value::is_absent) => Says::Nothing,
            None => Says::Contact(contact),
        };
        Self { cpr, says }
    }
}

fn refused(code: i64, text: Option<String>, operation: &str, secrets: &Secrets) -> Says {
    match problem(code, text, operation, secrets) {
        Some(problem) => Says::Refused(Box::new(problem)),
        None => Says::Nothing,
    }
}

/// The problem of a code of Ungedatabasen; none for 18, which says that there is nothing.
pub fn problem(code: i64, text: Option<String>, operation: &str, secrets: &Secrets) -> Option<Problem> {
    let known = catalogue::code(System::Udb, &code.to_string(), operation);
    let mut problem = match known {
        Some(known) => Problem::of_code(known)?,
        None => {
            let mut problem =
                Problem::own(names::UPSTREAM_REJECTED).of_system(System::Udb).with_outcome(Outcome::Unknown);
            problem.code = Some(code.to_string());
            problem
        }
    };
    let listed = known.map(|code| code.upstream_text.as_str());
    problem.upstream_text = text.map(|text| redacted(&text, listed, secrets));
    Some(problem)
}
