//! What anybody may read: documents, problems, code lists, for people and for programs.

use serde_json::Value;
use ungebro::problem::catalogue;

use crate::support::app::App;

/// An answer to a browser or a program.
struct Read {
    status: u16,
    content_type: String,
    policy: String,
    language: String,
    text: String,
}

async fn read(app: &App, path: &str, accept: &str, language: &str) -> Read {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.get(format!("{}{path}", app.url)).header("Accept", accept);
    let response = request.header("Accept-Language", language).send().await.unwrap();
    let header = |name: &str| {
        response.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    };
    let (status, content_type) = (response.status().as_u16(), header("content-type"));
    let (policy, language) = (header("content-security-policy"), header("content-language"));
    Read { status, content_type, policy, language, text: response.text().await.unwrap() }
}

const PAGE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

fn code_lists(directory: &std::path::Path) -> std::path::PathBuf {
    let file = directory.join("code-lists.json");
    std::fs::write(&file, ungebro::services::CODE_LISTS).unwrap();
    file
}

#[tokio::test]
async fn every_problem_has_a_page_in_two_languages_and_a_document() {
    let app = App::start().await;
    for entry in catalogue::entries() {
        let path = format!("/problems/{}", entry.name);
        for (language, title) in [("en", &entry.title.en), ("da", &entry.title.da)] {
            let page = read(&app, &path, PAGE, language).await;
            assert_eq!((page.status, &*page.content_type), (200, "text/html; charset=utf-8"), "{path}");
            assert_eq!(page.language, language);
            assert!(page.text.contains(&format!("<html lang=\"{language}\">")), "{path}");
            assert!(!page.policy.contains("unsafe"), "{path}");
            let json = read(&app, &path, "application/json", language).await;
            assert_eq!(json.content_type, "application/json");
            let json: Value = serde_json::from_str(&json.text).unwrap();
            assert_eq!(json["title"], **title);
        }
        // RFC 9457 section 4: a program that follows `type` gets something to read as well.
        app.call("GET", &path).send().await;
    }
    let danish = read(&app, "/problems/cpr-unknown?lang=da", PAGE, "en").await;
    assert_eq!(danish.language, "da");
    assert_eq!(read(&app, "/problems/no-such", PAGE, "en").await.status, 404);
    app.call("GET", "/problems").send().await;
}

#[tokio::test]
async fn a_problem_page_names_the_codes_and_operations() {
    let app = App::start().await;
    let page = read(&app, "/problems/contact-group-already-open", PAGE, "en").await.text;
    for expected in ["4644", "open existing contactgroup", "createContactGroup", "409"] {
        assert!(page.contains(expected), "{expected}");
    }
    // Texts from elsewhere are escaped.
    let page = read(&app, "/problems/agreement-contains-html", PAGE, "en").await.text;
    assert!(!page.contains("<script"));
}

#[tokio::test]
async fn code_lists_are_served_as_they_are_known() {
    let directory = tempfile::tempdir().unwrap();
    let app = App::with(|config| config.code_lists_file = Some(code_lists(directory.path()))).await;
    let list = app.call("GET", "/code-lists/interview-type").send().await.json();
    assert_eq!((&list["name"], &list["complete"]), (&"interview-type".into(), &false.into()));
    assert!(list["values"].as_array().unwrap().iter().any(|value| value["code"] == 7));
    let page = read(&app, "/code-lists/interview-type", PAGE, "da").await;
    assert!(page.text.contains("Jobsamtale") && page.text.contains("Ufuldstændig"));
    let index = app.call("GET", "/code-lists").send().await.json();
    assert!(index["codeLists"].as_array().unwrap().len() > 5);
    let without = App::start().await;
    assert_eq!(without.call("GET", "/code-lists/interview-type").send().await.refusal().1, "not-found");
}

#[tokio::test]
async fn a_gateway_with_a_wrong_file_of_code_lists_does_not_start() {
    use ungebro::code_lists::CodeLists;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("lists.json");
    std::fs::write(&file, r#"{"x": 1}"#).unwrap();
    assert!(CodeLists::load(&file).unwrap_err().to_string().contains("not a file of code lists"));
    let missing = CodeLists::load(&directory.path().join("none.json")).unwrap_err();
    assert!(missing.to_string().contains("none.json"));
}

#[tokio::test]
async fn the_documents_are_served_below_the_base_path_with_their_own_addresses() {
    let app = App::with(|config| {
        config.server.base_path = "/ung".to_owned();
        config.server.public_url = Some("https://api.example.dk".to_owned());
    })
    .await;
    for (path, media) in [
        ("/openapi.json", "application/vnd.oai.openapi+json"),
        ("/openapi-3.0.json", "application/vnd.oai.openapi+json"),
        ("/openapi.yaml", "application/yaml"),
        ("/openapi-3.0.yaml", "application/yaml"),
        ("/swagger.json", "application/json"),
        ("/swagger.yaml", "application/yaml"),
    ] {
        let document = read(&app, path, "*/*", "en").await;
        assert_eq!((document.status, &*document.content_type), (200, media), "{path}");
    }
    let document: Value = serde_json::from_str(&read(&app, "/openapi.json", "*/*", "en").await.text).unwrap();
    assert_eq!(document["servers"][0]["url"], "https://api.example.dk/ung");
    let old: Value = serde_json::from_str(&read(&app, "/swagger.json", "*/*", "en").await.text).unwrap();
    assert_eq!((&old["host"], &old["basePath"]), (&"api.example.dk".into(), &"/ung".into()));
}

#[tokio::test]
async fn the_documentation_loads_nothing_from_elsewhere_and_knows_no_token() {
    let app = App::start().await;
    let page = read(&app, "/docs", PAGE, "en").await;
    assert!(page.text.contains("data-token=\"\""));
    assert!(page.policy.contains("script-src 'self'") && page.policy.contains("connect-src 'self'"));
    let elsewhere = regex::Regex::new("(?:src|href)=\"(?:https?:)?//").unwrap();
    let links = regex::Regex::new("(?:src|href)=\"(/[^\"?]*)").unwrap();
    for path in ["/", "/docs", "/problems", "/code-lists"] {
        let page = read(&app, path, PAGE, "en").await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!elsewhere.is_match(&page.text), "{path}");
        // Whatever a page links to here is there.
        for link in links.captures_iter(&page.text) {
            assert_eq!(read(&app, &link[1], "*/*", "en").await.status, 200, "{path} -> {}", &link[1]);
        }
    }
}
