//! A problem in the form in which it is kept for repeats; texts come from the catalogue again, in the repeater's language.

use serde::{Deserialize, Serialize};

use super::catalogue::{self, System};
use super::{Outcome, Problem};

/// An upstream's refusal, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptProblem {
    name: String,
    status: u16,
    retryable: bool,
    system: String,
    outcome: Option<Outcome>,
    code: Option<String>,
    source_code: Option<String>,
    severity: Option<String>,
    correlation_id: Option<String>,
    upstream_text: Option<String>,
}

impl KeptProblem {
    /// What is kept of a problem.
    pub fn of(problem: &Problem) -> Self {
        Self {
            name: problem.name().to_owned(),
            status: problem.status,
            retryable: problem.retryable,
            system: problem.system.as_str().to_owned(),
            outcome: problem.outcome,
            code: problem.code.clone(),
            source_code: problem.source_code.clone(),
            severity: problem.severity.clone(),
            correlation_id: problem.correlation_id.clone(),
            upstream_text: problem.upstream_text.clone(),
        }
    }

    /// The problem again; `None` when its kind is not known here.
    pub fn problem(self) -> Option<Problem> {
        let systems = [System::Udb, System::Dfdg, System::Ipl, System::Gateway];
        let mut problem = Problem::of(catalogue::find(&self.name)?, self.status, self.retryable);
        problem.system = systems.into_iter().find(|system| system.as_str() == self.system)?;
        problem.outcome = self.outcome;
        problem.code = self.code;
        problem.source_code = self.source_code;
        problem.severity = self.severity;
        problem.correlation_id = self.correlation_id;
        problem.upstream_text = self.upstream_text;
        Some(problem)
    }
}
