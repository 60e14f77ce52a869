//! Why a value was refused, in English and Danish; never the value itself.

use std::fmt::Write as _;

use crate::types::language::Language;

/// Why one value of a request was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// A required member is missing.
    Missing,
    /// No member of this name exists.
    Unknown,
    /// Another JSON type is wanted.
    NotText,
    /// Another JSON type is wanted.
    NotInteger,
    /// Another JSON type is wanted.
    NotBoolean,
    /// Another JSON type is wanted.
    NotObject,
    /// Another JSON type is wanted.
    NotList,
    /// Too few characters.
    TooShort(usize),
    /// Too many characters.
    TooLong(usize),
    /// The value does not match the pattern.
    Pattern(&'static str),
    /// A number outside its range.
    Range(i64, i64),
    /// Too few or too many items.
    Items(usize, usize),
    /// A character that XML 1.0 cannot hold.
    NotXmlText,
    /// Not 8-4-4-4-12 hexadecimal digits.
    NotGuid,
    /// Not RFC 3339.
    NotInstant,
    /// RFC 3339 without an offset.
    NoOffset,
    /// A time that cannot be written to the upstream.
    InstantRange,
    /// Not `YYYY-MM-DD`.
    NotDay,
    /// Not a civil registration number.
    NotCpr,
    /// Body and path disagree.
    DiffersFromPath,
    /// At least one of the named members is needed.
    NoneOf(&'static [&'static str]),
    /// Exactly one of the named parameters is needed.
    NotOneOf(&'static [&'static str]),
    /// The upstream's contract in force has no element for it.
    NotInContract,
    /// A header that is not of its form.
    Header(&'static str, &'static str),
    /// No query parameter of this name exists.
    UnknownParameter,
    /// Not a cursor that this gateway gave.
    NotCursor,
}

impl Reason {
    /// The reason as a sentence without a full stop.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        let _ = match language {
            Language::English => self.english(&mut text),
            Language::Danish => self.danish(&mut text),
        };
        text
    }

    fn english(&self, out: &mut String) -> std::fmt::Result {
        match self {
            Self::Missing => out.write_str("is required"),
            Self::Unknown => out.write_str("no such member"),
            Self::NotText => out.write_str("must be a string"),
            Self::NotInteger => out.write_str("must be an integer without fraction or exponent"),
            Self::NotBoolean => out.write_str("must be true or false"),
            Self::NotObject => out.write_str("must be an object"),
            Self::NotList => out.write_str("must be an array"),
            Self::TooShort(min) => write!(out, "must have at least {min} character(s)"),
            Self::TooLong(max) => write!(out, "must have at most {max} characters"),
            Self::Pattern(pattern) => write!(out, "must match ^(?:{pattern})$"),
            Self::Range(min, max) => write!(out, "must be from {min} to {max}"),
            Self::Items(min, max) if *max == usize::MAX => write!(out, "must have at least {min} item(s)"),
            Self::Items(min, max) => write!(out, "must have from {min} to {max} items"),
            Self::NotXmlText => out.write_str("holds a character that XML 1.0 cannot carry"),
            Self::NotGuid => out.write_str("must be a GUID (8-4-4-4-12 hexadecimal digits)"),
            Self::NotInstant => out.write_str("must be an RFC 3339 date and time"),
            Self::NoOffset => out.write_str("must have an offset from UTC, such as Z or +02:00"),
            Self::InstantRange => out.write_str("must lie in the years 1 to 9999"),
            Self::NotDay => out.write_str("must be a date of the form YYYY-MM-DD"),
            Self::NotCpr => out.write_str(
                "must be a CPR number of ten digits, without hyphen or spaces, with a possible date",
            ),
            Self::DiffersFromPath => out.write_str("must equal the identifier in the path, or be left out"),
            Self::NoneOf(names) => write!(out, "at least one of {} is required", names.join(", ")),
            Self::NotOneOf(names) => write!(out, "exactly one of {} is required", names.join(", ")),
            Self::NotInContract => {
                out.write_str("cannot be sent: the upstream's contract in force has no element for it")
            }
            Self::Header(english, _) => out.write_str(english),
            Self::UnknownParameter => out.write_str("the route has no such query parameter"),
            Self::NotCursor => out.write_str("must be a cursor that an earlier page gave, unchanged"),
        }
    }

    fn danish(&self, out: &mut String) -> std::fmt::Result {
        match self {
            Self::Missing => out.write_str("skal udfyldes"),
            Self::Unknown => out.write_str("feltet findes ikke"),
            Self::NotText => out.write_str("skal være en tekst"),
            Self::NotInteger => out.write_str("skal være et heltal uden decimaler eller eksponent"),
            Self::NotBoolean => out.write_str("skal være true eller false"),
            Self::NotObject => out.write_str("skal være et objekt"),
            Self::NotList => out.write_str("skal være en liste"),
            Self::TooShort(min) => write!(out, "skal have mindst {min} tegn"),
            Self::TooLong(max) => write!(out, "må højst have {max} tegn"),
            Self::Pattern(pattern) => write!(out, "skal følge mønstret ^(?:{pattern})$"),
            Self::Range(min, max) => write!(out, "skal ligge fra {min} til {max}"),
            Self::Items(min, max) if *max == usize::MAX => write!(out, "skal have mindst {min} element(er)"),
            Self::Items(min, max) => write!(out, "skal have fra {min} til {max} elementer"),
            Self::NotXmlText => out.write_str("indeholder et tegn, som XML 1.0 ikke kan bære"),
            Self::NotGuid => out.write_str("skal være et GUID (8-4-4-4-12 hexadecimale cifre)"),
            Self::NotInstant => out.write_str("skal være dato og klokkeslæt efter RFC 3339"),
            Self::NoOffset => out.write_str("skal have en forskel fra UTC, for eksempel Z eller +02:00"),
            Self::InstantRange => out.write_str("skal ligge i årene 1 til 9999"),
            Self::NotDay => out.write_str("skal være en dato på formen ÅÅÅÅ-MM-DD"),
            Self::NotCpr => out.write_str(
                "skal være et CPR-nummer på ti cifre, uden bindestreg og mellemrum, med en mulig dato",
            ),
            Self::DiffersFromPath => {
                out.write_str("skal være lig med identifikationen i stien eller udelades")
            }
            Self::NoneOf(names) => write!(out, "mindst et af {} skal udfyldes", names.join(", ")),
            Self::NotOneOf(names) => write!(out, "netop et af {} skal udfyldes", names.join(", ")),
            Self::NotInContract => {
                out.write_str("kan ikke sendes: den gældende kontrakt har intet element til det")
            }
            Self::Header(_, danish) => out.write_str(danish),
            Self::UnknownParameter => out.write_str("ruten har ingen sådan parameter"),
            Self::NotCursor => out.write_str("skal være en uændret cursor fra en tidligere side"),
        }
    }
}
