//! The request headers that say why and under which key: `X-Purpose` and `Idempotency-Key`.

use super::Request;
use crate::config::Audit;
use crate::idempotency::IdempotencyKey;
use crate::problem::{Place, Problem, names};
use crate::shape::reason::Reason;

const MAX_PURPOSE: usize = 200;

/// `X-Purpose` (behaviour section 8): why somebody is looked up.
pub(super) fn purpose(request: &Request<'_>, config: &Audit) -> Result<Option<String>, Problem> {
    const NAME: &str = "X-Purpose";
    let refused =
        |en, da| Problem::own(names::INVALID_HEADER).at(Place::Header(NAME), Reason::Header(en, da));
    let value = match request.headers.first(NAME) {
        None if config.require_purpose => return Err(Problem::own(names::PURPOSE_REQUIRED)),
        None => return Ok(None),
        Some((_, true)) => return Err(refused("must be sent once", "må kun sendes én gang")),
        Some((value, false)) => value,
    };
    let text = std::str::from_utf8(value).map_err(|_| refused("must be UTF-8", "skal være UTF-8"))?.trim();
    if text.is_empty() {
        return Err(match config.require_purpose {
            true => Problem::own(names::PURPOSE_REQUIRED),
            false => refused("must not be empty", "må ikke være tom"),
        });
    }
    if text.chars().count() > MAX_PURPOSE || text.chars().any(char::is_control) {
        return Err(refused("must have at most 200 characters", "må højst have 200 tegn"));
    }
    if has_ten_digits(text) {
        return Err(refused("must not hold a CPR number", "må ikke indeholde et CPR-nummer"));
    }
    if !config.purposes.is_empty() && !config.purposes.iter().any(|known| known == text) {
        return Err(refused(
            "must be one of the purposes that the operator has set",
            "skal være et af de formål, driften har fastsat",
        ));
    }
    Ok(Some(text.to_owned()))
}

/// A run of ten digits, or six and four with one character between, as CPR numbers are written.
fn has_ten_digits(text: &str) -> bool {
    let digits: Vec<bool> = text.chars().map(|character| character.is_numeric()).collect();
    let run = |window: &[bool]| window.iter().all(|digit| *digit);
    digits.windows(10).any(run) || digits.windows(11).any(|window| run(&window[..6]) && run(&window[7..]))
}

/// `Idempotency-Key`: 1 to 255 visible ASCII characters.
pub(super) fn idempotency_key(request: &Request<'_>) -> Result<Option<IdempotencyKey>, Problem> {
    const NAME: &str = "Idempotency-Key";
    let refused = || {
        let reason = Reason::Header(
            "must be sent once, with 1 to 255 visible ASCII characters",
            "skal sendes én gang, med 1 til 255 synlige ASCII-tegn",
        );
        Problem::own(names::INVALID_HEADER).at(Place::Header(NAME), reason)
    };
    let value = request.single(NAME).map_err(|()| refused())?;
    value.map(|text| IdempotencyKey::parse(text).map_err(|_| refused())).transpose()
}
