//! Is an XML element what a schema says? For the sandbox, which is as strict as a real upstream.

mod content;
mod text;

use std::fmt;

use roxmltree::Node;

use super::model::{ComplexType, Content, Element, ElementId, Schema, Type, TypeId};
use super::name::QName;
use super::simple::SimpleType;
use content::{Matched, Matcher};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// A document with more than this is wrong enough.
const MAX_VIOLATIONS: usize = 100;
const MAX_DEPTH: usize = 200;

/// One thing that is wrong. Holds names of elements, attributes and types, never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Local names from the validated element down, `Request/Elev[2]/CprNr`.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

impl Schema {
    /// Everything wrong with `node`, which should be the element `id`; nothing when it is valid. At most 100
    /// violations are told.
    ///
    /// Judged by XML Schema 1.0: content models, occurrence, simple types with their facets, attributes,
    /// `xsi:nil`, `xsi:type`, wildcards and substitution. Identity constraints and `xs:ID` are not looked at.
    pub fn validate(&self, id: ElementId, node: Node<'_, '_>) -> Vec<Violation> {
        let mut validator = Validator { schema: self, root: node, violations: Vec::new() };
        let name = name_of(node);
        match self.substitute(&name, id) {
            Some(actual) => validator.element(actual, node, 0),
            None => validator.report(node, format!("is not the element {}", self.element(id).name)),
        }
        validator.violations
    }

    /// Whether `text` is a value of `simple`; the reason, which never holds the text, when it is not.
    pub fn check_value(&self, simple: &SimpleType, text: &str) -> Result<(), String> {
        text::check(self, simple, text)
    }

    /// The declaration to use where `id` is expected and `name` was found: itself or one that substitutes it.
    fn substitute(&self, name: &QName, id: ElementId) -> Option<ElementId> {
        if self.element(id).name == *name {
            return Some(id);
        }
        let found = self.global_element(name)?;
        let heads = std::iter::successors(Some(found), |element| self.element(*element).substitutes);
        // Bounded because a schema may declare a circle.
        heads.take(32).any(|head| head == id).then_some(found)
    }

    /// Whether `derived` is `base` or comes from it.
    fn is_derived(&self, derived: TypeId, base: TypeId) -> bool {
        let any = base == self.builtin_type("anyType");
        let bases = std::iter::successors(Some(derived), |id| match self.type_of(*id) {
            Type::Complex(complex) => complex.base,
            Type::Simple(_) => None,
        });
        // The reader refuses circles of derivation, so this ends.
        any || bases.into_iter().any(|id| id == base)
    }
}

fn name_of(node: Node<'_, '_>) -> QName {
    QName::new(node.tag_name().namespace(), node.tag_name().name())
}

struct Validator<'s, 'n> {
    schema: &'s Schema,
    root: Node<'n, 'n>,
    violations: Vec<Violation>,
}

impl<'s, 'n> Validator<'s, 'n> {
    fn report(&mut self, node: Node<'_, '_>, reason: impl Into<String>) {
        if self.violations.len() < MAX_VIOLATIONS {
            self.violations.push(Violation { path: self.path(node), reason: reason.into() });
        }
    }

    fn path(&self, node: Node<'_, '_>) -> String {
        let mut steps = Vec::new();
        for ancestor in node.ancestors().filter(Node::is_element) {
            steps.push(step(ancestor));
            if ancestor.id() == self.root.id() {
                break;
            }
        }
        steps.reverse();
        steps.join("/")
    }

    fn element(&mut self, id: ElementId, node: Node<'n, 'n>, depth: usize) {
        if depth > MAX_DEPTH {
            return self.report(node, format!("is nested deeper than {MAX_DEPTH} levels"));
        }
        let element = self.schema.element(id);
        if element.is_abstract {
            return self.report(node, "is abstract; an element that substitutes it is needed");
        }
        let Some(type_id) = self.type_in_use(element, node) else {
            return;
        };
        if self.is_nil(element, node) {
            if node.children().any(|child| child.is_element() || child.is_text()) {
                self.report(node, "is nil but not empty");
            }
            return self.attributes(self.schema.type_of(type_id), node);
        }
        let type_of = self.schema.type_of(type_id);
        self.attributes(type_of, node);
        match type_of {
            Type::Simple(simple) => self.text(element, simple, node),
            Type::Complex(complex) => self.complex(element, complex, node, depth),
        }
    }

