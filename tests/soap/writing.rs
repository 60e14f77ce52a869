//! Templates bound to schemas: occurrence, order, choice, wrapping, prefixes.

use ungebro::shape::value::Value;
use ungebro::shape::{Item, Kind, Object, code, optional, required, text};
use ungebro::soap::bind::{Bound, Field, bind};
use ungebro::soap::schema::{Contract, load_str};
use ungebro::types::time::WireFormat;

/// A WSDL whose request holds these declarations.
fn contract(request: &str, more: &str) -> Contract {
    let wsdl = format!(
        r#"<wsdl:definitions targetNamespace="urn:w" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"
            xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
            xmlns:w="urn:w" xmlns:t="urn:t" xmlns:o="urn:o">
          <wsdl:types>
            <xs:schema targetNamespace="urn:o" elementFormDefault="qualified">
              <xs:element name="Other"><xs:complexType><xs:sequence>
                <xs:element name="Deep" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
            </xs:schema>
            <xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
              <xs:import namespace="urn:o"/>
              <xs:element name="Ask"><xs:complexType>{request}</xs:complexType></xs:element>
              <xs:element name="Answer" type="xs:string"/>
              {more}
            </xs:schema>
          </wsdl:types>
          <wsdl:message name="In"><wsdl:part name="body" element="t:Ask"/></wsdl:message>
          <wsdl:message name="Out"><wsdl:part name="body" element="t:Answer"/></wsdl:message>
          <wsdl:portType name="P"><wsdl:operation name="Op">
            <wsdl:input message="w:In"/><wsdl:output message="w:Out"/></wsdl:operation></wsdl:portType>
          <wsdl:binding name="B" type="w:P">
            <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
            <wsdl:operation name="Op"><soap:operation soapAction=""/>
              <wsdl:input><soap:body use="literal"/></wsdl:input>
              <wsdl:output><soap:body use="literal"/></wsdl:output></wsdl:operation>
          </wsdl:binding>
          <wsdl:service name="S"><wsdl:port name="P" binding="w:B"><soap:address location="http://x/"/></wsdl:port></wsdl:service>
        </wsdl:definitions>"#
    );
    load_str(&[("test.wsdl", &wsdl)], None).unwrap().remove(0)
}

const A: &str = r#"<xs:element name="A" type="xs:string"/>"#;

fn field(index: usize, path: &str, kind: Kind, required: bool) -> Field {
    Field { label: path.replace('/', "_").to_lowercase(), path: path.to_owned(), kind, required, index }
}

fn bound(contract: &Contract, fields: &[Field]) -> Bound {
    bind(&contract.schema, contract.operations[0].input.body, fields, &[], WireFormat::UtcMillis)
}

fn written(bound: &Bound, values: Vec<Value<'static>>) -> String {
    let mut out = Vec::new();
    bound.template.write(&Value::Object(values), &mut out);
    String::from_utf8(out).unwrap()
}

/// What is written for a request; it must be valid and the schema must differ in nothing.
fn exact(request: &str, fields: &[Field], values: Vec<Value<'static>>) -> String {
    let contract = contract(request, "");
    let bound = bound(&contract, fields);
    assert_eq!(bound.differences, []);
    let written = written(&bound, values);
    let document = roxmltree::Document::parse(&written).unwrap();
    let violations = contract.schema.validate(contract.operations[0].input.body, document.root_element());
    assert!(violations.is_empty(), "{violations:?}: {written}");
    written
}

fn says(request: &str, fields: &[Field]) -> Vec<(String, bool)> {
    let bound = bound(&contract(request, ""), fields);
    bound.differences.iter().map(|difference| (difference.to_string(), difference.fatal)).collect()
}

