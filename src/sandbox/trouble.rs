//! What can be wrong or unusual about an answer, and how it is made so.

use crate::soap::schema::{ElementId, QName, Schema};
use crate::types::time::{Instant, danish_zone};
use jiff::Timestamp;

use super::element::Element;
use super::style::Style;
use super::world::youth::answer;
use super::xml::{Content, Xml};

/// A kind of answer.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trouble {
    /// As usual.
    None,
    /// After so many seconds.
    Slow(u64),
    /// Written in another way.
    Styled(Style),
    /// Not the message that the schema describes.
    Unlike(Unlike),
    /// Carried out, and the answer spoiled on its way.
    Spoiled(Spoil),
    /// Rows that do not fit the question.
    Rows(Rows),
    /// A change feed that cannot be followed.
    Changes(Feed),
    /// What a report is answered.
    Report { ok: bool, code: Option<u32> },
    /// HTML with 503.
    Unavailable,
    /// 500 and nothing more.
    ServerError,
    /// 302.
    Redirect,
    /// A fault with 200.
    FaultWithOk,
    /// A code nobody described.
    UnknownCode,
    /// A fault without detail.
    BareFault,
    /// A header block in the answer.
    ExtraHeader,
}

/// The code that nobody has described.
pub(crate) const UNKNOWN_CODE: u32 = 7777;

/// Changes of the message itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unlike {
    Missing,
    IllTyped,
    Repeated,
    Nil,
    Extra,
    OtherNamespaces,
    OtherSpellings,
    LocalTimes,
    NineDecimals,
}

/// Changes of the bytes or of their delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    NotXml,
    CutOff,
    Oversized,
    Html,
    Empty,
    Dtd,
    WrongRoot,
    Trailing,
    TooDeep,
    Dropped,
    DroppedMidway,
}

/// Changes of the rows of an answer by CPR number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Unmentioned,
    Another,
    Nameless,
    Scattered,
}

/// Answers about changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Feed {
    Stalled,
    MoreWithoutTime,
    LastWithoutTime,
}

/// Elements without which no answer is one, and that stand once.
const REQUIRED: [&str; 4] = ["FindesFlereKontaktPersoner", "Ok", "EventDate", "InterviewTime"];

impl Unlike {
    /// Makes the message what it should not be.
    pub(crate) fn change(self, message: &mut Xml, schema: &Schema, root: ElementId) {
        match self {
            Self::Missing => message.each(&mut remove_required),
            Self::IllTyped => message.each(&mut |xml| {
                if required(xml) {
                    xml.content = Content::Text("soon".to_owned());
                }
            }),
            Self::Repeated => message.each(&mut repeat_required),
            Self::Nil => add_nil(message, schema, root),
            Self::Extra => message.each(&mut add_extra),
            Self::OtherNamespaces => message.each(&mut |xml| {
                xml.name = QName::new(Some("urn:sandbox:another:namespace"), &xml.name.local);
            }),
            Self::OtherSpellings => message.each(&mut spell_otherwise),
            Self::LocalTimes => message.each(&mut |xml| rewrite_time(xml, local_time)),
            Self::NineDecimals => message.each(&mut |xml| rewrite_time(xml, |time| format!("{time:.9}"))),
        }
    }
}

fn required(xml: &Xml) -> bool {
    REQUIRED.contains(&&*xml.name.local)
}

fn remove_required(xml: &mut Xml) {
    if let Some(children) = xml.children_mut() {
        children.retain(|child| !required(child));
    }
}

fn repeat_required(xml: &mut Xml) {
    if let Some(children) = xml.children_mut()
        && let Some(index) = children.iter().position(required)
    {
        children.insert(index, children[index].clone());
    }
}

fn add_nil(xml: &mut Xml, schema: &Schema, id: ElementId) {
    let declared = schema.children(schema.element(id).type_id);
    let Some(children) = xml.children_mut() else { return };
    let mut complete = Vec::new();
    for child in declared {
        let name = &schema.element(child.element).name;
        let mut same: Vec<Xml> = children.iter().filter(|it| it.name == *name).cloned().collect();
        if same.is_empty() && child.min == 0 && !child.in_choice {
            same.push(Xml { nil: true, ..Xml::text(name.namespace.as_deref(), &name.local, "") });
        }
        same.iter_mut().filter(|it| !it.nil).for_each(|it| add_nil(it, schema, child.element));
        complete.extend(same);
    }
    *children = complete;
}

fn add_extra(xml: &mut Xml) {
    let namespace = xml.name.namespace.clone();
    if let Some(children) = xml.children_mut()
        && !children.is_empty()
    {
        let inner = Xml::text(namespace.as_deref(), "CPRNr", "9999999999");
        children.insert(0, Xml::of(Some("urn:sandbox:extension"), "Extension", vec![inner]));
        children.push(Xml::text(namespace.as_deref(), "ServiceRequestLogReferenceIdentifier", "42"));
    }
}

/// The spellings that the documents use elsewhere.
const SPELLINGS: [(&str, &str); 5] = [
    ("SenesteRegistrering", "SenesteRegistering"),
    ("FejlKode", "Fejlkode"),
    ("FejlTekst", "Fejltekst"),
    ("Fejlkode", "FejlKode"),
    ("Fejltekst", "FejlTekst"),
];

fn spell_otherwise(xml: &mut Xml) {
    if let Some((_, other)) = SPELLINGS.iter().find(|(usual, _)| *usual == &*xml.name.local) {
        xml.name = QName::new(xml.name.namespace.as_deref(), other);
    }
}

fn rewrite_time(xml: &mut Xml, write: impl Fn(Timestamp) -> String) {
    if let Content::Text(text) = &xml.content
        && text.contains('T')
        && let Ok(time) = Instant::from_xsd(text)
    {
        xml.content = Content::Text(write(time.timestamp()));
    }
}

fn local_time(time: Timestamp) -> String {
    danish_zone().to_datetime(time).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

impl Rows {
    /// Changes the rows of `HentSvar`.
    pub(crate) fn change(self, answer: &mut Element, trigger: &str) {
        let about = |row: &Element| row.value("CPRNr") == Some(trigger);
        match self {
            Self::Unmentioned => answer.children.retain(|child| !about(child)),
            Self::Another => answer.children.iter_mut().filter(|row| about(row)).for_each(|row| {
                if let Some(cpr) = row.child_mut("CPRNr") {
                    cpr.text = "0909090909".to_owned();
                }
            }),
            Self::Nameless => {
                answer.children.iter_mut().for_each(|row| row.children.retain(|it| it.name != "CPRNr"))
            }
            Self::Scattered => {
                let rows: Vec<Element> = answer.children.iter().filter(|row| about(row)).cloned().collect();
                answer.children.extend(rows);
            }
        }
    }
}

impl Feed {
    /// A page that cannot be followed by another.
    pub(crate) fn page(self, asked: &str, rows: Vec<Element>) -> Element {
        match self {
            Self::Stalled => answer(true, Some(asked.to_owned()), rows),
            Self::MoreWithoutTime => answer(true, None, rows),
            Self::LastWithoutTime => answer(false, None, rows),
        }
    }
}
