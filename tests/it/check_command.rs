//! `ungebro check` as a process: for each kind of fault the line that names it, and the exit code.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use ungebro::services::dfdg;

use crate::support::secured::{self, OWN};
use crate::support::token::jwks;

const READ_BY_ALL: &str = "can be read by every user of the machine";
/// Files that the tests have.
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
/// What a password file of them holds.
const PASSWORD: &str = "rødgrød med fløde";

/// A configuration and what is said of it; `DIR` is its folder, `DATA` the one above.
#[derive(Default)]
struct Row {
    /// Keys of `[upstreams.udb]` and `[upstreams.dfdg]`.
    in_udb: &'static str,
    in_dfdg: &'static str,
    /// Further tables.
    more: &'static str,
    exit: i32,
    /// The beginnings of lines that are all there is besides the usual ones.
    says: &'static [&'static str],
}

/// What is said of the key set that every configuration here has.
const USUAL: &str = "ok: auth.issuers[0].jwks_file: DIR/jwks.json holds a key";

fn config(folder: &Path, row: &Row) -> String {
    let text = format!(
        r#"[[auth.issuers]]
issuer = "https://idp.example.dk/"
audience = "ungebro"
jwks_file = "DIR/jwks.json"
[upstreams.udb]
system_name = "test"
hent_institution_kontakt = "https://localhost:9/hent"
indberetning_kontakt_job_og_udd_oensker = "https://localhost:9/indberetning"
{}
[upstreams.dfdg]
endpoint = "https://localhost:9/dfdg"
{}
[audit]
file = "DIR/audit.jsonl"
cpr_hash_key_file = "DIR/audit-key"
{}
"#,
        row.in_udb, row.in_dfdg, row.more
    );
    placed(&text, folder)
}

fn placed(text: &str, folder: &Path) -> String {
    text.replace("DIR", folder.to_str().unwrap()).replace("DATA", DATA)
}

/// A folder with what every configuration names, and with files that are wrong in a way.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, content).unwrap();
        fs::set_permissions(file, fs::Permissions::from_mode(0o640)).unwrap();
    };
    let expired = fs::read_to_string(format!("{DATA}/signed/identities/expired.pem")).unwrap();
    let (certificate, key) = expired.split_at(expired.find("-----BEGIN PRIVATE KEY").unwrap());
    write("expired.crt", certificate);
    write("expired.key", key);
    let official = dfdg::SERVICE.wsdl;
    write("jwks.json", &jwks());
    write("no-jwks.json", "[]");
    write("audit-key", &"k".repeat(32));
    write("short", "short");
    write("nothing.pem", "nothing");
    write("lists.json", "{\"a\": 7}");
    write("no-wsdl/readme.txt", "The official files go here.");
    write("broken/dfdg.wsdl", &official.replace("</wsdl:types>", "</wsdl:type>"));
    write("no-type/dfdg.wsdl", &official.replace("type=\"guid:guid\" minOccurs=\"0\"", "type=\"guid:gone\""));
    write("other/dfdg.wsdl", &official.replace("JobCenterIdentifier", "JobcentreNumber"));
    let fewer = official.replace("BookingIdentifier", "Booking");
    write("fewer/dfdg.wsdl", &fewer.replace("maxLength value=\"3000\"", "maxLength value=\"300\""));
    folder
}

fn check(folder: &Path, config: &str, arguments: &[&str]) -> Output {
    let file = folder.join("ungebro.toml");
    fs::write(&file, config).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_ungebro"));
    program.args(["check", "--config"]).arg(&file).args(arguments).env_clear();
    program.output().unwrap()
}

fn lines(octets: &[u8]) -> Vec<&str> {
    std::str::from_utf8(octets).unwrap().lines().collect()
}

