//! A collector that prints a line for each span it is sent (trace, span, parent, milliseconds, name): `collector [ADDR]`.

use std::env;
use std::io::{self, Write};

use actix_web::{App, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

#[actix_web::main]
async fn main() -> io::Result<()> {
    let address = env::args().nth(1).unwrap_or_else(|| "127.0.0.1:4318".to_owned());
    let app = || {
        App::new().app_data(web::PayloadConfig::new(16 << 20)).route("/v1/traces", web::post().to(receive))
    };
    HttpServer::new(app).workers(1).bind(address)?.run().await
}

async fn receive(body: web::Bytes) -> HttpResponse {
    let Ok(request) = ExportTraceServiceRequest::decode(body) else {
        return HttpResponse::BadRequest().finish();
    };
    let scopes = request.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
    let mut out = io::stdout().lock();
    let printed = scopes.flat_map(|scope| scope.spans).try_for_each(|span| print(&span, &mut out));
    match printed.and_then(|()| out.flush()) {
        Ok(()) => HttpResponse::Ok().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn print(span: &Span, out: &mut impl Write) -> io::Result<()> {
    let hex = |id: &[u8]| id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let nanoseconds = span.end_time_unix_nano.saturating_sub(span.start_time_unix_nano);
    writeln!(
        out,
        "{} {} {:16} {:9.3} {}",
        hex(&span.trace_id),
        hex(&span.span_id),
        hex(&span.parent_span_id),
        nanoseconds as f64 / 1e6,
        span.name,
    )
}
