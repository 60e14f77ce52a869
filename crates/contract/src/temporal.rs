//! Dates, times and durations of XML Schema, read strictly and made comparable.

use super::simple::Primitive;

const NANOS_PER_MINUTE: i128 = 60_000_000_000;
const MINUTES_PER_DAY: i128 = 1440;

/// A value on a time line, in nanoseconds. Without a zone it counts as UTC: XML Schema leaves the order of
/// such pairs open within 14 hours, and a bound in a schema has a zone or has none like its values.
pub(super) fn instant(primitive: Primitive, text: &str) -> Option<i128> {
    let mut rest = Rest(text);
    let mut fields = Fields { year: 1972, month: 1, day: 1, minutes: 0, nanos: 0 };
    match primitive {
        Primitive::DateTime => {
            rest.date(&mut fields)?;
            rest.skip("T")?;
            rest.time(&mut fields)?;
        }
        Primitive::Date => rest.date(&mut fields)?,
        Primitive::Time => rest.time(&mut fields)?,
        Primitive::GYearMonth => {
            fields.year = rest.year()?;
            rest.skip("-")?;
            fields.month = rest.two(1, 12)?;
        }
        Primitive::GYear => fields.year = rest.year()?,
        Primitive::GMonthDay => {
            rest.skip("--")?;
            fields.month = rest.two(1, 12)?;
            rest.skip("-")?;
            fields.day = rest.two(1, 31)?;
        }
        Primitive::GDay => {
            rest.skip("---")?;
            fields.day = rest.two(1, 31)?;
        }
        Primitive::GMonth => {
            rest.skip("--")?;
            fields.month = rest.two(1, 12)?;
        }
        _ => return None,
    }
    let zone = rest.zone()?;
    // 1972, assumed where there is no year, is a leap year, so that --02-29 is a day.
    (rest.0.is_empty() && fields.day <= days_in_month(fields.year, fields.month)).then_some(())?;
    let minutes = days_from_epoch(&fields) * MINUTES_PER_DAY + i128::from(fields.minutes) - i128::from(zone);
    Some(minutes * NANOS_PER_MINUTE + i128::from(fields.nanos))
}

/// `P1Y2M3DT4H5M6.7S` and its parts, with an optional minus.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('-').unwrap_or(text).strip_prefix('P') else {
        return false;
    };
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return false,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    !rest.is_empty() && designated(date, "YMD", false) && designated(time, "HMS", true)
}

/// Numbers each followed by one of `designators`, in their order; a fraction only before the last one.
fn designated(mut text: &str, designators: &str, fraction: bool) -> bool {
    let mut designators = designators.chars();
    while !text.is_empty() {
        let Some(at) = text.find(|c: char| c.is_ascii_alphabetic()) else {
            return false;
        };
        let (number, designator) = (&text[..at], text[at..].chars().next());
        if !designators.any(|known| Some(known) == designator) {
            return false;
        }
        let (whole, part) = match number.split_once('.') {
            Some((whole, part)) if fraction && designator == Some('S') => (whole, part),
            Some(_) => return false,
            None => (number, "0"),
        };
        if [whole, part].iter().any(|digits| digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()))
        {
            return false;
        }
        text = &text[at + 1..];
    }
    true
}

struct Fields {
    year: i32,
    month: u32,
    day: u32,
    minutes: u32,
    nanos: u64,
}

struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn skip(&mut self, expected: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(expected)?;
        Some(())
    }

    /// At least four digits, more only without a leading zero; no year zero.
    fn year(&mut self) -> Option<i32> {
        let negative = self.skip("-").is_some();
        let digits = self.digits();
        let padded = digits.len() > 4 && digits.starts_with('0');
        let year: i32 = digits.parse().ok()?;
        let valid = (4..=7).contains(&digits.len()) && !padded && year != 0;
        valid.then_some(if negative { -year } else { year })
    }

    fn two(&mut self, least: u32, greatest: u32) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(2)?;
        let number = digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())??;
        self.0 = rest;
        (least..=greatest).contains(&number).then_some(number)
    }

    fn digits(&mut self) -> &str {
        let end = self.0.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.0.len());
        let (digits, rest) = self.0.split_at(end);
        self.0 = rest;
        digits
    }

    fn date(&mut self, fields: &mut Fields) -> Option<()> {
        fields.year = self.year()?;
        self.skip("-")?;
        fields.month = self.two(1, 12)?;
        self.skip("-")?;
        fields.day = self.two(1, 31)?;
        Some(())
    }

    fn time(&mut self, fields: &mut Fields) -> Option<()> {
        let hour = self.two(0, 24)?;
        self.skip(":")?;
        fields.minutes = hour * 60 + self.two(0, 59)?;
        self.skip(":")?;
        fields.nanos = u64::from(self.two(0, 59)?) * 1_000_000_000;
        if self.skip(".").is_some() {
            let digits = self.digits();
            let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
            fields.nanos += nine.parse::<u64>().ok().filter(|_| !digits.is_empty())?;
        }
        // 24:00:00 is the first instant of the next day.
        (hour < 24 || (fields.minutes == 1440 && fields.nanos == 0)).then_some(())
    }

    /// Minutes east of UTC; 0 without a zone.
    fn zone(&mut self) -> Option<i32> {
        let sign = match self.0.chars().next() {
            None => return Some(0),
            Some('Z') => {
                self.0 = &self.0[1..];
                return Some(0);
            }
            Some('+') => 1,
            Some('-') => -1,
            Some(_) => return None,
        };
        self.0 = &self.0[1..];
        let hours = self.two(0, 14)?;
        self.skip(":")?;
        let minutes = hours * 60 + self.two(0, 59)?;
        (minutes <= 14 * 60).then_some(sign * i32::try_from(minutes).ok()?)
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since 0000-03-01 of the proleptic Gregorian calendar, any fixed origin being as good.
fn days_from_epoch(fields: &Fields) -> i128 {
    let (year, month) = (i128::from(fields.year), i128::from(fields.month));
    let year = if month <= 2 { year - 1 } else { year };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (153 * ((month + 9) % 12) + 2) / 5 + i128::from(fields.day) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_instant_in_two_zones_is_equal() {
        let at = |text| instant(Primitive::DateTime, text).expect("valid");
        assert_eq!(at("2026-03-29T01:30:00Z"), at("2026-03-29T03:30:00+02:00"));
        assert_eq!(at("2026-12-31T24:00:00"), at("2027-01-01T00:00:00"));
        assert!(at("2026-02-28T23:59:59.999999999") < at("2026-03-01T00:00:00"));
        assert!(at("-0044-03-15T12:00:00") < at("0001-01-01T00:00:00"));
    }

    #[test]
    fn each_type_takes_its_own_form_only() {
        let forms = [
            (Primitive::DateTime, "2024-02-29T23:59:59.5+14:00"),
            (Primitive::Date, "2024-02-29Z"),
            (Primitive::Time, "12:00:00-05:30"),
            (Primitive::GYearMonth, "2024-02"),
            (Primitive::GYear, "12024"),
            (Primitive::GMonthDay, "--02-29"),
            (Primitive::GDay, "---31"),
            (Primitive::GMonth, "--12"),
        ];
        for (index, (primitive, text)) in forms.iter().enumerate() {
            assert!(instant(*primitive, text).is_some(), "{text}");
            let other = forms[(index + 1) % forms.len()].0;
            assert!(instant(other, text).is_none(), "{text} as {other:?}");
        }
    }

    #[test]
    fn days_and_times_that_do_not_exist_are_refused() {
        for text in [
            "2023-02-29T00:00:00",
            "2024-13-01T00:00:00",
            "2024-01-01T24:00:01",
            "2024-01-01T00:00:60",
            "2024-01-01T00:00:00.",
            "2024-01-01T00:00:00+14:01",
            "2024-01-01 00:00:00",
            "02024-01-01T00:00:00",
            "0000-01-01T00:00:00",
            "2024-01-01T00:00:00ZZ",
            "2024-01-01Tæ0:00:00",
        ] {
            assert!(instant(Primitive::DateTime, text).is_none(), "{text}");
        }
    }

    #[test]
    fn durations_need_a_part_and_the_right_order() {
        for text in ["P1Y", "-P1Y2M3DT4H5M6.7S", "PT0S", "P3D"] {
            assert!(is_duration(text), "{text}");
        }
        for text in ["", "P", "PT", "P1S", "P1M1Y", "PT1.5H", "P1Y1", "P-1Y", "PT.5S", "P1YT"] {
            assert!(!is_duration(text), "{text}");
        }
    }
}
