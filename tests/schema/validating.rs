//! What the validator takes and what it refuses, and that it never tells a value.

use std::sync::LazyLock;

use proptest::prelude::*;
use roxmltree::Document;
use ungebro::soap::schema::{Contract, Violation};

use super::{element, library, parcel};

static PARCEL: LazyLock<Contract> = LazyLock::new(parcel);

const SEND: &str = r#"<m:SendRequest xmlns:m="urn:parcel:messages" xmlns:t="urn:parcel:types" xmlns:h="urn:parcel:head"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" priority="A">
  <m:From xsi:type="t:Person" t:title="fru"><Name kind="free">Åse</Name><t:Street>Vej 1</t:Street><Birth>1999</Birth></m:From>
  <m:To xsi:type="t:Anonymous"><Name>B</Name></m:To><!-- two -->
  <m:To xsi:type="t:Anonymous"><Name><![CDATA[C]]></Name></m:To>
  <m:ShopNumber>0100</m:ShopNumber>
  <Thing t:fragile="1" t:weight="012.50" other="x">
    <What>bog</What><Size>1 22  3</Size><Inside><What/></Inside><Box><Box><Size>7</Size></Box></Box>
  </Thing>
  <t:Note xml:lang="da">a</t:Note><t:Note>b</t:Note>
  <m:Insured>unknown</m:Insured>
  <h:Trace>urn:x</h:Trace><e:extra xmlns:e="urn:parcel:extra"><e:any/></e:extra>
</m:SendRequest>"#;

const TRACKED: &str = r#"<m:TrackResponse xmlns:m="urn:parcel:messages" xmlns:t="urn:parcel:types" xmlns:h="urn:parcel:head">
  <m:Event>text <t:At>2026-03-29T02:30:00+01:00</t:At> between <h:Caller><h:Name>x</h:Name></h:Caller><m:SendRequest/></m:Event>
  <m:Event/>
  <t:Station>Ry</t:Station>
</m:TrackResponse>"#;

const BORROW: &str = r#"<l:Borrow xmlns:l="urn:library:loans" xmlns:r="urn:library:readers" xmlns:b="urn:library:books">
  <r:Reader><r:Name>Ib</r:Name><r:Favourite><b:Title>T</b:Title><b:Author><r:Name>Bo</r:Name></b:Author></r:Favourite></r:Reader>
  <Book><b:Title>T</b:Title></Book>
  <l:Days>30</l:Days><Shelf>a b</Shelf><Stamp><l:Office>0001</l:Office></Stamp><Bare>true</Bare>
</l:Borrow>"#;

fn violations(contract: &Contract, namespace: &str, local: &str, xml: &str) -> Vec<Violation> {
    let document = Document::parse(xml).expect("well-formed");
    contract.schema.validate(element(contract, namespace, local), document.root_element())
}

