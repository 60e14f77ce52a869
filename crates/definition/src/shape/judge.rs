//! Elements that a wildcard admits, against the declarations that it asks for.

use ungebro_contract::{QName, Schema, Wildcard};

/// Whether an element may stand where a wildcard is.
///
/// # Errors
/// Why not.
pub(super) fn wild(schema: &Schema, wildcard: &Wildcard, xml: &str) -> Result<(), String> {
    if wildcard.skip {
        return Ok(());
    }
    let Ok(document) = roxmltree::Document::parse(xml) else {
        return Err("must be one element of well-formed XML".into());
    };
    let root = document.root_element();
    let name = QName::new(root.tag_name().namespace(), root.tag_name().name());
    match schema.global_element(&name) {
        Some(id) => match schema.validate(id, root).first() {
            Some(violation) => Err(format!("is not valid: {}", violation.reason)),
            None => Ok(()),
        },
        None if wildcard.strict => Err("is not an element that the service declares".into()),
        None => Ok(()),
    }
}
