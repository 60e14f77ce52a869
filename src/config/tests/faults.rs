//! Faults that concern more than one key, and what fault texts never say.

use super::{Folder, MINIMAL, ROUTES};
use crate::config::Config;

#[test]
fn an_empty_file_lacks_every_required_key() {
    let faults = Folder::new().parse("", &[]).unwrap_err().to_string();
    assert_eq!(
        faults,
        "auth.issuers: is missing\n\
         upstreams: must have the section of a service, udb or dfdg\n\
         audit.file: is missing\n\
         audit.cpr_hash_key_file: is missing"
    );
}

#[test]
fn faults_of_all_kinds_are_named_at_once_with_their_lines() {
    let text = r#"
[server]
listen = 8080
body_limit_bytes = 10
bodylimit_bytes = 10
[[auth.issuers]]
issuer = "a"
[routes.createIntervew]
[authorities."school:1"]
[audit
"#;
    let faults = Folder::new().parse(text, &[]).unwrap_err().to_string();
    for line in [
        "server.listen (line 3): must be a string",
        "server.body_limit_bytes (line 4): must be from 1024 to 1073741824",
        "server.bodylimit_bytes (line 5): is not a key; did you mean body_limit_bytes?",
        "auth.issuers[0].audience (line 6): is missing",
        "auth.issuers[0].jwks_url (line 6): is missing",
        "routes.createIntervew (line 8): is not a key; did you mean createInterview?",
        "authorities.\"school:1\" (line 9): the kind of an authority is jobcenter, municipality, unemployment-fund, external-operator or star",
    ] {
        assert!(faults.lines().any(|fault| fault == line), "{line}\n\n{faults}");
    }
    assert!(faults.starts_with("configuration (line 10): is not TOML: "), "{faults}");
}

#[test]
fn keys_that_contradict_or_need_each_other_are_refused() {
    let folder = Folder::new();
    for (more, fault) in [
        ("[server.tls]\nkey = \"DIR/a\"", "server.tls.certificate (line 15): is missing"),
        (
            "[upstreams.udb.tls]\nnext_identity = \"DIR/a\"",
            "upstreams.udb.tls.next_identity (line 16): needs identity",
        ),
        (
            "[upstreams.dfdg.tls]\nidentity_password_file = \"DIR/a\"",
            "upstreams.dfdg.tls.identity_password_file (line 16): needs identity",
        ),
        (
            "[upstreams.dfdg.tls]\nidentity = \"DIR/a\"\nnext_identity_password_file = \"DIR/a\"",
            "upstreams.dfdg.tls.next_identity_password_file (line 17): needs next_identity",
        ),
        ("[upstreams.udb.signing]", "upstreams.udb.signing.identity (line 15): is missing"),
        (
            "[upstreams.udb.signing]\nidentity = \"DIR/a\"\nverify = \"if-present\"",
            "upstreams.udb.signing.trust_anchors (line 15): is missing",
        ),
        ("[upstreams.dfdg.signing]\nidentity = \"DIR/a\"", "upstreams.dfdg.signing (line 15): is not a key"),
        (
            "[idempotency]\nstore = \"redis\"\nredis_url = \"redis://r\"",
            "idempotency.encryption_key_file (line 15): is missing",
        ),
        (
            "[idempotency]\nstore = \"redis\"\nencryption_key_file = \"DIR/a\"",
            "idempotency.redis_url (line 15): is missing",
        ),
        (
            "[idempotency]\nredis_url = \"redis://r\"",
            "idempotency.redis_url (line 16): needs store = \"redis\"",
        ),
        ("fsync = true", "audit.fsync (line 15): needs a file, not standard output"),
        ("rotate_bytes = 1", "audit.rotate_bytes (line 15): needs a file, not standard output"),
        (
            "[server]\nlisten = \"0.0.0.0:1\"\nadmin_listen = \"0.0.0.0:1\"",
            "server.admin_listen (line 17): must differ from listen",
        ),
        ("[authorities.\"*\"]", "authorities.\"*\" (line 15): must name a kind, such as jobcenter:*"),
        (
            "[[auth.issuers]]\nissuer = \"a\"\naudience = \"b\"\njwks_file = \"DIR/a\"\njwks_url = \"https://a\"",
            "auth.issuers[1].jwks_url (line 19): contradicts jwks_file",
        ),
        (
            "[[auth.issuers]]\nissuer = \"https://idp.example.dk/\"\naudience = \"b\"\njwks_file = \"DIR/a\"",
            "auth.issuers (line 2): must not name an issuer twice",
        ),
    ] {
        assert_eq!(folder.faults_with(more), [fault], "{more}");
    }
}

#[test]
fn forms_of_addresses_are_checked_to_the_letter() {
    let folder = Folder::new();
    let faults = |key: &str, value: &str| folder.faults_with(&format!("[server]\n{key} = {value}")).len();
    for path in ["/a", "/a/b-c/d.e_f~1", ""] {
        assert_eq!(faults("base_path", &format!("{path:?}")), 0, "{path}");
    }
    for path in ["/", "a", "/a/", "//a", "/a//b", "/../a", "/a b", "/a?b", "/{cpr}", "/%41", "/å"] {
        assert_eq!(faults("base_path", &format!("{path:?}")), 1, "{path}");
    }
    for origin in ["https://a.dk", "http://localhost:3000", "https://[::1]:8443"] {
        assert_eq!(faults("cors_allowed_origins", &format!("[{origin:?}]")), 0, "{origin}");
    }
    for origin in
        ["https://a.dk/", "https://A.dk", "https://a.dk:443", "null", "a.dk", "https://*.a.dk/x", "ftp://a"]
    {
        assert_eq!(faults("cors_allowed_origins", &format!("[{origin:?}]")), 1, "{origin}");
    }
}

#[test]
fn plain_http_key_sets_only_come_from_this_machine() {
    let folder = Folder::new();
    for (url, faults) in [
        ("http://localhost:8080/jwks", 0),
        ("http://127.8.8.8/jwks", 0),
        ("http://[::1]/jwks", 0),
        ("http://localhost.example.dk/jwks", 1),
        ("http://127.0.0.1.example.dk/jwks", 1),
        ("http://10.0.0.1/jwks", 1),
        ("https://user@idp.example.dk/jwks", 1),
        ("file:///jwks", 1),
    ] {
        let issuer = format!("[[auth.issuers]]\nissuer = \"a\"\naudience = \"b\"\njwks_url = \"{url}\"");
        assert_eq!(folder.faults_with(&issuer).len(), faults, "{url}");
    }
}

#[test]
fn a_fault_never_says_what_was_set() {
    const SECRET: &str = "hunter2";
    let text = r#"
audience = hunter2
[server]
listen = "hunter2"
base_path = "hunter2"
cors_allowed_origins = ["hunter2"]
trusted_proxies = ["hunter2"]
max_connections = "hunter2"
[auth]
algorithms = ["hunter2"]
[[auth.issuers]]
jwks_url = "https://user:hunter2@host/"
authorities = ["hunter2", "hunter2:1"]
[auth.issuers.authority_map]
group = "hunter2"
[upstreams.udb]
proxy = "http://user:hunter2@host/"
wsdl_dir = "hunter2"
[idempotency]
store = "redis"
redis_url = "redis://:hunter2@host/"
redis_password_file = "hunter2"
[telemetry]
log_level = "hunter2"
"#;
    let environment = [("UNGEBRO__SERVER__HEADER_LIMIT_BYTES", SECRET), ("UNGEBRO__REDIS_PASSWORD", SECRET)];
    let faults = Folder::new().parse(text, &environment).unwrap_err();
    assert!(faults.0.len() > 20, "{faults}");
    assert!(!faults.to_string().contains(SECRET), "{faults}");
    assert!(!format!("{faults:?}").contains(SECRET));
    assert!(faults.to_string().contains("the file that redis_password_file names"));
}

#[test]
fn a_configuration_file_that_is_not_there_is_a_fault() {
    let folder = Folder::new();
    let environment = [("", ""); 0];
    let load = |name: &str| Config::load(&folder.0.path().join(name), environment, &ROUTES);
    let gone = folder.0.path().join("none");
    assert_eq!(
        load("none").unwrap_err().to_string(),
        format!("configuration: {} cannot be read: entity not found", gone.display())
    );
    std::fs::write(folder.0.path().join("c"), folder.fill(MINIMAL)).unwrap();
    assert_eq!(load("c"), folder.parse(MINIMAL, &[]));
    std::fs::write(folder.0.path().join("c"), format!("\u{feff}{}", folder.fill(MINIMAL))).unwrap();
    assert_eq!(load("c"), folder.parse(MINIMAL, &[]), "with a byte order mark");
}

/// One row for each kind of file that keys name: what is wrong with it, and which it is. What does not look like the name
/// of a file may be a password, and is not said.
#[test]
fn a_message_about_a_file_names_the_file() {
    for (text, says) in [
        (
            "[upstreams.udb.tls]\nidentity = \"DIR/gone.p12\"",
            "names DIR/gone.p12, which cannot be read: entity not found",
        ),
        (
            "[upstreams.dfdg.tls]\nca_file = \"gone.pem\"",
            "names gone.pem, which cannot be read: entity not found",
        ),
        ("[upstreams.dfdg.tls]\nca_file = \"DIR\"", "names DIR, which is not a regular file"),
        (
            "[server.tls]\ncertificate = \"DIR/æøå 1.crt\"",
            "names DIR/æøå 1.crt, which cannot be read: entity not found",
        ),
        (
            "[telemetry]\ncode_lists_file = \"DIR/a/b\"",
            "names DIR/a/b, which cannot be read: not a directory",
        ),
        (
            "[upstreams.udb.tls]\nidentity = \"DIR/b\"\nca_file = \"DIR/wsdl\"",
            "names DIR/wsdl, which cannot be read: entity not found",
        ),
        ("", "names DIR/none/trail, which is not a file in a folder that exists"),
        (
            "[upstreams.udb.tls]\nidentity_password_file = \"hunter2\"",
            "names something, which cannot be read: entity not found",
        ),
        (
            "[upstreams.udb.tls]\nidentity_password_file = \"hunter/2:x\"",
            "names something, which cannot be read: entity not found",
        ),
    ] {
        let folder = Folder::new();
        let minimal = MINIMAL.replace("\"-\"", if text.is_empty() { "\"DIR/none/trail\"" } else { "\"-\"" });
        let faults = folder.parse(&format!("{minimal}\n{text}"), &[]).unwrap_err().to_string();
        let says = says.replace("DIR", &folder.0.path().display().to_string());
        assert!(faults.contains(&says), "{text}:\n{faults}");
    }
}

#[test]
fn the_own_table_of_an_authority_comes_before_that_of_its_kind() {
    let more = "[authorities.\"jobcenter:*\"]\nstar_institution_number = 1\nkui_institution_number = 2\n\
                [authorities.\"jobcenter:10101\"]\nstar_institution_number = 3";
    let config = Folder::new().parse(&format!("{MINIMAL}{more}"), &[]).unwrap();
    for (authority, star, kui) in [
        ("jobcenter:10101", Some(3), Some(2)),
        ("jobcenter:1", Some(1), Some(2)),
        ("municipality:101", None, None),
    ] {
        let settings = config.authorities.settings(&authority.parse().unwrap());
        assert_eq!(settings.star_institution_number, star, "{authority}");
        assert_eq!(settings.kui_institution_number, kui, "{authority}");
    }
}

#[test]
fn an_issuer_may_claim_what_one_of_its_patterns_names() {
    let more = "[[auth.issuers]]\nissuer = \"a\"\naudience = \"b\"\njwks_file = \"DIR/a\"\n\
                authorities = [\"jobcenter:*\", \"municipality:151\"]";
    let config = Folder::new().parse(&format!("{MINIMAL}{more}"), &[]).unwrap();
    let may =
        |index: usize, authority: &str| config.auth.issuers[index].may_claim(&authority.parse().unwrap());
    assert!(may(0, "star:1"));
    assert!(may(1, "jobcenter:1") && may(1, "municipality:151"));
    assert!(!may(1, "municipality:0151") && !may(1, "star:1"));
}
