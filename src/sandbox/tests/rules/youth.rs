//! Look-ups and reports of Ungedatabasen.

use crate::sandbox::element::Element;
use crate::sandbox::tests::client::{Client, hours};
use crate::sandbox::tests::samples::{MADS, look_up, report, text, with};

fn row_code(answer: &Element) -> Option<&str> {
    answer.value("ElevKontaktPerson/FejlKode")
}

#[test]
fn a_look_up_says_what_is_wrong_with_a_number() {
    let client = Client::new();
    for (number, code) in [
        ("0909090909", Some("14")),
        ("0506085003", Some("18")),
        ("0506085004", Some("68")),
        (MADS, Some("14")),
        ("0506085001", None),
        ("0506005008", None),
    ] {
        assert_eq!(
            row_code(&client.call("HentInstitutionKontakt", look_up(&[number])).unwrap()),
            code,
            "{number}"
        );
    }
}

#[test]
fn an_answer_holds_at_most_a_hundred_contact_persons() {
    let client = Client::new();
    let rows = |numbers: &[&str]| {
        client.call("HentInstitutionKontakt", look_up(numbers)).unwrap().children.len() - 1
    };
    assert_eq!(rows(&["0506085001", "0506085002", "0909090909"]), 5);
    assert_eq!(rows(&["0506085009", "0506085010"]), 80);
    assert_eq!(rows(&["0506085009", "0506085010", "0506085011"]), 100);
    assert_eq!(rows(&["0506085012"]), 100);
}

#[test]
fn a_report_is_about_somebody_of_fifteen_to_twenty_four_who_lives_there() {
    let client = Client::new();
    let future = with(report("0506085001"), "JobOnsker", text("JobRegistreringstid", hours(1)));
    for (request, code) in [
        (report("0506085001"), None),
        (report("0909090909"), Some("14")),
        (report(MADS), Some("14")),
        (report("0506125014"), Some("14")),
        (report("0506005008"), Some("15")),
        (report("0506085006"), Some("86")),
        (future, Some("280")),
    ] {
        let answer = client.call("IndberetningKontaktJobOgUddOensker", request).unwrap();
        assert_eq!(
            (answer.value("Ok"), answer.value("Fejl/Fejlkode")),
            (Some(if code.is_none() { "true" } else { "false" }), code)
        );
    }
}
