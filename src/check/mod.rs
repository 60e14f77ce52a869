//! What `ungebro check` finds: everything that is wrong with a configuration and the files it names, at once.

mod connect;
mod fetch;
mod files;
mod references;

pub use connect::connect;
pub use fetch::fetch;

use jiff::Timestamp;

use crate::config::Config;
use crate::route::binding::{BindFault, Binding};
use crate::route::differences;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Ok,
    /// The gateway starts, but something will not work, or not for long.
    Warning,
    /// The gateway does not start, or an upstream or an issuer cannot be used.
    Error,
}

/// One line of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What was found; holds no secret and no personal data.
    pub text: String,
}

/// Everything that was found, each thing once.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order of the finding.
    pub findings: Vec<Finding>,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Ok => "ok",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}: {}", self.text)
    }
}

impl Report {
    /// Whether nothing stands in the way of a start.
    pub fn is_usable(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity < Severity::Error)
    }

    fn ok(&mut self, text: impl ToString) {
        self.add(Severity::Ok, text.to_string());
    }

    fn warning(&mut self, text: impl ToString) {
        self.add(Severity::Warning, text.to_string());
    }

    fn error(&mut self, text: impl ToString) {
        self.add(Severity::Error, text.to_string());
    }

    fn add(&mut self, severity: Severity, text: String) {
        let finding = Finding { severity, text };
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }
}

/// Looks at everything that needs no network: the WSDLs in force, certificates, keys and files.
pub async fn configuration(config: &Config, now: Timestamp, report: &mut Report) {
    wsdls(config, report);
    files::all(config, now, report).await;
}

/// Compares the WSDLs in force with what the routes need.
fn wsdls(config: &Config, report: &mut Report) {
    let Binding { differences, faults, .. } = Binding::of(config);
    let (fatal, bearable): (Vec<_>, Vec<_>) =
        differences.into_iter().partition(|(_, difference)| difference.fatal);
    differences::lines(&fatal).into_iter().for_each(|line| report.error(line));
    // A fatal difference is among the faults too, once for each route.
    let said = |fault: &BindFault| match fault {
        BindFault::Route(unworkable) => fatal.iter().any(|(route, difference)| {
            *route == unworkable.route && difference.to_string() == unworkable.reason
        }),
        BindFault::Schema { .. } | BindFault::Address { .. } => false,
    };
    faults.iter().filter(|fault| !said(fault)).for_each(|fault| report.error(fault));
    differences::lines(&bearable).into_iter().for_each(|line| report.warning(line));
}
