//! How the client reached this server, as far as a trusted proxy says so (RFC 7239).

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{FORWARDED, HOST, HeaderMap, HeaderName};
use ipnet::IpNet;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Scheme and host of the address that the client used; for links in answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whether the client speaks TLS, to this server or to the proxy.
    pub over_tls: bool,
    /// Host and port, where the request names them.
    pub host: Option<String>,
}

impl Origin {
    /// Reads the proxy's headers where it is trusted. They are taken out of the request in any case, so that nothing
    /// else comes to believe them.
    pub(super) fn take(request: &mut ServiceRequest, trusted: &[IpNet], over_tls: bool) -> Self {
        let peer = request.peer_addr().map(|address| address.ip().to_canonical());
        let by_proxy = peer.is_some_and(|peer| is_trusted(peer, trusted));
        let authority = request.uri().authority().map(ToString::to_string);
        let headers = request.headers_mut();
        let host = authority.or_else(|| headers.get(HOST)?.to_str().ok().map(str::to_owned));
        let mut origin = Self { over_tls, host };
        if by_proxy {
            origin.correct(headers);
        }
        for name in [FORWARDED, X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO] {
            headers.remove(name);
        }
        origin
    }

    /// What the proxy next to this server says is the last of each list; what comes before is others' word.
    fn correct(&mut self, headers: &HeaderMap) {
        let (scheme, host) = match last(headers, FORWARDED) {
            Some(element) => (parameter(element, "proto"), parameter(element, "host")),
            None => (last(headers, X_FORWARDED_PROTO), last(headers, X_FORWARDED_HOST)),
        };
        if let Some(scheme) = scheme {
            self.over_tls = scheme.eq_ignore_ascii_case("https");
        }
        if let Some(host) = host.filter(|host| is_host(host)) {
            self.host = Some(host.to_owned());
        }
    }
}

fn is_trusted(peer: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&peer))
}

/// The last member of a list that may span several header lines.
fn last(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let line = headers.get_all(name).last()?.to_str().ok()?;
    line.rsplit(',').next().map(str::trim).filter(|member| !member.is_empty())
}

/// A parameter of an element of `Forwarded`: `for=192.0.2.1;proto=https;host="api.example.dk"`.
fn parameter<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    element.split(';').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Nothing that could end a header or leave the authority part of an address.
fn is_host(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn origin(peer: &str, headers: &[(&'static str, &'static str)]) -> Origin {
        let mut request = TestRequest::default().peer_addr(format!("{peer}:4711").parse().unwrap());
        request = request.insert_header(("host", "inner:8080"));
        for header in headers {
            request = request.append_header(*header);
        }
        let mut request = request.to_srv_request();
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let origin = Origin::take(&mut request, &trusted, false);
        assert!(
            !request.headers().contains_key("x-forwarded-proto")
                && !request.headers().contains_key("forwarded")
        );
        origin
    }

    fn of(over_tls: bool, host: &str) -> Origin {
        Origin { over_tls, host: Some(host.to_owned()) }
    }

    #[test]
    fn a_trusted_proxy_says_how_the_client_came() {
        let forwarded = ("forwarded", "for=192.0.2.1;proto=https;host=\"api.example.dk\"");
        assert_eq!(origin("10.1.2.3", &[forwarded]), of(true, "api.example.dk"));
        let headers = [("x-forwarded-proto", "https"), ("x-forwarded-host", "api.example.dk:8443")];
        assert_eq!(origin("10.1.2.3", &headers), of(true, "api.example.dk:8443"));
    }

    #[test]
    fn nobody_else_does() {
        let headers = [("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example")];
        assert_eq!(origin("192.0.2.9", &headers), of(false, "inner:8080"));
        assert_eq!(origin("192.0.2.9", &[("forwarded", "proto=https")]), of(false, "inner:8080"));
    }

    #[test]
    fn what_a_client_sent_through_the_proxy_does_not_count() {
        let appended = ("forwarded", "proto=https;host=evil.example, for=192.0.2.1;proto=http");
        assert_eq!(origin("10.1.2.3", &[appended]), of(false, "inner:8080"));
        let lines = [("x-forwarded-proto", "https"), ("x-forwarded-proto", "http")];
        assert_eq!(origin("10.1.2.3", &lines), of(false, "inner:8080"));
        assert_eq!(origin("10.1.2.3", &[("x-forwarded-host", "a/b")]), of(false, "inner:8080"));
    }
}
