//! `ungebro routes`: the URL tree, a route a line.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::{Failure, route_ids};
use crate::config::Config;
use crate::openapi::Options;
use crate::operation::Spec;
use crate::services;

#[derive(Debug, Args)]
pub(super) struct Routes {
    /// The configuration file (TOML); without it every route is printed, with it those that it serves.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Routes {
    pub(super) fn run(self) -> Result<(), Failure> {
        let options = match &self.config {
            Some(file) => Options::of(&Config::load(file, std::env::vars_os(), &route_ids())?),
            None => Options::default(),
        };
        Ok(std::io::stdout().lock().write_all(text(&options).as_bytes())?)
    }
}

/// Path by path in alphabetical order, each with its methods.
fn text(options: &Options) -> String {
    let mut tree: BTreeMap<&str, Vec<&Spec>> = BTreeMap::new();
    for spec in services::specs().filter(|spec| options.publishes(spec)) {
        tree.entry(spec.path).or_default().push(spec);
    }
    let width = tree.keys().map(|path| path.len()).max().unwrap_or_default() + options.base_path.len();
    let line = |spec: &Spec| {
        let path = format!("{}{}", options.base_path, spec.path);
        let kinds: Vec<String> = options.kinds(spec).iter().map(ToString::to_string).collect();
        let scopes = spec.scopes.names().join(" ");
        format!("{path:width$}  {:6} {}  [{scopes}]  {}\n", spec.method.as_str(), spec.id, kinds.join(" "))
    };
    tree.values().flatten().map(|spec| line(spec)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_its_line_under_its_path() {
        let text = text(&Options::default());
        assert_eq!(text.lines().count(), services::specs().count());
        for spec in services::specs() {
            let line =
                |line: &str| line.split_whitespace().take(3).eq([spec.path, spec.method.as_str(), spec.id]);
            assert!(text.lines().any(line), "{}", spec.id);
        }
    }

    #[test]
    fn what_is_not_served_is_not_there() {
        let options = Options { absent: ["dfdg"].into(), base_path: "/v1".to_owned(), ..Options::default() };
        let text = text(&options);
        assert!(
            text.lines().count() == 4 && text.lines().all(|line| line.starts_with("/v1/youth")),
            "{text}"
        );
    }
}
