//! Points in time and calendar days, as JSON, DFDG and the integration platform write them.
//!
//! JSON speaks RFC 3339 with an offset; the upstreams speak `xs:dateTime`, whose offset may be missing
//! (then it is Danish local time). [`Instant`] keeps offset and decimals, so what was read is written back unchanged.

use std::fmt;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

static COPENHAGEN: LazyLock<TimeZone> = LazyLock::new(|| {
    jiff::tz::TimeZoneDatabase::bundled()
        .get("Europe/Copenhagen")
        .expect("the bundled time zone database holds Europe/Copenhagen")
});

/// Reads the time; a parameter so that tests can turn the clock.
pub type Clock = fn() -> Timestamp;

/// Why a text is not a time or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeFault {
    /// The text is not of the form that the format asks for, or names a day or time that does not exist.
    #[error("not a date and time")]
    Malformed,
    /// The offset from UTC is missing where the format demands it.
    #[error("the offset from UTC is missing")]
    NoOffset,
    /// A local time that the change to summer time skipped.
    #[error("a local time that does not exist")]
    InGap,
    /// Outside the years 1 to 9999, in the form in which it would be written.
    #[error("outside the years 1 to 9999")]
    OutOfRange,
}

/// How times are written towards an upstream (`datetime_format`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WireFormat {
    /// Danish local time with its offset: `2026-07-01T10:00:00+02:00`.
    LocalOffset,
    /// UTC with exactly three decimals, cut, not rounded: `2026-07-01T08:00:00.000Z`.
    UtcMillis,
}

/// A point in time with the offset and the number of decimals in which it was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    at: Timestamp,
    offset: Offset,
    decimals: u8,
}

impl Instant {
    /// An instant of the gateway's own making, in UTC with milliseconds.
    pub fn utc(at: Timestamp) -> Self {
        Self { at, offset: Offset::UTC, decimals: 3 }
    }

    /// The point in time itself.
    pub fn timestamp(&self) -> Timestamp {
        self.at
    }

    /// Reads RFC 3339: an offset is required, seconds run to 59, at most nine decimals.
    pub fn from_rfc3339(text: &str) -> Result<Self, TimeFault> {
        let (local, decimals, rest) = local_part(text)?;
        let offset = offset_part(rest, 23)?.ok_or(TimeFault::NoOffset)?;
        Self::at(local, offset, decimals)
    }

    /// Reads `xs:dateTime` from an upstream; without an offset it is Danish local time, the doubled autumn hour being summer time.
    pub fn from_xsd(text: &str) -> Result<Self, TimeFault> {
        let (local, decimals, rest) = local_part(text.trim_matches([' ', '\t', '\n', '\r']))?;
        let offset = match offset_part(rest, 14)? {
            Some(offset) => offset,
            None => danish_offset(local)?,
        };
        Self::at(local, offset, decimals)
    }

    fn at(local: civil::DateTime, offset: Offset, decimals: u8) -> Result<Self, TimeFault> {
        let at = offset.to_timestamp(local).map_err(|_| TimeFault::OutOfRange)?;
        let instant = Self { at, offset, decimals };
        let years = [Offset::UTC, COPENHAGEN.to_offset(at)].map(|offset| offset.to_datetime(at).year());
        let writable = years.iter().all(|year| (1..=9999).contains(year));
        if writable { Ok(instant) } else { Err(TimeFault::OutOfRange) }
    }

    /// Appends the time as an upstream wants it.
    pub fn write_wire(&self, format: WireFormat, out: &mut Vec<u8>) {
        match format {
            WireFormat::LocalOffset => {
                let offset = COPENHAGEN.to_offset(self.at);
                write_local(out, offset.to_datetime(self.at), self.significant_decimals());
                write_offset(out, offset);
            }
            WireFormat::UtcMillis => {
                write_local(out, Offset::UTC.to_datetime(self.at), 3);
                out.push(b'Z');
            }
        }
    }

    /// Appends the time as RFC 3339 with its own offset and decimals.
    pub fn write_rfc3339(&self, out: &mut Vec<u8>) {
        write_local(out, self.offset.to_datetime(self.at), self.decimals);
        if self.offset == Offset::UTC { out.push(b'Z') } else { write_offset(out, self.offset) }
    }

    /// Decimals as written, without trailing zeros: `xs:dateTime` readers differ in how many they take.
    fn significant_decimals(&self) -> u8 {
        let mut nanoseconds = self.at.subsec_nanosecond().unsigned_abs();
        let mut decimals = 9;
        while decimals > 0 && nanoseconds.is_multiple_of(10) {
            nanoseconds /= 10;
            decimals -= 1;
        }
        decimals.min(self.decimals)
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(35);
        self.write_rfc3339(&mut text);
        formatter.write_str(&String::from_utf8_lossy(&text))
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Instant(…)")
    }
}

/// A calendar day without a zone.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Day(civil::Date);

