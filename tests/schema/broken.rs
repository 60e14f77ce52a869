//! Documents that cannot be used: each gives an error with file, line and reason, and none a panic.

use std::fs;

use proptest::prelude::*;
use ungebro::soap::schema::{SchemaError, SoapVersion, load_dir, load_str};

const PARCEL: &str = include_str!("../data/wsdl/parcel/parcel.wsdl");

fn error_of(files: &[(&str, &str)]) -> String {
    load_str(files, None).expect_err("unusable").to_string()
}

/// The parcel WSDL with one thing replaced.
fn changed(from: &str, to: &str) -> String {
    assert!(PARCEL.contains(from), "{from}");
    error_of(&[("parcel.wsdl", &PARCEL.replacen(from, to, 1))])
}

/// What the reader says of a schema in which `body` stands, `body` being on line 1.
fn schema(body: &str) -> Result<(), SchemaError> {
    let head = r#"<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">"#;
    let schema = format!("{head}{body}</schema>");
    let wsdl = r#"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:w="urn:w" targetNamespace="urn:w">
        <import location="t.xsd"/>
        <portType name="P"/>
        <binding name="B" type="w:P"><binding xmlns="http://schemas.xmlsoap.org/wsdl/soap/"/></binding>
    </definitions>"#;
    load_str(&[("t.wsdl", wsdl), ("t.xsd", &schema)], None).map(|_| ())
}

#[test]
fn what_is_not_xml_is_told_with_its_line() {
    let error = error_of(&[("parcel.wsdl", &PARCEL[..5_000])]);
    assert!(error.starts_with("parcel.wsdl:"), "{error}");
    let error = changed("</w:documentation>", "</w:doc>");
    assert!(error.starts_with("parcel.wsdl:6: "), "{error}");
    assert_eq!(error_of(&[("empty.wsdl", "")]), "empty.wsdl:1: is not well-formed XML");
}

#[test]
fn what_is_quoted_stays_on_one_line() {
    // An import may lead to a file that is none of the caller's business.
    assert_eq!(error_of(&[("t.wsdl", "root:x:0")]), "t.wsdl:1: is not well-formed XML");
    let named = schema("<element name='E' type='a&#10;b&#27;'/>").unwrap_err().to_string();
    assert!(!named.contains(char::is_control), "{named:?}");
}

#[test]
fn internal_entities_are_read_and_what_they_grow_to_is_bounded() {
    let entities =
        r#"<!DOCTYPE definitions [<!ENTITY types "urn:parcel:types"><!ENTITY f SYSTEM "/etc/passwd">]>"#;
    let (head, root) = PARCEL.split_at(PARCEL.find("<w:definitions").expect("a root"));
    let used = format!("{head}{entities}{}", root.replace("\"urn:parcel:types\"", "\"&types;\""));
    load_str(&[("parcel.wsdl", &used)], Some(SoapVersion::V12)).expect("readable");

    let tens: String =
        (1..8).map(|n| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10))).collect();
    let bomb = format!("<!DOCTYPE d [<!ENTITY e0 'aaaa'>{tens}]><definitions>&e7;</definitions>");
    assert_eq!(error_of(&[("bomb.wsdl", &bomb)]), "bomb.wsdl: entities expand to more than 1048576 bytes");
}

#[test]
fn deep_nesting_is_refused() {
    let deep = format!("{}{}", "<a>".repeat(10_000), "</a>".repeat(10_000));
    assert_eq!(error_of(&[("deep.wsdl", &deep)]), "deep.wsdl:1: nested deeper than 100 levels");
    let types = format!("{}{}", "<sequence>".repeat(10_000), "</sequence>".repeat(10_000));
    assert!(schema(&format!("<complexType name='T'>{types}</complexType>")).is_err());
}

#[test]
fn names_that_lead_nowhere_are_told_where_they_stand() {
    for (from, to, expected) in [
        (
            "type=\"t:Party\"",
            "type=\"t:Nobody\"",
            "parcel.wsdl:33: type {urn:parcel:types}Nobody is not declared",
        ),
        ("type=\"t:Party\"", "type=\"p:Party\"", "parcel.wsdl:33: prefix p of p:Party is not declared"),
        ("type=\"t:Party\"", "type=\"t:\"", "parcel.wsdl:33: a name is missing in \"t:\""),
        ("ref=\"t:Contents\"", "ref=\"t:C\"", "parcel.wsdl:42: group {urn:parcel:types}C is not declared"),
        ("ref=\"t:Note\"", "ref=\"t:N\"", "parcel.wsdl:43: element {urn:parcel:types}N is not declared"),
        ("ref=\"t:weight\"", "ref=\"t:w\"", "attribute {urn:parcel:types}w is not declared"),
        ("ref=\"t:MoreMarks\"", "ref=\"t:x\"", "attribute group {urn:parcel:types}x is not declared"),
        ("binding=\"tns:Parcel11\"", "binding=\"tns:P\"", "binding {urn:parcel:service}P is not defined"),
    ] {
        let error = changed(from, to);
        assert!(error.ends_with(expected), "{error}");
    }
}

