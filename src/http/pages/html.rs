//! The look that all pages share: one frame, one stylesheet, nothing from elsewhere.

use std::fmt::Write as _;

use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::gateway::Gateway;
use crate::types::Language;

/// A page in one language.
pub(crate) struct Page {
    language: Language,
    /// The query that keeps a language chosen by link.
    kept: &'static str,
    base_path: String,
    title: String,
    body: String,
    /// The links to the other pages, made with the request at hand.
    navigation: String,
}

/// Text that stands between tags or in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text of a language.
pub(crate) fn either<'t>(language: Language, en: &'t str, da: &'t str) -> &'t str {
    match language {
        Language::English => en,
        Language::Danish => da,
    }
}

/// The language that `?lang=` names, else the one that `Accept-Language` wants.
pub(crate) fn language_of(request: &HttpRequest) -> Language {
    let named = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="));
    match named {
        Some("da") => Language::Danish,
        Some("en") => Language::English,
        _ => super::super::context::RequestContext::get(request).language,
    }
}

/// The query with which links keep a language that was chosen by link; empty where the browser's own holds.
pub(super) fn kept_language(request: &HttpRequest) -> &'static str {
    let chosen =
        |tag: &str| request.query_string().split('&').any(|pair| pair.strip_prefix("lang=") == Some(tag));
    if chosen("da") {
        "?lang=da"
    } else if chosen("en") {
        "?lang=en"
    } else {
        ""
    }
}

/// Whether the client wants a page: a browser names `text/html`, a program does not, or names JSON first.
pub(crate) fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let media = |range: &str| range.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let known = |media: &String| media == "text/html" || media.ends_with("json");
    accept
        .and_then(|accept| accept.split(',').map(media).find(known))
        .is_some_and(|media| media == "text/html")
}

impl Page {
    /// An empty page for a request.
    pub(crate) fn new(request: &HttpRequest, title: &str) -> Self {
        let gateway = request.app_data::<web::Data<Gateway>>();
        let base_path = gateway.map_or("", |gateway| gateway.config.server.base_path.as_str()).to_owned();
        let language = language_of(request);
        let navigation = navigation(request, language, &base_path);
        let kept = kept_language(request);
        Self { language, kept, base_path, title: title.to_owned(), body: String::new(), navigation }
    }

    /// The language of the page.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The address of a path below the base path, in the language that was chosen.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}{}", self.base_path, self.kept)
    }

    /// Adds a piece of HTML; whatever comes from elsewhere in it is escaped.
    pub(crate) fn add(&mut self, html: &str) -> &mut Self {
        self.body.push_str(html);
        self
    }

    /// Adds a paragraph of text.
    pub(crate) fn paragraph(&mut self, text: &str) -> &mut Self {
        let _ = write!(self.body, "<p>{}</p>", escape(text));
        self
    }

    /// Adds a table; the cells are HTML.
    pub(crate) fn table(&mut self, heads: &[&str], rows: &[Vec<String>]) -> &mut Self {
        self.body.push_str("<div class=\"wide\"><table><thead><tr>");
        for head in heads {
            let _ = write!(self.body, "<th scope=\"col\">{}</th>", escape(head));
        }
        self.body.push_str("</tr></thead><tbody>");
        for row in rows {
            self.body.push_str("<tr>");
            for cell in row {
                let _ = write!(self.body, "<td>{cell}</td>");
            }
            self.body.push_str("</tr>");
        }
        self.body.push_str("</tbody></table></div>");
        self
    }

    /// The page as an answer.
    pub(crate) fn respond(&self) -> HttpResponse {
        let language = self.language;
        let mut html = String::with_capacity(self.body.len() + 2048);
        let title = escape(&self.title);
        let (tag, base) = (language.tag(), &self.base_path);
        let skip = either(language, "To the content", "Til indholdet");
        let _ = write!(
            html,
            "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\"><title>{title} · ungebro</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <link rel=\"icon\" href=\"{base}/assets/icon.svg\" type=\"image/svg+xml\">\
             <link rel=\"stylesheet\" href=\"{base}/assets/style.css\"></head><body>\
             <a class=\"skip\" href=\"#content\">{skip}</a>{navigation}\
             <main id=\"content\"><h1>{title}</h1>{body}</main></body></html>",
            navigation = self.navigation,
            body = self.body,
        );
        HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_LANGUAGE, tag))
            .insert_header((header::VARY, "Accept, Accept-Language"))
            .insert_header(policy("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"))
            .body(html)
    }
}

/// What a page may load (Content Security Policy).
pub(super) fn policy(policy: &str) -> (HeaderName, String) {
    (header::CONTENT_SECURITY_POLICY, policy.to_owned())
}

/// The links at the head of every page.
pub(super) fn navigation(request: &HttpRequest, language: Language, base: &str) -> String {
    let kept = kept_language(request);
    let links = [
        ("/", "ungebro", "ungebro"),
        ("/docs", "Documentation", "Dokumentation"),
        ("/problems", "Problems", "Problemer"),
        ("/code-lists", "Code lists", "Kodelister"),
    ];
    let mut html = format!("<header><nav aria-label=\"{}\">", either(language, "Pages", "Sider"));
    for (path, en, da) in links {
        let _ = write!(html, "<a href=\"{base}{path}{kept}\">{}</a>", either(language, en, da));
    }
    let (other, name) = either_pair(language);
    let _ = write!(
        html,
        "<a class=\"language\" lang=\"{other}\" hreflang=\"{other}\" href=\"?lang={other}\">{name}</a>"
    );
    html.push_str("</nav></header>");
    html
}

fn either_pair(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::English => ("da", "Dansk"),
        Language::Danish => ("en", "English"),
    }
}