fn judge(row: &Row) {
    let folder = folder();
    let output = check(folder.path(), &config(folder.path(), row), &[]);
    let (said, complained) = (lines(&output.stdout), lines(&output.stderr));
    let place = format!("{:?}\n{}\n{}", row.says, said.join("\n"), complained.join("\n"));
    assert_eq!(output.status.code(), Some(row.exit), "{place}");
    assert!(!place.contains(PASSWORD), "{place}");
    let unread = complained.iter().any(|line| line.contains(" (line "));
    let mut expected = row.says.iter().map(|line| placed(line, folder.path())).collect::<Vec<_>>();
    match (row.exit, unread) {
        (0, _) => expected.extend(["the configuration can be used".to_owned(), placed(USUAL, folder.path())]),
        // Nothing but the file itself could be looked at.
        (_, true) => {}
        (_, false) => expected.push("the configuration cannot be used".to_owned()),
    }
    for line in &expected {
        let found = said.iter().chain(&complained).filter(|said| said.starts_with(line.as_str())).count();
        assert_eq!(found, 1, "{line}\n\n{place}");
    }
    let usual = placed(USUAL, folder.path());
    for line in said.iter().chain(&complained) {
        // The files of the repository are read by everybody; what is said of secrets has a test of its own.
        let known = *line == usual
            || (line.contains(DATA) && line.contains(READ_BY_ALL))
            || expected.iter().any(|expected| line.starts_with(expected.as_str()));
        assert!(known, "nobody expected: {line}\n\n{place}");
    }
}

#[test]
fn a_sound_configuration_can_be_used() {
    judge(&Row::default());
}