#[test]
fn a_file_that_is_not_there_is_told_and_never_fetched() {
    let wsdl = include_str!("../data/wsdl/library/library.wsdl");
    let error = error_of(&[("library.wsdl", wsdl)]);
    assert!(error.starts_with("library.wsdl:5: http://library.example/"), "{error}");
    assert!(error.ends_with("is not fetched; put the file beside the WSDL"), "{error}");

    let port = include_str!("../data/wsdl/library/library-port.wsdl");
    let error = error_of(&[("library.wsdl", wsdl), ("library-port.wsdl", port)]);
    assert_eq!(error, "library-port.wsdl:6: ./schema/loans.xsd is not among the files");
    for (location, reason) in [
        ("../../etc/passwd", "leads out of the directory"),
        ("/etc/passwd", "is not fetched; put the file beside the WSDL"),
        ("file:///etc/passwd", "is not fetched; put the file beside the WSDL"),
        ("C:\\x.xsd", "is not fetched; put the file beside the WSDL"),
    ] {
        let port = port.replace("./schema/loans.xsd", location);
        let error = error_of(&[("library.wsdl", wsdl), ("library-port.wsdl", &port)]);
        assert!(error.ends_with(reason), "{error}");
    }
}

#[test]
fn what_a_schema_may_not_say_is_refused() {
    for (body, expected) in [
        ("<include schemaLocation='u.xsd'/>", "u.xsd is not among the files"),
        ("<include schemaLocation='t.wsdl'/>", "t.wsdl is not an XML Schema"),
        ("<elemen name='a'/>", "<elemen> does not belong in <schema>"),
        ("<element/>", "<element> without name"),
        ("<element name='a' nillable='ja'/>", "nillable is neither true nor false"),
        (
            "<element name='a' type='string'><simpleType/></element>",
            "the element has a type attribute as well",
        ),
        ("<element name='a' substitutionGroup='t:a'/>", "types or groups are nested too deeply"),
        ("<simpleType name='a'/>", "<simpleType> without restriction, list or union"),
        ("<simpleType name='a'><restriction base='t:a'/></simpleType>", "a type is derived from itself"),
        ("<simpleType name='a'><list itemType='t:a'/></simpleType>", "a type is derived from itself"),
        ("<simpleType name='a'><union memberTypes='int t:a'/></simpleType>", "a type is derived from itself"),
        ("<simpleType name='a'><union/></simpleType>", "a union of nothing"),
        ("<simpleType name='a'><restriction base='anyType'/></simpleType>", "a simple type is needed here"),
        ("<simpleType name='a'><restriction/></simpleType>", "needs either base or an inline simpleType"),
        (
            "<simpleType name='a'><restriction base='int'><length value='x'/></restriction></simpleType>",
            "the value of <length> is not a number",
        ),
        (
            "<simpleType name='a'><restriction base='int'><minInclusive value='x'/></restriction></simpleType>",
            "the value of <minInclusive> does not fit the base type",
        ),
        (
            "<simpleType name='a'><restriction base='int'><minInclusiv value='1'/></restriction></simpleType>",
            "unknown facet <minInclusiv>",
        ),
        (
            "<simpleType name='a'><restriction base='string'><pattern value='['/></restriction></simpleType>",
            "pattern: a class is not closed",
        ),
        (
            "<simpleType name='a'><restriction base='string'><pattern/></restriction></simpleType>",
            "<pattern> without value",
        ),
        (
            "<simpleType name='a'><restriction base='string'><whiteSpace value='x'/></restriction></simpleType>",
            "whiteSpace is none of preserve, replace and collapse",
        ),
        (
            "<complexType name='a'><complexContent/></complexType>",
            "<complexContent> without extension or restriction",
        ),
        (
            "<complexType name='a'><complexContent><extension base='t:a'/></complexContent></complexType>",
            "a type is derived from itself",
        ),
        (
            "<complexType name='a'><complexContent><extension base='int'><all/></extension></complexContent></complexType>",
            "complexContent extends a type that holds text",
        ),
        (
            "<complexType name='a'><simpleContent><extension base='anyType'/></simpleContent></complexType>",
            "simpleContent needs a base that holds text",
        ),
        ("<complexType name='a'><sequence/><choice/></complexType>", "a second content model"),
        (
            "<complexType name='a'><element name='b'/></complexType>",
            "<element> does not belong in <complexType>",
        ),
        (
            "<complexType name='a'><sequence><attribute name='b'/></sequence></complexType>",
            "<attribute> does not belong in a content model",
        ),
        ("<complexType name='a'><sequence minOccurs='2'/></complexType>", "maxOccurs is less than minOccurs"),
        (
            "<complexType name='a'><sequence maxOccurs='-1'/></complexType>",
            "maxOccurs is not a number within bounds",
        ),
        (
            "<complexType name='a'><sequence><any processContents='x'/></sequence></complexType>",
            "processContents is none of strict, lax and skip",
        ),
        (
            "<complexType name='a'><sequence><element name='b' form='x'/></sequence></complexType>",
            "form is neither qualified nor unqualified",
        ),
        (
            "<complexType name='a'><attribute name='b' type='anyType'/></complexType>",
            "an attribute needs a simple type",
        ),
        (
            "<complexType name='a'><attribute name='b' use='x'/></complexType>",
            "use is none of optional, required and prohibited",
        ),
        (
            "<group name='g'><sequence><group ref='t:g'/></sequence></group><complexType name='a'><group ref='t:g'/></complexType>",
            "group {urn:t}g contains itself",
        ),
        (
            "<attributeGroup name='g'><attributeGroup ref='t:g'/></attributeGroup><complexType name='a'><attributeGroup ref='t:g'/></complexType>",
            "attribute group {urn:t}g contains itself",
        ),
    ] {
        let error = schema(body).expect_err(body).to_string();
        assert_eq!(error, format!("t.xsd:1: {expected}"), "{body}");
    }
}

