//! The two languages of problem texts and pages.

/// A language that the gateway speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// The default.
    #[default]
    English,
    /// Danish.
    Danish,
}

impl Language {
    /// Chooses by `Accept-Language` (RFC 9110 section 12.5.4): Danish where it is wanted more than English.
    pub fn negotiate(accept_language: Option<&str>) -> Self {
        let mut danish = 0_u16;
        let mut english = 0_u16;
        for range in accept_language.unwrap_or("").split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or("").trim();
            let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            match tag.split('-').next() {
                Some(primary) if primary.eq_ignore_ascii_case("da") => danish = danish.max(weight),
                Some(primary) if primary.eq_ignore_ascii_case("en") => english = english.max(weight),
                _ => {}
            }
        }
        if danish > english { Self::Danish } else { Self::English }
    }

    /// The language tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Danish => "da",
        }
    }
}

fn thousandths(weight: &str) -> u16 {
    weight.parse::<f32>().map_or(0, |weight| (weight.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn danish_is_chosen_where_it_is_wanted_more() {
        for (header, language) in [
            (None, Language::English),
            (Some("da"), Language::Danish),
            (Some("da-DK, en;q=0.8"), Language::Danish),
            (Some("en, da"), Language::English),
            (Some("da;q=0.5, en;q=0.4"), Language::Danish),
            (Some("de, *"), Language::English),
            (Some("da;q=x"), Language::English),
        ] {
            assert_eq!(Language::negotiate(header), language, "{header:?}");
        }
    }
}
