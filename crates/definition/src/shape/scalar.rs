//! Text of simple types: its normal form, which is what stands in JSON, and whether it is a value of its type.

use std::borrow::Cow;

use ungebro_contract::{Schema, WhiteSpace};

use super::arena::{Form, Simple};
use super::json::Json;
use super::value::Value;

/// Longest plain form of a decimal that was sent with an exponent.
const MAX_DIGITS: i64 = 100;

/// The value that a client sent, in normal form.
///
/// # Errors
/// Why it is none.
pub(super) fn from_json<'a>(schema: &Schema, simple: &Simple, json: Json<'a>) -> Result<Value<'a>, String> {
    let text = match (&simple.form, json) {
        (Form::List(item), Json::List(items)) => return list(schema, simple, item, items),
        (Form::List(_), _) => return Err("must be an array".into()),
        (Form::Integer | Form::Decimal | Form::Float, Json::Text(text)) if simple.as_text => text,
        (Form::Integer, Json::Number(number)) if !simple.as_text => {
            if number.contains(['.', 'e', 'E']) {
                return Err("must be an integer without fraction or exponent".into());
            }
            Cow::Borrowed(number)
        }
        (Form::Integer, _) => {
            return Err(if simple.as_text {
                "must be a string"
            } else {
                "must be an integer without fraction or exponent"
            }
            .into());
        }
        (Form::Decimal, Json::Number(number)) if !simple.as_text => plain(number)?,
        (Form::Decimal, _) => {
            return Err(if simple.as_text { "must be a string" } else { "must be a number" }.into());
        }
        (Form::Float, Json::Number(number)) if !simple.as_text => Cow::Borrowed(number),
        (Form::Float, Json::Text(text)) if matches!(&*text, "INF" | "-INF" | "NaN") => text,
        (Form::Float, _) => return Err("must be a number, or \"INF\", \"-INF\" or \"NaN\"".into()),
        (Form::Boolean, Json::Boolean(true)) => Cow::Borrowed("true"),
        (Form::Boolean, Json::Boolean(false)) => Cow::Borrowed("false"),
        (Form::Boolean, _) => return Err("must be true or false".into()),
        (_, Json::Text(text)) => text,
        _ => return Err("must be a string".into()),
    };
    if !is_xml_text(&text) {
        return Err("holds a character that XML cannot carry".into());
    }
    if simple.form == Form::DateTime && !has_offset(&text) {
        return Err("must be a date and time with an offset (RFC 3339)".into());
    }
    let normal = normal(schema, simple, text);
    check(schema, simple, &normal)?;
    Ok(Value::Text(normal))
}

fn list<'a>(
    schema: &Schema,
    simple: &Simple,
    item: &Simple,
    items: Vec<Json<'a>>,
) -> Result<Value<'a>, String> {
    let mut values = Vec::with_capacity(items.len());
    for (index, json) in items.into_iter().enumerate() {
        match from_json(schema, item, json).map_err(|reason| format!("item {index} {reason}"))? {
            Value::Text(text) if text.is_empty() || text.contains([' ', '\t', '\n', '\r']) => {
                return Err(format!("item {index} must not be empty or hold white space"));
            }
            value => values.push(value),
        }
    }
    let value = Value::List(values);
    check(schema, simple, &joined(&value))?;
    Ok(value)
}

/// The items of a list as they stand on the wire.
pub(super) fn joined(value: &Value<'_>) -> String {
    let Value::List(items) = value else { return String::new() };
    let texts = items.iter().filter_map(|item| match item {
        Value::Text(text) => Some(&**text),
        _ => None,
    });
    texts.collect::<Vec<_>>().join(" ")
}

/// The value that stands on the wire, in normal form; nothing where it is not of its built-in type. Facets are not
/// looked at. Prefixes of qualified names are resolved by `namespace`.
pub(super) fn from_wire<'a>(
    schema: &Schema,
    simple: &Simple,
    text: Cow<'a, str>,
    namespace: &dyn Fn(&str) -> Option<String>,
) -> Option<Value<'a>> {
    if let Form::List(item) = &simple.form {
        let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
        let items = words.map(|word| from_wire(schema, item, Cow::Owned(word.to_owned()), namespace));
        return items.collect::<Option<Vec<_>>>().map(Value::List);
    }
    let text = match &simple.form {
        Form::QName => {
            let text = text.trim_matches([' ', '\t', '\n', '\r']);
            let (prefix, local) = text.split_once(':').unwrap_or(("", text));
            let known = namespace(prefix);
            if local.is_empty() || (known.is_none() && !prefix.is_empty()) {
                return None;
            }
            return Some(Value::Text(match known.filter(|namespace| !namespace.is_empty()) {
                Some(namespace) => format!("{{{namespace}}}{local}").into(),
                None => local.to_owned().into(),
            }));
        }
        _ => normal(schema, simple, text),
    };
    well_typed(&simple.form, &text).then_some(Value::Text(text))
}

