//! What an upstream answers, read as the answer of the operation that it names: values, rows, faults, JSON.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use ungebro::answers::lookup::row::{Page, Says};
use ungebro::problem::redact::Secrets;
use ungebro::services::udb::row::HENT_SVAR;
use ungebro::shape::write;
use ungebro::soap::envelope::{self, Body};
use ungebro::upstream::Wire;
use ungebro_fuzz::{Bound, ROUTES};

const SENT: &[u8] =
    "<Elev><CPRNr>0101900001</CPRNr><Navn>Åse &amp; Bo</Navn><Kode>7</Kode></Elev>".as_bytes();

static SECRETS: LazyLock<Secrets> = LazyLock::new(|| Secrets::of_message(SENT.into()));

fuzz_target!(|data: &[u8]| {
    let Ok(text) = envelope::text(data, None) else { return };
    let Bound { compiled, .. } = named_in(&text);
    let Wire { answer_root, answer, operation, .. } = &compiled.wire;
    match envelope::read(&text, answer_root, |reader| answer.read(reader)) {
        Err(error) => assert!(!error.to_string().is_empty()),
        Ok(Body::Fault(fault)) => fault.text.iter().for_each(|text| check_redacted(text)),
        Ok(Body::Message(mut values)) => {
            let values = values.split_off(1);
            let part = &compiled.spec.answer;
            let mut json = Vec::new();
            write::object(part.object.members, &values, &mut json);
            serde_json::from_slice::<serde_json::Value>(&json).expect("JSON");
            if std::ptr::eq(part.object, HENT_SVAR.object) {
                let page = Page::of(values, operation, &SECRETS);
                for row in page.rows {
                    if let Says::Refused(problem) = row.says {
                        problem.upstream_text.iter().for_each(|text| assert!(!has_number(text), "{text}"));
                    }
                }
            }
        }
    }
});

/// The route whose answer the text names, by the longest name; else the first.
fn named_in(text: &str) -> &'static Bound {
    let named = ROUTES.iter().filter(|bound| text.contains(&bound.compiled.wire.answer_root));
    named.max_by_key(|bound| bound.compiled.wire.answer_root.len()).unwrap_or(&ROUTES[0])
}

fn check_redacted(text: &str) {
    let redacted = SECRETS.redact(text);
    assert!(!has_number(&redacted), "{redacted}");
}

/// Ten digits in a row, as a CPR number has.
fn has_number(text: &str) -> bool {
    text.split(|char: char| !char.is_ascii_digit()).any(|digits| digits.len() >= 10)
}
