//! What variables can and cannot say.

use super::{Folder, MINIMAL};
use crate::config::{Config, JwksSource};

fn faults(environment: &[(&str, &str)]) -> String {
    match Folder::new().parse(MINIMAL, environment) {
        Ok(_) => String::new(),
        Err(faults) => faults.to_string(),
    }
}

#[test]
fn variables_alone_are_a_whole_configuration() {
    let folder = Folder::new();
    let config = folder.parse(
        "",
        &[
            ("UNGEBRO__AUTH__ISSUERS__0__ISSUER", "a"),
            ("UNGEBRO__AUTH__ISSUERS__0__AUDIENCE", "x, y"),
            ("UNGEBRO__AUTH__ISSUERS__0__JWKS_FILE", "DIR/a"),
            ("UNGEBRO__AUTH__ISSUERS__1__ISSUER", "b"),
            ("UNGEBRO__AUTH__ISSUERS__1__AUDIENCE__0", "z"),
            ("UNGEBRO__AUTH__ISSUERS__1__JWKS_URL", "https://b/jwks"),
            ("UNGEBRO__UPSTREAMS__UDB__SYSTEM_NAME", "ungebro"),
            ("UNGEBRO__UPSTREAMS__UDB__HENT_INSTITUTION_KONTAKT", "http://u/h"),
            ("UNGEBRO__UPSTREAMS__UDB__INDBERETNING_KONTAKT_JOB_OG_UDD_OENSKER", "http://u/i"),
            ("UNGEBRO__UPSTREAMS__DFDG__ENDPOINT", "http://d"),
            ("UNGEBRO__AUDIT__FILE", "-"),
            ("ungebro__audit__cpr_hash_key_file", "DIR/a"),
            ("UNGEBRO_OTHER", "not ours"),
            ("PATH", "/bin"),
        ],
    );
    let Config { auth, .. } = config.unwrap();
    assert_eq!(auth.issuers[0].audience, ["x", "y"]);
    assert!(matches!(auth.issuers[0].jwks, JwksSource::File(_)));
    assert_eq!(auth.issuers[1].audience, ["z"]);
}

#[test]
fn more_than_ten_issuers_keep_their_order() {
    let variables: Vec<(String, String)> = (0..12)
        .flat_map(|index| {
            let name = |key| format!("UNGEBRO__AUTH__ISSUERS__{index}__{key}");
            [
                (name("ISSUER"), format!("issuer {index}")),
                (name("AUDIENCE"), "ungebro".to_owned()),
                (name("JWKS_URL"), "https://idp/jwks".to_owned()),
            ]
        })
        .collect();
    let folder = Folder::new();
    let config = Config::parse(&folder.fill(MINIMAL), variables, &[]).unwrap();
    assert_eq!(config.auth.issuers[11].issuer, "issuer 11");
}

#[test]
fn an_array_is_toml_or_comma_separated() {
    for (value, items) in [
        (r#"["https://a", "https://b"]"#, 2),
        ("https://a, https://b", 2),
        ("https://a", 1),
        ("[]", 0),
        ("", 0),
    ] {
        let environment = [("UNGEBRO__SERVER__CORS_ALLOWED_ORIGINS", value)];
        let config = Folder::new().parse(MINIMAL, &environment).unwrap();
        assert_eq!(config.server.cors_allowed_origins.len(), items, "{value}");
    }
}

#[test]
fn every_unknown_variable_is_named() {
    let text = faults(&[
        ("UNGEBRO__SERVER__LISTN", "x"),
        ("UNGEBRO__SERVR__LISTEN", "x"),
        ("UNGEBRO__SERVR__BASE_PATH", "x"),
        ("UNGEBRO__AUTH__ISSUERS__0__NAME__FIRST", "x"),
        ("UNGEBRO__", "x"),
    ]);
    assert_eq!(
        text,
        "server.listn (from UNGEBRO__SERVER__LISTN): is not a key; did you mean listen?\n\
         auth.issuers[0].name.first (from UNGEBRO__AUTH__ISSUERS__0__NAME__FIRST): is not a key\n\
         configuration (from UNGEBRO__): is not a key\n\
         servr.base_path (from UNGEBRO__SERVR__BASE_PATH): is not a key; did you mean server?\n\
         servr.listen (from UNGEBRO__SERVR__LISTEN): is not a key; did you mean server?"
    );
}

#[test]
fn a_variable_that_has_no_place_says_why() {
    for (environment, reason) in [
        (&[("UNGEBRO__AUTH__ISSUERS__2__ISSUER", "x")][..], "must number its items from 0 without a gap"),
        (&[("UNGEBRO__AUTH__ISSUERS__FIRST__ISSUER", "x")], "must number its items from 0 without a gap"),
        (&[("UNGEBRO__AUDIT__FILE__NAME", "x")], "names a part of a key that has no parts"),
        (&[("UNGEBRO__ROUTES__CREATEINTERVIEW__ENABLED", "false")], "is read from the file only"),
        (
            &[("UNGEBRO__SERVER__BASE_PATH", "/a"), ("ungebro__server__base_path", "/b")],
            "is set by two variables",
        ),
        (
            &[("UNGEBRO__SERVER__BASE_PATH", "/a"), ("UNGEBRO__SERVER__BASE_PATH__0", "/b")],
            "names a part of a key that has no parts",
        ),
        (&[("UNGEBRO__SERVER", "x")], "must be a table"),
    ] {
        let text = faults(environment);
        assert!(text.ends_with(reason) && text.lines().count() == 1, "{environment:?}: {text}");
    }
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf8_is_refused() {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;

    let variables =
        ["UNGEBRO__SERVER__BASE_PATH", "OTHER"].map(|name| (name, OsString::from_vec(vec![0xff])));
    let error = Config::parse(&Folder::new().fill(MINIMAL), variables, &[]).unwrap_err();
    assert_eq!(error.to_string().matches("is not UTF-8").count(), 1, "{error}");
}
