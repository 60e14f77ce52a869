//! `wsu:Timestamp`: how long a message is good for.

use jiff::{SignedDuration, Timestamp};

/// How long a message is good for, counted from its `Created`.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_mins(5);

/// How far the clocks of the two sides may be apart.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// UTC with three decimals and `Z`, the only form that the platform takes everywhere.
pub(super) fn write_instant(instant: Timestamp) -> String {
    format!("{instant:.3}")
}

/// `Created` and `Expires` as a message says them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) created: Timestamp,
    pub(super) expires: Option<Timestamp>,
}

/// Why a message is not good now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Staleness {
    Expired,
    NotYet,
}

impl Validity {
    /// Good from `Created` to `Expires`, but never longer than five minutes; a minute is allowed
    /// for clocks that differ.
    pub(super) fn check(self, now: Timestamp) -> Result<(), Staleness> {
        if now.duration_since(self.created) < -SKEW {
            return Err(Staleness::NotYet);
        }
        let past_expiry = self.expires.is_some_and(|expires| now.duration_since(expires) >= SKEW);
        if past_expiry || now.duration_since(self.created) >= LIFETIME + SKEW {
            return Err(Staleness::Expired);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn instants_have_three_decimals_and_z() {
        assert_eq!(write_instant(at("2027-01-02T03:04:05Z")), "2027-01-02T03:04:05.000Z");
        assert_eq!(write_instant(at("2027-07-02T03:04:05.0069999+02:00")), "2027-07-02T01:04:05.006Z");
    }

    #[test]
    fn a_message_is_good_for_five_minutes_and_the_skew() {
        let created = at("2027-01-02T12:00:00Z");
        let expires = Some(at("2027-01-02T12:05:00Z"));
        let cases = [
            ("2027-01-02T11:58:59Z", Err(Staleness::NotYet)),
            ("2027-01-02T11:59:00Z", Ok(())),
            ("2027-01-02T12:00:00Z", Ok(())),
            ("2027-01-02T12:05:59Z", Ok(())),
            ("2027-01-02T12:06:00Z", Err(Staleness::Expired)),
        ];
        for (now, expected) in cases {
            assert_eq!(Validity { created, expires }.check(at(now)), expected, "{now}");
            assert_eq!(Validity { created, expires: None }.check(at(now)), expected, "{now}");
        }
    }

    #[test]
    fn an_early_expiry_counts_and_a_late_one_does_not() {
        let created = at("2027-01-02T12:00:00Z");
        let check = |expires, now| Validity { created, expires: Some(at(expires)) }.check(at(now));
        assert_eq!(check("2027-01-02T12:01:00Z", "2027-01-02T12:01:59Z"), Ok(()));
        assert_eq!(check("2027-01-02T12:01:00Z", "2027-01-02T12:02:00Z"), Err(Staleness::Expired));
        assert_eq!(check("2028-01-02T12:00:00Z", "2027-01-02T12:06:00Z"), Err(Staleness::Expired));
    }
}
