//! Every trigger on every operation in its scope.

use roxmltree::Document;

use super::client::{Client, read};
use super::samples::{changes, operations, sample};
use crate::sandbox::catalogue::{Code, System};
use crate::sandbox::outgoing::Outgoing;
use crate::sandbox::service::Service;
use crate::sandbox::spoil::Delivery;
use crate::sandbox::triggers::{Effect, IDENTIFIER_PREFIX, Scope, Trigger, triggers};
use crate::sandbox::trouble::{Spoil, Trouble};
use crate::soap::envelope;

fn send(client: &Client, operation: &str, number: u32) -> Outgoing {
    let id = format!("{IDENTIFIER_PREFIX}{number:04}");
    client
        .send(operation, &sample(operation, &format!("010199{number:04}"), &id, &format!("0000{number:04}")))
}

fn number(number: u32) -> &'static Trigger {
    triggers().iter().find(|trigger| trigger.number == number).unwrap()
}

#[test]
fn every_code_of_dfdg_is_answered_on_every_operation() {
    let client = Client::new();
    for trigger in triggers() {
        let Effect::Code(Code { system: System::Dfdg, text, .. }) = trigger.effect else { continue };
        for operation in operations().filter(|it| !it.starts_with("Hent") && !it.starts_with("Indberetning"))
        {
            let answer = send(&client, operation, trigger.number);
            assert_eq!((answer.status, read(&answer)), (500, Err(trigger.number.to_string())), "{operation}");
            let body = String::from_utf8(answer.body).unwrap();
            assert!(body.contains(&format!("<Message>{text}</Message>")) || text.is_empty(), "{body}");
        }
    }
}

#[test]
fn every_code_of_ungedatabasen_and_the_platform_is_answered() {
    let client = Client::new();
    for trigger in triggers() {
        let Effect::Code(known @ Code { system, code, .. }) = trigger.effect else { continue };
        for operation in ["HentInstitutionKontakt", "IndberetningKontaktJobOgUddOensker"] {
            let answer = send(&client, operation, trigger.number);
            match system {
                System::Udb => {
                    let answer = read(&answer).unwrap();
                    assert!(
                        answer.holds(code) && answer.holds(known.text_of(operation)),
                        "{operation} {code}"
                    );
                }
                System::Ipl => assert_eq!(read(&answer), Err((*code).to_owned())),
                System::Dfdg => {}
            }
        }
    }
}

#[test]
fn a_code_for_one_number_leaves_the_others_alone() {
    let client = Client::new();
    let request = super::samples::look_up(&["0101990014", "0506085001", "0101997017"]);
    let answer = client.call("HentInstitutionKontakt", request).unwrap();
    let codes: Vec<_> = answer.children[1..].iter().map(|row| row.value("FejlKode")).collect();
    assert_eq!(codes, [Some("14"), None, Some("7777")]);
}

#[test]
fn whatever_is_legal_says_the_same_as_usual() {
    let client = Client::new();
    for trigger in triggers().iter().filter(|trigger| matches!(trigger.effect, Effect::Trouble(_))) {
        let legal = trigger.about.0.starts_with("legal") || matches!(trigger.number, 7000 | 7039 | 7040);
        if !legal {
            continue;
        }
        for operation in [
            "HentInstitutionKontakt",
            "CreatePersonInterview",
            "DeleteHealthLimitation",
            "CreateCivicConsent",
        ] {
            let answer = send(&client, operation, trigger.number);
            assert_eq!(answer.status, 200, "{} {operation}", trigger.number);
            let text = envelope::text(&answer.body, Some(&answer.content_type)).unwrap();
            let document = Document::parse(text.trim_start_matches('\u{FEFF}')).unwrap();
            let content: String =
                document.descendants().filter(|it| it.is_text()).filter_map(|it| it.text()).collect();
            let expected = match operation {
                "HentInstitutionKontakt" => "Vejleder Vibeke Dahl",
                "CreatePersonInterview" => "Aftale om praktik",
                _ => "2026-11-21T1",
            };
            assert!(content.contains(expected), "{} {operation}: {text}", trigger.number);
        }
    }
}

#[test]
fn whatever_is_spoiled_is_no_answer_of_the_operation() {
    let client = Client::new();
    for trigger in triggers() {
        let Effect::Trouble(trouble) = trigger.effect else { continue };
        let answer = send(&client, "CreatePersonInterview", trigger.number);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let well_formed = Document::parse(&text).is_ok();
        match trouble {
            Trouble::Unavailable => assert_eq!((answer.status, well_formed), (503, false)),
            Trouble::ServerError => assert_eq!((answer.status, answer.body.len()), (500, 0)),
            Trouble::Redirect => assert!(answer.status == 302 && answer.location.is_some()),
            Trouble::Slow(seconds) => assert_eq!(answer.delay.as_secs(), seconds),
            Trouble::FaultWithOk => assert_eq!((answer.status, read(&answer)), (200, Err("1013".into()))),
            Trouble::UnknownCode => assert_eq!(read(&answer), Err("7777".into())),
            Trouble::BareFault => assert_eq!(read(&answer), Err("bare".into())),
            Trouble::Spoiled(spoil) => check_spoiled(spoil, &answer, &text, well_formed),
            Trouble::None
            | Trouble::Styled(_)
            | Trouble::Unlike(_)
            | Trouble::ExtraHeader
            | Trouble::Rows(_)
            | Trouble::Changes(_)
            | Trouble::Report { .. } => {}
        }
    }
}

