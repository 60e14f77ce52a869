//! The authority on whose behalf a call is made, and the refusal of one.

use crate::sandbox::rules::Rule;

/// Kinds of organisation that DFDG knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Organisation {
    Jobcenter,
    Municipality,
    UnemploymentFund,
    ExternalOperator,
    Company,
}

/// What `ActiveOrganisationHeader` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) organisation: Organisation,
    pub(crate) code: String,
}

impl Caller {
    /// Whether the organisation's code is this number.
    pub(crate) fn is_number(&self, number: u32) -> bool {
        self.code.parse() == Ok(number)
    }
}

/// The rule by which an operation is refused; nothing was changed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusal(pub(crate) &'static Rule);

/// `Err` with this rule where the condition holds.
pub(crate) fn refuse_if(condition: bool, rule: &'static Rule) -> Result<(), Refusal> {
    if condition { Err(Refusal(rule)) } else { Ok(()) }
}
