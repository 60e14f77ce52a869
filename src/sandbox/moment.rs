//! Times in examples, relative to now, to today and to the start of the world: `now+1h`, `today-7d-1s`, `start-3d+10h`.

use jiff::{Span, Timestamp, ToSpan, Zoned};

use crate::types::time::{Instant, danish_day, danish_zone};

/// What times are relative to.
#[derive(Clone, Copy)]
pub(crate) struct Moments {
    /// Now.
    pub(crate) now: Timestamp,
    /// When the world was made.
    pub(crate) start: Timestamp,
}

impl Moments {
    /// The time that a text stands for, as the gateway's clients write it; `None` where it is no such text.
    ///
    /// `today` and `start` are Danish midnights, and days are those of the Danish calendar.
    pub(crate) fn read(&self, text: &str) -> Option<String> {
        let at = text.find(['+', '-']).unwrap_or(text.len());
        let (base, mut rest) = text.split_at(at);
        let mut time = match base {
            "now" => whole_second(self.now).to_zoned(danish_zone().clone()),
            "today" => midnight(self.now)?,
            "start" => midnight(self.start)?,
            _ => return None,
        };
        while !rest.is_empty() {
            let end = rest[1..].find(['+', '-']).map_or(rest.len(), |end| end + 1);
            time = time.checked_add(span(&rest[..end])?).ok()?;
            rest = &rest[end..];
        }
        Some(Instant::utc(time.timestamp()).to_string())
    }
}

/// A time without the parts of its second.
pub(crate) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn midnight(time: Timestamp) -> Option<Zoned> {
    danish_zone().to_zoned(danish_day(time).at(0, 0, 0, 0)).ok()
}

/// A signed number and its unit.
fn span(text: &str) -> Option<Span> {
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
    match unit {
        'd' => Some(number.days()),
        'h' => Some(number.hours()),
        'm' => Some(number.minutes()),
        's' => Some(number.seconds()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_danish_calendar() {
        // The day after the end of summer time.
        let moments = Moments {
            now: "2026-10-26T12:00:00.5Z".parse().unwrap(),
            start: "2026-10-24T22:30:00Z".parse().unwrap(),
        };
        for (text, time) in [
            ("now", "2026-10-26T12:00:00.000Z"),
            ("now-61m", "2026-10-26T10:59:00.000Z"),
            ("today", "2026-10-25T23:00:00.000Z"),
            ("today-1d", "2026-10-24T22:00:00.000Z"),
            ("today-7d-1s", "2026-10-18T21:59:59.000Z"),
            ("start+10h", "2026-10-25T08:00:00.000Z"),
        ] {
            assert_eq!(moments.read(text).as_deref(), Some(time), "{text}");
        }
        assert_eq!(moments.read("nowhere"), None);
        assert_eq!(moments.read("now+1y"), None);
    }
}
