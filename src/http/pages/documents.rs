//! The OpenAPI documents, each written once for all workers.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, Route, guard, web};
use bytes::Bytes;

use super::Demo;
use crate::gateway::Gateway;
use crate::openapi::{self, Format, Options, Version};

/// The documents by path.
const PATHS: [(&str, Version, Format); 6] = [
    ("/openapi.json", Version::V31, Format::Json),
    ("/openapi.yaml", Version::V31, Format::Yaml),
    ("/openapi-3.0.json", Version::V30, Format::Json),
    ("/openapi-3.0.yaml", Version::V30, Format::Yaml),
    ("/swagger.json", Version::V20, Format::Json),
    ("/swagger.yaml", Version::V20, Format::Yaml),
];

/// The texts of one gateway, each made when it is first asked for.
#[derive(Default)]
struct Documents {
    texts: [OnceLock<Bytes>; PATHS.len()],
}

/// Workers are configured one by one and know nothing of each other; the documents of one gateway are the same in all.
static KNOWN: Mutex<Vec<(Options, Arc<Documents>)>> = Mutex::new(Vec::new());

impl Documents {
    fn of(options: &Options) -> Arc<Self> {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        match known.iter().find(|(other, _)| other == options) {
            Some((_, documents)) => Arc::clone(documents),
            None => {
                let documents = Arc::new(Self::default());
                known.push((options.clone(), Arc::clone(&documents)));
                documents
            }
        }
    }
}

/// Every document's path and what answers there.
pub(super) fn routes() -> impl Iterator<Item = (&'static str, Route)> {
    PATHS.iter().enumerate().map(|(index, (path, ..))| {
        let get = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
        (*path, get.to(move |request, gateway| document(index, request, gateway)))
    })
}

async fn document(index: usize, request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    let mut options = Options::of(&gateway.config);
    options.days_later = Demo::of(&request).map_or(0, |demo| demo.days_later);
    let (_, version, format) = PATHS[index];
    let documents = Documents::of(&options);
    let text = documents.texts[index].get_or_init(|| Bytes::from(openapi::text(&options, version, format)));
    let content_type = match (version, format) {
        (_, Format::Yaml) => "application/yaml",
        (Version::V31 | Version::V30, Format::Json) => "application/vnd.oai.openapi+json",
        (Version::V20, Format::Json) => "application/json",
    };
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .body(text.clone())
}
