//! Answers that look unusual and are right all the same.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::contract::{Route, route};
use crate::support::exchange::{
    self, CPR, DFDG, Request, contact_row, hent_svar, indberetning_svar, request,
};
use crate::support::sample::Extent;
use crate::support::upstream::{Reply, envelope};
use crate::support::xml::{Element, escaped};

/// Writes an element; `text` and `inside` may bend what stands in each.
struct Writer {
    tag: fn(&str) -> String,
    text: fn(&str) -> String,
    inside: &'static str,
}

const PLAIN: Writer = Writer { tag: str::to_owned, text: escaped, inside: "" };

impl Writer {
    fn write(&self, element: &Element, attributes: &str) -> String {
        let tag = (self.tag)(&element.name);
        let content = match element.children.is_empty() {
            true => (self.text)(element.text.as_deref().unwrap_or("")),
            false => {
                let children: Vec<_> = element.children.iter().map(|child| self.write(child, "")).collect();
                // The value of a code list is the first element of its own; a type that extends it adds behind.
                let before =
                    if children.len() == 1 && self.inside.contains("Strange") { "" } else { self.inside };
                format!("{before}{}{}", children.join(self.inside), self.inside)
            }
        };
        format!("<{tag}{attributes}>{content}</{tag}>")
    }
}

fn references(text: &str) -> String {
    text.chars().map(|character| format!("&#x{:x};", u32::from(character))).collect()
}

fn encoded(text: &str, label: &str) -> Vec<u8> {
    encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
}

