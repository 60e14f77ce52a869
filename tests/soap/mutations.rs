//! Bounded fuzzing of the parsers of foreign bytes: damaged documents are read or refused, never a panic.

use proptest::prelude::*;
use ungebro::operation::Spec;
use ungebro::services;
use ungebro::shape::{Member, json, read};
use ungebro::soap::decode::Pattern;
use ungebro::soap::envelope::{self, SOAP_12};
use ungebro::soap::schema::load_str;
use ungebro::transport::identity::Identity;

/// What breaks parsers of XML, PEM and JSON.
const TOKENS: [&[u8]; 20] = [
    b"<",
    b"</",
    b"/>",
    b">",
    b"&",
    b"&#x0;",
    b"&#x110000;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<?",
    b"<!DOCTYPE x>",
    b" xmlns:x=\"\"",
    b" xmlns=\"urn:x\"",
    b" nil=\"true\"",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"{\"a\":",
    b"-----",
];

#[derive(Debug, Clone)]
enum Damage {
    Replace(prop::sample::Index, u8),
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, usize),
    Repeat(prop::sample::Index, usize),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    let place = any::<prop::sample::Index>;
    let one = prop_oneof![
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (place(), 1..40_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        (place(), 0..TOKENS.len()).prop_map(|(at, token)| Damage::Insert(at, token)),
        (place(), 1..60_usize).prop_map(|(at, length)| Damage::Repeat(at, length)),
    ];
    prop::collection::vec(one, 1..6)
}

fn damaged(document: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut bytes = document.to_vec();
    for damage in damages {
        if bytes.is_empty() {
            break;
        }
        let end = |start: usize, length: usize, bytes: &[u8]| (start + length).min(bytes.len());
        match damage {
            Damage::Replace(at, byte) => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Damage::Cut(at, length) => {
                let start = at.index(bytes.len());
                bytes.drain(start..end(start, *length, &bytes));
            }
            Damage::Insert(at, token) => {
                let at = at.index(bytes.len());
                bytes.splice(at..at, TOKENS[*token].iter().copied());
            }
            Damage::Repeat(at, length) => {
                let start = at.index(bytes.len());
                let piece = bytes[start..end(start, *length, &bytes)].to_vec();
                bytes.splice(start..start, piece);
            }
        }
    }
    bytes
}

fn spec(id: &str) -> &'static Spec {
    services::specs().find(|spec| spec.id == id).unwrap()
}

fn answer() -> String {
    let row = "<ElevKontaktPerson><CPRNr>0101080000</CPRNr><FejlKode>18</FejlKode><FejlTekst>æ &amp; ø</FejlTekst>\
               <SlutDato>2026-02-03T04:05:06.7Z</SlutDato><InstitutionNummer>281047</InstitutionNummer></ElevKontaktPerson>";
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"{SOAP_12}\"><s:Body><r:Response xmlns:r=\"urn:r\">\
         <Message><h:HentSvar xmlns:h=\"urn:h\"><FindesFlereKontaktPersoner>true</FindesFlereKontaktPersoner>\
         <SenesteRegistering>2026-02-03T04:05:06</SenesteRegistering>{row}{row}</h:HentSvar></Message></r:Response></s:Body></s:Envelope>"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn damaged_answers_are_read_or_refused(damages in damages()) {
        let spec = spec("getYouthContacts");
        let prefix = spec.service.answer_prefix;
        let pattern = Pattern::new(&[(prefix, spec.answer.object.members)], spec.service.spellings);
        let bytes = damaged(answer().as_bytes(), &damages);
        if let Ok(text) = envelope::text(&bytes, None) {
            let _ = envelope::read(&text, "Response", |reader| pattern.read(reader));
        }
    }

    #[test]
    fn damaged_bodies_are_read_or_refused(damages in damages()) {
        let body = br#"{"interviewType":7,"bookingIdentifier":null,"withMoreAuthorities":false,
            "interviewTime":"2026-02-03T04:05:06Z","responsibleAuthority":{"authority":{"code":"15101","name":"\u00e6"}},
            "participants":[{"name":"Bo","contactType":1}],"agreementDescription":"\ud83d\ude00"}"#;
        let members: Vec<&'static [Member]> =
            spec("createInterview").body.iter().map(|part| part.object.members).collect();
        let bytes = damaged(body, &damages);
        if let Ok(json) = json::parse(&bytes) {
            let _ = read::body(&members, json);
        }
    }

    /// Without a password: how long deriving a key takes is the file's to say.
    #[test]
    fn damaged_identities_are_read_or_refused(damages in damages(), which in 0..3_usize) {
        let files = [
            &include_bytes!("../data/identity/pkcs8.pem")[..],
            &include_bytes!("../data/identity/pkcs1.pem")[..],
            &include_bytes!("../data/identity/backwards.pem")[..],
        ];
        let _ = Identity::parse(&damaged(files[which], &damages), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn damaged_wsdls_are_read_or_refused(damages in damages(), which in 0..4_usize) {
        let files = [
            ("hent.wsdl", include_str!("../data/wsdl-official/a/udb/HentInstitutionKontakt.wsdl")),
            ("schemas/hent.xsd", include_str!("../data/wsdl-official/a/udb/schemas/hent.xsd")),
            ("schemas/common.xsd", include_str!("../data/wsdl-official/a/udb/schemas/common.xsd")),
            ("schemas/values.xsd", include_str!("../data/wsdl-official/a/udb/schemas/values.xsd")),
        ];
        let text = String::from_utf8_lossy(&damaged(files[which].1.as_bytes(), &damages)).into_owned();
        let files: Vec<_> = files.iter().enumerate()
            .map(|(index, (name, whole))| (*name, if index == which { &*text } else { *whole }))
            .collect();
        if let Err(error) = load_str(&files, None) {
            prop_assert!(!error.to_string().contains('\n'), "a reason is one line");
        }
    }
}