fn value(text: &'static str) -> Value<'static> {
    Value::Text(text.into())
}

const TEXT: Kind = text(0, usize::MAX);

#[test]
fn a_prefix_is_declared_where_it_is_first_used_and_not_again_below() {
    let request = r#"<xs:sequence><xs:element ref="o:Other"/><xs:element name="B"><xs:complexType><xs:sequence>
        <xs:element ref="o:Other"/><xs:element name="C" type="xs:string" form="unqualified"/>
        </xs:sequence></xs:complexType></xs:element></xs:sequence>"#;
    let fields = [
        field(0, "Other/Deep", TEXT, true),
        field(1, "B/Other/Deep", TEXT, true),
        field(2, "B/C", TEXT, true),
    ];
    let written = exact(request, &fields, vec![value("1"), value("2"), value("a<b>&c\r")]);
    let other = |text| format!("<n1:Other xmlns:n1=\"urn:o\"><n1:Deep>{text}</n1:Deep></n1:Other>");
    assert_eq!(
        written,
        format!(
            "<n0:Ask xmlns:n0=\"urn:t\">{}<n0:B>{}<C>a&lt;b&gt;&amp;c&#xD;</C></n0:B></n0:Ask>",
            other(1),
            other(2)
        )
    );
}

#[test]
fn an_optional_container_comes_only_with_a_value_of_its_own() {
    let inner = r#"<xs:element name="In"><xs:complexType><xs:sequence>
        <xs:element name="Deep" type="xs:string" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>"#;
    let request = format!(
        r#"<xs:sequence>{A}<xs:element name="Box" minOccurs="0"><xs:complexType><xs:sequence>{inner}</xs:sequence>
        </xs:complexType></xs:element></xs:sequence>"#
    );
    let fields = [field(0, "A", TEXT, true), field(1, "Box/In/Deep", TEXT, false)];
    let without = exact(&request, &fields, vec![value("x"), Value::Absent]);
    assert_eq!(without, "<n0:Ask xmlns:n0=\"urn:t\"><n0:A>x</n0:A></n0:Ask>");
    let with = exact(&request, &fields, vec![value("x"), value("y")]);
    assert!(with.ends_with("<n0:Box><n0:In><n0:Deep>y</n0:Deep></n0:In></n0:Box></n0:Ask>"), "{with}");
}

#[test]
fn a_required_container_of_optional_elements_is_there_without_them() {
    let request = r#"<xs:sequence><xs:element ref="o:Other"/></xs:sequence>"#;
    let written = exact(request, &[field(0, "Other/Deep", TEXT, false)], vec![Value::Absent]);
    assert_eq!(written, "<n0:Ask xmlns:n0=\"urn:t\"><n1:Other xmlns:n1=\"urn:o\"></n1:Other></n0:Ask>");
}

#[test]
fn an_element_that_two_alternatives_name_is_written_once() {
    let request = format!(
        r#"<xs:choice><xs:sequence><xs:element name="B" type="xs:string"/>{A}</xs:sequence>
        <xs:sequence><xs:element name="C" type="xs:string"/>{A}</xs:sequence></xs:choice>"#
    );
    let fields = [field(0, "A", TEXT, true), field(1, "B", TEXT, false), field(2, "C", TEXT, false)];
    let body = |text: &str| format!("<n0:Ask xmlns:n0=\"urn:t\">{text}</n0:Ask>");
    let b = exact(&request, &fields, vec![value("1"), value("2"), Value::Absent]);
    assert_eq!(b, body("<n0:B>2</n0:B><n0:A>1</n0:A>"));
    let c = exact(&request, &fields, vec![value("1"), Value::Absent, value("3")]);
    assert_eq!(c, body("<n0:C>3</n0:C><n0:A>1</n0:A>"));
}

#[test]
fn a_list_repeats_the_outermost_element_that_may_repeat() {
    let of = |outer: &str, inner: &str| {
        format!(
            r#"<xs:sequence><xs:element name="L"{outer}><xs:complexType><xs:sequence>
            <xs:element name="X" type="xs:string"{inner}/></xs:sequence></xs:complexType></xs:element></xs:sequence>"#
        )
    };
    let many = r#" maxOccurs="unbounded""#;
    let list = Kind::List { of: Item::Cpr, max: 3 };
    let values = || vec![Value::List(vec![value("1"), value("2")])];
    let fields = [field(0, "L/X", list, true)];
    let outer = exact(&of(many, ""), &fields, values());
    assert!(outer.contains("<n0:L><n0:X>1</n0:X></n0:L><n0:L><n0:X>2</n0:X></n0:L>"), "{outer}");
    let inner = exact(&of("", many), &fields, values());
    assert!(inner.contains("<n0:L><n0:X>1</n0:X><n0:X>2</n0:X></n0:L>"), "{inner}");
    assert_eq!(
        says(&of("", ""), &fields),
        [("cannot send l_x: its element does not repeat".to_owned(), true)]
    );
    let at_most = "may be refused for l_x: the upstream takes at most 2 of them";
    assert_eq!(says(&of(" maxOccurs=\"2\"", ""), &fields), [(at_most.to_owned(), false)]);
}

static PERSON: Object = Object {
    name: "Person",
    doc: "",
    members: &[required("name", "Name", TEXT), optional("age", "Age", Kind::Integer { min: 0, max: 200 })],
};

#[test]
fn a_list_of_objects_has_an_element_for_each() {
    let request = r#"<xs:sequence><xs:element name="People" minOccurs="0"><xs:complexType><xs:sequence>
        <xs:element name="Person" maxOccurs="unbounded"><xs:complexType><xs:all>
        <xs:element name="Age" type="xs:int" minOccurs="0"/><xs:element name="Name" type="xs:string"/>
        </xs:all></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:sequence>"#;
    let kind = Kind::List { of: Item::Object(&PERSON), max: usize::MAX };
    let fields = [field(0, "People/Person", kind, false)];
    let people = vec![
        Value::Object(vec![value("Bo"), Value::Integer(7)]),
        Value::Object(vec![value("Åse"), Value::Absent]),
    ];
    let written = exact(request, &fields, vec![Value::List(people)]);
    let expected = "<n0:Person><n0:Age>7</n0:Age><n0:Name>Bo</n0:Name></n0:Person><n0:Person><n0:Name>Åse</n0:Name></n0:Person>";
    assert!(written.contains(expected), "{written}");
    assert!(!exact(request, &fields, vec![Value::Absent]).contains("People"));
}

#[test]
fn an_optional_object_that_cannot_be_sent_whole_is_given_up_and_the_route_stays() {
    let request = r#"<xs:sequence><xs:element name="P" minOccurs="0"><xs:complexType><xs:sequence>
        <xs:element name="Age" type="xs:int" minOccurs="0"/></xs:sequence></xs:complexType></xs:element></xs:sequence>"#;
    let bound = bound(&contract(request, ""), &[field(0, "P", Kind::Object(&PERSON), false)]);
    let said: Vec<_> = bound.differences.iter().map(|it| (it.to_string(), it.fatal)).collect();
    assert_eq!(said, [("cannot send p.name: no element Name".to_owned(), false)]);
    assert_eq!(bound.unsendable, ["/p"]);
}

#[test]
fn a_code_stands_where_the_schema_holds_it() {
    let of = |inner: &str| {
        format!(
            r#"<xs:sequence><xs:element name="K"><xs:complexType><xs:sequence>{inner}</xs:sequence></xs:complexType>
            </xs:element></xs:sequence>"#
        )
    };
    let fields = [field(0, "K", code("some-list"), true)];
    let number = || vec![Value::Integer(7)];
    let plain =
        exact(r#"<xs:sequence><xs:element name="K" type="xs:int"/></xs:sequence>"#, &fields, number());
    assert!(plain.contains("<n0:K>7</n0:K>"), "{plain}");
    let beside =
        r#"<xs:element name="Version" type="xs:string" minOccurs="0"/><xs:element name="V" type="xs:int"/>"#;
    let wrapped = exact(&of(beside), &fields, number());
    assert!(wrapped.contains("<n0:K><n0:V>7</n0:V></n0:K>"), "{wrapped}");
    let two = r#"<xs:element name="V" type="xs:int"/><xs:element name="W" type="xs:int"/>"#;
    assert_eq!(
        says(&of(two), &fields),
        [("cannot send k: its element holds elements, not a value".to_owned(), true)]
    );
}

#[test]
fn attributes_with_one_value_are_written_and_others_are_missed() {
    let of = |fixed: &str| {
        format!(
            r#"<xs:sequence><xs:element name="X"><xs:complexType><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="z" use="required" fixed="1"/><xs:attribute name="b" use="required"{fixed}/>
            <xs:attribute name="free"/></xs:extension></xs:simpleContent></xs:complexType></xs:element></xs:sequence>"#
        )
    };
    let fields = [field(0, "X", TEXT, true)];
    let written = exact(&of(r#" fixed="&quot;&lt;&gt;&amp;""#), &fields, vec![value("t")]);
    assert!(written.contains(r#"<n0:X b="&quot;&lt;>&amp;" z="1">t</n0:X>"#), "{written}");
    assert_eq!(
        says(&of(""), &fields),
        [("cannot send x: its element needs the attribute b".to_owned(), true)]
    );
}

#[test]
fn what_is_required_upstream_and_optional_here_is_nil_or_said() {
    let of = |nillable: bool| {
        format!(r#"<xs:sequence><xs:element name="X" type="xs:int" nillable="{nillable}"/></xs:sequence>"#)
    };
    let fields = [field(0, "X", Kind::Integer { min: 0, max: 9 }, false)];
    let nil = exact(&of(true), &fields, vec![Value::Absent]);
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"";
    assert_eq!(nil, format!("<n0:Ask xmlns:n0=\"urn:t\"><n0:X {xsi}></n0:X></n0:Ask>"));
    let said = "will be refused without x: the upstream requires it";
    assert_eq!(says(&of(false), &fields), [(said.to_owned(), false)]);
}

#[test]
fn narrower_types_are_said_with_their_limits() {
    let simple = |base: &str, facets: &str| {
        format!(
            r#"<xs:sequence><xs:element name="X"><xs:simpleType><xs:restriction base="xs:{base}">{facets}
            </xs:restriction></xs:simpleType></xs:element></xs:sequence>"#
        )
    };
    let number = Kind::Integer { min: 0, max: 1000 };
    let rows = [
        ("string", "<xs:maxLength value=\"5\"/>", text(0, 9), "at most 5 characters upstream, 9 here"),
        ("string", "<xs:length value=\"5\"/>", text(5, 6), "at most 5 characters upstream, 6 here"),
        ("string", "<xs:minLength value=\"2\"/>", text(1, 9), "at least 2 characters upstream, 1 here"),
        ("int", "<xs:maxInclusive value=\"999\"/>", number, "at most 999 upstream, 1000 here"),
        ("int", "<xs:maxExclusive value=\"1000\"/>", number, "at most 999 upstream, 1000 here"),
        ("int", "<xs:totalDigits value=\"3\"/>", number, "at most 999 upstream, 1000 here"),
        ("int", "<xs:minExclusive value=\"0\"/>", number, "at least 1 upstream, 0 here"),
        (
            "string",
            "<xs:enumeration value=\"a\"/><xs:enumeration value=\"b\"/>",
            TEXT,
            "the upstream takes only a, b",
        ),
        ("boolean", "", TEXT, "the upstream wants a Boolean"),
        ("date", "", Kind::Instant, "the upstream wants a Date"),
    ];
    for (base, facets, kind, reason) in rows {
        let said = says(&simple(base, facets), &[field(0, "X", kind, true)]);
        assert_eq!(said, [(format!("may be refused for x: {reason}"), false)], "{base} {facets}");
    }
    for (base, facets, kind) in [
        ("string", "<xs:maxLength value=\"9\"/>", text(0, 9)),
        ("int", "<xs:totalDigits value=\"4\"/>", number),
        ("dateTime", "", Kind::Instant),
        ("decimal", "", number),
    ] {
        assert_eq!(says(&simple(base, facets), &[field(0, "X", kind, true)]), [], "{base} {facets}");
    }
}

#[test]
fn abstract_elements_and_unknown_required_ones_stop_a_route() {
    let request =
        r#"<xs:sequence><xs:element ref="t:Head"/><xs:element name="New" type="xs:string"/></xs:sequence>"#;
    let contract = contract(request, r#"<xs:element name="Head" type="xs:string" abstract="true"/>"#);
    let bound = bound(&contract, &[field(0, "Head", TEXT, true)]);
    let said: Vec<_> = bound.differences.iter().map(|it| (it.to_string(), it.fatal)).collect();
    let new = "cannot fill Ask/New: the upstream requires it, and the route has nothing for it";
    let head = "cannot send head: its element is abstract";
    assert_eq!(said, [(head.to_owned(), true), (new.to_owned(), true)]);
}
