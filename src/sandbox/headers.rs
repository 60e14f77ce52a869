//! Who acts: the two SOAP headers of DFDG, and the system name of Integrationsplatformen.

use roxmltree::Node;

use super::element::Element;
use super::front::Objection;
use super::rules::{Rule, requests as rules};
use super::service::Service;
use super::world::{Caller, Organisation, Refusal};
use crate::soap::schema::Operation;

/// What the sandbox knows of those who call.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// The system name that is registered; `None`: any.
    pub(crate) system_name: Option<String>,
    /// `OrganisationTypeIdentifier` of unemployment funds.
    pub(crate) unemployment_fund_type: u32,
}

impl Known {
    fn organisation(&self, number: i64) -> Option<Organisation> {
        match number {
            4 => Some(Organisation::ExternalOperator),
            7 => Some(Organisation::Municipality),
            8 => Some(Organisation::Jobcenter),
            24 => Some(Organisation::Company),
            other if other == i64::from(self.unemployment_fund_type) => Some(Organisation::UnemploymentFund),
            _ => None,
        }
    }
}

/// Caseworker, system, employee.
const USER_TYPES: [i64; 3] = [2, 3, 4];
const ACTIVE_ORGANISATION: &str = "ActiveOrganisationHeader";
const USER_METADATA: &str = "RequestUserMetadataHeader";

/// Reads the two headers of DFDG, each once and valid by the schema.
pub(crate) fn read(
    operation: &Operation,
    header: Option<Node<'_, '_>>,
    known: &Known,
) -> Result<Caller, Objection> {
    let active = block(
        operation,
        header,
        ACTIVE_ORGANISATION,
        [&rules::ORGANISATION_MISSING, &rules::ORGANISATION_UNREADABLE],
    )?;
    let user = block(operation, header, USER_METADATA, [&rules::USER_MISSING, &rules::USER_UNREADABLE])?;
    let number = |element: &Element, path: &str| element.number(path).unwrap_or(-1);
    let unknown = || Objection::Refused(Refusal(&rules::ORGANISATION_TYPE));
    let organisation =
        known.organisation(number(&active, "OrganisationTypeIdentifier")).ok_or_else(unknown)?;
    let own = number(&user, "RequestOrganisationStructure/OrganisationTypeIdentifier");
    known.organisation(own).ok_or_else(unknown)?;
    if !USER_TYPES.contains(&number(&user, "RequestUserStructure/RequestUserTypeIdentifier")) {
        return Err(Objection::Refused(Refusal(&rules::USER_TYPE)));
    }
    let code = active.value("OrganisationCode").unwrap_or_default().trim().to_owned();
    Ok(Caller { organisation, code })
}

fn block(
    operation: &Operation,
    header: Option<Node<'_, '_>>,
    local: &str,
    [missing, unreadable]: [&'static Rule; 2],
) -> Result<Element, Objection> {
    let schema = &Service::Registration.contract().schema;
    let declared = operation.input.headers.iter().find(|id| &*schema.element(**id).name.local == local);
    let declared = *declared.ok_or(Objection::Refused(Refusal(missing)))?;
    let name = &schema.element(declared).name;
    let found = |node: &Node<'_, '_>| name.is(node.tag_name().namespace(), node.tag_name().name());
    let mut blocks =
        header.into_iter().flat_map(|header| header.children().filter(Node::is_element)).filter(found);
    let node = blocks.next().ok_or(Objection::Refused(Refusal(missing)))?;
    let valid = blocks.next().is_none() && schema.validate(declared, node).is_empty();
    if valid { Ok(Element::read(node)) } else { Err(Objection::Refused(Refusal(unreadable))) }
}

/// The system name must be the registered one, and the same inside the message where that repeats it.
pub(crate) fn check_system(message: &Element, known: &Known) -> Result<(), Objection> {
    let Some(name) = message.value("Identifier/SystemName") else {
        return Ok(());
    };
    if known.system_name.as_ref().is_some_and(|registered| registered != name) {
        return Err(Objection::Invalid(vec!["SystemName is not that of a registered system".to_owned()]));
    }
    let inner = message
        .child("Message")
        .and_then(|it| it.children.first())
        .and_then(|it| it.value("ModtagerSystemID"));
    if inner.is_some_and(|inner| inner != name) {
        return Err(Objection::Invalid(vec!["ModtagerSystemID differs from SystemName".to_owned()]));
    }
    Ok(())
}
