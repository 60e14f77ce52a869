//! The first page: what this is, and where to go on.

use actix_web::{HttpRequest, HttpResponse};

use super::Demo;
use super::html::{self, Page, either};

pub(super) async fn page(request: HttpRequest) -> HttpResponse {
    let mut page = Page::new(&request, "ungebro");
    let language = page.language();
    let say = |en, da| either(language, en, da);
    page.paragraph(say(
        "REST and JSON in front of the SOAP services with which Danish jobcentres, municipalities and schools share data about young people and job seekers.",
        "REST og JSON foran de SOAP-tjenester, som jobcentre, kommuner og skoler deler oplysninger om unge og ledige med.",
    ));
    let mut links = vec![
        (
            "/docs",
            say(
                "Documentation: every operation, and a way to try it",
                "Dokumentation: hver operation, og hvordan den prøves",
            ),
        ),
        (
            "/problems",
            say(
                "Problems: what each means and what to do about it",
                "Problemer: hvad de betyder, og hvad man gør ved dem",
            ),
        ),
        ("/code-lists", say("Code lists: the values that are known", "Kodelister: de værdier, der er kendt")),
        ("/openapi.json", say("OpenAPI 3.1, for programs", "OpenAPI 3.1, til programmer")),
        (
            "/openapi-3.0.json",
            say("OpenAPI 3.0.3, for older programs", "OpenAPI 3.0.3, til ældre programmer"),
        ),
        ("/swagger.json", say("Swagger 2.0, for Power Platform", "Swagger 2.0, til Power Platform")),
    ];
    if Demo::of(&request).is_some() {
        links.push((
            "/sandbox",
            say(
                "Sandbox: the simulated upstreams of this demo",
                "Sandkasse: demoens simulerede bagvedliggende systemer",
            ),
        ));
    }
    page.add("<ul>");
    for (path, text) in links {
        // The sandbox stands beside the gateway, not below its base path.
        let path = if path == "/sandbox" { path.to_owned() } else { page.path(path) };
        page.add(&format!("<li><a href=\"{path}\">{}</a></li>", html::escape(text)));
    }
    page.add("</ul>");
    page.respond()
}
