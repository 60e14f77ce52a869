//! Takes what the request said, and whatever looks like a CPR number, out of an upstream's text.

use std::sync::LazyLock;

use regex::Regex;

use crate::shape::value::Value;

/// What stands in the place of what was taken out.
const MARK: &str = "…";

/// Ten digits, or six and four with something between; digits around do not hide them.
static CPR_LIKE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]{10,}|[0-9]{6}[- \u{2010}-\u{2015}][0-9]{4}").expect("the pattern is constant")
});

/// Every value of a request as text, to be taken out of texts that quote it.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// The texts, times and numbers among the values.
    pub fn of<'v, 'a: 'v>(values: impl IntoIterator<Item = &'v Value<'a>>) -> Self {
        let mut secrets = Self::default();
        values.into_iter().for_each(|value| secrets.add(value));
        secrets.0.sort_by_key(|text| std::cmp::Reverse(text.len()));
        secrets.0.dedup();
        secrets
    }

    fn add(&mut self, value: &Value<'_>) {
        match value {
            Value::Absent | Value::Boolean(_) => {}
            Value::Integer(number) => self.push(&number.to_string()),
            Value::Text(text) => self.push(text),
            Value::Instant(instant) => self.push(&instant.to_string()),
            Value::Day(day) => self.push(&day.to_string()),
            Value::Object(values) | Value::List(values) => values.iter().for_each(|value| self.add(value)),
        }
    }

    fn push(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.0.push(text.to_owned());
        }
    }

    /// The text without them. Values of one or two characters go only where they stand alone, or no word would be left.
    pub fn redact(&self, text: &str) -> String {
        let mut text = CPR_LIKE.replace_all(text, MARK).into_owned();
        for secret in &self.0 {
            let alone = if secret.chars().count() < 3 { (r"\b", r"\b") } else { ("", "") };
            let pattern = format!("(?i){}{}{}", alone.0, regex::escape(secret), alone.1);
            if let Ok(pattern) = Regex::new(&pattern) {
                text = pattern.replace_all(&text, MARK).into_owned();
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_numbers_are_taken_out() {
        let values = ["Søren", "0101900000", "7"].map(|text| Value::Text(text.into()));
        let secrets = Secrets::of(&values);
        assert_eq!(
            secrets.redact("SØREN (0101900000, 010190-0001, 12345678901) has 7 of 17 codes"),
            "… (…, …, …) has … of 17 codes"
        );
    }
}
