//! The one table of rules: what the world refuses, in which words, and calls of the gateway that show it.
//!
//! A refusal can be made of a rule only, and a rule only by `rules!`, which lists it: code, documentation and page are
//! made from these lists, and a test drives every example.

pub(crate) mod categories;
pub(crate) mod contact_groups;
pub(crate) mod interviews;
pub(crate) mod limitations;
pub(crate) mod markings;
pub(crate) mod people;
pub(crate) mod requests;
pub(crate) mod youth;

use std::fmt;

use super::catalogue::System;

/// When a request is refused, with which code, and how to see it.
pub(crate) struct Rule {
    system: System,
    code: u32,
    about: (&'static str, &'static str),
    source: &'static str,
    example: Example,
}

/// Calls of the gateway's routes that show a rule, in a world that was just reset.
pub(crate) enum Example {
    /// The last of `refused` is refused; those of `allowed` all pass, as near to the rule's edge as can be.
    Shown { refused: &'static [Step], allowed: &'static [Step] },
    /// The gateway sends nothing of the kind; why, in English and Danish.
    Guarded((&'static str, &'static str)),
}

/// One call of a route.
pub(crate) struct Step {
    /// The operationId.
    pub(crate) route: &'static str,
    /// The values of the path, in its order.
    pub(crate) values: &'static [&'static str],
    /// What differs from the route's usual body (RFC 7386), as JSON. Times as [`super::moment`] has them; `[3]` stands
    /// for a list of three usual items.
    pub(crate) change: &'static str,
    /// For whom; `None`: the one authority of the demo's token that fits.
    pub(crate) authority: Option<&'static str>,
}

/// A call with a changed body.
const fn call(route: &'static str, values: &'static [&'static str], change: &'static str) -> Step {
    Step { route, values, change, authority: None }
}

impl Step {
    /// The same for another authority.
    const fn by(self, authority: &'static str) -> Self {
        Self { authority: Some(authority), ..self }
    }
}

impl Rule {
    /// Whose code it is.
    #[cfg(test)]
    pub(crate) fn system(&self) -> System {
        self.system
    }

    /// The code's number.
    pub(crate) fn code(&self) -> u32 {
        self.code
    }

    /// Code and system, as problems have them.
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.system.as_str(), self.code)
    }

    /// When it is answered, in English and Danish.
    pub(crate) fn about(&self) -> (&'static str, &'static str) {
        self.about
    }

    /// D: a description says so. C: the code's own text does. G: a guess.
    pub(crate) fn source(&self) -> &'static str {
        self.source
    }

    /// How to see it.
    pub(crate) fn example(&self) -> &Example {
        &self.example
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name(), self.about.0)
    }
}

/// In the list of calls: its sentence.
impl serde::Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.about.0)
    }
}

/// Every rule, in the order of the table.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    let lists = [
        youth::RULES,
        requests::RULES,
        people::RULES,
        interviews::RULES,
        categories::RULES,
        contact_groups::RULES,
        limitations::RULES,
        markings::RULES,
    ];
    lists.into_iter().flatten().copied()
}

/// Declares rules of a system and the list of them: name, code, source, sentences, example.
macro_rules! rules {
    ($system:ident; $($name:ident { $code:literal $source:literal $about:expr, $($example:tt)+ })+) => {
        $(
            pub(crate) static $name: $crate::sandbox::rules::Rule = $crate::sandbox::rules::Rule {
                system: $crate::sandbox::catalogue::System::$system,
                code: $code,
                about: $about,
                source: $source,
                example: $crate::sandbox::rules::example!($($example)+),
            };
        )+
        pub(super) static RULES: &[&$crate::sandbox::rules::Rule] = &[$(&$name),+];
    };
}

macro_rules! example {
    (refused [$($refused:expr),+ $(,)?], allowed [$($allowed:expr),* $(,)?]) => {
        $crate::sandbox::rules::Example::Shown { refused: &[$($refused),+], allowed: &[$($allowed),*] }
    };
    (guarded $why:expr) => { $crate::sandbox::rules::Example::Guarded($why) };
}

use {example, rules};
