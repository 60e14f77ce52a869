//! Values that nobody could mistake, for every personal member and every secret, and the search for them.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::support::contract::{Leaf, Route};
use crate::support::exchange::CPR;
use crate::support::sample::distinct;
use crate::support::token::Token;

/// Stands in every text that a client or an upstream sends.
pub(crate) const WORD: &str = "Kanariefugl";
/// Begins every telephone number.
pub(crate) const PHONE: &str = "7351928";

/// What must not be found: the word, telephone and CPR numbers, and `cvCustomerId`.
const NEEDLES: [&str; 6] = ["kanariefugl", PHONE, CPR, "0202910002", "010190-0001", "00345678"];

/// Tokens that were sent.
static TOKENS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Valid values for a message, with something planted wherever there is room.
pub(crate) fn planted() -> impl FnMut(&Leaf) -> Value {
    let mut others = distinct();
    let mut count = 0;
    move |leaf| {
        count += 1;
        match leaf {
            Leaf::Text { max, .. } => {
                assert!(*max >= WORD.len(), "a text of {max} characters has no room for the word");
                format!("{WORD}-{count:03}").chars().take(*max).collect::<String>().into()
            }
            Leaf::Pattern(pattern) if pattern.contains('@') => format!("{WORD}{count}@{WORD}.example").into(),
            Leaf::Pattern(pattern) if pattern.starts_with("(\\+)?") => format!("+{PHONE}{count:03}").into(),
            Leaf::Pattern(pattern) if pattern.starts_with("[1-9]") => format!("{PHONE}{count:03}").into(),
            Leaf::Boolean => json!(false),
            other => others(other),
        }
    }
}

/// A caseworker's token for a route, with a planted name; remembered, because none of it may be found either.
pub(crate) fn token(route: &Route) -> String {
    token_with(Token::caseworker(&route.scopes.join(" "), &route.fitting_authority()))
}

/// Any token with planted claims.
pub(crate) fn token_with(token: Token) -> String {
    let token =
        token.with("sub", format!("{WORD}-sub")).with("name", format!("{WORD} Sagsbehandler")).signed();
    TOKENS.lock().unwrap().push(token.clone());
    token
}

/// Where something planted stands in a text; empty where nothing does.
pub(crate) fn found_in(sink: &str, text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found: Vec<String> = NEEDLES.iter().filter_map(|needle| around(sink, &lower, needle)).collect();
    for token in TOKENS.lock().unwrap().iter() {
        for part in token.split('.').skip(1) {
            found.extend(around(sink, text, part));
        }
    }
    found
}

fn around(sink: &str, text: &str, needle: &str) -> Option<String> {
    let at = text.find(needle)?;
    let from = text[..at].char_indices().rev().nth(80).map_or(0, |(index, _)| index);
    let to = text[at..].char_indices().nth(120).map_or(text.len(), |(index, _)| at + index);
    Some(format!("{sink}: …{}…", &text[from..to]))
}