/// The sample with one thing replaced, and what is then told: `path: reason`.
fn told(contract: &Contract, sample: &str, from: &str, to: &str) -> Vec<String> {
    assert!(sample.contains(from), "{from}");
    let (namespace, local) = match sample {
        _ if sample.starts_with("<m:Send") => ("urn:parcel:messages", "SendRequest"),
        _ if sample.starts_with("<m:Track") => ("urn:parcel:messages", "TrackResponse"),
        _ => ("urn:library:loans", "Borrow"),
    };
    let found = violations(contract, namespace, local, &sample.replacen(from, to, 1));
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn valid_documents_have_no_violations() {
    let (parcel, library) = (parcel(), library(None));
    for (contract, sample) in [(&parcel, SEND), (&parcel, TRACKED), (&library, BORROW)] {
        assert_eq!(told(contract, sample, "", ""), [""; 0]);
    }
}

#[test]
fn other_valid_spellings_are_taken() {
    let parcel = parcel();
    for (from, to) in [
        ("<m:ShopNumber>0100</m:ShopNumber>", ""),
        ("<m:ShopNumber>0100</m:ShopNumber>", "<m:PickUpDate>2026-02-28</m:PickUpDate>"),
        ("0100", "\n\t+100 "),
        ("</m:ShopNumber>", "</m:ShopNumber><m:ShopName/>"),
        ("<m:Insured>unknown</m:Insured>", "<m:Insured>-12.5</m:Insured>"),
        ("<m:Insured>unknown</m:Insured>", "<m:Insured xsi:nil='true'/>"),
        ("<m:Insured>unknown</m:Insured>", "<m:Insured xsi:nil='0'>much</m:Insured>"),
        ("<Size>1 22  3</Size>", ""),
    ] {
        assert_eq!(told(&parcel, SEND, from, to), [""; 0], "{to}");
    }
}

/// Sample, what is replaced, by what, and the violation.
const WRONG: &[(&str, &str, &str, &str)] = &[
    (SEND, "priority=\"A\"", "", "SendRequest: lacks the attribute priority"),
    (
        SEND,
        "priority=\"A\"",
        "priority=\"C\"",
        "SendRequest: attribute priority is not one of the values allowed",
    ),
    (
        SEND,
        "priority=\"A\"",
        "priority=\"A\" p=\"1\"",
        "SendRequest: has the attribute p, which is not declared",
    ),
    (
        SEND,
        " xsi:type=\"t:Person\" t:title=\"fru\"",
        "",
        "SendRequest/From: has an abstract type; xsi:type must name a derived one",
    ),
    (
        SEND,
        "t:Person\"",
        "t:Thing\"",
        "SendRequest/From: has an xsi:type that is unknown or not derived from the declared type",
    ),
    (
        SEND,
        "t:title=\"fru\"",
        "t:title=\"f r u\"",
        "SendRequest/From: attribute {urn:parcel:types}title does not match the pattern",
    ),
    (SEND, "kind=\"free\"", "kind=\"other\"", "SendRequest/From/Name: attribute kind is not the fixed value"),
    (SEND, "Åse", "ÅseÅseÅseÅse", "SendRequest/From/Name: has more than 10 characters"),
    (
        SEND,
        "<t:Street>Vej 1</t:Street>",
        "<Street>Vej 1</Street>",
        "SendRequest/From/Street: is not expected here",
    ),
    (SEND, "<Birth>1999</Birth>", "<Birth>99</Birth>", "SendRequest/From/Birth: is not a date of its type"),
    (
        SEND,
        "<m:To xsi:type=\"t:Anonymous\"><Name>B</Name></m:To>",
        "<m:To xsi:type=\"t:Anonymous\"/>",
        "SendRequest/To[1]: lacks Name",
    ),
    (SEND, "0100", "99", "SendRequest/ShopNumber: is less than 100"),
    (SEND, "0100", "1000", "SendRequest/ShopNumber: is not less than 1000"),
    (SEND, "0100", "100.0", "SendRequest/ShopNumber: is not a whole number"),
    (
        SEND,
        "</m:ShopNumber>",
        "</m:ShopNumber><m:PickUpDate>2026-02-28</m:PickUpDate>",
        "SendRequest/PickUpDate: is not expected here, but Thing",
    ),
    (
        SEND,
        "<m:ShopNumber>0100</m:ShopNumber>",
        "<m:ShopName>x</m:ShopName>",
        "SendRequest/ShopName: is not expected here, but Thing",
    ),
    (SEND, "<What>bog</What>", "bog<What>bog</What>", "SendRequest/Thing: holds text between its elements"),
    (
        SEND,
        "<What>bog</What>",
        "<What><b/></What>",
        "SendRequest/Thing/What/b: is not expected; its parent holds text only",
    ),
    (
        SEND,
        "<What>bog</What>",
        "<t:What>bog</t:What>",
        "SendRequest/Thing/What: is not expected here, but What; found {urn:parcel:types}What",
    ),
    (SEND, "1 22  3", "1 22 3 4", "SendRequest/Thing/Size: has more than 3 items"),
    (SEND, "1 22  3", "1 0", "SendRequest/Thing/Size: is less than 1"),
    (
        SEND,
        "012.50",
        "012.505",
        "SendRequest/Thing: attribute {urn:parcel:types}weight has more than 2 digits after the point",
    ),
    (
        SEND,
        "012.50",
        "123456",
        "SendRequest/Thing: attribute {urn:parcel:types}weight has more than 5 digits",
    ),
    (SEND, "012.50", "0.00", "SendRequest/Thing: attribute {urn:parcel:types}weight is not more than 0"),
    (
        SEND,
        "t:fragile=\"1\"",
        "t:fragile=\"yes\"",
        "SendRequest/Thing: attribute {urn:parcel:types}fragile is not a boolean",
    ),
    (SEND, "unknown", "plenty", "SendRequest/Insured: is of none of the types allowed"),
    (SEND, "<t:Note>b</t:Note>", "<t:Note xsi:nil='true'/>", "SendRequest/Note[2]: is nil but not nillable"),
    (SEND, "<m:Insured>", "<m:Insured xsi:nil='true'>", "SendRequest/Insured: is nil but not empty"),
    (SEND, "<h:Trace>urn:x</h:Trace>", "<h:Refusal/>", "SendRequest/Refusal: lacks {urn:parcel:head}Code"),
    (SEND, "<h:Trace>", "<h:Trace/><h:Trace/><h:Trace>", "SendRequest/Trace[3]: is not expected here"),
    (TRACKED, "2026-03-29T02:30:00+01:00", "2026-03-29", "TrackResponse/Event[1]/At: is not a date and time"),
    (TRACKED, "<m:Event/>", "<m:Event><h:Other/></m:Event>", "TrackResponse/Event[2]/Other: is not declared"),
    (
        TRACKED,
        "<m:Event/>",
        "<m:Event><h:Caller/></m:Event>",
        "TrackResponse/Event[2]/Caller: lacks {urn:parcel:head}Name",
    ),
    (
        TRACKED,
        "<m:Event/>",
        "<m:Event><t:Note/></m:Event>",
        "TrackResponse/Event[2]/Note: is not expected here",
    ),
    (
        TRACKED,
        "<t:Station>Ry</t:Station>",
        "<t:Place>Ry</t:Place>",
        "TrackResponse/Place: is abstract; an element that substitutes it is needed",
    ),
    (TRACKED, "Ry", "Aarhus H", "TrackResponse/Station: has more than 5 characters"),
    (BORROW, "0001", "001", "Borrow/Stamp/Office: does not match the pattern"),
    (BORROW, "<l:Days>30<", "<l:Days>31<", "Borrow/Days: is more than 30"),
    (
        BORROW,
        "<l:Days>30</l:Days>",
        "<Days>30</Days>",
        "Borrow/Days: is not expected here, but {urn:library:loans}Days; found Days",
    ),
    (BORROW, "a b", " ", "Borrow/Shelf: has fewer than 1 items"),
    (BORROW, "<Bare>true</Bare>", "<Bare>ja</Bare>", "Borrow/Bare: is not a boolean"),
    (
        BORROW,
        "<Bare>true</Bare>",
        "<Bare x='1'>true</Bare>",
        "Borrow/Bare: has the attribute x, which is not declared",
    ),
];

#[test]
fn each_mistake_is_told_once_where_it_is() {
    let (parcel, library) = (parcel(), library(None));
    for (sample, from, to, expected) in WRONG {
        let contract = if *sample == BORROW { &library } else { &parcel };
        assert_eq!(told(contract, sample, from, to), [*expected], "{to}");
    }
}

#[test]
fn all_takes_any_order_and_each_once() {
    let parcel = parcel();
    let refusal = |inner: &str| {
        let xml = format!(r#"<Refusal xmlns="urn:parcel:head">{inner}</Refusal>"#);
        violations(&parcel, "urn:parcel:head", "Refusal", &xml).len()
    };
    assert_eq!(refusal("<Code>1</Code><Text>x</Text>"), 0);
    assert_eq!(refusal("<Text>x</Text><Code>1</Code>"), 0);
    assert_eq!(refusal("<Code>1</Code>"), 0);
    assert_eq!(refusal("<Text>x</Text>"), 1);
    assert_eq!(refusal("<Code>1</Code><Code>2</Code>"), 1);
}

#[test]
fn another_element_than_asked_for_is_refused() {
    let found = violations(&parcel(), "urn:parcel:messages", "Bare", "<Bare/>");
    assert_eq!(found[0].to_string(), "Bare: is not the element {urn:parcel:messages}Bare");
}

#[test]
fn an_empty_type_holds_nothing() {
    let parcel = parcel();
    let bare = |inner: &str| {
        let xml = format!(r#"<Bare xmlns="urn:parcel:messages">{inner}</Bare>"#);
        violations(&parcel, "urn:parcel:messages", "Bare", &xml).len()
    };
    assert_eq!((bare(""), bare("<!-- x -->"), bare("x"), bare("<x/>")), (0, 0, 1, 1));
}

#[test]
fn violations_hold_no_values() {
    let parcel = parcel();
    let secret = "0101011234";
    let xml = SEND.replace("Åse", &secret.repeat(3)).replace("0100", secret).replace("unknown", secret);
    let found = violations(&parcel, "urn:parcel:messages", "SendRequest", &xml);
    assert_eq!(found.len(), 2, "as a decimal, the last is valid: {found:?}");
    assert!(!format!("{found:?}").contains(secret));
}

#[test]
fn a_document_of_any_depth_and_number_of_mistakes_is_judged() {
    let parcel = parcel();
    let deep = format!("{}{}", "<Inside><What/>".repeat(5_000), "</Inside>".repeat(5_000));
    let xml = SEND.replace("<Inside><What/></Inside>", &deep);
    let found = violations(&parcel, "urn:parcel:messages", "SendRequest", &xml);
    assert!(found[0].reason.contains("nested deeper"), "{}", found[0].reason);
    let wide = "<t:Note xml:lang='!'/>".repeat(1_000);
    let xml = SEND.replace("<t:Note>b</t:Note>", &wide);
    assert_eq!(violations(&parcel, "urn:parcel:messages", "SendRequest", &xml).len(), 100);
}

proptest! {
    #[test]
    fn no_document_panics(at in 0..SEND.len(), length in 0usize..60, with in "[<>/ a-zøT0-9:.+-]{0,8}") {
        let parcel = &*PARCEL;
        let mut bytes = SEND.as_bytes().to_vec();
        bytes.splice(at..SEND.len().min(at + length), with.bytes());
        let xml = String::from_utf8_lossy(&bytes);
        if let Ok(document) = Document::parse(&xml) {
            parcel.schema.validate(element(parcel, "urn:parcel:messages", "SendRequest"), document.root_element());
        }
    }
}
