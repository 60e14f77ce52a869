//! The bare proxy: passes XML on with actix and reqwest and does nothing else: `proxy ADDRESS UPSTREAM_URL`.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

struct Upstream {
    client: reqwest::Client,
    url: String,
}

async fn pass(request: HttpRequest, body: web::Bytes, upstream: web::Data<Upstream>) -> HttpResponse {
    let mut call = upstream.client.post(format!("{}{}", upstream.url, request.path())).body(body);
    for name in ["content-type", "soapaction"] {
        if let Some(value) = request.headers().get(name) {
            call = call.header(name, value.as_bytes());
        }
    }
    let answered = async {
        let answer = call.send().await?;
        let status = answer.status().as_u16();
        let content_type = answer.headers().get("content-type").map(|value| value.as_bytes().to_vec());
        Ok::<_, reqwest::Error>((status, content_type, answer.bytes().await?))
    };
    match answered.await {
        Err(_) => HttpResponse::BadGateway().finish(),
        Ok((status, content_type, body)) => {
            let status = actix_web::http::StatusCode::from_u16(status);
            let mut response = HttpResponse::build(status.unwrap_or_default());
            response.insert_header((CONTENT_TYPE, content_type.unwrap_or_default()));
            response.body(body)
        }
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(url)) = (arguments.next(), arguments.next()) else {
        return Err(std::io::Error::other("usage: proxy ADDRESS UPSTREAM_URL"));
    };
    HttpServer::new(move || {
        // A client for each worker: none waits for another's connections.
        let upstream = web::Data::new(Upstream { client: reqwest::Client::new(), url: url.clone() });
        App::new().app_data(upstream).default_service(web::to(pass))
    })
    .bind(address)?
    .run()
    .await
}
