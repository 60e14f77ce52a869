//! Every key: its default, set by the file, set by a variable, and refused.

use std::fmt::Debug;

use toml::{Table, Value};

use super::{Folder, MINIMAL};
use crate::config::{AuditOutput, Config, Faults, Origin, Reason, Store};

/// What keys inside optional tables need around them.
const FULL: &str = r#"
[server.tls]
certificate = "DIR/a"
key = "DIR/a"
[upstreams.udb.tls]
identity = "DIR/a"
next_identity = "DIR/a"
[upstreams.dfdg.tls]
identity = "DIR/a"
next_identity = "DIR/a"
[upstreams.udb.signing]
identity = "DIR/a"
next_identity = "DIR/a"
trust_anchors = "DIR/a"
[idempotency]
store = "redis"
redis_url = "redis://redis"
encryption_key_file = "DIR/a"
"#;

struct Row {
    key: &'static str,
    show: fn(&Config) -> String,
    before: &'static str,
    set: &'static str,
    after: &'static str,
    bad: &'static str,
}

const fn row(
    key: &'static str,
    show: fn(&Config) -> String,
    before: &'static str,
    set: &'static str,
    after: &'static str,
    bad: &'static str,
) -> Row {
    Row { key, show, before, set, after, bad }
}

fn d(value: impl Debug) -> String {
    format!("{value:?}")
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // Key, where it is, before, the value set in TOML, after, a value that is refused.
    row("server.listen", |c| d(c.server.listen), "0.0.0.0:8080", r#""[::1]:81""#, "[::1]:81", r#""localhost:80""#),
    row("server.admin_listen", |c| d(c.server.admin_listen), "None", r#""127.0.0.1:9090""#, "Some(127.0.0.1:9090)", r#""0.0.0.0:8080""#),
    row("server.public_url", |c| d(&c.server.public_url), "None", r#""https://api.example.dk/""#, r#"Some("https://api.example.dk")"#, r#""api.example.dk""#),
    row("server.base_path", |c| d(&c.server.base_path), r#""""#, r#""/youth/api""#, r#""/youth/api""#, r#""youth/""#),
    row("server.cpr_in_path", |c| d(c.server.cpr_in_path), "true", "false", "false", r#""no""#),
    row("server.cors_allowed_origins", |c| d(&c.server.cors_allowed_origins), "[]", r#"["https://a.example.dk"]"#, r#"["https://a.example.dk"]"#, r#"["*"]"#),
    row("server.trusted_proxies", |c| d(&c.server.trusted_proxies), "[]", r#"["10.0.0.0/8", "::1/128"]"#, "[10.0.0.0/8, ::1/128]", r#"["10.0.0.0/33"]"#),
    row("server.body_limit_bytes", |c| d(c.server.body_limit_bytes), "65536", "2048", "2048", "0"),
    row("server.header_limit_bytes", |c| d(c.server.header_limit_bytes), "16384", "2048", "2048", "-1"),
    row("server.max_connections", |c| d(c.server.max_connections), "10000", "7", "7", "0"),
    row("server.request_timeout_seconds", |c| d(c.server.request_timeout), "10s", "2.5", "2.5s", "0"),
    row("server.shutdown_grace_seconds", |c| d(c.server.shutdown_grace), "25s", "0", "0ns", "-1"),
    row("auth.leeway_seconds", |c| d(c.auth.leeway), "30s", "5", "5s", "nan"),
    row("auth.algorithms", |c| d(&c.auth.algorithms), "[Rs256, Ps256, Es256, EdDsa]", r#"["ES256"]"#, "[Es256]", r#"["HS256"]"#),
    row("auth.authorization_url", |c| d(&c.auth.authorization_url), "None", r#""https://idp/a""#, r#"Some("https://idp/a")"#, r#""ftp://idp/a""#),
    row("auth.token_url", |c| d(&c.auth.token_url), "None", r#""https://idp/t""#, r#"Some("https://idp/t")"#, r#""https:""#),
    row("docs.client_id", |c| d(&c.docs.client_id), "None", r#""page""#, r#"Some("page")"#, r#""""#),
    row("docs.redirect_url", |c| d(&c.docs.redirect_url), "None", r#""https://api/docs""#, r#"Some("https://api/docs")"#, r#""/docs""#),
    row("docs.scopes", |c| d(&c.docs.scopes), "None", r#"["openid"]"#, r#"Some(["openid"])"#, "[]"),
    row("docs.parameters", |c| d(&c.docs.parameters), "{}", r#"{ audience = "ungebro" }"#, r#"{"audience": "ungebro"}"#, "{ audience = 1 }"),
    row("auth.issuers[0].issuer", |c| d(&c.auth.issuers[0].issuer), r#""https://idp.example.dk/""#, r#""urn:idp""#, r#""urn:idp""#, r#""""#),
    row("auth.issuers[0].audience", |c| d(&c.auth.issuers[0].audience), r#"["ungebro"]"#, r#"["a", "b"]"#, r#"["a", "b"]"#, "[]"),
    row("server.require_idempotency_key", |c| d(c.server.require_idempotency_key), "Off", r#""writes""#, "Writes", "true"),
    row("auth.issuers[0].jwks_url", |c| d(&c.auth.issuers[0].jwks), r#"Url("https://idp.example.dk/jwks")"#, r#""http://[::1]:8/jwks""#, r#"Url("http://[::1]:8/jwks")"#, r#""http://idp.example.dk/jwks""#),
    row("auth.issuers[0].scope_claims", |c| d(&c.auth.issuers[0].scope_claims), r#"["scope", "scp", "roles"]"#, r#"["groups"]"#, r#"["groups"]"#, "[]"),
    row("auth.issuers[0].authorities_claim", |c| d(&c.auth.issuers[0].authorities_claim), r#""authorities""#, r#""acting""#, r#""acting""#, r#""""#),
    row("auth.issuers[0].authorities", |c| d(&c.auth.issuers[0].authorities), "[Any]", r#"["star:*"]"#, "[Kind(Star)]", r#"["school:*"]"#),
    row("auth.issuers[0].authority_map", |c| d(&c.auth.issuers[0].authority_map), "{}", r#"{ "grp 1" = "star:1" }"#, r#"{"grp 1": [Authority { kind: Star, code: "1" }]}"#, r#"{ g = "star:*" }"#),
    row("auth.issuers[0].user_id_claim", |c| d(&c.auth.issuers[0].user_id_claim), "None", r#""oid""#, r#"Some("oid")"#, r#""""#),
    row("auth.issuers[0].user_name_claim", |c| d(&c.auth.issuers[0].user_name_claim), r#""name""#, r#""given.full""#, r#""given.full""#, r#""""#),
    row("auth.issuers[0].machine_claim", |c| d(&c.auth.issuers[0].machine_claim), "None", r#""client_id""#, r#"Some("client_id")"#, r#""""#),
    row("auth.issuers[0].require_idempotency_key", |c| d(c.auth.issuers[0].require_idempotency_key), "None", r#""off""#, "Some(Off)", r#""all""#),
    row("auth.issuers[0].ca_file", |c| d(&c.auth.issuers[0].ca_file), "None", r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("auth.issuers[0].proxy", |c| d(&c.auth.issuers[0].proxy), "None", r#""http://[::1]:3128""#, r#"Some("http://[::1]:3128")"#, r#""https://egress:3128""#),
    row("authority_kinds.jobcenter", |c| d(c.authorities.organisation_types.values()), "[8, 7, 4]", "9", "[9, 7, 4]", "-1"),
    row("authority_kinds.unemployment-fund", |c| d(c.authorities.organisation_types.values()), "[8, 7, 4]", "9", "[8, 7, 9, 4]", "100000001"),
    row("authorities.jobcenter:15101.star_institution_number", |c| d(&c.authorities.exact), "{}", "7", r#"{Authority { kind: Jobcenter, code: "15101" }: AuthoritySettings { star_institution_number: Some(7), kui_institution_number: None }}"#, "10000000000"),
    row("authorities.municipality:*.kui_institution_number", |c| d(&c.authorities.by_kind), "{}", "7", "{Municipality: AuthoritySettings { star_institution_number: None, kui_institution_number: Some(7) }}", "-7"),
    row("routes.createInterview.enabled", |c| d(c.routes.enabled("createInterview")), "true", "false", "false", r#""off""#),
    row("routes.createInterview.authorities", |c| d(c.routes.authorities("createInterview")), "None", r#"["star"]"#, "Some([Star])", "[]"),
    row("upstreams.udb.system_name", |c| d(&c.udb.as_ref().unwrap().system_name), r#""ungebro""#, r#""bro""#, r#""bro""#, r#"" ""#),
    row("upstreams.udb.hent_institution_kontakt", |c| d(&c.udb.as_ref().unwrap().hent_institution_kontakt), r#""https://ipl.example.dk/hent""#, r#""http://a/b?c""#, r#""http://a/b?c""#, r#""http://a/b#c""#),
    row("upstreams.udb.indberetning_kontakt_job_og_udd_oensker", |c| d(&c.udb.as_ref().unwrap().indberetning_kontakt_job_og_udd_oensker), r#""https://ipl.example.dk/indberet""#, r#""http://a""#, r#""http://a""#, r#""/indberet""#),
    row("upstreams.udb.wsdl_dir", |c| d(&c.udb.as_ref().unwrap().common.wsdl_dir), "None", r#""DIR/d""#, r#"Some("DIR/d")"#, r#""DIR/a""#),
    row("upstreams.udb.datetime_format", |c| d(c.udb.as_ref().unwrap().common.datetime_format), "UtcMillis", r#""local-offset""#, "LocalOffset", r#""utc""#),
    row("upstreams.udb.test_numbers", |c| d(c.udb.as_ref().unwrap().test_numbers), "false", "true", "true", r#""1""#),
    row("upstreams.udb.timeout_seconds", |c| d(c.udb.as_ref().unwrap().common.timeout), "15s", "0.25", "250ms", "0"),
    row("upstreams.udb.connect_timeout_seconds", |c| d(c.udb.as_ref().unwrap().common.connect_timeout), "2s", "3", "3s", "0"),
    row("upstreams.udb.idle_timeout_seconds", |c| d(c.udb.as_ref().unwrap().common.idle_timeout), "30s", "0", "0ns", "inf"),
    row("upstreams.udb.response_limit_bytes", |c| d(c.udb.as_ref().unwrap().common.response_limit_bytes), "4194304", "2048", "2048", "1"),
    row("upstreams.udb.max_in_flight", |c| d(c.udb.as_ref().unwrap().common.max_in_flight), "64", "1", "1", "0"),
    row("upstreams.udb.max_waiting", |c| d(c.udb.as_ref().unwrap().common.max_waiting), "256", "0", "0", "-1"),
    row("upstreams.udb.proxy", |c| d(&c.udb.as_ref().unwrap().common.proxy), "None", r#""http://egress:3128""#, r#"Some("http://egress:3128")"#, r#""http://user:word@egress""#),
    row("upstreams.udb.breaker.consecutive_failures", |c| d(c.udb.as_ref().unwrap().common.breaker.consecutive_failures), "5", "1", "1", "0"),
    row("upstreams.udb.breaker.failure_rate", |c| d(c.udb.as_ref().unwrap().common.breaker.failure_rate), "0.5", "1", "1.0", "1.1"),
    row("upstreams.udb.breaker.minimum_calls", |c| d(c.udb.as_ref().unwrap().common.breaker.minimum_calls), "20", "1", "1", "1.5"),
    row("upstreams.udb.breaker.window_seconds", |c| d(c.udb.as_ref().unwrap().common.breaker.window), "30s", "1", "1s", "0"),
    row("upstreams.udb.breaker.open_seconds", |c| d(c.udb.as_ref().unwrap().common.breaker.open), "10s", "1", "1s", "0"),
    row("upstreams.udb.tls.ca_file", |c| d(&c.udb.as_ref().unwrap().common.tls.ca_file), "None", r#""DIR/a""#, r#"Some("DIR/a")"#, r#""DIR/none""#),
    row("upstreams.dfdg.endpoint", |c| d(&c.dfdg.as_ref().unwrap().endpoint), r#""https://star.example.dk/person""#, r#""http://a/""#, r#""http://a/""#, r#""a""#),
    row("upstreams.dfdg.system_user_identifier", |c| d(&c.dfdg.as_ref().unwrap().system_user_identifier), "None", r#""CVR:1""#, r#"Some("CVR:1")"#, r#""""#),
    row("upstreams.dfdg.wsdl_dir", |c| d(&c.dfdg.as_ref().unwrap().common.wsdl_dir), "None", r#""DIR/d""#, r#"Some("DIR/d")"#, r#""DIR/none""#),
    row("upstreams.dfdg.datetime_format", |c| d(c.dfdg.as_ref().unwrap().common.datetime_format), "LocalOffset", r#""utc-millis""#, "UtcMillis", r#""""#),
    row("upstreams.dfdg.timeout_seconds", |c| d(c.dfdg.as_ref().unwrap().common.timeout), "15s", "1", "1s", "3601"),
    row("upstreams.dfdg.breaker.open_seconds", |c| d(c.dfdg.as_ref().unwrap().common.breaker.open), "10s", "1", "1s", "0"),
    row("upstreams.dfdg.tls.ca_file", |c| d(&c.dfdg.as_ref().unwrap().common.tls.ca_file), "None", r#""DIR/a""#, r#"Some("DIR/a")"#, r#""DIR/d""#),
    row("cache.contacts_ttl_seconds", |c| d(c.cache.contacts_ttl), "60s", "0", "0ns", "-1"),
    row("cache.empty_ttl_seconds", |c| d(c.cache.empty_ttl), "60s", "1", "1s", "86401"),
    row("cache.not_found_ttl_seconds", |c| d(c.cache.not_found_ttl), "10s", "1", "1s", r#""10s""#),
    row("cache.max_entries", |c| d(c.cache.max_entries), "100000", "1", "1", "0"),
    row("cache.max_bytes", |c| d(c.cache.max_bytes), "67108864", "1", "1", "0"),
    row("idempotency.ttl_seconds", |c| d(c.idempotency.ttl), "86400s", "1", "1s", "0"),
    row("idempotency.max_entries", |c| d(c.idempotency.max_entries), "100000", "1", "1", "0"),
    row("rate_limit.requests_per_second", |c| d(c.rate_limit.requests_per_second), "None", "5", "Some(5)", "-1"),
    row("rate_limit.burst", |c| d(c.rate_limit.burst), "None", "5", "Some(5)", "0.5"),
    row("rate_limit.persons_per_hour", |c| d(c.rate_limit.persons_per_hour), "None", "5", "Some(5)", "99999999999"),
    row("audit.file", |c| d(&c.audit.output), "Stdout", r#""DIR/new""#, r#"File("DIR/new")"#, r#""DIR/none/new""#),
    row("audit.cpr_hash_key_file", |c| d(&c.audit.cpr_hash_key_file), r#""DIR/a""#, r#""DIR/b""#, r#""DIR/b""#, r#""DIR/none""#),
    row("audit.previous_cpr_hash_key_files", |c| d(&c.audit.previous_cpr_hash_key_files), "[]", r#"["DIR/a", "DIR/b"]"#, r#"["DIR/a", "DIR/b"]"#, r#"["DIR/a", "DIR/none"]"#),
    row("audit.require_purpose", |c| d(c.audit.require_purpose), "false", "true", "true", r#""yes""#),
    row("audit.purposes", |c| d(&c.audit.purposes), "[]", r#"["follow-up"]"#, r#"["follow-up"]"#, r#"["case 1234567890"]"#),
    row("telemetry.log_format", |c| d(c.telemetry.log_format), "Json", r#""pretty""#, "Pretty", r#""xml""#),
    row("telemetry.log_level", |c| d(c.telemetry.log_level), "Level(Info)", r#""trace""#, "Level(Trace)", r#""INFO""#),
    row("telemetry.otlp_endpoint", |c| d(&c.telemetry.otlp_endpoint), "None", r#""http://otel:4318""#, r#"Some("http://otel:4318")"#, r#""otel:4318""#),
    row("code_lists_file", |c| d(&c.code_lists_file), "None", r#""DIR/a""#, r#"Some("DIR/a")"#, r#""DIR/none""#),
    row("telemetry.code_lists_file", |c| d(&c.code_lists_file), "None", r#""DIR/a""#, r#"Some("DIR/a")"#, r#""DIR/none""#),
];

#[rustfmt::skip]
const ROWS_OF_FULL: &[Row] = &[
    row("server.tls.certificate", |c| d(c.server.tls.as_ref().map(|t| &t.certificate)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("server.tls.key", |c| d(c.server.tls.as_ref().map(|t| &t.key)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""""#),
    row("upstreams.udb.tls.identity", |c| d(c.udb.as_ref().unwrap().common.tls.identity.as_ref().map(|i| &i.current.path)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("upstreams.udb.tls.identity_password_file", |c| d(c.udb.as_ref().unwrap().common.tls.identity.as_ref().map(|i| &i.current.password_file)), "Some(None)", r#""DIR/b""#, r#"Some(Some("DIR/b"))"#, r#""DIR/none""#),
    row("upstreams.udb.tls.next_identity", |c| d(c.udb.as_ref().unwrap().common.tls.identity.as_ref().and_then(|i| i.next.as_ref()).map(|n| &n.path)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("upstreams.udb.tls.next_identity_password_file", |c| d(c.udb.as_ref().unwrap().common.tls.identity.as_ref().and_then(|i| i.next.as_ref()).map(|n| &n.password_file)), "Some(None)", r#""DIR/b""#, r#"Some(Some("DIR/b"))"#, r#""DIR/none""#),
    row("upstreams.dfdg.tls.identity", |c| d(c.dfdg.as_ref().unwrap().common.tls.identity.as_ref().map(|i| &i.current.path)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("upstreams.udb.signing.identity", |c| d(c.udb.as_ref().unwrap().signing.as_ref().map(|s| &s.identity.current.path)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("upstreams.udb.signing.next_identity", |c| d(c.udb.as_ref().unwrap().signing.as_ref().and_then(|s| s.identity.next.as_ref()).map(|n| &n.path)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
    row("upstreams.udb.signing.signature", |c| d(c.udb.as_ref().unwrap().signing.as_ref().map(|s| s.signature)), "Some(RsaSha256)", r#""rsa-sha1""#, "Some(RsaSha1)", r#""hmac""#),
    row("upstreams.udb.signing.digest", |c| d(c.udb.as_ref().unwrap().signing.as_ref().map(|s| s.digest)), "Some(Sha256)", r#""sha1""#, "Some(Sha1)", r#""md5""#),
    row("upstreams.udb.signing.verify", |c| d(c.udb.as_ref().unwrap().signing.as_ref().map(|s| s.verify)), "Some(Off)", r#""require""#, "Some(Require)", r#""on""#),
    row("upstreams.udb.signing.trust_anchors", |c| d(c.udb.as_ref().unwrap().signing.as_ref().map(|s| &s.trust_anchors)), r#"Some(Some("DIR/a"))"#, r#""DIR/b""#, r#"Some(Some("DIR/b"))"#, r#""DIR/none""#),
    row("idempotency.redis_url", |c| d(redis(c).map(|r| &r.url)), r#"Some("redis://redis")"#, r#""rediss://user@redis:7""#, r#"Some("rediss://user@redis:7")"#, r#""redis://user:word@redis""#),
    row("idempotency.redis_password_file", |c| d(redis(c).map(|r| &r.password_file)), "Some(None)", r#""DIR/b""#, r#"Some(Some("DIR/b"))"#, r#""DIR/none""#),
    row("idempotency.redis_ca_file", |c| d(redis(c).map(|r| &r.ca_file)), "Some(None)", r#""DIR/b""#, r#"Some(Some("DIR/b"))"#, r#""DIR/none""#),
    row("idempotency.encryption_key_file", |c| d(redis(c).map(|r| &r.encryption_key_file)), r#"Some("DIR/a")"#, r#""DIR/b""#, r#"Some("DIR/b")"#, r#""DIR/none""#),
];

#[rustfmt::skip]
const ROWS_WITH_A_FILE: &[Row] = &[
    row("audit.fsync", |c| d(c.audit.fsync), "false", "true", "true", r#""yes""#),
    row("audit.rotate_bytes", |c| d(c.audit.rotate_bytes), "None", "1000", "Some(1000)", "-1"),
];

fn redis(config: &Config) -> Option<&crate::config::Redis> {
    match &config.idempotency.store {
        Store::Memory => None,
        Store::Redis(redis) => Some(redis),
    }
}

#[test]
fn every_key_is_read_from_the_file_and_from_its_variable() {
    check(&[MINIMAL], ROWS);
    check(&[MINIMAL, FULL], ROWS_OF_FULL);
    let with_file = MINIMAL.replace(r#""-""#, r#""DIR/trail""#);
    check(&[&with_file], ROWS_WITH_A_FILE);
}

#[test]
fn the_minimal_configuration_writes_the_trail_where_it_says() {
    let config = Folder::new().parse(MINIMAL, &[]).unwrap();
    assert_eq!(config.audit.output, AuditOutput::Stdout);
}

fn check(base: &[&str], rows: &[Row]) {
    let folder = Folder::new();
    let base = base.concat();
    for row in rows {
        let Row { key, show, .. } = row;
        let shown = |outcome: Result<Config, Faults>| match outcome {
            Ok(config) => show(&config),
            Err(faults) => panic!("{key}: {faults}"),
        };
        assert_eq!(shown(folder.parse(&base, &[])), folder.fill(row.before), "{key}");

        let in_file = |value| with(&base, key, value);
        assert_eq!(shown(folder.parse(&in_file(row.set), &[])), folder.fill(row.after), "{key}");
        refused(key, folder.parse(&in_file(row.bad), &[]));
        let date = refused(key, folder.parse(&in_file("1979-05-27"), &[]));
        assert!(matches!(date, (Some(Origin::Line(_)), Reason::Type(_))), "{key}: {date:?}");

        let name = variable(key);
        let by_variable = |value: &str| folder.parse(&base, &[(&name, value.trim_matches('"'))]);
        if ["routes", "author"].iter().any(|table| key.starts_with(table)) {
            let (_, reason) = refused(&key.to_ascii_lowercase(), by_variable(row.set));
            assert_eq!(reason, Reason::rule("is read from the file only"), "{key}");
            continue;
        }
        assert_eq!(shown(by_variable(row.set)), folder.fill(row.after), "{name}");
        let (origin, _) = refused(key, by_variable(row.bad));
        assert_eq!(origin, Some(Origin::Variable(name)));
    }
}

/// The place and the reason of the only fault, which must be that of the key or an item of it.
fn refused(key: &str, outcome: Result<Config, Faults>) -> (Option<Origin>, Reason) {
    let Err(Faults(faults)) = outcome else {
        panic!("{key} takes a bad value");
    };
    assert_eq!(faults.len(), 1, "{key}: {}", Faults(faults.clone()));
    assert!(faults[0].key.replace('"', "").starts_with(key), "{key}: {}", faults[0]);
    (faults[0].origin.clone(), faults[0].reason.clone())
}

fn variable(key: &str) -> String {
    let path = key.replace("[0]", ".0").replace('.', "__");
    format!("UNGEBRO__{}", path.to_uppercase())
}

/// The text with one key set.
fn with(base: &str, key: &str, value: &str) -> String {
    let mut root: Table = base.parse().unwrap();
    let value = format!("v = {value}").parse::<Table>().unwrap().remove("v").unwrap();
    let mut place = &mut root;
    let (path, last) = key.rsplit_once('.').unwrap_or(("", key));
    for segment in path.split('.').filter(|segment| !segment.is_empty()) {
        let name = segment.trim_end_matches("[0]");
        let next = place.entry(name).or_insert_with(|| Table::new().into());
        place = match next {
            Value::Array(items) => items[0].as_table_mut().unwrap(),
            other => other.as_table_mut().unwrap(),
        };
    }
    place.insert(last.to_owned(), value);
    toml::to_string(&root).unwrap()
}

#[test]
fn keys_may_be_discovered_from_an_issuer_that_has_an_address_and_no_other_source() {
    let folder = Folder::new();
    let discovered = |issuer: &str, source: &str| {
        let base = MINIMAL.replace(r#"jwks_url = "https://idp.example.dk/jwks""#, source);
        folder.parse(&base.replace(r#""https://idp.example.dk/""#, issuer), &[])
    };
    let config = discovered(r#""http://[::1]:8/realms/a""#, "discovery = true").unwrap();
    assert_eq!(
        d(&config.auth.issuers[0].jwks),
        r#"Discovery { url: "http://[::1]:8/realms/a/.well-known/openid-configuration", issuer: "http://[::1]:8/realms/a" }"#
    );
    for (issuer, source) in [
        (r#""idp""#, "discovery = true"),
        (r#""http://idp.example.dk/""#, "discovery = true"),
        (r#""https://idp.example.dk/""#, "discovery = false"),
        (r#""https://idp.example.dk/""#, "discovery = true\njwks_url = \"https://idp.example.dk/jwks\""),
    ] {
        assert!(discovered(issuer, source).is_err(), "{issuer} {source}");
    }
}