fn utf_16(text: &str, big_endian: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let units = format!("{mark}{text}");
    units
        .encode_utf16()
        .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

/// The same message in many forms.
fn forms(message: &Element) -> Vec<(&'static str, Reply)> {
    let default = format!(" xmlns=\"{DFDG}\"");
    let plain = PLAIN.write(message, &default);
    let soap = |content: &str| Reply::message("1.1", content);
    let prefixed = Writer { tag: |name| format!("a.b-c:{name}"), ..PLAIN };
    let cdata =
        Writer { text: |text| format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>")), ..PLAIN };
    let commented = Writer {
        text: |text| {
            let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(index, _)| index);
            let (start, end) = text.split_at(middle);
            format!("{}<!-- c --><?pi x?>{}", escaped(start), escaped(end))
        },
        inside: "\n  <!-- <MessageIdentifier>no</MessageIdentifier> --><?pi?>\t",
        ..PLAIN
    };
    let strange = "<Strange xmlns=\"urn:x\" a=\"1\"><MessageIdentifier>no</MessageIdentifier>text<EventDate/></Strange>";
    let whole = envelope("1.1", &plain);
    let declared = |encoding: &str| format!("<?xml version='1.0' encoding='{encoding}'?>\n{whole}");
    vec![
        ("as usual", soap(&plain)),
        ("a prefix", soap(&prefixed.write(message, " xmlns:a.b-c=\"urn:something-else\""))),
        ("no namespace", soap(&PLAIN.write(message, ""))),
        (
            "attributes",
            soap(&PLAIN.write(message, &format!("{default} a='<' xml:lang=\"da\"").replace('<', "&lt;"))),
        ),
        ("CDATA", soap(&cdata.write(message, &default))),
        ("comments and instructions", soap(&commented.write(message, &default))),
        ("character references", soap(&Writer { text: references, ..PLAIN }.write(message, &default))),
        ("unknown elements", soap(&Writer { inside: strange, ..PLAIN }.write(message, &default))),
        ("CRLF and indentation", soap(&Writer { inside: "\r\n    ", ..PLAIN }.write(message, &default))),
        (
            "a header",
            Reply::xml(200, whole.replace("<s:Body>", "<s:Header><x xmlns='urn:x'>y</x></s:Header><s:Body>")),
        ),
        (
            "another prefix of SOAP",
            Reply::xml(
                200,
                whole.replace("<s:", "<E:").replace("</s:", "</E:").replace("xmlns:s=", "xmlns:E="),
            ),
        ),
        (
            "SOAP as default",
            Reply::xml(200, whole.replace("<s:", "<").replace("</s:", "</").replace("xmlns:s", "xmlns")),
        ),
        ("white space around", Reply::xml(200, format!("\n{whole}\n<!-- end -->\n"))),
        ("a byte order mark", Reply::xml(200, format!("\u{feff}{whole}"))),
        ("a mark and a declaration", Reply::xml(200, format!("\u{feff}{}", declared("utf-8")))),
        (
            "ISO-8859-1 by declaration",
            Reply::of(200, "text/xml", encoded(&declared("ISO-8859-1"), "iso-8859-1")),
        ),
        (
            "ISO-8859-1 by header",
            Reply::of(200, "text/xml; charset=\"ISO-8859-1\"", encoded(&whole, "iso-8859-1")),
        ),
        ("windows-1252", Reply::of(200, "text/xml", encoded(&declared("windows-1252"), "windows-1252"))),
        ("UTF-16 little", Reply::of(200, "text/xml", utf_16(&declared("UTF-16"), false, true))),
        ("UTF-16 big", Reply::of(200, "text/xml", utf_16(&declared("UTF-16"), true, true))),
        ("UTF-16 by header", Reply::of(200, "text/xml; charset=utf-16le", utf_16(&whole, false, false))),
        ("another content type", Reply::of(200, "application/octet-stream", whole.clone())),
    ]
}

async fn call(app: &App, route: &Route) -> (u16, Value) {
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let answer = app.call_of(route, &path).json(&body).send().await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn odd_but_legal_xml_is_read_right() {
    let app = App::start().await;
    for id in ["createInterview", "updateJobcenter"] {
        let route = route(id);
        let answered = exchange::answer(route, Extent::Full);
        for (name, reply) in forms(&answered.message) {
            app.upstream.always(reply);
            assert_eq!(call(&app, route).await, (route.status, answered.json.clone()), "{id}: {name}");
        }
    }
}

#[tokio::test]
async fn numbers_flags_and_times_may_have_space_around_them() {
    let app = App::start().await;
    let route = route("createInterview");
    let answered = exchange::answer(route, Extent::Full);
    let padded = Writer {
        text: |text| match text.parse::<i64>().is_ok()
            || text == "true"
            || text == "false"
            || text.contains("T08:")
        {
            true => format!("\n  {text}\t"),
            false => escaped(text),
        },
        ..PLAIN
    };
    let xml = padded.write(&answered.message, &format!(" xmlns=\"{DFDG}\""));
    app.upstream.always(Reply::message("1.1", &xml));
    let (status, json) = call(&app, route).await;
    assert_eq!(
        (status, &json["interviewType"], &json["interviewTime"]),
        (201, &answered.json["interviewType"], &answered.json["interviewTime"])
    );
    for (text, flag) in [("1", true), ("0", false), (" true ", true), ("false", false)] {
        let mut message = answered.message.clone();
        message.at(&["PersonInterview", "InterviewWithMoreAuthorities"].map(str::to_owned)).text =
            Some(text.to_owned());
        app.upstream.always(Reply::message("1.1", &message.xml(DFDG)));
        assert_eq!(call(&app, route).await.1["withMoreAuthorities"], flag, "{text}");
    }
}

#[tokio::test]
async fn code_list_values_are_read_wrapped_or_plain() {
    let app = App::start().await;
    let route = route("createInterview");
    let answered = exchange::answer(route, Extent::Full);
    let mut plain = answered.message.clone();
    unwrap_codes(&mut plain);
    app.upstream.always(Reply::message("1.1", &plain.xml(DFDG)));
    assert_eq!(call(&app, route).await, (201, answered.json));
}

fn unwrap_codes(element: &mut Element) {
    if let [only] = element.children.as_slice()
        && only.name == "CodeListItemIdentifier"
    {
        element.text.clone_from(&only.text);
        element.children.clear();
    }
    element.children.iter_mut().for_each(unwrap_codes);
}

#[tokio::test]
async fn nil_is_nothing() {
    let app = App::start().await;
    let route = route("createInterview");
    let answered = exchange::answer(route, Extent::Minimal);
    let xml = PLAIN.write(&answered.message, "");
    let nil = |name: &str, prefix: &str, value: &str| {
        format!(
            "<{name} xmlns:{prefix}=\"http://www.w3.org/2001/XMLSchema-instance\" {prefix}:nil=\"{value}\"/>"
        )
    };
    for (prefix, value) in [("xsi", "true"), ("i", "1")] {
        let nils: String = [
            "MessageIdentifier",
            "BookingIdentifier",
            "ParticipationStatusTypeIdentifier",
            "InterviewParticipantCollection",
        ]
        .map(|name| nil(name, prefix, value))
        .concat();
        let with_nils = xml.replace("</PersonInterview>", &format!("{nils}</PersonInterview>"));
        app.upstream.always(Reply::message("1.1", &with_nils));
        assert_eq!(call(&app, route).await, (201, answered.json.clone()));
    }
    let description = answered.message.text_of("AgreementDescription").unwrap();
    let required = format!("<AgreementDescription>{}</AgreementDescription>", escaped(description));
    assert!(xml.contains(&required));
    app.upstream
        .always(Reply::message("1.1", &xml.replace(&required, &nil("AgreementDescription", "xsi", "true"))));
    assert_eq!(call(&app, route).await.0, 502);
}

#[tokio::test]
async fn lists_of_one_and_of_none_are_lists() {
    let app = App::start().await;
    let interview = route("createInterview");
    let mut answered = exchange::answer(interview, Extent::Full);
    answered.json["participants"].as_array_mut().unwrap().truncate(1);
    let participants = ["PersonInterview", "InterviewParticipantCollection"].map(str::to_owned);
    answered.message.at(&participants).children.truncate(1);
    app.upstream.always(Reply::message("1.1", &answered.message.xml(DFDG)));
    assert_eq!(call(&app, interview).await, (201, answered.json));
    let contacts = route("getYouthContacts");
    for (rows, names) in [(vec![contact_row(CPR)], json!(["Vejleder 0001"])), (vec![], json!(null))] {
        app.upstream.always(Reply::message("1.2", &hent_svar(false, None, rows)));
        let (_, json) = call(&app, contacts).await;
        let read = json["contacts"]
            .as_array()
            .map(|contacts| contacts.iter().map(|contact| contact["name"].clone()).collect::<Value>());
        assert_eq!(read.unwrap_or(Value::Null), names);
    }
}

#[tokio::test]
async fn every_spelling_of_the_documents_is_understood() {
    let app = App::start().await;
    let contacts = route("getYouthContacts");
    for (code, text) in [("FejlKode", "FejlTekst"), ("Fejlkode", "Fejltekst"), ("FejlKode", "Fejltekst")] {
        let row = format!(
            "<ElevKontaktPerson><CPRNr>{CPR}</CPRNr><{code}>14</{code}><{text}>x</{text}></ElevKontaktPerson>"
        );
        app.upstream.always(Reply::message("1.2", &hent_svar(false, None, vec![row])));
        let (status, json) = call(&app, contacts).await;
        assert_eq!((status, &json["code"], &json["upstreamText"]), (404, &json!("14"), &json!("x")));
        let fault = format!("<Ok>false</Ok><Fejl><{code}>86</{code}><{text}>x</{text}></Fejl>");
        app.upstream.always(Reply::message("1.2", &indberetning_svar(&fault)));
        assert_eq!(call(&app, route("reportYouth")).await.1["code"], "86");
    }
    for time in ["SenesteRegistrering", "SenesteRegistering"] {
        let answer =
            hent_svar(false, Some("2026-01-02T03:04:05Z"), vec![]).replace("SenesteRegistrering", time);
        app.upstream.always(Reply::message("1.2", &answer));
        assert_eq!(
            call(&app, route("listYouthContactChanges")).await.1["latestRegistration"],
            "2026-01-02T03:04:05Z"
        );
    }
}
