//! What the model says about the invented services.

use ungebro::soap::schema::{
    ComplexType, Content, Primitive, QName, Schema, SimpleType, SoapVersion, Type, Variety, load_dir,
    load_str,
};

use super::{WSDL_DIR, children, element, library, only, parcel};

fn complex<'s>(schema: &'s Schema, namespace: &str, local: &str) -> &'s ComplexType {
    let id = schema.global_type(&QName::new(Some(namespace), local)).expect("a declared type");
    match schema.type_of(id) {
        Type::Complex(complex) => complex,
        Type::Simple(_) => panic!("{local} is simple"),
    }
}

fn simple<'s>(schema: &'s Schema, namespace: &str, local: &str) -> &'s SimpleType {
    let id = schema.global_type(&QName::new(Some(namespace), local)).expect("a declared type");
    schema.text_type(id).expect("a type with text")
}

#[test]
fn order_occurrence_and_namespaces_of_children_come_from_the_schema() {
    let parcel = parcel();
    let send = element(&parcel, "urn:parcel:messages", "SendRequest");
    assert_eq!(
        children(&parcel, send),
        [
            "{urn:parcel:messages}From 1..1",
            "{urn:parcel:messages}To 1..3",
            "{urn:parcel:messages}PickUpDate 0..1 choice",
            "{urn:parcel:messages}ShopNumber 0..1 choice",
            "{urn:parcel:messages}ShopName 0..1 choice",
            "Thing 1..5",
            "{urn:parcel:types}Note 0..*",
            "{urn:parcel:messages}Insured 0..1",
        ]
    );
    let insured = parcel.schema.child(parcel.schema.element(send).type_id, "Insured").expect("a child");
    assert!(parcel.schema.element(insured.element).nillable);
}

#[test]
fn form_decides_which_local_elements_and_attributes_carry_the_namespace() {
    let parcel = parcel();
    let person =
        parcel.schema.global_type(&QName::new(Some("urn:parcel:types"), "Person")).expect("declared");
    let names: Vec<_> = parcel
        .schema
        .children(person)
        .iter()
        .map(|child| parcel.schema.element(child.element).name.to_string())
        .collect();
    assert_eq!(names, ["Name", "{urn:parcel:types}Street", "Birth"]);
    let attributes =
        |id| -> Vec<_> { parcel.schema.attributes(id).iter().map(|a| a.name.to_string()).collect() };
    assert_eq!(attributes(person), ["{urn:parcel:types}title"]);
    let text = parcel.schema.global_type(&QName::new(Some("urn:parcel:types"), "Text")).expect("declared");
    assert_eq!(attributes(text), ["{http://www.w3.org/XML/1998/namespace}lang", "kind"]);
}

#[test]
fn extension_adds_and_restriction_replaces() {
    let parcel = parcel();
    let person = complex(&parcel.schema, "urn:parcel:types", "Person");
    assert!(!person.is_abstract && complex(&parcel.schema, "urn:parcel:types", "Party").is_abstract);
    let anonymous = complex(&parcel.schema, "urn:parcel:types", "Anonymous");
    assert_eq!(anonymous.attributes.len(), 1, "attributes are inherited by a restriction");
    let id = parcel.schema.global_type(&QName::new(Some("urn:parcel:types"), "Anonymous")).expect("declared");
    assert_eq!(parcel.schema.children(id).len(), 1);
    let short = complex(&parcel.schema, "urn:parcel:types", "ShortText");
    assert!(matches!(short.content, Content::Simple(_)));
    let names: Vec<_> = short.attributes.iter().map(|attribute| &*attribute.name.local).collect();
    assert_eq!(names, ["kind"], "xml:lang is prohibited");
    assert_eq!(simple(&parcel.schema, "urn:parcel:types", "ShortText").facets.max_length, Some(10));
}

#[test]
fn attribute_groups_are_part_of_the_type() {
    let parcel = parcel();
    let thing = complex(&parcel.schema, "urn:parcel:types", "Thing");
    let names: Vec<_> = thing.attributes.iter().map(|attribute| attribute.name.to_string()).collect();
    assert_eq!(names, ["{urn:parcel:types}fragile", "{urn:parcel:types}weight"]);
    assert!(thing.any_attribute.is_some());
}