fn well_typed(form: &Form, text: &str) -> bool {
    let is_number = |text: &str| {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
        [whole, fraction]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    match form {
        Form::Integer => is_number(text) && !text.contains('.'),
        Form::Decimal => is_number(text),
        Form::Float => {
            let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            matches!(text, "INF" | "-INF" | "NaN")
                || (is_number(mantissa)
                    && !exponent.is_empty()
                    && exponent.bytes().all(|byte| byte.is_ascii_digit()))
        }
        Form::Boolean => matches!(text, "true" | "false"),
        Form::Base64 => {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        }
        Form::Hex => text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        Form::DateTime => text.contains('T') && starts_with_date(text),
        Form::Date => starts_with_date(text),
        Form::Text | Form::QName | Form::Union(_) | Form::List(_) => true,
    }
}

fn starts_with_date(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let date = unsigned.split('T').next().unwrap_or_default();
    let parts: Vec<&str> = date.splitn(3, '-').collect();
    parts.len() == 3
        && parts[0].len() >= 4
        && parts[..2].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        && parts[2].len() >= 2
        && parts[2].bytes().take(2).all(|byte| byte.is_ascii_digit())
}

/// Text as it stands in JSON: white space as the type says, numbers as JSON writes them.
pub(super) fn normal<'a>(schema: &Schema, simple: &Simple, text: Cow<'a, str>) -> Cow<'a, str> {
    match &simple.form {
        Form::Union(members) => {
            let member = members.iter().find(|member| check(schema, member, &text).is_ok());
            let space = member.map_or(WhiteSpace::Collapse, |member| white_space(schema, member));
            spaced(space, text)
        }
        Form::Text | Form::QName | Form::List(_) => spaced(white_space(schema, simple), text),
        form => {
            let text = spaced(WhiteSpace::Collapse, text);
            match form {
                Form::Integer | Form::Decimal => number(text),
                Form::Float => float(text),
                Form::Boolean if text == "1" => Cow::Borrowed("true"),
                Form::Boolean if text == "0" => Cow::Borrowed("false"),
                Form::Base64 if text.contains(' ') => text.replace(' ', "").into(),
                Form::Hex if text.bytes().any(|byte| byte.is_ascii_lowercase()) => {
                    text.to_ascii_uppercase().into()
                }
                Form::Date => without_zone(text),
                _ => text,
            }
        }
    }
}

fn white_space(schema: &Schema, simple: &Simple) -> WhiteSpace {
    match (&simple.form, schema.text_type(simple.type_id)) {
        (Form::Text, Some(known)) => known.facets.white_space,
        _ => WhiteSpace::Collapse,
    }
}

fn spaced(space: WhiteSpace, text: Cow<'_, str>) -> Cow<'_, str> {
    let treated = match space {
        WhiteSpace::Preserve => return text,
        WhiteSpace::Replace | WhiteSpace::Collapse => space.apply(&text),
    };
    if treated.len() == text.len() && treated == text { text } else { Cow::Owned(treated.into_owned()) }
}

/// Without what JSON cannot write: a plus, zeros in front, a point without digits beside it.
fn number(text: Cow<'_, str>) -> Cow<'_, str> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return text;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        trimmed => trimmed,
    };
    let written = match fraction.filter(|fraction| !fraction.is_empty()) {
        Some(fraction) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{whole}"),
    };
    if *text == *written { text } else { written.into() }
}

fn float(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.find(['e', 'E']) {
        None if matches!(&*text, "INF" | "-INF" | "NaN") => text,
        None => number(text),
        Some(at) => {
            let mantissa = number(Cow::Borrowed(&text[..at]));
            if *mantissa == text[..at] { text } else { format!("{mantissa}{}", &text[at..]).into() }
        }
    }
}

/// A decimal that may have an exponent, written without one.
fn plain(number: &str) -> Result<Cow<'_, str>, String> {
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return Ok(Cow::Borrowed(number));
    };
    let long = || "has an exponent that is too large".to_owned();
    let exponent: i64 = exponent.parse().map_err(|_| long())?;
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let point = whole.len() as i64 + exponent;
    let length = (digits.len() as i64).max(point).max(digits.len() as i64 - point);
    if exponent.abs() > 10 * MAX_DIGITS || length > MAX_DIGITS {
        return Err(long());
    }
    let (point, digits) = if point <= 0 {
        (1, format!("{}{digits}", "0".repeat(usize::try_from(1 - point).unwrap_or(0))))
    } else {
        let missing = (point - digits.len() as i64).max(0);
        (point, digits + &"0".repeat(usize::try_from(missing).unwrap_or(0)))
    };
    let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
    let text =
        if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
    Ok(self::number(text.into()))
}

fn without_zone(text: Cow<'_, str>) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let end = match bytes.last() {
        Some(b'Z') => text.len() - 1,
        _ if text.len() > 12 && bytes[text.len() - 3] == b':' => text.len() - 6,
        _ => return text,
    };
    match text {
        Cow::Borrowed(text) if text.is_char_boundary(end) => Cow::Borrowed(&text[..end]),
        text => text.get(..end).map(str::to_owned).map_or_else(|| Cow::Owned(text.to_string()), Cow::Owned),
    }
}

fn has_offset(text: &str) -> bool {
    let text = text.trim();
    let zone = text.split_once('T').map_or("", |(_, time)| time);
    zone.ends_with('Z') || zone.contains(['+', '-'])
}

/// Whether text in normal form is a value of its type, facets and all.
pub(super) fn check(schema: &Schema, simple: &Simple, text: &str) -> Result<(), String> {
    let Some(known) = schema.text_type(simple.type_id) else { return Ok(()) };
    match &simple.form {
        // The reader of a contract knows prefixes only.
        Form::QName => {
            let local = text.rsplit('}').next().unwrap_or_default();
            let form = text.starts_with('{') == text.contains('}') && !local.contains(':');
            if !form {
                return Err("must be of the form {namespace}local".into());
            }
            schema
                .check_value(known, local)
                .or_else(|reason| if known.facets.enumeration.is_empty() { Err(reason) } else { Ok(()) })
        }
        _ => schema.check_value(known, text),
    }
}

/// Whether every character may stand in an XML 1.0 document.
pub(super) fn is_xml_text(text: &str) -> bool {
    text.chars().all(|c| match c {
        '\t' | '\n' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => false,
        _ => true,
    })
}