#[test]
fn what_real_schemas_say_though_they_may_not_is_read() {
    for body in [
        "<import namespace='urn:t'/>",
        "<import namespace='urn:u' schemaLocation='t.xsd'/>",
        "<element name='a'/><element name='a' type='string'/>",
        "<simpleType name='a'><restriction base='string'><pattern value='(?:a|b)'/></restriction></simpleType>",
    ] {
        schema(body).unwrap_or_else(|error| panic!("{body}: {error}"));
    }
}

#[test]
fn a_circle_of_includes_is_read_once() {
    schema("<include schemaLocation='t.xsd'/><element name='a'/>").expect("legal, if pointless");
}

#[test]
fn a_long_chain_of_types_is_refused_or_read_but_never_overflows() {
    let derived = |from: usize, to: usize| {
        format!(
            "<complexType name='t{from}'><complexContent><extension base='t:t{to}'>\
             <choice minOccurs='0'><element name='e{from}'/></choice></extension></complexContent></complexType>"
        )
    };
    let last = "<complexType name='t0'/>";
    let derived_first: String = (1..=3_000).rev().map(|n| derived(n, n - 1)).collect();
    let error = schema(&format!("{derived_first}{last}")).expect_err("too deep").to_string();
    assert!(error.ends_with("nested too deeply"), "{error}");
    let base_first: String = (1..=500).map(|n| derived(n, n - 1)).collect();
    schema(&format!("{last}{base_first}")).expect("each base is complete when it is needed");
}

#[test]
fn groups_that_multiply_are_stopped() {
    let doubling: String = (1..=40)
        .map(|n| {
            let inner = format!("<group ref='t:g{}'/>", n - 1);
            format!("<group name='g{n}'><sequence>{inner}{inner}</sequence></group>")
        })
        .collect();
    let body = format!(
        "<group name='g0'><sequence><element name='e'/></sequence></group>{doubling}\
         <complexType name='T'><group ref='t:g40'/></complexType>"
    );
    let error = schema(&body).expect_err("a billion laughs").to_string();
    assert!(error.ends_with("the schema is too large"), "{error}");
}

#[test]
fn a_wsdl_without_what_matters_is_refused() {
    assert_eq!(error_of(&[]), "wsdl: is no WSDL 1.1 document");
    assert_eq!(error_of(&[("a.xml", "<a/>")]), "a.xml: is no WSDL 1.1 document");
    let bare = "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/'/>";
    assert_eq!(error_of(&[("a.wsdl", bare)]), "a.wsdl: has no SOAP binding");
}

