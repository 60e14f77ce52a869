//! What a client sends, read as the body of each route: what is accepted is JSON again and valid XML.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use roxmltree::Document;
use ungebro::operation::{ParameterKind, Spec, Supply};
use ungebro::services::udb::HENT_INSTITUTION_KONTAKT;
use ungebro::shape::value::Value;
use ungebro::shape::{Member, json, read, write};
use ungebro::types::time::Instant;
use ungebro_fuzz::{Bound, ROUTES};

fuzz_target!(|data: &[u8]| {
    for bound in ROUTES.iter().filter(|bound| !bound.compiled.spec.body.is_empty()) {
        let Ok(json) = json::parse(data) else { return };
        let spec = bound.compiled.spec;
        let segments: Vec<&'static [Member]> = spec.body.iter().map(|part| part.object.members).collect();
        let (values, faults) = read::body(&segments, json);
        assert!(faults.iter().all(|fault| is_pointer(&fault.pointer)), "{faults:?}");
        if faults.is_empty() {
            check_json(&segments, &values);
            // Numbers are gathered into calls of their own.
            if !std::ptr::eq(spec.service, &HENT_INSTITUTION_KONTAKT) {
                check_message(bound, &values);
            }
        }
    }
});

fn is_pointer(text: &str) -> bool {
    text.is_empty() || text.starts_with('/')
}

/// What was read is written, and reads the same.
fn check_json(segments: &[&'static [Member]], values: &[Value<'_>]) {
    let [members] = segments else { return };
    let mut written = Vec::new();
    write::object(members, values, &mut written);
    let again = json::parse(&written).expect("JSON");
    let (again, faults) = read::body(segments, again);
    assert!(faults.is_empty(), "{faults:?}");
    assert!(again == values, "{}", String::from_utf8_lossy(&written));
}

/// The message is valid under the contract.
fn check_message(bound: &Bound, values: &[Value<'_>]) {
    let wire = &bound.compiled.wire;
    let mut root = in_path(bound.compiled.spec);
    root.extend(wire.supplied.iter().map(|supply| supplied(*supply)));
    root.extend(values.iter().cloned().map(Value::into_owned));
    let mut message = Vec::new();
    wire.request.write(&Value::Object(root), &mut message);
    let message = String::from_utf8(message).expect("UTF-8");
    let document = Document::parse(&message).unwrap_or_else(|error| panic!("{error}: {message}"));
    let operation = bound.contract.operation(wire.operation).expect("bound");
    let violations = bound.contract.schema.validate(operation.input.body, document.root_element());
    assert!(violations.is_empty(), "{violations:?}: {message}");
}

fn in_path(spec: &Spec) -> Vec<Value<'static>> {
    let sent = spec.parameters.iter().filter(|parameter| parameter.wire.is_some());
    let texts = sent.map(|parameter| match parameter.kind {
        ParameterKind::Cpr | ParameterKind::YouthCpr => "0101900001",
        ParameterKind::Guid => "806f7233-adba-4c44-b6d1-fd453ea0b8b2",
        ParameterKind::CvCustomer => "00001234",
    });
    texts.map(|text| Value::Text(text.into())).collect()
}

fn supplied(supply: Supply) -> Value<'static> {
    match supply {
        Supply::Now => Value::Instant(Instant::utc(Timestamp::UNIX_EPOCH)),
        Supply::StarInstitutionNumber | Supply::KuiInstitutionNumber => Value::Integer(1_234_567),
        Supply::OrganisationType | Supply::UserType => Value::Integer(3),
        Supply::TransactionId => Value::Text("806f7233-adba-4c44-b6d1-fd453ea0b8b2".into()),
        Supply::SystemName | Supply::OrganisationCode | Supply::UserName | Supply::UserIdentifier => {
            Value::Text("15101".into())
        }
    }
}
