//! Whether a Redis may hold claims: it must write them to disk and never throw one away, and should not answer before
//! the disk has them.

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

/// What keeps a Redis that may be used from keeping every promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weakness {
    /// `appendfsync` is not `always`.
    #[error(
        "Redis runs without appendfsync always: if it is killed or its machine dies, it forgets claims that it \
         confirmed, and a write that is repeated then is made twice"
    )]
    SyncsLate,
    /// Neither `CONFIG GET` nor `INFO` tells a setting.
    #[error("Redis does not tell its {setting}: nobody verified that it is {good}")]
    Untold {
        /// The setting.
        setting: &'static str,
        /// What it ought to be.
        good: &'static str,
    },
}

/// A setting under its name in `CONFIG GET`, and where a hosted service forbids that, in a section of `INFO`.
struct Setting {
    config: &'static str,
    good: &'static str,
    info: Option<Informed>,
}

struct Informed {
    section: &'static str,
    name: &'static str,
    good: &'static str,
}

const APPEND_ONLY: Setting = Setting {
    config: "appendonly",
    good: "yes",
    info: Some(Informed { section: "persistence", name: "aof_enabled", good: "1" }),
};
const EVICTION: Setting = Setting {
    config: "maxmemory-policy",
    good: "noeviction",
    info: Some(Informed { section: "memory", name: "maxmemory_policy", good: "noeviction" }),
};
const SYNC: Setting = Setting { config: "appendfsync", good: "always", info: None };

/// Refuses a Redis that forgets or evicts; what is weak or cannot be read comes back.
pub(super) async fn check(link: &Link) -> Result<Vec<Weakness>, Unfit> {
    let mut weaknesses = Vec::new();
    for (setting, otherwise) in [
        (&APPEND_ONLY, Err(Unfit::NotDurable)),
        (&EVICTION, Err(Unfit::Evicts)),
        (&SYNC, Ok(Weakness::SyncsLate)),
    ] {
        match is_good(link, setting).await? {
            Some(true) => {}
            Some(false) => weaknesses.push(otherwise?),
            None => weaknesses.push(Weakness::Untold { setting: setting.config, good: setting.good }),
        }
    }
    Ok(weaknesses)
}

/// `None`: nobody tells.
async fn is_good(link: &Link, setting: &Setting) -> Result<Option<bool>, Unfit> {
    if let Some(value) = configured(link, setting.config).await? {
        return Ok(Some(value == setting.good));
    }
    let Some(info) = &setting.info else { return Ok(None) };
    Ok(informed(link, info).await?.map(|value| value == info.good))
}

async fn configured(link: &Link, setting: &str) -> Result<Option<String>, Unfit> {
    let question = cmd("CONFIG").arg("GET").arg(setting).to_owned();
    let pair = permitted(link.ask::<Vec<String>>(Question::Command(&question)).await)?;
    Ok(pair.and_then(|pair| pair.into_iter().nth(1)))
}

async fn informed(link: &Link, setting: &Informed) -> Result<Option<String>, Unfit> {
    let question = cmd("INFO").arg(setting.section).to_owned();
    let text = permitted(link.ask::<String>(Question::Command(&question)).await)?.unwrap_or_default();
    Ok(text.lines().find_map(|line| {
        let (name, value) = line.trim_end().split_once(':')?;
        (name == setting.name).then(|| value.to_owned())
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