#[test]
fn a_directory_is_bounded_and_not_left() {
    let dir = tempfile::tempdir().expect("a directory");
    let error = load_dir(dir.path(), None).expect_err("empty").to_string();
    assert!(error.ends_with("no *.wsdl file"), "{error}");
    assert!(load_dir(&dir.path().join("missing"), None).is_err());

    let write = |name: &str, bytes: &[u8]| fs::write(dir.path().join(name), bytes).expect("written");
    write("parcel.wsdl", PARCEL.as_bytes());
    write(".hidden.wsdl", b"not XML");
    write("notes.txt", b"not XML");
    load_dir(dir.path(), None).expect("only the WSDL is read");

    write("latin.xsd", b"<a>\n\xe5</a>");
    let error = load_dir(dir.path(), None).expect_err("bytes").to_string();
    assert_eq!(error, "latin.xsd:2: not UTF-8, UTF-16 or a declared encoding");

    write("latin.xsd", &vec![b' '; (64 << 20) + 1]);
    let error = load_dir(dir.path(), None).expect_err("size").to_string();
    assert_eq!(error, "latin.xsd: the files together are larger than 64 MiB");

    fs::remove_file(dir.path().join("latin.xsd")).expect("removed");
    (0..4_096).for_each(|n| write(&format!("{n}.xsd"), b"<a/>"));
    let error = load_dir(dir.path(), None).expect_err("number").to_string();
    assert!(error.ends_with("more than 4096 files"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_directory_is_refused_and_one_within_is_followed() {
    use std::os::unix::fs::symlink;

    let (dir, outside) =
        (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    // As Kubernetes mounts a ConfigMap.
    fs::create_dir(dir.path().join("..2026")).expect("created");
    fs::write(dir.path().join("..2026/parcel.wsdl"), PARCEL).expect("written");
    symlink("..2026", dir.path().join("..data")).expect("linked");
    symlink("..data/parcel.wsdl", dir.path().join("parcel.wsdl")).expect("linked");
    symlink(".", dir.path().join("loop")).expect("linked");
    assert_eq!(load_dir(dir.path(), None).expect("readable").len(), 1);

    fs::write(outside.path().join("x.xsd"), "<a/>").expect("written");
    symlink(outside.path().join("x.xsd"), dir.path().join("x.xsd")).expect("linked");
    let error = load_dir(dir.path(), None).expect_err("outside").to_string();
    assert_eq!(error, "x.xsd: leads out of the directory");
}

#[test]
fn a_byte_order_mark_and_utf_16_are_read() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("parcel.wsdl");
    let utf16: Vec<u8> = PARCEL.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = PARCEL.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [
        [b"\xef\xbb\xbf", PARCEL.as_bytes()].concat(),
        [b"\xff\xfe", &utf16[..]].concat(),
        [b"\xfe\xff", &big[..]].concat(),
    ] {
        fs::write(&file, bytes).expect("written");
        load_dir(dir.path(), None).expect("readable");
    }
    fs::write(&file, [b"\xff\xfe", &utf16[..101]].concat()).expect("written");
    load_dir(dir.path(), None).expect_err("half a character and half a document");
}

/// Where the quoted strings of the WSDL are.
fn quoted() -> Vec<(usize, usize)> {
    let quotes: Vec<_> = PARCEL.match_indices('"').map(|(at, _)| at).collect();
    quotes.chunks_exact(2).map(|pair| (pair[0] + 1, pair[1])).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn no_truncation_or_damage_panics(at in 0..PARCEL.len(), length in 0usize..200, with in "[<>\"'/&:a-z \\[\\]{}()\u{0}ø]{0,6}") {
        let mut bytes = PARCEL.as_bytes().to_vec();
        let end = bytes.len().min(at + length);
        bytes.splice(at..end, with.bytes());
        let _ = load_str(&[("m.wsdl", &String::from_utf8_lossy(&bytes))], None);
        let _ = load_str(&[("m.wsdl", &String::from_utf8_lossy(&bytes[..at]))], None);
    }

    /// Swapping names, types, references and numbers keeps it XML and makes the strangest schemas.
    #[test]
    fn no_mix_up_of_attribute_values_panics(swaps in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4)) {
        let quoted = quoted();
        let mut text = PARCEL.to_owned();
        let mut places: Vec<_> = swaps.iter().map(|(to, from)| (*to.get(&quoted), *from.get(&quoted))).collect();
        places.sort_unstable();
        places.dedup_by_key(|(to, _)| *to);
        for ((start, end), (from, until)) in places.into_iter().rev() {
            text.replace_range(start..end, &PARCEL[from..until]);
        }
        let _ = load_str(&[("m.wsdl", &text)], None);
    }
}