fn check_spoiled(spoil: Spoil, answer: &Outgoing, text: &str, well_formed: bool) {
    match spoil {
        Spoil::NotXml | Spoil::CutOff | Spoil::Html | Spoil::Empty | Spoil::Dtd | Spoil::Trailing => {
            assert!(!well_formed && answer.status == 200, "{spoil:?}");
        }
        Spoil::TooDeep => assert!(text.matches("<d>").count() == 50_000),
        Spoil::Oversized => assert!(answer.body.len() > 8 << 20),
        Spoil::WrongRoot => assert!(well_formed && text.contains("PingResponse")),
        Spoil::Dropped => assert_eq!(answer.delivery, Delivery::Nothing),
        Spoil::DroppedMidway => assert_eq!(answer.delivery, Delivery::Half),
    }
}

#[test]
fn what_was_spoiled_on_its_way_had_been_carried_out() {
    let client = Client::new();
    let chosen = super::samples::with(
        super::samples::interview(),
        "",
        super::samples::text("MessageIdentifier", "ABCDEF00-0000-4000-8000-000000007023"),
    );
    let request = |cpr: &str| super::samples::request(vec![super::samples::cpr(cpr), chosen.clone()]);
    assert_eq!(client.send("CreatePersonInterview", &request("0101997023")).delivery, Delivery::Nothing);
    assert_eq!(client.code("CreatePersonInterview", request("0101997000")), "4721");
}

#[test]
fn messages_lack_or_repeat_or_garble_what_they_must_have() {
    let client = Client::new();
    for operation in operations()
        .filter(|operation| !operation.starts_with("Update") && !operation.contains("Participant"))
    {
        let text = |number| {
            client.sandbox.reset();
            String::from_utf8(send(&client, operation, number).body).unwrap()
        };
        let element = ["FindesFlereKontaktPersoner", "Ok", "EventDate", "InterviewTime"]
            .into_iter()
            .find(|name| text(7000).contains(&format!("<{name}>")))
            .unwrap_or_else(|| panic!("{operation}: {}", text(7000)));
        let count = |number| text(number).matches(&format!("<{element}>")).count();
        assert_eq!((count(7021), count(7000), count(7029)), (0, 1, 2), "{operation}");
        assert!(text(7022).contains(&format!("<{element}>soon<")), "{operation}");
    }
}

#[test]
fn reports_can_be_accepted_with_a_warning_or_refused_without_reason() {
    let client = Client::new();
    let answer = |number| {
        let answer = read(&send(&client, "IndberetningKontaktJobOgUddOensker", number)).unwrap();
        (answer.value("Ok").unwrap().to_owned(), answer.value("Fejl/Fejlkode").map(str::to_owned))
    };
    assert_eq!(answer(7050), ("true".to_owned(), Some("280".to_owned())));
    assert_eq!(answer(7051), ("false".to_owned(), None));
}

#[test]
fn rows_can_fail_to_fit_the_question() {
    let client = Client::new();
    let numbers = |number| {
        let answer = read(&send(&client, "HentInstitutionKontakt", number)).unwrap();
        let rows = answer.children.into_iter().filter(|row| row.name == "ElevKontaktPerson");
        rows.map(|row| row.value("CPRNr").unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(7052), [""; 0]);
    assert_eq!(numbers(7053), ["0909090909"]);
    assert_eq!(numbers(7054), [""]);
    assert_eq!(numbers(7055), ["0101997055", "0101997055"]);
}

#[test]
fn years_are_triggers_of_the_change_feed() {
    let client = Client::new();
    let page =
        |year| client.call("HentInstitutionKontakt", changes(&format!("{year:04}-06-01T00:00:00.000Z")));
    assert_eq!(page(1), Err("IPL000001".to_owned()));
    assert!(page(14).unwrap().holds("14"));
    let first = page(7080).unwrap();
    assert_eq!(first.value("SenesteRegistrering"), Some("7080-06-01T00:00:00.000Z"));
    assert!(first == page(7080).unwrap() && first.value("FindesFlereKontaktPersoner") == Some("true"));
    let no_time = |year, more| {
        let page = page(year).unwrap();
        assert_eq!(
            (page.value("SenesteRegistrering"), page.value("FindesFlereKontaktPersoner")),
            (None, Some(more))
        );
    };
    no_time(7081, "true");
    no_time(7082, "false");
    assert_eq!(number(7080).scope, Scope::Changes);
}

#[test]
fn triggers_leave_ordinary_numbers_alone() {
    let client = Client::new();
    for cpr in ["0202027010", "0101980014", "0506085001"] {
        let answer = client.send("HentInstitutionKontakt", &super::samples::look_up(&[cpr]));
        assert!(read(&answer).is_ok() && answer.delay.is_zero() && answer.delivery == Delivery::Whole);
    }
    assert_eq!(Service::ALL.len(), 3);
}
