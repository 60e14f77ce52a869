//! Delivers spans to a collector: OTLP over HTTP, in batches, from a thread of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, Status, TraceState, TracerProvider};
use opentelemetry_otlp::{WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, SpanData, SpanEvents, SpanExporter, SpanLinks};
use reqwest::blocking::Client;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ClientConfig, RootCertStore};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use super::{metrics, spans};

/// For one delivery.
const TIMEOUT: Duration = Duration::from_secs(10);
/// For the last deliveries when the process ends.
const FLUSH: Duration = Duration::from_secs(5);

/// Why traces cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum TracesError {
    /// The address is of no use.
    #[error("telemetry.otlp_endpoint: {0}")]
    Exporter(#[from] opentelemetry_otlp::ExporterBuildError),
    /// No HTTP client could be made.
    #[error("telemetry.otlp_endpoint: no HTTP client could be set up")]
    Client,
}

/// Spans on their way to the collector.
pub(super) struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Starts deliveries to the collector at a base address. `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME` and
    /// `OTEL_EXPORTER_OTLP_HEADERS` are honoured.
    pub(super) fn start(endpoint: &str) -> Result<Self, TracesError> {
        let exporter = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_endpoint(format!("{}/v1/traces", endpoint.trim_end_matches('/')))
            .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
            .with_timeout(TIMEOUT)
            .with_http_client(client()?)
            .build()?;
        let resource =
            Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
        // The environment may name the service, else it is the program.
        let resource = match std::env::var_os("OTEL_SERVICE_NAME") {
            Some(_) => resource.build(),
            None => resource.with_service_name("ungebro").build(),
        };
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(Listed { exporter, failing: Arc::default() })
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
            .with_resource(resource)
            .build();
        Ok(Self { provider })
    }

    /// The layer that turns this crate's spans into OpenTelemetry's. Events stay in the log.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("ungebro"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_context_activation(false)
            .with_filter(
                filter_fn(|metadata| metadata.is_span() && metadata.target().starts_with(super::CRATE))
                    .with_max_level_hint(LevelFilter::DEBUG),
            )
    }

    /// Delivers what is left, for at most five seconds; blocks.
    pub(super) fn flush(&self) {
        if self.provider.shutdown_with_timeout(FLUSH).is_err() {
            tracing::warn!("the last spans were not delivered");
        }
    }
}

/// A blocking client may not be made on a thread of an asynchronous runtime.
fn client() -> Result<Client, TracesError> {
    let made = std::thread::spawn(|| {
        let builder =
            || Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(TIMEOUT);
        // An image without a trust store still knows the public authorities.
        builder().build().ok().or_else(|| builder().tls_backend_preconfigured(public_roots()?).build().ok())
    });
    made.join().ok().flatten().ok_or(TracesError::Client)
}

fn public_roots() -> Option<ClientConfig> {
    let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?;
    Some(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Lets only listed attributes out, whatever a span was given.
#[derive(Debug)]
struct Listed<E> {
    exporter: E,
    /// So that a collector that is away is logged once.
    failing: Arc<AtomicBool>,
}

impl<E: SpanExporter> SpanExporter for Listed<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let result = self.exporter.export(batch.into_iter().map(listed).collect()).await;
        let failed = result.is_err();
        if failed {
            metrics::span_export_failed();
        }
        match (failed, self.failing.swap(failed, Ordering::Relaxed)) {
            (true, false) => tracing::warn!("spans are not delivered"),
            (false, true) => tracing::info!("spans are delivered again"),
            (true, true) | (false, false) => {}
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

fn listed(span: SpanData) -> SpanData {
    let context = &span.span_context;
    let attributes = span.attributes.into_iter();
    SpanData {
        span_context: SpanContext::new(
            context.trace_id(),
            context.span_id(),
            context.trace_flags(),
            context.is_remote(),
            TraceState::NONE,
        ),
        attributes: attributes.filter(|pair| spans::ATTRIBUTES.contains(&pair.key.as_str())).collect(),
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: match span.status {
            Status::Error { .. } => Status::error(""),
            other => other,
        },
        ..span
    }
}