    /// The declared type or the one that `xsi:type` names.
    fn type_in_use(&mut self, element: &Element, node: Node<'n, 'n>) -> Option<TypeId> {
        let chosen = match node.attribute((XSI, "type")) {
            None => element.type_id,
            Some(text) => {
                let (prefix, local) = match text.trim().split_once(':') {
                    Some((prefix, local)) => (Some(prefix), local),
                    None => (None, text.trim()),
                };
                let name = QName::new(node.lookup_namespace_uri(prefix), local);
                let chosen = self.schema.global_type(&name);
                let Some(chosen) = chosen.filter(|id| self.schema.is_derived(*id, element.type_id)) else {
                    self.report(
                        node,
                        "has an xsi:type that is unknown or not derived from the declared type",
                    );
                    return None;
                };
                chosen
            }
        };
        match self.schema.type_of(chosen) {
            Type::Complex(ComplexType { is_abstract: true, .. }) => {
                self.report(node, "has an abstract type; xsi:type must name a derived one");
                None
            }
            Type::Complex(_) | Type::Simple(_) => Some(chosen),
        }
    }

    fn is_nil(&mut self, element: &Element, node: Node<'n, 'n>) -> bool {
        match node.attribute((XSI, "nil")).map(str::trim) {
            None | Some("false" | "0") => false,
            Some("true" | "1") if element.nillable => true,
            Some("true" | "1") => {
                self.report(node, "is nil but not nillable");
                true
            }
            Some(_) => {
                self.report(node, "has an xsi:nil that is no boolean");
                false
            }
        }
    }

    fn attributes(&mut self, type_of: &Type, node: Node<'n, 'n>) {
        let (declared, any) = match type_of {
            Type::Simple(_) => (&[][..], None),
            Type::Complex(complex) => (&complex.attributes[..], complex.any_attribute.as_ref()),
        };
        for found in node.attributes().filter(|found| found.namespace() != Some(XSI)) {
            let name = QName::new(found.namespace(), found.name());
            let Some(attribute) = declared.iter().find(|attribute| attribute.name == name) else {
                if !any.is_some_and(|any| content::admits(any, &name)) {
                    self.report(node, format!("has the attribute {name}, which is not declared"));
                }
                continue;
            };
            if let Some(simple) = self.schema.text_type(attribute.type_id)
                && let Err(reason) = text::check(self.schema, simple, found.value())
            {
                self.report(node, format!("attribute {name} {reason}"));
            }
            if attribute.fixed.as_deref().is_some_and(|fixed| fixed != found.value()) {
                self.report(node, format!("attribute {name} is not the fixed value"));
            }
        }
        for attribute in declared.iter().filter(|attribute| attribute.required) {
            let name = (attribute.name.namespace.as_deref().unwrap_or_default(), &*attribute.name.local);
            let present = match attribute.name.namespace {
                Some(_) => node.has_attribute(name),
                None => node.has_attribute(name.1),
            };
            if !present {
                self.report(node, format!("lacks the attribute {}", attribute.name));
            }
        }
    }

    fn text(&mut self, element: &Element, simple: &SimpleType, node: Node<'n, 'n>) {
        if let Some(child) = node.children().find(Node::is_element) {
            return self.report(child, "is not expected; its parent holds text only");
        }
        let text: String =
            node.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect();
        if let Err(reason) = text::check(self.schema, simple, &text) {
            self.report(node, reason);
        }
        if element.fixed.as_deref().is_some_and(|fixed| fixed != simple.facets.white_space.apply(&text)) {
            self.report(node, "is not the fixed value");
        }
    }

    fn complex(&mut self, element: &Element, complex: &'s ComplexType, node: Node<'n, 'n>, depth: usize) {
        let has_text = node.children().any(|child| {
            child.is_text()
                && !child.text().unwrap_or_default().trim_matches([' ', '\t', '\n', '\r']).is_empty()
        });
        let particle = match &complex.content {
            Content::Simple(id) => {
                if let Some(simple) = self.schema.text_type(*id) {
                    self.text(element, simple, node);
                }
                return;
            }
            Content::Empty => None,
            Content::Particle(particle) => Some(particle),
        };
        if has_text && !complex.mixed {
            self.report(node, "holds text between its elements");
        }
        let mut matcher = Matcher::new(self.schema, node);
        if let Err(mismatch) = matcher.whole(particle) {
            self.report(mismatch.at.unwrap_or(node), mismatch.reason);
        }
        for (child, matched) in matcher.matched {
            match matched {
                Matched::Declared(id) => self.element(id, child, depth + 1),
                Matched::Undeclared => self.report(child, "is not declared"),
                Matched::Unchecked => {}
            }
        }
    }
}

/// Local name, with its number where siblings share it.
fn step(node: Node<'_, '_>) -> String {
    let name = node.tag_name();
    let same = |other: &Node<'_, '_>| other.is_element() && other.tag_name() == name;
    let before = node.prev_siblings().skip(1).filter(same).count();
    if before > 0 || node.next_siblings().skip(1).any(|other| same(&other)) {
        format!("{}[{}]", name.name(), before + 1)
    } else {
        name.name().to_owned()
    }
}
