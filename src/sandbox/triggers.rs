//! The one table of triggers: code, documentation and page are made from it.
//!
//! A trigger is a number of four digits that the wire shows: the last four of a CPR number that begins with 010199,
//! or of an identifier where no CPR number is sent, or the year of `SidenSidst`.

use std::sync::LazyLock;

use super::catalogue::{self, Code, System};
use super::element::Element;
use super::service::Service;
use super::style::{Encoding, Names, Style, Text, USUAL};
use super::trouble::{Feed, Rows, Spoil, Trouble, UNKNOWN_CODE, Unlike};
use super::world::cast::TRIGGER_DATE;

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

type Row = (u32, Scope, Trouble, (&'static str, &'static str));

const fn style(names: Names, text: Text, encoding: Encoding) -> Trouble {
    Trouble::Styled(Style { names, text, encoding })
}

/// Troubles have numbers from 7000, where no upstream has a code.
const TROUBLES: &[Row] = &[
    (
        7000,
        Scope::All,
        Trouble::None,
        (
            "answers as usual: a person for whom every authority may act; phased-out operations work too",
            "svarer som sædvanlig: en person, som alle myndigheder må handle for; også udfasede operationer virker",
        ),
    ),
    (7003, Scope::All, Trouble::Slow(3), ("answers after 3 seconds", "svarer efter 3 sekunder")),
    (7060, Scope::All, Trouble::Slow(60), ("answers after 60 seconds", "svarer efter 60 sekunder")),
    (
        7010,
        Scope::All,
        Trouble::Spoiled(Spoil::NotXml),
        ("an answer that is not well-formed XML", "et svar, der ikke er velformet XML"),
    ),
    (
        7011,
        Scope::All,
        Trouble::Spoiled(Spoil::CutOff),
        (
            "half an answer, with a Content-Length that says it is whole",
            "et halvt svar med en Content-Length, der siger, at det er helt",
        ),
    ),
    (7012, Scope::All, Trouble::Spoiled(Spoil::Oversized), ("an answer of 8 MiB", "et svar på 8 MiB")),
    (
        7013,
        Scope::All,
        Trouble::Spoiled(Spoil::Html),
        ("an HTML page with status 200", "en HTML-side med status 200"),
    ),
    (
        7014,
        Scope::All,
        Trouble::Unavailable,
        (
            "an outage: an HTML page with status 503; nothing is registered",
            "et nedbrud: en HTML-side med status 503; intet registreres",
        ),
    ),
    (
        7015,
        Scope::All,
        Trouble::Spoiled(Spoil::Empty),
        ("an empty answer with status 200", "et tomt svar med status 200"),
    ),
    (
        7016,
        Scope::All,
        Trouble::FaultWithOk,
        (
            "a fault (1013 or IPL000002) with status 200; nothing is registered",
            "en fault (1013 eller IPL000002) med status 200; intet registreres",
        ),
    ),
    (
        7017,
        Scope::All,
        Trouble::UnknownCode,
        (
            "code 7777, which nobody has described; nothing is registered",
            "kode 7777, som ingen har beskrevet; intet registreres",
        ),
    ),
    (
        7018,
        Scope::All,
        Trouble::BareFault,
        ("a fault without detail; nothing is registered", "en fault uden detaljer; intet registreres"),
    ),
    (
        7019,
        Scope::All,
        Trouble::Spoiled(Spoil::Dtd),
        ("an answer with a document type and entities", "et svar med dokumenttype og entiteter"),
    ),
    (
        7020,
        Scope::All,
        Trouble::Spoiled(Spoil::WrongRoot),
        ("an answer to another operation", "et svar på en anden operation"),
    ),
    (
        7021,
        Scope::All,
        Trouble::Unlike(Unlike::Missing),
        ("an answer without a required element", "et svar uden et krævet element"),
    ),
    (
        7022,
        Scope::All,
        Trouble::Unlike(Unlike::IllTyped),
        (
            "an answer with text where a time or boolean belongs",
            "et svar med tekst, hvor der skulle stå et tidspunkt eller en boolean",
        ),
    ),
    (
        7023,
        Scope::All,
        Trouble::Spoiled(Spoil::Dropped),
        (
            "the connection is closed after the operation was carried out and before the answer",
            "forbindelsen lukkes, efter at operationen er udført, og før svaret",
        ),
    ),
    (
        7024,
        Scope::All,
        Trouble::Spoiled(Spoil::DroppedMidway),
        ("the connection is closed in the middle of the answer", "forbindelsen lukkes midt i svaret"),
    ),
    (
        7025,
        Scope::All,
        Trouble::Spoiled(Spoil::TooDeep),
        ("an answer nested 50 000 levels deep", "et svar i 50.000 niveauer"),
    ),
    (
        7026,
        Scope::All,
        Trouble::ServerError,
        ("status 500 without content; nothing is registered", "status 500 uden indhold; intet registreres"),
    ),
    (
        7027,
        Scope::All,
        Trouble::Redirect,
        (
            "a redirect to another address; nothing is registered",
            "en omdirigering til en anden adresse; intet registreres",
        ),
    ),
    (
        7028,
        Scope::All,
        Trouble::Spoiled(Spoil::Trailing),
        ("an answer followed by something else", "et svar efterfulgt af noget andet"),
    ),
    (
        7029,
        Scope::All,
        Trouble::Unlike(Unlike::Repeated),
        ("an answer with a single element twice", "et svar med et enkelt element to gange"),
    ),
    (
        7030,
        Scope::All,
        style(Names::Prefixed, Text::Escaped, Encoding::Utf8),
        (
            "legal: other prefixes, all declared at the root",
            "lovligt: andre præfikser, alle erklæret i roden",
        ),
    ),
    (
        7031,
        Scope::All,
        style(Names::Default, Text::Escaped, Encoding::Utf8),
        ("legal: default namespaces only", "lovligt: kun standardnavnerum"),
    ),
    (
        7032,
        Scope::All,
        style(Names::Usual, Text::Cdata, Encoding::Utf8),
        ("legal: all text in CDATA sections", "lovligt: al tekst i CDATA-sektioner"),
    ),
    (
        7033,
        Scope::All,
        style(Names::Usual, Text::Interrupted, Encoding::Utf8),
        (
            "legal: comments and processing instructions between elements and within text",
            "lovligt: kommentarer og procesinstruktioner mellem elementer og inde i tekst",
        ),
    ),
    (
        7034,
        Scope::All,
        style(Names::Usual, Text::Escaped, Encoding::Latin1),
        ("legal: ISO-8859-1", "lovligt: ISO-8859-1"),
    ),
    (
        7035,
        Scope::All,
        style(Names::Usual, Text::Escaped, Encoding::Utf8WithMark),
        ("legal: a byte order mark", "lovligt: et byte order mark"),
    ),
    (
        7036,
        Scope::All,
        Trouble::Unlike(Unlike::Nil),
        (
            "legal: optional elements that are not there say xsi:nil",
            "lovligt: valgfrie elementer, der ikke er der, siger xsi:nil",
        ),
    ),
    (
        7037,
        Scope::All,
        Trouble::Unlike(Unlike::Extra),
        (
            "legal: elements nobody described, everywhere",
            "lovligt: elementer, som ingen har beskrevet, overalt",
        ),
    ),
    (
        7038,
        Scope::All,
        style(Names::Usual, Text::References, Encoding::Utf8),
        (
            "legal: every character of the text as a reference",
            "lovligt: hvert tegn i teksten som en reference",
        ),
    ),
    (
        7039,
        Scope::All,
        Trouble::Unlike(Unlike::OtherNamespaces),
        (
            "other namespaces below the envelope than the WSDL has",
            "andre navnerum under konvolutten, end WSDL'en har",
        ),
    ),
    (
        7040,
        Scope::Udb,
        Trouble::Unlike(Unlike::OtherSpellings),
        (
            "the other spellings: SenesteRegistering, Fejlkode, FejlKode …",
            "de andre stavemåder: SenesteRegistering, Fejlkode, FejlKode …",
        ),
    ),
    (
        7041,
        Scope::All,
        Trouble::Unlike(Unlike::LocalTimes),
        ("legal: times without offset (Danish local time)", "lovligt: tidspunkter uden offset (dansk tid)"),
    ),
    (
        7042,
        Scope::All,
        Trouble::Unlike(Unlike::NineDecimals),
        ("legal: times in UTC with nine decimals", "lovligt: tidspunkter i UTC med ni decimaler"),
    ),
    (
        7043,
        Scope::All,
        style(Names::Usual, Text::Escaped, Encoding::Utf16),
        ("legal: UTF-16 with a byte order mark", "lovligt: UTF-16 med et byte order mark"),
    ),
    (
        7044,
        Scope::All,
        Trouble::ExtraHeader,
        ("legal: a SOAP header nobody asked for", "lovligt: en SOAP-header, som ingen har bedt om"),
    ),
    (
        7050,
        Scope::Reports,
        Trouble::Report { ok: true, code: Some(280) },
        ("accepted with a warning: Ok=true and code 280", "godtaget med en advarsel: Ok=true og kode 280"),
    ),
    (
        7051,
        Scope::Reports,
        Trouble::Report { ok: false, code: None },
        ("Ok=false without a code", "Ok=false uden en kode"),
    ),
    (
        7052,
        Scope::Numbers,
        Trouble::Rows(Rows::Unmentioned),
        ("a number that the answer does not mention", "et nummer, som svaret ikke nævner"),
    ),
    (
        7053,
        Scope::Numbers,
        Trouble::Rows(Rows::Another),
        ("a row for a number that nobody asked about", "en række om et nummer, som ingen spurgte om"),
    ),
    (7054, Scope::Numbers, Trouble::Rows(Rows::Nameless), ("rows without CPRNr", "rækker uden CPRNr")),
    (
        7055,
        Scope::Numbers,
        Trouble::Rows(Rows::Scattered),
        ("rows of one number that do not stand together", "rækker for ét nummer, der ikke står samlet"),
    ),
    (
        7080,
        Scope::Changes,
        Trouble::Changes(Feed::Stalled),
        (
            "the same time and the same rows again and again",
            "det samme tidspunkt og de samme rækker igen og igen",
        ),
    ),
    (
        7081,
        Scope::Changes,
        Trouble::Changes(Feed::MoreWithoutTime),
        ("there is more, and no time to go on from", "der er mere, og intet tidspunkt at fortsætte fra"),
    ),
    (
        7082,
        Scope::Changes,
        Trouble::Changes(Feed::LastWithoutTime),
        ("a last page with rows and without a time", "en sidste side med rækker og uden tidspunkt"),
    ),
];

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
