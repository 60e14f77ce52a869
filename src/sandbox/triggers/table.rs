//! The troubles: number, where it works, what it is, and what is said about it.

use super::Scope;
use crate::sandbox::style::{Encoding, Names, Style, Text};
use crate::sandbox::trouble::{Feed, Rows, Spoil, Trouble, Unlike};

pub(super) type Row = (u32, Scope, Trouble, (&'static str, &'static str));

const fn style(names: Names, text: Text, encoding: Encoding) -> Trouble {
    Trouble::Styled(Style { names, text, encoding })
}

/// Troubles have numbers from 7000, where no upstream has a code.
pub(super) const TROUBLES: &[Row] = &[
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
        (
            "rows of one number that do not stand together, in a query of several",
            "rækker for ét nummer, der ikke står samlet, i en forespørgsel om flere",
        ),
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
