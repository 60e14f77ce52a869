//! What upstreams answer when they quote the request, babble or break: every code, and every way of being unreadable.

use crate::support::contract::ERROR_CODES;
use crate::support::exchange::{CPR, contact_row, hent_svar, indberetning_svar, version_of};
use crate::support::sample::Extent;
use crate::support::upstream::{Received, Reply, envelope};

use super::planted::{PHONE, WORD, planted};
use crate::support::contract::ROUTES;
use crate::support::exchange::{DFDG, answer_with, numbers_of};

/// What a success of any operation looks like, with planted values in every member.
pub(crate) fn talkative(received: &Received) -> Reply {
    let message = received.message();
    let operation = message.name.strip_suffix("Request").unwrap().to_owned();
    let content = match operation.as_str() {
        "HentInstitutionKontakt" => {
            let row = |cpr: String| {
                contact_row(&cpr).replace(
                    "</KontaktPerson>",
                    &format!(
                        " {WORD}</KontaktPerson><KontaktTelefon>{PHONE}111</KontaktTelefon>\
                         <KontaktMail>{WORD}@{WORD}.example</KontaktMail>"
                    ),
                )
            };
            let asked = numbers_of(&message);
            let about = if asked.is_empty() { vec![CPR.to_owned()] } else { asked };
            hent_svar(false, Some("2026-11-20T10:00:00"), about.into_iter().map(row).collect())
        }
        "IndberetningKontaktJobOgUddOensker" => indberetning_svar(&format!(
            "<Ok>true</Ok><Fejl><Fejlkode>280</Fejlkode><Fejltekst>{}</Fejltekst></Fejl>",
            quote(received)
        )),
        _ => {
            let route = ROUTES.iter().find(|route| route.operation == operation).unwrap();
            answer_with(route, Extent::Full, &mut planted()).message.xml(DFDG)
        }
    };
    Reply::xml(200, envelope(version_of(&operation), &content))
}

