//! The one table of triggers: code, documentation and page are made from it.
//!
//! A trigger is a number of four digits that the wire shows: the last four of a CPR number that begins with 010199,
//! or of an identifier where no CPR number is sent, or the year of `SidenSidst`.

mod table;

use std::sync::LazyLock;

use super::catalogue::{self, Code, System};
use super::element::Element;
use super::service::Service;
use super::style::{Style, USUAL};
use super::trouble::{Trouble, UNKNOWN_CODE};
use super::world::cast::TRIGGER_DATE;
use table::TROUBLES;

/// What a trigger does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effect {
    /// Refuses with a code; nothing is registered.
    Code(&'static Code),
    /// Answers in an unpleasant or an unusual way.
    Trouble(Trouble),
}

/// On what a trigger works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Every operation.
    All,
    /// Both services of Ungedatabasen.
    Udb,
    /// HentInstitutionKontakt by CPR number.
    Numbers,
    /// HentInstitutionKontakt since a time.
    Changes,
    /// IndberetningKontaktJobOgUddOensker.
    Reports,
    /// PersonRegistrationService.
    Dfdg,
}

impl Scope {
    /// Whether a request to a service, by number or since a time, is within it.
    fn includes(self, service: Service, changes: bool) -> bool {
        match self {
            Self::All => true,
            Self::Udb => service != Service::Registration,
            Self::Numbers => service == Service::LookUp && !changes,
            Self::Changes => service == Service::LookUp && changes,
            Self::Reports => service == Service::Report,
            Self::Dfdg => service == Service::Registration,
        }
    }
}

/// One row of the table.
#[derive(Debug)]
pub(crate) struct Trigger {
    /// The four digits as a number.
    pub(crate) number: u32,
    pub(crate) scope: Scope,
    pub(crate) effect: Effect,
    /// What happens, in English and Danish.
    pub(crate) about: (String, String),
}

static TRIGGERS: LazyLock<Vec<Trigger>> = LazyLock::new(|| {
    let codes = catalogue::codes().iter().map(|code| Trigger {
        number: code.number,
        scope: match code.system {
            System::Dfdg => Scope::Dfdg,
            System::Udb | System::Ipl => Scope::Udb,
        },
        effect: Effect::Code(code),
        about: (format!("code {}", code.code), format!("kode {}", code.code)),
    });
    let troubles = TROUBLES.iter().map(|&(number, scope, trouble, (english, danish))| Trigger {
        number,
        scope,
        effect: Effect::Trouble(trouble),
        about: (english.to_owned(), danish.to_owned()),
    });
    codes.chain(troubles).collect()
});

/// Every trigger: first the codes in the order of their table, then the troubles.
pub(crate) fn triggers() -> &'static [Trigger] {
    &TRIGGERS
}

/// The trigger in a request, if there is one.
pub(crate) fn of(service: Service, message: &Element) -> Option<&'static Trigger> {
    let hent = message.at("Message/Hent");
    let changes = hent.is_some_and(|hent| hent.child("SidenSidst").is_some());
    let numbers = match service {
        Service::LookUp if changes => year(hent?).into_iter().collect(),
        Service::LookUp => hent?.children.iter().filter_map(|it| number_of_cpr(it.value("CPRNr")?)).collect(),
        Service::Report => {
            let report = message.at("Message/IndberetningKontaktJobOgUddOenskerRequest/CPRNr");
            report.and_then(|cpr| number_of_cpr(&cpr.text)).into_iter().collect()
        }
        Service::Registration => registration_number(message).into_iter().collect::<Vec<_>>(),
    };
    let fits = |trigger: &&Trigger| {
        let row_only = match trigger.effect {
            Effect::Code(code) => code.system == System::Udb,
            Effect::Trouble(trouble) => matches!(trouble, Trouble::UnknownCode),
        };
        // A code of one row says nothing about the others in a call for many.
        let whole_call = service != Service::LookUp || changes || !row_only;
        whole_call && numbers.contains(&trigger.number) && trigger.scope.includes(service, changes)
    };
    triggers().iter().find(fits)
}

/// The code with which a number's row in an answer of HentInstitutionKontakt says that there is nothing.
pub(crate) fn youth_code(cpr: &str) -> Option<u32> {
    let number = number_of_cpr(cpr)?;
    let unknown = TROUBLES
        .iter()
        .any(|(known, _, trouble, _)| *known == number && matches!(trouble, Trouble::UnknownCode));
    let known = || catalogue::find(System::Udb, number).map(|code| code.number);
    if unknown { Some(UNKNOWN_CODE) } else { known() }
}

/// Whether a request without CPR number names a trigger that does not refuse.
pub(crate) fn is_trigger_identifier(message: &Element) -> bool {
    let number = registration_number(message);
    number.is_some_and(|number| TROUBLES.iter().any(|(known, ..)| *known == number))
}

fn number_of_cpr(cpr: &str) -> Option<u32> {
    cpr.strip_prefix(TRIGGER_DATE)?.parse().ok()
}

fn registration_number(message: &Element) -> Option<u32> {
    if let Some(cpr) = super::world::cpr(message) {
        return number_of_cpr(cpr);
    }
    if let Some(cv) = message.value("CvCustomerIdentifier") {
        return cv.strip_prefix(CV_PREFIX)?.parse().ok();
    }
    message.value("MessageIdentifier")?.trim().strip_prefix(IDENTIFIER_PREFIX)?.parse().ok()
}

/// What stands before the four digits where an identifier is sent and no CPR number.
pub(crate) const IDENTIFIER_PREFIX: &str = "00000000-0000-4000-8000-00000000";
/// What stands before the four digits of a CV customer number.
pub(crate) const CV_PREFIX: &str = "0000";

/// Years in which nobody asks for changes are triggers.
fn year(hent: &Element) -> Option<u32> {
    hent.value("SidenSidst")?.trim().split('-').next()?.parse().ok()
}

/// The usual style, so that a trouble can say "nothing special".
pub(crate) const fn style_of(trouble: &Trouble) -> Style {
    match trouble {
        Trouble::Styled(style) => *style,
        _ => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_triggers_share_number_and_scope() {
        for (index, trigger) in triggers().iter().enumerate() {
            assert!(trigger.number < 10_000);
            let twin = |other: &Trigger| other.number == trigger.number && other.scope == trigger.scope;
            assert!(!triggers()[index + 1..].iter().any(twin), "{}", trigger.number);
        }
        let codes = catalogue::codes().iter().any(|code| (7000..8000).contains(&code.number));
        assert!(!codes, "no upstream has codes where the troubles are");
    }
}