#[test]
fn a_type_may_contain_itself_directly_or_through_a_group() {
    let parcel = parcel();
    let id = parcel.schema.global_type(&QName::new(Some("urn:parcel:types"), "Thing")).expect("declared");
    let inside = parcel.schema.child(id, "Inside").expect("a child");
    assert_eq!(parcel.schema.element(inside.element).type_id, id);
    let size = parcel.schema.child(id, "Box").expect("a child of the group");
    assert_eq!((size.min, size.max, size.in_choice), (0, None, true));
    assert!(parcel.schema.child(parcel.schema.element(size.element).type_id, "Box").is_some());
}

#[test]
fn simple_types_keep_the_facets_of_their_bases() {
    let parcel = parcel();
    let number = simple(&parcel.schema, "urn:parcel:types", "ParcelNumber");
    assert_eq!(number.variety, Variety::Atomic(Primitive::String));
    assert_eq!((number.facets.length, number.facets.max_length), (Some(8), Some(20)));
    assert_eq!(number.facets.patterns.len(), 2);
    let shop = simple(&parcel.schema, "urn:parcel:types", "ShopNumber");
    assert_eq!(shop.variety, Variety::Atomic(Primitive::Integer));
    assert_eq!(shop.facets.min_inclusive.as_deref(), Some("100"));
    assert_eq!(shop.facets.max_inclusive.as_deref(), Some("2147483647"), "of xs:int");
    assert!(matches!(simple(&parcel.schema, "urn:parcel:types", "Sizes").variety, Variety::List(_)));
    assert!(matches!(&simple(&parcel.schema, "urn:parcel:types", "Money").variety,
        Variety::Union(members) if members.len() == 3));
}

#[test]
fn a_binding_gives_actions_headers_faults_and_the_address() {
    let parcel = parcel();
    assert_eq!(parcel.target_namespace.as_deref(), Some("urn:parcel:service"));
    assert_eq!(parcel.address.as_deref(), Some("http://parcel.example/11"));
    assert_eq!(parcel.soap_version, SoapVersion::V11);
    let send = parcel.operation("Send").expect("an operation");
    assert_eq!(send.soap_action.as_deref(), Some("urn:parcel#Send"));
    let name = |id| parcel.schema.element(id).name.to_string();
    assert_eq!(name(send.input.body), "{urn:parcel:messages}SendRequest");
    let headers: Vec<_> = send.input.headers.iter().map(|id| name(*id)).collect();
    assert_eq!(headers, ["{urn:parcel:head}Trace", "{urn:parcel:head}Caller"]);
    assert_eq!(name(send.output.body), "{urn:parcel:messages}SendResponse");
    assert_eq!(send.faults, [element(&parcel, "urn:parcel:head", "Refusal")]);
    let track = parcel.operation("Track").expect("an operation");
    assert_eq!(track.soap_action.as_deref(), Some(""), "SOAP 1.1 sends an empty action");
}

#[test]
fn the_caller_chooses_between_soap_versions() {
    let dir = format!("{WSDL_DIR}/parcel");
    let parcel = only(load_dir(dir.as_ref(), Some(SoapVersion::V12)));
    assert_eq!(parcel.soap_version, SoapVersion::V12);
    assert_eq!(parcel.address.as_deref(), Some("http://parcel.example/12"));
    let send = parcel.operation("Send").expect("an operation");
    assert_eq!((send.soap_version, &send.soap_action), (SoapVersion::V12, &None));
    assert_eq!(send.input.headers.len(), 1);
    assert!(parcel.operation("Track").is_none(), "only the SOAP 1.1 binding has it");

    assert_eq!(library(None).soap_version, SoapVersion::V12, "the first binding");
    let older = library(Some(SoapVersion::V11));
    let actions: Vec<_> =
        older.operations.iter().filter_map(|operation| operation.soap_action.as_deref()).collect();
    assert_eq!(actions, ["urn:library:Borrow11", "urn:library:Return11"]);
    assert_eq!(older.address, None, "the WSDL has no service");
}

#[test]
fn a_preferred_version_that_is_missing_leaves_the_other() {
    let text = include_str!("../data/wsdl/parcel/parcel.wsdl").replace("soap12:binding", "soap12:unknown");
    let parcel = only(load_str(&[("parcel.wsdl", &text)], Some(SoapVersion::V12)));
    assert_eq!(parcel.soap_version, SoapVersion::V11);
}

