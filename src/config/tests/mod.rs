//! The configuration through its public door: text and variables in, settings or faults out.

mod environment;
mod example;
mod faults;
mod keys;

use super::{Config, Faults};

const ROUTES: [&str; 2] = ["createInterview", "getYouthContacts"];

/// The keys that must be there, and none else.
const MINIMAL: &str = r#"
[[auth.issuers]]
issuer = "https://idp.example.dk/"
audience = "ungebro"
jwks_url = "https://idp.example.dk/jwks"
[upstreams.udb]
system_name = "ungebro"
hent_institution_kontakt = "https://ipl.example.dk/hent"
indberetning_kontakt_job_og_udd_oensker = "https://ipl.example.dk/indberet"
[upstreams.dfdg]
endpoint = "https://star.example.dk/person"
[audit]
file = "-"
cpr_hash_key_file = "DIR/a"
"#;

/// A folder with files `a` and `b` and a folder `d`; `DIR` in a text stands for its path.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "a").unwrap();
        std::fs::write(folder.path().join("b"), "b").unwrap();
        std::fs::create_dir(folder.path().join("d")).unwrap();
        Self(folder)
    }

    fn fill(&self, text: &str) -> String {
        text.replace("DIR", self.0.path().to_str().unwrap())
    }

    fn parse(&self, text: &str, environment: &[(&str, &str)]) -> Result<Config, Faults> {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), self.fill(value)));
        Config::parse(&self.fill(text), environment, &ROUTES)
    }

    /// The faults of the minimal configuration with more text at its end, a line each.
    fn faults_with(&self, more: &str) -> Vec<String> {
        match self.parse(&format!("{MINIMAL}{more}"), &[]) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.to_string().lines().map(str::to_owned).collect(),
        }
    }
}