impl Day {
    /// The day itself.
    pub fn date(&self) -> civil::Date {
        self.0
    }

    /// Reads `YYYY-MM-DD`.
    pub fn from_iso(text: &str) -> Result<Self, TimeFault> {
        match date_part(text)? {
            (day, "") => Ok(Self(day)),
            _ => Err(TimeFault::Malformed),
        }
    }

    /// Appends `YYYY-MM-DD`.
    pub fn write_iso(&self, out: &mut Vec<u8>) {
        write_date(out, self.0);
    }

    /// Reads `xs:date`; a zone is dropped, for the upstream's day is the day it wrote.
    pub fn from_xsd(text: &str) -> Result<Self, TimeFault> {
        let (day, rest) = date_part(text.trim_matches([' ', '\t', '\n', '\r']))?;
        offset_part(rest, 14)?;
        Ok(Self(day))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::with_capacity(10);
        self.write_iso(&mut text);
        formatter.write_str(&String::from_utf8_lossy(&text))
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Day(…)")
    }
}

/// The Danish calendar day at a point in time.
pub fn danish_day(at: Timestamp) -> civil::Date {
    COPENHAGEN.to_datetime(at).date()
}

/// The zone in which Danish authorities write local times.
pub fn danish_zone() -> &'static TimeZone {
    &COPENHAGEN
}

fn danish_offset(local: civil::DateTime) -> Result<Offset, TimeFault> {
    match COPENHAGEN.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => Ok(offset),
        AmbiguousOffset::Fold { before, .. } => Ok(before),
        AmbiguousOffset::Gap { .. } => Err(TimeFault::InGap),
    }
}

fn digits(text: &str, count: usize) -> Result<(i16, &str), TimeFault> {
    let bytes = text.as_bytes();
    if bytes.len() < count || !bytes[..count].iter().all(u8::is_ascii_digit) {
        return Err(TimeFault::Malformed);
    }
    let value = bytes[..count].iter().fold(0, |sum, digit| sum * 10 + i16::from(digit - b'0'));
    Ok((value, &text[count..]))
}

fn expect(text: &str, mark: char) -> Result<&str, TimeFault> {
    text.strip_prefix(mark).ok_or(TimeFault::Malformed)
}

fn date_part(text: &str) -> Result<(civil::Date, &str), TimeFault> {
    let (year, text) = digits(text, 4)?;
    let (month, text) = digits(expect(text, '-')?, 2)?;
    let (day, text) = digits(expect(text, '-')?, 2)?;
    if year == 0 {
        return Err(TimeFault::OutOfRange);
    }
    let date = civil::Date::new(year, month as i8, day as i8).map_err(|_| TimeFault::Malformed)?;
    Ok((date, text))
}

fn local_part(text: &str) -> Result<(civil::DateTime, u8, &str), TimeFault> {
    let (date, text) = date_part(text)?;
    let text = text.strip_prefix(['T', 't']).ok_or(TimeFault::Malformed)?;
    let (hour, text) = digits(text, 2)?;
    let (minute, text) = digits(expect(text, ':')?, 2)?;
    let (second, text) = digits(expect(text, ':')?, 2)?;
    let (nanosecond, decimals, text) = fraction(text)?;
    let time = civil::Time::new(hour as i8, minute as i8, second as i8, nanosecond)
        .map_err(|_| TimeFault::Malformed)?;
    Ok((date.to_datetime(time), decimals, text))
}

fn fraction(text: &str) -> Result<(i32, u8, &str), TimeFault> {
    let Some(rest) = text.strip_prefix('.') else {
        return Ok((0, 0, text));
    };
    let count = rest.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=9).contains(&count) {
        return Err(TimeFault::Malformed);
    }
    let value = rest[..count].bytes().fold(0_i32, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    Ok((value * 10_i32.pow(9 - count as u32), count as u8, &rest[count..]))
}

fn offset_part(text: &str, max_hours: i16) -> Result<Option<Offset>, TimeFault> {
    let sign = match text.as_bytes().first() {
        None => return Ok(None),
        Some(b'Z' | b'z') if text.len() == 1 => return Ok(Some(Offset::UTC)),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return Err(TimeFault::Malformed),
    };
    let (hours, rest) = digits(&text[1..], 2)?;
    let (minutes, rest) = digits(expect(rest, ':')?, 2)?;
    if !rest.is_empty() || minutes > 59 || hours > max_hours {
        return Err(TimeFault::Malformed);
    }
    let seconds = sign * (i32::from(hours) * 3600 + i32::from(minutes) * 60);
    Offset::from_seconds(seconds).map(Some).map_err(|_| TimeFault::Malformed)
}

fn write_date(out: &mut Vec<u8>, date: civil::Date) {
    write_digits::<4>(out, date.year().unsigned_abs().into());
    out.push(b'-');
    write_digits::<2>(out, date.month().unsigned_abs().into());
    out.push(b'-');
    write_digits::<2>(out, date.day().unsigned_abs().into());
}

