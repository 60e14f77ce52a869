//! A message as JSON and as XML, and back.

use ungebro_contract::read_texts;
use ungebro_definition::shape::{Message, Overrides, Refused, Shapes};

const WSDL: &str = r###"<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
<xs:complexType name="Animal"><xs:sequence><xs:element name="Name" type="xs:string"/></xs:sequence></xs:complexType>
<xs:complexType name="Dog"><xs:complexContent><xs:extension base="t:Animal"><xs:sequence><xs:element name="Age" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
<xs:element name="Ask"><xs:complexType><xs:sequence>
<xs:element name="CPRNr" type="xs:string" nillable="true"/>
<xs:element name="Tal" type="xs:decimal" minOccurs="0" maxOccurs="unbounded"/>
<xs:choice minOccurs="0"><xs:element name="A" type="xs:boolean"/><xs:element name="B" type="xs:dateTime"/></xs:choice>
<xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="C" type="xs:int"/><xs:element name="D" type="xs:string"/></xs:choice>
<xs:element name="Pet" type="t:Animal" minOccurs="0"/>
<xs:any namespace="##other" processContents="lax" minOccurs="0"/>
</xs:sequence><xs:attribute name="id" type="xs:int"/></xs:complexType></xs:element>
</xs:schema></types>
<message name="m"><part name="p" element="t:Ask"/></message>
<portType name="pt"><operation name="Ask"><input message="t:m"/><output message="t:m"/></operation></portType>
<binding name="b" type="t:pt"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Ask"><s:operation soapAction=""/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
</definitions>"###;

fn message() -> Message {
    let wsdl = read_texts(&[("t.wsdl", WSDL.as_bytes())]).expect("a WSDL").remove(0);
    let input = wsdl.ports[0].operations[0].input.clone();
    let shapes = Shapes::derive(&wsdl.schema, [&input], &Overrides::default());
    Message::new(&shapes, &input).expect("can be carried")
}

#[test]
fn what_is_encoded_is_decoded_to_its_normal_form() {
    let message = message();
    let bodies = [
        r#"{"cprNr":"1"}"#,
        r#"{"cprNr":null,"tal":[1.0,-2e1],"a":true,"id":7}"#,
        r#"{"cprNr":"å<&","b":"2026-01-01T00:00:00.10+01:00","content":[{"c":1},{"d":""},{"c":2}]}"#,
        r#"{"cprNr":"1","pet":{"@type":"Dog","name":"x","age":3},"any":["<x xmlns='urn:o' a='1'/>"]}"#,
        r#"{"cprNr":"1","pet":{"name":"x"}}"#,
    ];
    for body in bodies {
        let normal = message.normal(body.as_bytes()).expect(body);
        let encoded = |body: &[u8]| {
            let mut xml = String::new();
            message.encode(&message.read(body).expect("read"), &mut xml);
            xml
        };
        let xml = encoded(body.as_bytes());
        assert_eq!(xml, encoded(&normal));
        let envelope = format!(
            "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{xml}</s:Body></s:Envelope>"
        );
        let mut json = Vec::new();
        message.write_json(&message.decode(&envelope).expect("decoded"), &mut json);
        assert_eq!(String::from_utf8(json), String::from_utf8(normal));
    }
}

#[test]
fn every_fault_is_named_with_its_pointer() {
    let refused = message().read(br#"{"tal":["x"],"a":true,"b":"2026","extra":1,"010190":2}"#).unwrap_err();
    let Refused::Faults(faults) = refused else { panic!("JSON it is") };
    let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/tal/0", "/b", "/extra", "", "/cprNr"]);
}
