//! The page `/sandbox`: who lives here, what can go wrong, and what has been received. Works without script.

mod words;

use std::fmt::Write as _;

use super::calls::Call;
use super::curl;
use super::moment::Moments;
use super::rules::{self, Example, Step};
use super::triggers::{Effect, Trigger, triggers};
use super::world::cast::CAST;
use super::world::presets::{PRESETS, Presets};
use super::{Gateway, catalogue};
use crate::types::Language;
use jiff::Timestamp;
use words::{Words, of};

/// What the page shows besides what never changes.
pub(crate) struct Page<'p> {
    pub(crate) language: Language,
    pub(crate) now: Timestamp,
    pub(crate) gateway: Option<&'p Gateway>,
    pub(crate) presets: Presets,
    /// How much is registered, and how many reports have come.
    pub(crate) size: (usize, u64),
    pub(crate) calls: Vec<Call>,
}

/// The look of the gateway's pages, within the page: a sandbox alone serves no files.
const STYLE: &str = concat!(
    include_str!("../../http/pages/style.css"),
    "pre{background:var(--code);padding:.6rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.3rem 0}\
     td code{white-space:nowrap}button{font:inherit;padding:.4rem 1rem}.recent{max-height:20rem;overflow-y:auto}summary{cursor:pointer;overflow-wrap:anywhere}"
);

