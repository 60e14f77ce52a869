//! A service without its section is not served: no route, no document, no metric, no word in health.

use serde_json::Value;
use ungebro::config::Config;

use crate::support::app::App;
use crate::support::contract::ROUTES;

fn without(config: &mut Config, absent: &str) {
    match absent {
        "udb" => config.udb = None,
        _ => config.dfdg = None,
    }
}

async fn read(app: &App, path: &str) -> Value {
    let answer = App::client().get(format!("{}{path}", app.url)).send().await.unwrap();
    serde_json::from_str(&answer.text().await.unwrap()).unwrap()
}

#[tokio::test]
async fn a_service_without_its_section_is_not_served() {
    for absent in ["udb", "dfdg"] {
        let app = App::with(|config| without(config, absent)).await;
        let document: Value = read(&app, "/openapi.json").await;
        for route in ROUTES.iter() {
            let gone = route.upstream == absent;
            let path = route.path.replace(['{', '}'], "");
            let answer = app.call(&route.method, &path).send().await;
            assert_eq!(answer.status, if gone { 404 } else { 401 }, "{}", route.id);
            let published = document["paths"][&route.path].get(route.method.to_lowercase()).is_some();
            assert_eq!(published, !gone, "{}", route.id);
        }
        let health = read(&app, "/health/ready").await;
        let [only] = health["upstreams"].as_array().unwrap().as_slice() else { panic!("{health}") };
        assert_ne!(only["name"], absent);
    }
}
