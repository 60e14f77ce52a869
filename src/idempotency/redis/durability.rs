//! Whether a Redis may hold claims: it must write them to disk and never throw one away.

use redis::cmd;

use super::link::{Failure, Link, Question};

/// Why a Redis must not be used, or cannot be asked.
#[derive(Debug)]
pub(super) enum Unfit {
    /// `appendonly` is not `yes`.
    NotDurable,
    /// `maxmemory-policy` is not `noeviction`.
    Evicts,
    Unanswered(Failure),
}

impl Unfit {
    /// For the log.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::NotDurable => "appendonly is off",
            Self::Evicts => "maxmemory-policy is not noeviction",
            Self::Unanswered(failure) => failure.reason(),
        }
    }
}

/// A setting under its two names: in `CONFIG GET`, and where a hosted service forbids that, in `INFO`.
struct Setting {
    config: &'static str,
    info_section: &'static str,
    info: &'static str,
    good: [&'static str; 2],
}

const APPEND_ONLY: Setting =
    Setting { config: "appendonly", info_section: "persistence", info: "aof_enabled", good: ["yes", "1"] };
const EVICTION: Setting = Setting {
    config: "maxmemory-policy",
    info_section: "memory",
    info: "maxmemory_policy",
    good: ["noeviction", "noeviction"],
};

/// Refuses what is known to be wrong; what cannot be read is only warned of.
pub(super) async fn check(link: &Link) -> Result<(), Unfit> {
    if !is_good(link, &APPEND_ONLY).await? {
        return Err(Unfit::NotDurable);
    }
    if !is_good(link, &EVICTION).await? {
        return Err(Unfit::Evicts);
    }
    Ok(())
}

async fn is_good(link: &Link, setting: &Setting) -> Result<bool, Unfit> {
    let value = match configured(link, setting).await? {
        Some(value) => Some(value),
        None => informed(link, setting).await?,
    };
    if value.is_none() {
        tracing::warn!(setting = setting.config, "a setting of the idempotency store cannot be read");
    }
    Ok(value.is_none_or(|value| setting.good.contains(&value.as_str())))
}

async fn configured(link: &Link, setting: &Setting) -> Result<Option<String>, Unfit> {
    let question = cmd("CONFIG").arg("GET").arg(setting.config).to_owned();
    let pair = permitted(link.ask::<Vec<String>>(Question::Command(&question)).await)?;
    Ok(pair.and_then(|pair| pair.into_iter().nth(1)))
}

async fn informed(link: &Link, setting: &Setting) -> Result<Option<String>, Unfit> {
    let question = cmd("INFO").arg(setting.info_section).to_owned();
    let text = permitted(link.ask::<String>(Question::Command(&question)).await)?.unwrap_or_default();
    Ok(text.lines().find_map(|line| {
        let (name, value) = line.trim_end().split_once(':')?;
        (name == setting.info).then(|| value.to_owned())
    }))
}

/// A refusal of the command tells nothing; one of everything (no password given, still loading) does.
fn permitted<T>(answer: Result<T, Failure>) -> Result<Option<T>, Unfit> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Refused(error)) if !matches!(error.code(), Some("NOAUTH" | "LOADING")) => Ok(None),
        Err(failure) => Err(Unfit::Unanswered(failure)),
    }
}