#[test]
fn operations_that_cannot_be_called_are_named_with_line_and_reason() {
    let parcel = parcel();
    let told: Vec<_> = parcel.unusable.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
    let expected = [
        ("OneWay", "has no output"),
        ("Rpc", "rpc style"),
        ("Typed", "parts by type= are not supported"),
        ("Encoded", "use=\"encoded\""),
        ("Nothing", "the body has no part"),
        ("Two", "a second part"),
        ("Lost", "element {urn:parcel:messages}Lost is not declared"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:#?}");
    for (name, reason) in expected {
        let start = format!("{name}: parcel.wsdl:");
        let is_told = |told: &String| told.starts_with(&start) && told.contains(reason);
        assert!(told.iter().any(is_told), "{name} {reason}: {told:#?}");
    }
}

#[test]
fn files_beside_the_wsdl_are_found_by_path_address_and_namespace() {
    let library = library(None);
    let borrow = element(&library, "urn:library:loans", "Borrow");
    assert_eq!(
        children(&library, borrow),
        [
            "{urn:library:readers}Reader 1..1",
            "Book 1..*",
            "{urn:library:loans}Days 1..1",
            "Shelf 0..1",
            "Stamp 0..1",
            "Bare 0..1",
        ]
    );
    let book = library.schema.child(library.schema.element(borrow).type_id, "Book").expect("a child");
    assert_eq!(
        children(&library, book.element),
        ["{urn:library:books}Title 1..1", "{urn:library:books}Author 0..1"]
    );
}

#[test]
fn what_a_web_address_means_is_also_found_by_namespace() {
    let wsdl = include_str!("../data/wsdl/library/library.wsdl")
        .replace("library-port.wsdl", "Library.svc?wsdl=wsdl0");
    let port =
        include_str!("../data/wsdl/library/library-port.wsdl").replace("./schema/loans.xsd", "?xsd=xsd0");
    let loans = r#"<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:library:loans">
        <element name="Borrow"/><element name="BorrowResponse"/>
    </schema>"#;
    let files = [("saved-1.wsdl", &*wsdl), ("saved-2.wsdl", &*port), ("saved-3.xsd", loans)];
    let contract = only(load_str(&files, None));
    assert_eq!(contract.operations.len(), 1);
}

#[test]
fn a_schema_included_without_namespace_takes_that_of_its_includer() {
    let library = library(None);
    let receipt = element(&library, "urn:library:loans", "BorrowResponse");
    assert_eq!(
        children(&library, receipt),
        ["{urn:library:loans}Office 1..1", "Due 0..1 choice", "Refused 0..1 choice"]
    );
}

#[test]
fn each_wsdl_of_a_directory_that_no_other_imports_is_a_contract() {
    let parcel = include_str!("../data/wsdl/parcel/parcel.wsdl");
    let other = parcel.replace("urn:parcel:", "urn:other:");
    let contracts = load_str(&[("a.wsdl", parcel), ("b.wsdl", &other)], None).expect("both readable");
    let namespaces: Vec<_> =
        contracts.iter().filter_map(|contract| contract.target_namespace.as_deref()).collect();
    assert_eq!(namespaces, ["urn:parcel:service", "urn:other:service"]);
}

#[test]
fn a_declaration_repeated_word_for_word_counts_once() {
    let text = include_str!("../data/wsdl/parcel/parcel.wsdl");
    let (head, tail) = text.split_once("<xs:schema").expect("a schema");
    let (first, _) = tail.split_once("</xs:schema>").expect("its end");
    let doubled = format!("{head}<xs:schema{first}</xs:schema><xs:schema{tail}");
    only(load_str(&[("parcel.wsdl", &doubled)], None));
}

#[test]
fn the_bundled_contracts_are_readable_and_complete() {
    let dir = concat!(env!("CARGO_MANIFEST_DIR"), "/src/services");
    let contracts = load_dir(dir.as_ref(), None).expect("readable");
    let operations: Vec<_> = contracts.iter().map(|contract| contract.operations.len()).collect();
    assert_eq!(operations, [22, 1, 1]);
    assert!(contracts.iter().all(|contract| contract.unusable.is_empty()));
}