/// A text that repeats every value of the request, as real fault texts have been seen to.
fn quote(received: &Received) -> String {
    let leaves = received.message().leaves();
    let texts: Vec<String> = leaves.into_iter().map(|(_, text)| escaped(&text)).collect();
    format!("Ugyldig: {} (010190-0001, 0202910002)", texts.join("; "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A way to answer.
pub(crate) type Script = Box<dyn Fn(&Received) -> Reply + Send + Sync>;

/// Every code of STAR and the platform as a fault that quotes the request.
pub(crate) fn codes_as_faults(system: &str) -> Vec<Script> {
    let system = system.to_owned();
    codes(&system)
        .chain([CPR.to_owned(), "7777".to_owned()])
        .map(|code| {
            let system = system.clone();
            Box::new(move |received: &Received| fault(&system, &code, received)) as Script
        })
        .collect()
}

/// Every code of Ungedatabasen, in a row or in the answer to a report.
pub(crate) fn codes_as_rows() -> Vec<Script> {
    let script = |code: String| {
        Box::new(move |received: &Received| {
            let message = received.message();
            let text = quote(received);
            let content = if message.name.starts_with("Hent") {
                let row = |cpr: &String| {
                    format!(
                        "<ElevKontaktPerson><CPRNr>{cpr}</CPRNr><FejlKode>{code}</FejlKode>\
                         <FejlTekst>{text}</FejlTekst></ElevKontaktPerson>"
                    )
                };
                hent_svar(false, None, numbers_of(&message).iter().map(row).collect())
            } else {
                indberetning_svar(&format!(
                    "<Ok>false</Ok><Fejl><Fejlkode>{code}</Fejlkode><Fejltekst>{text}</Fejltekst></Fejl>"
                ))
            };
            Reply::xml(200, envelope("1.2", &content))
        }) as Script
    };
    codes("udb").chain(["7777".to_owned()]).map(script).collect()
}

fn codes(system: &str) -> impl Iterator<Item = String> + use<> {
    let system = format!("{system},");
    let of = ERROR_CODES.lines().filter_map(move |row| row.strip_prefix(&system)?.split(',').next());
    of.map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn fault(system: &str, code: &str, received: &Received) -> Reply {
    let text = quote(received);
    let secret = format!("{WORD} {CPR} {PHONE}");
    let fault = if system == "dfdg" {
        format!(
            "<s:Fault><faultcode>s:Client</faultcode><faultstring>{text}</faultstring><detail>\
             <FaultDetails><ErrorCode>{code}</ErrorCode><Message>{text}</Message>\
             <InnerException>{secret}</InnerException><StackTrace>{secret}</StackTrace></FaultDetails>\
             </detail></s:Fault>"
        )
    } else {
        format!(
            "<s:Fault><s:Code><s:Value>s:Receiver</s:Value></s:Code>\
             <s:Reason><s:Text xml:lang=\"da\">{text}</s:Text></s:Reason><s:Detail><ServiceFaultDetailer>\
             <ErrorCode>{code}</ErrorCode><ErrorMessage>{text}</ErrorMessage><Details>{secret}</Details>\
             <SourceSystemError><ErrorCode>{CPR}</ErrorCode><Details>{secret}</Details></SourceSystemError>\
             </ServiceFaultDetailer></s:Detail></s:Fault>"
        )
    };
    let version = if system == "dfdg" { "1.1" } else { "1.2" };
    Reply::xml(500, envelope(version, &fault))
}

/// Answers that cannot be read, each with planted values in it.
pub(crate) fn unreadable() -> Vec<Script> {
    let secret = format!("{WORD} {CPR} {PHONE}");
    let mut scripts: Vec<Script> = Vec::new();
    let mut always = |reply: Reply| scripts.push(Box::new(move |_: &Received| reply.clone()));
    always(Reply::of(200, "text/html", format!("<html><p>{secret}<br></html>")));
    always(Reply::of(500, "text/plain", secret.clone()));
    always(Reply::of(200, &format!("text/xml; charset={WORD}"), secret.clone()));
    always(Reply::xml(200, ""));
    always(Reply::xml(200, format!("<!DOCTYPE x [<!ENTITY e \"{secret}\">]><x>&e;</x>")));
    always(Reply::xml(200, [b"<x>\xff\xfe".as_slice(), secret.as_bytes()].concat()));
    always(Reply::xml(200, format!("<x>{}</x>", secret.repeat(1000))));
    always(Reply::Redirect);
    always(Reply::Close);
    always(Reply::Cut(format!("<x>{secret}").into_bytes()));
    always(Reply::Stall);
    for content in [
        format!("<{WORD}>{secret}</{WORD}>"),
        format!("{}{secret}{}", "<a>".repeat(500), "</a>".repeat(500)),
        format!("<x a=\"{secret}\" a=\"{secret}\"/>"),
    ] {
        scripts.push(Box::new(move |received: &Received| {
            let operation = received.message().name;
            let version = version_of(operation.trim_end_matches("Request"));
            Reply::xml(200, envelope(version, &content))
        }));
    }
    scripts.push(Box::new(|received: &Received| {
        let text = quote(received);
        let version = version_of(received.message().name.trim_end_matches("Request"));
        let fault =
            format!("<s:Fault><faultcode>{text}</faultcode><faultstring>{text}</faultstring></s:Fault>");
        Reply::xml(500, envelope(version, &fault))
    }));
    scripts.extend([broken(ill_typed), broken(half_gone), broken(renamed)]);
    scripts
}

/// A good answer, spoilt.
fn broken(spoil: fn(&str) -> String) -> Script {
    Box::new(move |received| match talkative(received) {
        Reply::Answer { status, content_type, body } => {
            let text = spoil(std::str::from_utf8(&body).unwrap());
            Reply::of(status, &content_type, text)
        }
        other => other,
    })
}

fn ill_typed(answer: &str) -> String {
    let secret = format!("{WORD} {CPR}");
    answer
        .replace("<Ok>true", &format!("<Ok>{secret}"))
        .replace("<EventDate>", &format!("<EventDate>{secret}"))
        .replace("<InterviewTime>", &format!("<InterviewTime>{secret}"))
        .replace("<FindesFlereKontaktPersoner>false", &format!("<FindesFlereKontaktPersoner>{secret}"))
}

fn half_gone(answer: &str) -> String {
    answer.chars().take(answer.chars().count() * 2 / 3).collect()
}

fn renamed(answer: &str) -> String {
    answer.replace("MessageIdentifier", WORD).replace("HentSvar", WORD).replace("IndberetningSvar", WORD)
}