fn write_local(out: &mut Vec<u8>, local: civil::DateTime, decimals: u8) {
    write_date(out, local.date());
    let time = local.time();
    for (mark, number) in [(b'T', time.hour()), (b':', time.minute()), (b':', time.second())] {
        out.push(mark);
        write_digits::<2>(out, number.unsigned_abs().into());
    }
    if decimals > 0 {
        out.push(b'.');
        let from = out.len();
        write_digits::<9>(out, time.subsec_nanosecond().unsigned_abs());
        out.truncate(from + usize::from(decimals));
    }
}

fn write_offset(out: &mut Vec<u8>, offset: Offset) {
    let minutes = offset.seconds() / 60;
    out.push(if minutes < 0 { b'-' } else { b'+' });
    write_digits::<2>(out, minutes.unsigned_abs() / 60);
    out.push(b':');
    write_digits::<2>(out, minutes.unsigned_abs() % 60);
}

/// Appends exactly so many decimal digits.
fn write_digits<const COUNT: usize>(out: &mut Vec<u8>, mut number: u32) {
    let mut digits = [b'0'; COUNT];
    for digit in digits.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    out.extend_from_slice(&digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(text: &str, format: WireFormat) -> String {
        let mut out = Vec::new();
        Instant::from_rfc3339(text).unwrap().write_wire(format, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_instant_is_written_in_each_upstreams_form() {
        for (json, local, utc) in [
            ("2026-07-01T08:00:00Z", "2026-07-01T10:00:00+02:00", "2026-07-01T08:00:00.000Z"),
            ("2026-12-01T09:30:15.1239+01:00", "2026-12-01T09:30:15.1239+01:00", "2026-12-01T08:30:15.123Z"),
            ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000Z"),
            ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000Z"),
            ("2026-03-29T02:00:00+02:00", "2026-03-29T01:00:00+01:00", "2026-03-29T00:00:00.000Z"),
            ("2026-01-01T00:00:00.500000000Z", "2026-01-01T01:00:00.5+01:00", "2026-01-01T00:00:00.500Z"),
        ] {
            assert_eq!(wire(json, WireFormat::LocalOffset), local);
            assert_eq!(wire(json, WireFormat::UtcMillis), utc);
        }
    }

    #[test]
    fn json_times_need_an_offset_and_real_values() {
        for (text, fault) in [
            ("2026-07-01T08:00:00", TimeFault::NoOffset),
            ("2026-07-01", TimeFault::Malformed),
            ("2026-02-30T08:00:00Z", TimeFault::Malformed),
            ("2026-07-01T24:00:00Z", TimeFault::Malformed),
            ("2026-07-01T08:00:60Z", TimeFault::Malformed),
            ("2026-07-01T08:00:00.1234567890Z", TimeFault::Malformed),
            ("2026-07-01T08:00:00.Z", TimeFault::Malformed),
            ("2026-07-01 08:00:00Z", TimeFault::Malformed),
            ("2026-07-01T08:00:00+0200", TimeFault::Malformed),
            ("2026-07-01T08:00:00+24:00", TimeFault::Malformed),
            ("0000-07-01T08:00:00Z", TimeFault::OutOfRange),
            ("0001-01-01T00:00:00+14:00", TimeFault::OutOfRange),
            ("9999-12-31T23:59:59Z", TimeFault::OutOfRange),
            ("", TimeFault::Malformed),
        ] {
            assert_eq!(Instant::from_rfc3339(text).err(), Some(fault), "{text}");
        }
    }

    #[test]
    fn upstream_times_are_answered_with_an_offset() {
        for (xsd, json) in [
            ("2021-06-01T10:00:00+02:00", "2021-06-01T10:00:00+02:00"),
            ("2021-06-01T10:00:00.123456789Z", "2021-06-01T10:00:00.123456789Z"),
            ("2021-06-01T10:00:00", "2021-06-01T10:00:00+02:00"),
            (" 2021-12-01T10:00:00.120\n", "2021-12-01T10:00:00.120+01:00"),
            ("2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00"),
        ] {
            assert_eq!(Instant::from_xsd(xsd).unwrap().to_string(), json);
        }
        assert_eq!(Instant::from_xsd("2026-03-29T02:30:00"), Err(TimeFault::InGap));
        assert_eq!(Instant::from_xsd("2026-03-29T02:30:00+15:00"), Err(TimeFault::Malformed));
    }

    #[test]
    fn days_lose_their_zone() {
        assert_eq!(Day::from_xsd("2021-06-01+02:00").unwrap().to_string(), "2021-06-01");
        assert_eq!(Day::from_xsd("2021-06-01Z").unwrap().to_string(), "2021-06-01");
        assert_eq!(Day::from_iso("2021-06-01Z").err(), Some(TimeFault::Malformed));
        assert_eq!(Day::from_iso("2021-02-29").err(), Some(TimeFault::Malformed));
    }
}
