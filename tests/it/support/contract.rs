//! The contract as data: every route, where its members go on the wire, and what each element may hold.

use std::sync::LazyLock;

use serde_json::{Map, Value};

static ROUTES_FILE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/contract/routes.json")).unwrap());
static DFDG_FILE: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../data/contract/dfdg-person-registration-v9.json")).unwrap()
});
static UDB_FILE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../data/contract/ungedatabasen.json")).unwrap());

/// Every route of the contract.
pub(crate) static ROUTES: LazyLock<Vec<Route>> =
    LazyLock::new(|| ROUTES_FILE["operations"].as_array().unwrap().iter().map(Route::read).collect());

/// The codes of the contract, row by row.
pub(crate) const ERROR_CODES: &str = include_str!("../../data/contract/error-codes.csv");

/// A route of the contract.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) id: String,
    pub(crate) operation: String,
    pub(crate) upstream: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) authorities: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Vec<Member>,
    pub(crate) answer: Vec<Member>,
    pub(crate) at_least_one_of: Vec<String>,
    pub(crate) status: u16,
    pub(crate) deprecated: bool,
}

/// A segment of a path; without a wire it is not sent.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) wire: Option<Vec<String>>,
}

/// A member of a JSON object.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) required: bool,
    /// Elements below those of the object around it.
    pub(crate) wire: Vec<String>,
    pub(crate) shape: Shape,
}

/// What a member is.
#[derive(Debug, Clone)]
pub(crate) enum Shape {
    Leaf(Leaf),
    Object(Vec<Member>),
    List(Vec<Member>),
    /// The CPR numbers of the query.
    Numbers,
}

/// What a single value may be.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Leaf {
    Text { min: usize, max: usize },
    Pattern(String),
    Code { max: i64 },
    Integer { min: i64, max: i64 },
    Boolean,
    Instant,
    Day,
}

/// `IndberetningKontaktJobOgUddOensker` has a phone number of digits only, as a JSON string.
const PHONE: &str = "[1-9][0-9]{0,9}";
pub(crate) const GUID: &str = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

impl Route {
    fn read(route: &Value) -> Self {
        let text = |name: &str| route[name].as_str().unwrap().to_owned();
        let (operation, upstream) = (text("operation"), text("upstream"));
        let definition = definition(&operation);
        let of = |direction: &str, prefix: &str, members: &str| match &route[members] {
            Value::Null => Vec::new(),
            Value::String(fragment) => {
                members_of(fragment_of(fragment), &definition[direction], &route_prefix(route, prefix))
            }
            object => members_of(object.as_object().unwrap(), &definition[direction], &[]),
        };
        let mut body = of("input", "body_in", "body_of");
        body.extend(of("input", "", "body"));
        Self {
            id: text("id"),
            method: text("method"),
            path: text("path"),
            scopes: strings(&route["scopes"]),
            authorities: strings(&route["authorities"]),
            parameters: parameters(route),
            body,
            answer: of("output", "response_in", "response_of"),
            at_least_one_of: strings(&route["at_least_one_of"]),
            status: route["status"].as_u64().unwrap() as u16,
            deprecated: route["deprecated"] == true,
            operation,
            upstream,
        }
    }

    /// Whether the route registers something.
    pub(crate) fn writes(&self) -> bool {
        self.operation != "HentInstitutionKontakt"
    }

    /// The element of the operation's request in the contract.
    pub(crate) fn input(&self) -> &'static Value {
        &definition(&self.operation)["input"]
    }

    /// The element of the operation's answer in the contract.
    pub(crate) fn output(&self) -> &'static Value {
        &definition(&self.operation)["output"]
    }

    /// An authority that the route takes.
    pub(crate) fn fitting_authority(&self) -> String {
        match self.authorities.iter().any(|kind| kind == "jobcenter") {
            true => "jobcenter:15101".to_owned(),
            false => format!("{}:151", self.authorities[0]),
        }
    }
}

/// A route by operationId.
pub(crate) fn route(id: &str) -> &'static Route {
    ROUTES.iter().find(|route| route.id == id).unwrap()
}

