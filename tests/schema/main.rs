//! The reader of WSDL and XML Schema, on two invented services that use all of it.

mod broken;
mod reading;
mod validating;

use ungebro::soap::schema::{Contract, ElementId, QName, SchemaError, SoapVersion, load_dir};

const WSDL_DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/wsdl");

fn only(contracts: Result<Vec<Contract>, SchemaError>) -> Contract {
    let mut contracts = contracts.expect("a readable contract");
    assert_eq!(contracts.len(), 1);
    contracts.remove(0)
}

fn parcel() -> Contract {
    only(load_dir(format!("{WSDL_DIR}/parcel").as_ref(), None))
}

fn library(prefer: Option<SoapVersion>) -> Contract {
    only(load_dir(format!("{WSDL_DIR}/library").as_ref(), prefer))
}

fn element(contract: &Contract, namespace: &str, local: &str) -> ElementId {
    contract.schema.global_element(&QName::new(Some(namespace), local)).expect("a declared element")
}

/// Children as `name min..max`, in Clark notation where `namespaces` asks for it.
fn children(contract: &Contract, id: ElementId) -> Vec<String> {
    let schema = &contract.schema;
    let children = schema.children(schema.element(id).type_id).into_iter().map(|child| {
        let max = child.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
        let choice = if child.in_choice { " choice" } else { "" };
        format!("{} {}..{max}{choice}", schema.element(child.element).name, child.min)
    });
    children.collect()
}