impl Page<'_> {
    /// The whole document.
    pub(crate) fn html(&self) -> String {
        let words = of(self.language);
        let mut out = String::with_capacity(64 << 10);
        let _ = write!(
            out,
            "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <title>{} · ungebro</title><style>{STYLE}</style></head><body>",
            self.language.tag(),
            words.title,
        );
        self.navigation(words, &mut out);
        let _ = write!(out, "<main><h1>{}</h1><p>{}</p>", words.title, words.intro);
        self.start(words, &mut out);
        self.calls(words, &mut out);
        self.shell(words, &mut out);
        self.cast(words, &mut out);
        self.presets(words, &mut out);
        self.triggers(words, &mut out);
        self.rules(words, &mut out);
        out.push_str("</main></body></html>");
        out
    }

    /// To the gateway's pages, where one stands before this sandbox, and to the other language.
    fn navigation(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<header><nav aria-label=\"{}\">", words.pages);
        if let Some(gateway) = self.gateway {
            let base = escape(&gateway.base_url);
            for (path, name) in [
                ("/", "ungebro"),
                ("/docs", words.documentation),
                ("/problems", words.problems),
                ("/code-lists", words.code_lists),
            ] {
                let _ = write!(out, "<a href=\"{base}{path}\">{name}</a>");
            }
        }
        let (tag, name) = words.other;
        let _ = write!(
            out,
            "<a class=\"language\" lang=\"{tag}\" hreflang=\"{tag}\" href=\"?lang={tag}\">{name}</a></nav></header>"
        );
    }

    fn start(&self, words: &Words, out: &mut String) {
        let (registered, reports) = self.size;
        let _ = write!(
            out,
            "<h2>{}</h2><p>{}: {registered}. {}: {reports}. {}</p><form method=\"post\" action=\"sandbox/reset\"><button>{}</button></form>",
            words.state, words.registered, words.reports, words.bounded, words.reset,
        );
    }

    /// What the lines further down need.
    fn shell(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2><p>{}</p>", words.shell, words.shell_about);
        let placeholder = |text: Option<&str>| text.unwrap_or("…").to_owned();
        let base = placeholder(self.gateway.map(|gateway| gateway.base_url.as_str()));
        let token = placeholder(self.gateway.and_then(|gateway| gateway.token.as_deref()));
        let of_all = placeholder(self.gateway.and_then(|gateway| gateway.token_of_all.as_deref()));
        let _ = write!(
            out,
            "<pre>export GATEWAY={}\nexport TOKEN={}\nexport TOKEN_OF_ALL={}</pre>",
            escape(&base),
            escape(&token),
            escape(&of_all)
        );
    }

    fn cast(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2><p>{}</p>", words.cast, words.cast_about);
        table(
            out,
            &[words.number, words.name, words.age, words.part],
            CAST.iter().map(|person| {
                let part = self.pick(person.part);
                [code(person.cpr), escape(person.name), person.age.to_string(), escape(part)]
            }),
        );
    }

    fn presets(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2><p>{}</p>", words.presets, words.presets_about);
        table(
            out,
            &[words.identifier, words.number, words.part, words.times],
            PRESETS.iter().map(|preset| {
                [
                    code(preset.id),
                    code(preset.cpr),
                    escape(self.pick(preset.about)),
                    escape(&self.presets.times(preset)),
                ]
            }),
        );
    }

    fn triggers(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2>{}", words.triggers, words.triggers_about);
        table(
            out,
            &[words.digits, words.happens, words.try_it],
            triggers().iter().map(|trigger| {
                let line = escape(&curl::of_trigger(trigger, self.now));
                let details = format!("<details><summary>curl</summary><pre>{line}</pre></details>");
                [code(&format!("{:04}", trigger.number)), escape(&self.about(trigger)), details]
            }),
        );
    }

    fn about(&self, trigger: &Trigger) -> String {
        match trigger.effect {
            Effect::Code(catalogue::Code { code, text, .. }) => format!("{code} {text}"),
            Effect::Trouble(_) => self.pick((&trigger.about.0, &trigger.about.1)).to_owned(),
        }
    }

    fn rules(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<h2>{}</h2>{}", words.rules, words.rules_about);
        table(
            out,
            &[words.code, words.when, words.source, words.try_it],
            rules::all().map(|rule| {
                let example = match rule.example() {
                    Example::Shown { refused, allowed } => {
                        self.lines(words.refused, refused) + &self.lines(words.allowed, allowed)
                    }
                    Example::Guarded(why) => format!("{}: {}.", words.never, escape(self.pick(*why))),
                };
                [rule.name(), escape(self.pick(rule.about())), escape(rule.source()), example]
            }),
        );
    }

    /// The lines of an example, folded away.
    fn lines(&self, title: &str, steps: &[Step]) -> String {
        if steps.is_empty() {
            return String::new();
        }
        let moments = Moments { now: self.now, start: self.presets.made() };
        let lines: Vec<_> = steps.iter().map(|step| escape(&curl::of_step(step, &moments))).collect();
        format!("<details><summary>{title}</summary><pre>{}</pre></details>", lines.join("\n"))
    }

    fn calls(&self, words: &Words, out: &mut String) {
        let _ = write!(out, "<h2 id=\"calls\">{}</h2><p>{}</p>", words.calls, words.calls_about);
        let _ =
            write!(out, "<div class=\"recent\" tabindex=\"0\" role=\"region\" aria-labelledby=\"calls\">");
        for call in &self.calls {
            let operation = call.operation.as_deref().unwrap_or("–");
            let _ = write!(
                out,
                "<details><summary>{} {} {} {}</summary><pre>{}</pre><pre>{}</pre></details>",
                escape(&call.time),
                escape(operation),
                call.status,
                escape(call.rule.map_or("", |rule| self.pick(rule.about()))),
                escape(&call.request),
                escape(&call.answer),
            );
        }
        out.push_str("</div>");
    }

    fn pick<'t>(&self, (english, danish): (&'t str, &'t str)) -> &'t str {
        match self.language {
            Language::English => english,
            Language::Danish => danish,
        }
    }
}

fn table<const N: usize>(out: &mut String, heads: &[&str; N], rows: impl Iterator<Item = [String; N]>) {
    out.push_str("<div class=\"wide\"><table><thead><tr>");
    heads.iter().for_each(|head| {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    });
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        row.iter().for_each(|cell| {
            let _ = write!(out, "<td>{cell}</td>");
        });
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// Text as HTML, in content and in quoted attributes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