/// One row a key: a secret that every user of the machine may read.
#[test]
fn secrets_that_others_may_read_are_named() {
    let folder = folder();
    for (name, mode) in
        [("open-key", 0o644), ("open.pem", 0o604), ("open-password", 0o666), ("shut-key", 0o640)]
    {
        let file = folder.path().join(name);
        let content = match name {
            "open.pem" => fs::read_to_string(format!("{DATA}/signed/identities/rsa-2048.pem")).unwrap(),
            _ => "k".repeat(32),
        };
        fs::write(&file, content).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    }
    let more = "[upstreams.udb.tls]\nidentity = \"DIR/open.pem\"\nidentity_password_file = \"DIR/open-password\"\n\
                [upstreams.udb.signing]\nidentity = \"DIR/open.pem\"\n[upstreams.dfdg.tls]\nidentity = \"DIR/open.pem\"\n\
                next_identity = \"DIR/open.pem\"\n[idempotency]\nstore = \"redis\"\nredis_url = \"redis://127.0.0.1:1\"\n\
                redis_password_file = \"DIR/open-password\"\nencryption_key_file = \"DIR/open-key\"";
    let text = placed(&config(folder.path(), &Row { more, ..Row::default() }), folder.path());
    let text = text.replace(
        "/audit-key\"",
        "/open-key\"\nprevious_cpr_hash_key_files = [\"DIR/shut-key\", \"DIR/open-key\"]",
    );
    let output = check(folder.path(), &placed(&text, folder.path()), &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    let warned: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("warning: ")?.split_once(": "))
        .map(|(key, _)| key)
        .collect();
    for key in [
        "audit.cpr_hash_key_file",
        "audit.previous_cpr_hash_key_files[1]",
        "idempotency.encryption_key_file",
        "idempotency.redis_password_file",
        "upstreams.udb.tls.identity",
        "upstreams.udb.tls.identity_password_file",
        "upstreams.udb.signing.identity",
        "upstreams.dfdg.tls.identity",
        "upstreams.dfdg.tls.next_identity",
    ] {
        assert!(warned.contains(&key), "{key}:\n{said}{}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(!said.contains("key_files[0]"), "{said}");
    assert!(said.contains("can be read by every user of the machine (mode 644)"), "{said}");
}

/// A path that leads to another file, such as the key: `serve` would have emptied it.
#[test]
fn a_trail_in_the_place_of_another_file_is_refused() {
    for name in ["audit-key", "jwks.json", "expired.crt"] {
        let folder = folder();
        let text = config(folder.path(), &Row::default()).replace("DIR", folder.path().to_str().unwrap());
        let (before, rest) = text.split_once("[audit]").unwrap();
        let (_, rest) = rest.split_once("file = ").unwrap();
        let (_, rest) = rest.split_once('\n').unwrap();
        let text = format!("{before}[audit]\nfile = \"{}\"\n{rest}", folder.path().join(name).display());
        let content = fs::read(folder.path().join(name)).unwrap();
        let output = check(folder.path(), &text, &[]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains("is no audit trail, and is not continued"), "{name}: {said}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), content);
    }
}

/// Every text file that a configuration names, and itself, as editors of Windows write them.
#[test]
fn a_byte_order_mark_at_the_beginning_of_a_file_changes_nothing() {
    let folder = folder();
    let marked = |name: &str, content: String| {
        fs::write(folder.path().join(name), format!("\u{feff}{content}")).unwrap();
    };
    let data = |name: &str| fs::read_to_string(format!("{DATA}/signed/identities/{name}")).unwrap();
    marked("jwks.json", jwks());
    marked("audit-key", "k".repeat(32));
    marked("lists.json", "{}".to_owned());
    marked("ca.pem", data("root.pem"));
    marked("key.pem", data("rsa-2048.pem"));
    let row = Row {
        more: "[upstreams.udb.tls]\nca_file = \"DIR/ca.pem\"\n[upstreams.dfdg.tls]\nidentity = \"DIR/key.pem\"\n\
               [telemetry]\ncode_lists_file = \"DIR/lists.json\"",
        ..Row::default()
    };
    let text = format!("\u{feff}{}", config(folder.path(), &row));
    let output = check(folder.path(), &text, &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("error: "), "{said}");
}

#[test]
fn what_a_file_itself_gets_wrong_is_named_with_its_line() {
    for row in [
        Row {
            more: "[cache]\ncontact_ttl_seconds = 1",
            says: &["cache.contact_ttl_seconds (line 17): is not a key; did you mean contacts_ttl_seconds?"],
            ..wrong()
        },
        Row {
            more: "[server]\nbody_limit_bytes = 10\nlisten = 7",
            says: &[
                "server.body_limit_bytes (line 17): must be from 1024 to 1073741824",
                "server.listen (line 18): must be a string",
            ],
            ..wrong()
        },
        Row {
            more: "[upstreams.udb.tls]\nidentity = \"DIR/gone.p12\"",
            says: &[
                "upstreams.udb.tls.identity (line 17): names DIR/gone.p12, which cannot be read: entity not found",
            ],
            ..wrong()
        },
    ] {
        judge(&row);
    }
}

fn wrong() -> Row {
    Row { exit: 1, ..Row::default() }
}

#[test]
fn identities_that_cannot_be_used_name_their_file() {
    for row in [
        Row {
            more: "[upstreams.udb.tls]\nidentity = \"DATA/identity/modern.p12\"\n\
                   identity_password_file = \"DATA/identity/wrong-password.txt\"",
            says: &["error: upstreams.udb.tls.identity: DATA/identity/modern.p12: wrong password"],
            ..wrong()
        },
        Row {
            more: "[upstreams.dfdg.tls]\nidentity = \"DATA/identity/encrypted.pem\"",
            says: &[
                "error: upstreams.dfdg.tls.identity: DATA/identity/encrypted.pem: is encrypted, and there is no \
                     password file for it",
            ],
            ..wrong()
        },
        Row {
            more: "[upstreams.udb.tls]\nidentity = \"DATA/identity/mismatch.pem\"",
            says: &[
                "error: upstreams.udb.tls.identity: DATA/identity/mismatch.pem: its private key does not belong \
                     to its certificate",
            ],
            ..wrong()
        },
        Row {
            more: "[upstreams.udb.tls]\nidentity = \"DATA/signed/identities/expired.pem\"",
            says: &[
                "warning: upstreams.udb.tls.identity: DATA/signed/identities/expired.pem expired on 2026-06-01",
                "error: upstreams.udb: DATA/signed/identities/expired.pem: its certificate expired on 2026-06-01",
            ],
            ..wrong()
        },
        Row {
            more: "[upstreams.dfdg.tls]\nidentity = \"DATA/identity/pkcs8.pem\"\nca_file = \"DIR/nothing.pem\"",
            says: &[
                "ok: upstreams.dfdg.tls.identity: DATA/identity/pkcs8.pem has ",
                "error: upstreams.dfdg: DIR/nothing.pem: holds no certificate",
            ],
            ..wrong()
        },
        Row {
            more: "[upstreams.udb.signing]\nidentity = \"DATA/identity/modern.p12\"\n\
                   identity_password_file = \"DATA/identity/password.txt\"\nverify = \"require\"\n\
                   trust_anchors = \"DIR/nothing.pem\"",
            says: &[
                "ok: upstreams.udb.signing.identity: DATA/identity/modern.p12 has ",
                "error: upstreams.udb.signing: DIR/nothing.pem: ",
            ],
            ..wrong()
        },
        Row {
            more: "[server.tls]\ncertificate = \"DATA/identity/own.pem\"\nkey = \"DATA/identity/mismatch.pem\"",
            says: &[
                "error: server.tls: DATA/identity/mismatch.pem: its private key does not belong to its certificate",
            ],
            ..wrong()
        },
        Row {
            more: "[server.tls]\ncertificate = \"DIR/expired.crt\"\nkey = \"DIR/expired.key\"",
            says: &["warning: server.tls.certificate: DIR/expired.crt expired on 2026-06-01"],
            exit: 0,
            ..wrong()
        },
    ] {
        judge(&row);
    }
}

#[test]
fn other_files_that_cannot_be_used_are_named() {
    for row in [
        Row {
            more: "previous_cpr_hash_key_files = [\"DIR/short\"]",
            says: &["error: audit: the CPR hash key DIR/short is shorter than "],
            ..wrong()
        },
        Row {
            more: "[idempotency]\nstore = \"redis\"\nredis_url = \"redis://localhost\"\n\
                   encryption_key_file = \"DIR/short\"",
            says: &["error: idempotency: "],
            ..wrong()
        },
    ] {
        judge(&row);
    }
    // Keys that stand elsewhere than at the end.
    for (from, to, says) in [
        ("DIR/audit.jsonl", "/proc/audit.jsonl", "error: audit.file: /proc/audit.jsonl: "),
        (
            "DIR/jwks.json",
            "DIR/no-jwks.json",
            "error: auth.issuers[0].jwks_file: DIR/no-jwks.json: not a JSON Web Key Set",
        ),
        (
            "[[auth.issuers]]",
            "code_lists_file = \"DIR/lists.json\"\n[[auth.issuers]]",
            "error: code_lists_file: DIR/lists.json: is not a file of code lists: ",
        ),
    ] {
        let folder = folder();
        let (from, to) = (placed(from, folder.path()), placed(to, folder.path()));
        let output = check(folder.path(), &config(folder.path(), &wrong()).replace(&from, &to), &[]);
        let says = placed(says, folder.path());
        let errors: Vec<_> =
            lines(&output.stdout).into_iter().filter(|line| line.starts_with("error")).collect();
        assert_eq!(output.status.code(), Some(1), "{errors:?}");
        assert!(errors.len() == 1 && errors[0].starts_with(&says), "{errors:?}");
    }
}

#[test]
fn wsdls_are_compared_and_each_difference_has_its_consequence() {
    for row in [
        Row {
            in_udb: "wsdl_dir = \"DIR/no-wsdl\"",
            says: &["error: upstreams.udb.wsdl_dir: DIR/no-wsdl: no *.wsdl file"],
            ..wrong()
        },
        Row {
            in_dfdg: "wsdl_dir = \"DIR/broken\"",
            says: &[
                "error: upstreams.dfdg.wsdl_dir: dfdg.wsdl:743: an end tag that does not fit its start tag",
            ],
            ..wrong()
        },
        Row {
            in_dfdg: "wsdl_dir = \"DIR/no-type\"",
            says: &[
                "error: upstreams.dfdg.wsdl_dir: dfdg.wsdl:550: type {http://microsoft.com/wsdl/types/}gone is not declared",
            ],
            ..wrong()
        },
        Row {
            in_dfdg: "wsdl_dir = \"DIR/other\"",
            says: &[
                "error: createConsent and updateJobcenter cannot send jobcenterIdentifier: no element JobCenterIdentifier",
                "error: createConsent cannot fill CivicConsent/JobcentreNumber: the upstream requires it",
                "error: updateJobcenter cannot fill UpdatePersonJobcenter/JobcentreNumber: the upstream requires it",
            ],
            ..wrong()
        },
        Row {
            in_dfdg: "wsdl_dir = \"DIR/other\"",
            more: "[routes.createConsent]\nenabled = false\n[routes.updateJobcenter]\nenabled = false",
            ..Row::default()
        },
        Row {
            in_dfdg: "wsdl_dir = \"DIR/fewer\"",
            says: &[
                "warning: createInterview and updateInterview cannot send bookingIdentifier: no element BookingIdentifier",
                "warning: createInterview and updateInterview may be refused for agreementDescription: at most 300 characters upstream, 3000 here",
                "warning: createInterview and createCategoryAndInterview will never answer bookingIdentifier: ",
                "warning: createCategoryAndInterview cannot send interview.bookingIdentifier: ",
                "warning: createCategoryAndInterview may be refused for interview.agreementDescription: ",
            ],
            ..Row::default()
        },
    ] {
        judge(&row);
    }
}

/// The configuration that leads to a sandbox with certificates and signatures.
fn leading_to(base: &str, folder: &Path) -> String {
    let path = |text: &str| text.replace("https://localhost:9", base);
    let (client, authority) = (OWN.1.client.display(), OWN.1.authority.display());
    let tls = |upstream: &str| {
        format!("[upstreams.{upstream}.tls]\nidentity = \"{client}\"\nca_file = \"{authority}\"\n")
    };
    let more = format!("{}{}[upstreams.udb.signing]\nidentity = \"{client}\"\n", tls("udb"), tls("dfdg"));
    let text = config(folder, &Row::default());
    path(&text)
        .replace("/hent\"", "/services/Ungedatabasen/HentInstitutionKontakt/v1.0\"")
        .replace("/indberetning\"", "/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1\"")
        .replace("/dfdg\"", "/9/PersonRegistrationService.svc\"")
        + &more
}

#[tokio::test]
async fn connecting_tells_of_each_service_and_of_key_sets() {
    let (base, folder) = (secured::start(), folder());
    let up = leading_to(&base, folder.path());
    let output = check(folder.path(), &up, &["--connect"]);
    let said = lines(&output.stdout).join("\n");
    assert_eq!(output.status.code(), Some(0), "{said}");
    for service in
        ["HentInstitutionKontakt", "IndberetningKontaktJobOgUddOensker", "PersonRegistrationService"]
    {
        assert!(said.contains(&format!("ok: {service}: connected, TLSv1_3\n")), "{said}");
    }
    assert!(said.ends_with("\nthe configuration can be used"), "{said}");

    let down =
        up.replace(&base, "https://localhost:9").replace("jwks_file = \"", "jwks_url = \"http://127.0.0.1:9");
    let output = check(folder.path(), &down, &["--connect"]);
    let said = lines(&output.stdout).join("\n");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: PersonRegistrationService: not connected: Connection refused"), "{said}");
    assert!(said.contains("error: auth.issuers[0].jwks_url: no connection, or it broke"), "{said}");

    let stranger = up.replace(&format!("identity = \"{}\"\n", OWN.1.client.display()), "");
    let stranger = stranger.replace("[upstreams.udb.signing]\n", "");
    let output = check(folder.path(), &stranger, &["--connect"]);
    let said = lines(&output.stdout).join("\n");
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: HentInstitutionKontakt: TLS handshake failed: "), "{said}");
}

#[tokio::test]
async fn fetched_wsdls_can_be_put_to_use() {
    let (base, folder) = (secured::start(), folder());
    let config = leading_to(&base, folder.path());
    let saved = folder.path().join("fetched");
    let output = check(folder.path(), &config, &["--fetch-wsdl", saved.to_str().unwrap()]);
    let said = lines(&output.stdout).join("\n");
    assert_eq!(output.status.code(), Some(0), "{said}");
    let line = format!("ok: PersonRegistrationService: a file saved in {}", saved.join("dfdg").display());
    assert!(said.contains(&line), "{said}");
    let mut official = config;
    for upstream in ["udb", "dfdg"] {
        let header = format!("[upstreams.{upstream}]\n");
        let folder = saved.join(upstream);
        official = official.replace(&header, &format!("{header}wsdl_dir = \"{}\"\n", folder.display()));
    }
    let output = check(folder.path(), &official, &[]);
    let said = lines(&output.stdout).join("\n");
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("warning"), "{said}");
}
