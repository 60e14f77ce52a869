//! Any valid value comes back unchanged: into the wire, and out of it.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::contract::{GUID, Leaf, ROUTES, Route};
use crate::support::exchange::{self, DFDG, answer_with, request_with};
use crate::support::sample::Extent;
use crate::support::upstream::Reply;
use crate::support::xml::Element;

/// Messages for each route and direction.
const MESSAGES: usize = 12;

/// Texts that have broken codecs before.
const AWKWARD: &[&str] = &[
    "]]>",
    "<![CDATA[x]]>",
    "&amp;",
    "&#13;",
    "\r\n",
    "\r",
    "\t",
    " x ",
    "\n",
    "æøåÆØÅé",
    "😀",
    "👩‍👩‍👧",
    "e\u{301}",
    "\u{FEFF}x",
    "\u{85}",
    "\u{2028}",
    "\u{FFFD}",
    "\u{10FFFF}",
    "\u{7F}",
    "<x a=\"1\"/>",
    "'\"",
    "\\",
    "007",
    "0",
];

fn text(max: usize) -> impl Strategy<Value = String> {
    let piece = proptest::prop_oneof![
        3 => proptest::sample::select(AWKWARD).prop_map(str::to_owned),
        2 => "[ -~]{1,8}",
        1 => "\\PC{1,6}",
    ];
    let joined = proptest::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat());
    joined
        .prop_map(move |text| text.chars().filter(|character| is_xml(*character)).take(max).collect())
        .prop_filter("not empty", |text: &String| !text.is_empty())
}

/// The characters of XML 1.0 (section 2.2).
fn is_xml(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A valid value of a leaf.
fn value(runner: &mut TestRunner, leaf: &Leaf) -> Value {
    fn one<S: Strategy>(runner: &mut TestRunner, strategy: S) -> S::Value {
        strategy.new_tree(runner).unwrap().current()
    }
    match leaf {
        Leaf::Text { max, .. } => json!(one(runner, text(*max))),
        Leaf::Pattern(pattern) if pattern == GUID => {
            json!(one(runner, "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"))
        }
        Leaf::Pattern(pattern) if pattern.contains('@') => {
            json!(one(runner, "[a-zæøå0-9.!<&'\"_+-]{0,40}@[a-zæøå0-9.<&-]{1,40}"))
        }
        Leaf::Pattern(pattern) => json!(one(runner, &**pattern)),
        Leaf::Code { max } => json!(one(runner, 0..=*max)),
        Leaf::Integer { min, max } => json!(one(runner, *min..=*max)),
        Leaf::Boolean => json!(one(runner, proptest::bool::ANY)),
        Leaf::Instant => json!(one(
            runner,
            "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])"
        )),
        Leaf::Day => json!(one(runner, "[0-9]{3}[1-9]-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])")),
    }
}

/// What an XML parser makes of a text is what was meant, but for times, which change their form.
fn texts(message: &Element) -> Vec<(String, String)> {
    message.leaves().into_iter().map(|(path, text)| (path, instant(&text))).collect()
}

/// A time as an instant in milliseconds, since the form is another test's; other texts as they are.
fn instant(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => format!("instant {}", time.as_millisecond()),
        Err(_) => text.to_owned(),
    }
}

#[tokio::test]
async fn any_valid_request_arrives_unchanged() {
    let app = App::start().await;
    app.upstream.answers(exchange::usual_reply);
    let mut runner = TestRunner::deterministic();
    for route in ROUTES.iter().filter(|route| !route.body.is_empty() && route.id != "queryYouthContacts") {
        for _ in 0..MESSAGES {
            let request = request_with(route, Extent::Full, &mut |leaf| value(&mut runner, leaf));
            let answer = app.call_of(route, &request.path).json(&request.body).send().await;
            assert_eq!(answer.status, route.status, "{}: {} {}", route.id, request.body, answer.text());
            let mut message = app.upstream.take_one().message();
            if route.upstream == "udb" {
                message.at(&["Identifier", "SystemTransactionID"].map(str::to_owned)).text =
                    Some(String::new());
            }
            assert_eq!(texts(&message), texts(&request.message), "{}", route.id);
        }
    }
}

#[tokio::test]
async fn any_valid_answer_is_told_unchanged() {
    let app = App::start().await;
    let mut runner = TestRunner::deterministic();
    for route in ["createInterview", "createCategoryAndInterview", "updateJobcenter"]
        .map(crate::support::contract::route)
    {
        for _ in 0..MESSAGES * 4 {
            let answered = answer_with(route, Extent::Full, &mut |leaf| value(&mut runner, leaf));
            app.upstream.always(Reply::message("1.1", &answered.message.xml(DFDG)));
            let json = told(&app, route).await;
            assert_eq!(json, answered.json, "{}", route.id);
        }
    }
}

async fn told(app: &App, route: &Route) -> Value {
    let request = exchange::request(route, Extent::Minimal);
    let answer = app.call_of(route, &request.path).json(&request.body).send().await;
    assert_eq!(answer.status, route.status, "{}", answer.text());
    answer.json()
}
