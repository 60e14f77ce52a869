//! What text is a value of a primitive type, and how values compare (XML Schema part 2, section 3.2).

use std::cmp::Ordering;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::simple::Primitive;
use super::temporal;

/// Why text is no value of a type; never holds the text itself.
pub(super) type Reason = &'static str;

/// Whether `text`, white space already treated, is a value of `primitive`.
pub(super) fn check(primitive: Primitive, text: &str) -> Result<(), Reason> {
    match primitive {
        Primitive::Any | Primitive::String | Primitive::AnyUri => Ok(()),
        Primitive::Boolean => expect(matches!(text, "true" | "false" | "1" | "0"), "is not a boolean"),
        Primitive::Decimal => expect(decimal(text).is_some(), "is not a decimal number"),
        Primitive::Integer => {
            expect(decimal(text).is_some_and(|_| !text.contains('.')), "is not a whole number")
        }
        Primitive::Float | Primitive::Double => expect(float(text).is_some(), "is not a number"),
        Primitive::Duration => expect(temporal::is_duration(text), "is not a duration"),
        Primitive::DateTime => expect(temporal::instant(primitive, text).is_some(), "is not a date and time"),
        Primitive::Time => expect(temporal::instant(primitive, text).is_some(), "is not a time"),
        Primitive::Date
        | Primitive::GYearMonth
        | Primitive::GYear
        | Primitive::GMonthDay
        | Primitive::GDay
        | Primitive::GMonth => {
            expect(temporal::instant(primitive, text).is_some(), "is not a date of its type")
        }
        Primitive::HexBinary | Primitive::Base64Binary => {
            expect(octets(primitive, text).is_some(), "is not binary data in the encoding of its type")
        }
        Primitive::QName | Primitive::Notation => expect(is_qname(text), "is not a qualified name"),
    }
}

/// How two values of a type compare; `None` when the type has no order or a value is ill-formed.
pub(super) fn compare(primitive: Primitive, left: &str, right: &str) -> Option<Ordering> {
    match primitive {
        Primitive::Decimal | Primitive::Integer => Some(decimal(left)?.cmp(&decimal(right)?)),
        Primitive::Float | Primitive::Double => float(left)?.partial_cmp(&float(right)?),
        Primitive::DateTime
        | Primitive::Time
        | Primitive::Date
        | Primitive::GYearMonth
        | Primitive::GYear
        | Primitive::GMonthDay
        | Primitive::GDay
        | Primitive::GMonth => {
            Some(temporal::instant(primitive, left)?.cmp(&temporal::instant(primitive, right)?))
        }
        Primitive::Any
        | Primitive::String
        | Primitive::Boolean
        | Primitive::Duration
        | Primitive::HexBinary
        | Primitive::Base64Binary
        | Primitive::AnyUri
        | Primitive::QName
        | Primitive::Notation => None,
    }
}

/// Length as the length facets count it.
pub(super) fn length(primitive: Primitive, text: &str) -> u64 {
    match primitive {
        Primitive::HexBinary | Primitive::Base64Binary => octets(primitive, text).unwrap_or(0),
        _ => text.chars().count() as u64,
    }
}

/// Significant digits in all and after the point, as `totalDigits` and `fractionDigits` count them.
pub(super) fn digits(text: &str) -> Option<(u32, u32)> {
    let number = decimal(text)?;
    let fraction = u32::try_from(number.fraction.len()).ok()?;
    let whole = u32::try_from(number.whole.len()).ok()?;
    Some((whole + fraction, fraction))
}

fn expect(holds: bool, reason: Reason) -> Result<(), Reason> {
    if holds { Ok(()) } else { Err(reason) }
}

/// A decimal number of any size: no leading zeros before the point, no trailing ones after it.
#[derive(PartialEq, Eq)]
struct Decimal<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude = (self.whole.len().cmp(&other.whole.len()))
            .then_with(|| self.whole.cmp(other.whole))
            .then_with(|| self.fraction.cmp(other.fraction));
        match (self.negative, other.negative) {
            (false, false) => magnitude,
            (true, true) => magnitude.reverse(),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn decimal(text: &str) -> Option<Decimal<'_>> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    // Minus zero is zero.
    let negative = text.starts_with('-') && !(whole.is_empty() && fraction.is_empty());
    Some(Decimal { negative, whole, fraction })
}

fn float(text: &str) -> Option<f64> {
    match text {
        "INF" => Some(f64::INFINITY),
        "-INF" => Some(f64::NEG_INFINITY),
        "NaN" => Some(f64::NAN),
        _ if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) => {
            text.parse().ok()
        }
        _ => None,
    }
}

fn octets(primitive: Primitive, text: &str) -> Option<u64> {
    if primitive == Primitive::HexBinary {
        let is_hex = text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        return is_hex.then_some(text.len() as u64 / 2);
    }
    let compact: String = text.chars().filter(|c| *c != ' ').collect();
    STANDARD.decode(compact).ok().map(|bytes| bytes.len() as u64)
}

fn is_qname(text: &str) -> bool {
    let (prefix, local) = text.split_once(':').unwrap_or(("x", text));
    [prefix, local].iter().all(|part| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_of_any_size_compare_by_value() {
        let order = |left, right| compare(Primitive::Decimal, left, right);
        assert_eq!(order("007", "7.0"), Some(Ordering::Equal));
        assert_eq!(order("-0", "0"), Some(Ordering::Equal));
        assert_eq!(order("-10", "-9"), Some(Ordering::Less));
        assert_eq!(order("0.10", "0.9"), Some(Ordering::Less));
        assert_eq!(order("18446744073709551616", "18446744073709551615"), Some(Ordering::Greater));
        assert_eq!(order("1e3", "1"), None);
    }

    #[test]
    fn digits_are_counted_without_padding() {
        assert_eq!(digits("0012.500"), Some((3, 1)));
        assert_eq!(digits("-0"), Some((0, 0)));
    }

    #[test]
    fn text_is_judged_by_its_type() {
        let valid = [
            (Primitive::Boolean, "1"),
            (Primitive::Integer, "+007"),
            (Primitive::Decimal, ".5"),
            (Primitive::Double, "-1.5E-3"),
            (Primitive::Float, "INF"),
            (Primitive::HexBinary, "0aFF"),
            (Primitive::Base64Binary, "YW Jj ZA =="),
            (Primitive::QName, "x:æble"),
            (Primitive::AnyUri, ""),
        ];
        for (primitive, text) in valid {
            assert_eq!(check(primitive, text), Ok(()), "{primitive:?} {text}");
        }
        let invalid = [
            (Primitive::Boolean, "TRUE"),
            (Primitive::Integer, "1.0"),
            (Primitive::Integer, ""),
            (Primitive::Decimal, "."),
            (Primitive::Double, "infinity"),
            (Primitive::HexBinary, "abc"),
            (Primitive::Base64Binary, "YWJ"),
            (Primitive::QName, "a:b:c"),
        ];
        for (primitive, text) in invalid {
            assert!(check(primitive, text).is_err(), "{primitive:?} {text}");
        }
    }
}
