//! Patterns over answers: names, spellings, repetition, types.

use ungebro::shape::value::Value;
use ungebro::shape::{Item, Kind, Member, Object, code, optional, required, text};
use ungebro::soap::decode::Pattern;
use ungebro::soap::envelope::{Body, Malformed, SOAP_11, read};

const TEXT: Kind = text(0, usize::MAX);

static PERSON: Object = Object {
    name: "Person",
    doc: "",
    members: &[required("name", "Name", TEXT), optional("age", "Age", Kind::Integer { min: 0, max: 200 })],
};

static MEMBERS: [Member; 6] = [
    optional("text", "Text", TEXT),
    optional("code", "Code", code("some-list")),
    optional("flag", "Box/Flag", Kind::Boolean),
    optional("at", "Box/At", Kind::Instant),
    optional("people", "People/Person", Kind::List { of: Item::Object(&PERSON), max: usize::MAX }),
    optional("late", "SenesteRegistrering", Kind::Day),
];

fn envelope(content: &str) -> String {
    format!(
        "<s:Envelope xmlns:s=\"{SOAP_11}\"><s:Body><a:Answer xmlns:a=\"urn:a\">{content}</a:Answer></s:Body></s:Envelope>"
    )
}

fn read_as(members: &'static [Member], content: &str) -> Result<Vec<Value<'static>>, Malformed> {
    let pattern = Pattern::new(&[("", members)], &[&["SenesteRegistrering", "SenesteRegistering"]]);
    match read(&envelope(content), "Answer", |reader| pattern.read(reader))? {
        Body::Message(values) => Ok(values),
        Body::Fault(_) => panic!("no fault"),
    }
}

fn one(content: &str, index: usize) -> Result<Value<'static>, Malformed> {
    read_as(&MEMBERS, content).map(|mut values| values.swap_remove(index))
}

fn shown(content: &str) -> String {
    one(content, 0).unwrap().into_text().unwrap_or_else(|| "absent".to_owned())
}

const NIL: &str = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"1\"";

#[test]
fn text_is_what_xml_says_it_is() {
    for (content, expected) in [
        ("<Text>a&amp;b</Text>", "a&b"),
        ("<Text>a<![CDATA[<b>&amp;]]>c</Text>", "a<b>&amp;c"),
        ("<Text>&#230;&#xF8;<!-- no -->å<?no?>!</Text>", "æøå!"),
        ("<x:Text xmlns:x=\"urn:other\"> kept </x:Text>", " kept "),
        ("<Text>a\r\nb</Text>", "a\nb"),
        ("<Text/>", ""),
        ("<Text></Text>", ""),
        ("<New><Text>no</Text></New><Text>yes</Text>", "yes"),
    ] {
        assert_eq!(shown(content), expected, "{content}");
    }
    assert_eq!(shown(&format!("<Text {NIL}/>")), "absent");
    assert_eq!(shown("<Text nil=\"true\">own</Text>"), "own");
}

#[test]
fn a_prefix_holds_in_its_element_and_below_it() {
    let own = "<Text i:nil=\"1\">own</Text>";
    let bound = NIL.replace(" i:nil=\"1\"", "");
    for (content, expected) in [
        (format!("<Text i:nil=\"1\" {bound}/>"), "absent"),
        (format!("<Text {bound} i:nil=\"1\" i:type=\"x\"/>"), "absent"),
        (format!("<New {bound}/>{own}"), "own"),
        (format!("<New><Deep {bound}/></New>{own}"), "own"),
        (format!("<New {bound}><Deep a=\"b\"/></New>{own}"), "own"),
        ("<Text xmlns:i=\"urn:other\" i:nil=\"1\">own</Text>".to_owned(), "own"),
        (format!("<Text {}>own</Text>", NIL.replace(":i=", "=").replace("i:nil", "nil")), "own"),
    ] {
        assert_eq!(shown(&content), expected, "{content}");
    }
    let outside = |content: &str| {
        let document = envelope(content).replace("xmlns:a", &format!("{bound} xmlns:a"));
        read(&document, "Answer", |reader| Pattern::new(&[("", &MEMBERS)], &[]).read(reader)).unwrap()
    };
    let Body::Message(values) = outside("<New xmlns:i=\"urn:other\"/><Text i:nil=\"1\">own</Text>") else {
        panic!()
    };
    assert!(values[0].is_absent(), "bound outside, and again once the other binding ended");
    let reserved = "<Text xmlns:xml=\"urn:other\"/>";
    assert_eq!(one(reserved, 0), Err(Malformed::NotXml));
}

#[test]
fn a_code_is_read_wrapped_or_plain() {
    for content in [
        "<Code>7</Code>",
        "<Code>\n <CodeListItemIdentifier>7</CodeListItemIdentifier>\n</Code>",
        "<Code><Value> 007 </Value></Code>",
        "<Code><Version>1</Version><CodeListItemIdentifier>7</CodeListItemIdentifier></Code>",
        "<Code><Comment/><V>7</V></Code>",
    ] {
        assert_eq!(one(content, 1), Ok(Value::Integer(7)), "{content}");
    }
    for content in ["<Code/>", "<Code>x</Code>", "<Code><V/></Code>", "<Code>7.0</Code>"] {
        assert_eq!(one(content, 1), Err(Malformed::IllTyped("Code")), "{content}");
    }
}

#[test]
fn values_of_the_wrong_type_name_their_element() {
    for (content, name) in [
        ("<Box><Flag>yes</Flag></Box>", "Box/Flag"),
        ("<Box><Flag><Deep>true</Deep></Flag></Box>", "Box/Flag"),
        ("<Box><At>yesterday</At></Box>", "Box/At"),
        ("<SenesteRegistering>2026-02-30</SenesteRegistering>", "SenesteRegistrering"),
        ("<People><Person><Name>Bo</Name><Age>old</Age></Person></People>", "Age"),
    ] {
        assert_eq!(read_as(&MEMBERS, content), Err(Malformed::IllTyped(name)), "{content}");
    }
}

#[test]
fn lists_gather_wherever_their_items_stand() {
    let person = |name: &str| format!("<Person><Name>{name}</Name></Person>");
    let content = format!(
        "<People>{}<Other/>{}</People><Text>x</Text><People>{}</People>",
        person("1"),
        person("2"),
        person("3")
    );
    assert_eq!(one(&content, 4).unwrap().items().len(), 3);
    assert_eq!(one("<People/>", 4), Ok(Value::Absent));
    let nameless = read_as(&MEMBERS, "<People><Person/></People>");
    assert_eq!(nameless, Err(Malformed::MissingElement("Name")));
}

#[test]
fn what_stands_once_may_not_stand_twice_in_either_spelling() {
    let twice = "<SenesteRegistering>2026-02-03</SenesteRegistering><SenesteRegistrering>2026-02-03</SenesteRegistrering>";
    assert_eq!(read_as(&MEMBERS, twice), Err(Malformed::RepeatedElement("SenesteRegistrering")));
    let apart = "<Box><Flag>1</Flag></Box><Box><Flag>0</Flag></Box>";
    assert_eq!(read_as(&MEMBERS, apart), Err(Malformed::RepeatedElement("Box/Flag")));
}