/// An operation's definition.
pub(crate) fn definition(operation: &str) -> &'static Value {
    let operations = [&*DFDG_FILE, &*UDB_FILE].map(|file| file["operations"].as_array().unwrap());
    operations.into_iter().flatten().find(|known| known["operation"] == operation).unwrap()
}

/// Below an element of the contract, the element at a path.
pub(crate) fn element_at<'c>(element: &'c Value, path: &[String]) -> &'c Value {
    path.iter().fold(element, |element, name| {
        let children = element["children"].as_array().unwrap();
        children.iter().find(|child| child["name"] == **name).unwrap_or_else(|| panic!("no element {name}"))
    })
}

fn route_prefix(route: &Value, name: &str) -> Vec<String> {
    route[name].as_str().map(segments).unwrap_or_default()
}

fn fragment_of(name: &str) -> &'static Map<String, Value> {
    ROUTES_FILE["fragments"][name].as_object().unwrap()
}

fn parameters(route: &Value) -> Vec<Parameter> {
    let names =
        route["path"].as_str().unwrap().split('{').skip(1).map(|rest| rest.split('}').next().unwrap());
    let read = |name: &str| {
        let wire = route["path_params"][name].as_str().unwrap();
        Parameter { name: name.to_owned(), wire: (wire != "-").then(|| segments(wire)) }
    };
    names.map(read).collect()
}

fn members_of(members: &Map<String, Value>, element: &Value, prefix: &[String]) -> Vec<Member> {
    members
        .iter()
        .map(|(name, place)| {
            let required = !name.ends_with('?');
            let (wire, shape) = shape_of(place, element, prefix);
            Member { name: name.trim_end_matches('?').to_owned(), required, wire, shape }
        })
        .collect()
}

fn shape_of(place: &Value, element: &Value, prefix: &[String]) -> (Vec<String>, Shape) {
    let below = |path: &str| [prefix, &segments(path)].concat();
    let of = |path: &[String]| match &place["of"] {
        Value::String(name) => members_of(fragment_of(name), element_at(element, path), &[]),
        object => members_of(object.as_object().unwrap(), element_at(element, path), &[]),
    };
    if let Some(path) = place.as_str() {
        let wire = below(path);
        let leaf = leaf_of(element_at(element, &wire));
        (wire, Shape::Leaf(leaf))
    } else if let Some(path) = place["code"].as_str() {
        let mut wire = below(path);
        let max = element_at(element, &wire)["maxInclusive"].as_i64().unwrap_or(100_000_000);
        wire.push("CodeListItemIdentifier".to_owned());
        (wire, Shape::Leaf(Leaf::Code { max }))
    } else if let Some(path) = place["in"].as_str() {
        let wire = below(path);
        let members = of(&wire);
        (wire, Shape::Object(members))
    } else {
        let wire = below(place["list"].as_str().unwrap());
        let shape = if place["of"].is_null() { Shape::Numbers } else { Shape::List(of(&wire)) };
        (wire, shape)
    }
}

fn leaf_of(element: &Value) -> Leaf {
    let number = |name: &str| element[name].as_i64();
    let kind = element["base"].as_str().or(element["type"].as_str()).unwrap();
    match (kind, element["pattern"].as_str()) {
        ("string", Some(pattern)) => Leaf::Pattern(pattern.to_owned()),
        ("string", None) => {
            let length = |name| element[name].as_u64().unwrap() as usize;
            Leaf::Text { min: length("minLength"), max: length("maxLength") }
        }
        ("integer", None) => Leaf::Pattern(PHONE.to_owned()),
        ("int", None) => Leaf::Integer {
            min: number("minInclusive").unwrap_or(i32::MIN.into()),
            max: number("maxInclusive").unwrap_or(i32::MAX.into()),
        },
        ("nonNegativeInteger", None) => {
            Leaf::Integer { min: number("minInclusive").unwrap(), max: number("maxInclusive").unwrap() }
        }
        ("boolean", None) => Leaf::Boolean,
        ("dateTime", None) => Leaf::Instant,
        ("date", None) => Leaf::Day,
        other => panic!("the contract has a type that no test knows: {other:?}"),
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').map(str::to_owned).collect()
}

fn strings(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}
