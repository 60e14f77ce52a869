//! The WSDL, XSD and XML files below a folder; links are followed only inside it.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::SchemaError;
use super::source::{MAX_BYTES, MAX_FILES, Named, too_large, whole_file};

const MAX_DIRECTORY_DEPTH: usize = 32;

/// All files below `root` (else below `path`, or beside it when it is a file), and the name of `path` there.
pub(super) fn gather(path: &Path, root: Option<&Path>) -> Result<(Vec<Named>, String), SchemaError> {
    let canonical = |path: &Path| path.canonicalize().map_err(|error| unreadable(path, &error));
    let real = canonical(path)?;
    let own = if real.is_dir() { &*real } else { real.parent().unwrap_or(&real) };
    let root = root.map_or_else(|| Ok(own.to_owned()), canonical)?;
    if !real.starts_with(&root) {
        return Err(whole_file(&path.display().to_string(), "is not below the root"));
    }
    let mut found = Found { root: &root, paths: Vec::new(), bytes: 0 };
    found.list(&root, MAX_DIRECTORY_DEPTH)?;
    if real.is_file() && !found.paths.contains(&real) {
        found.paths.push(real.clone());
    }
    found.paths.sort();
    let mut files = Vec::with_capacity(found.paths.len());
    for path in &found.paths {
        let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
        files.push((relative_name(&root, path), bytes));
    }
    Ok((files, relative_name(&root, &real)))
}

struct Found<'r> {
    root: &'r Path,
    paths: Vec<PathBuf>,
    bytes: u64,
}

impl Found<'_> {
    fn list(&mut self, dir: &Path, depth: usize) -> Result<(), SchemaError> {
        for entry in fs::read_dir(dir).map_err(|error| unreadable(dir, &error))? {
            let entry = entry.map_err(|error| unreadable(dir, &error))?;
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                self.entry(entry.path(), depth)?;
            }
        }
        Ok(())
    }

    fn entry(&mut self, path: PathBuf, depth: usize) -> Result<(), SchemaError> {
        let real = path.canonicalize().map_err(|error| unreadable(&path, &error))?;
        if real.is_dir() {
            // A link back up makes a circle; the depth ends it.
            if depth > 0 && real.starts_with(self.root) && real != self.root {
                self.list(&path, depth - 1)?;
            }
            return Ok(());
        }
        if !["wsdl", "xsd", "xml"].iter().any(|extension| has_extension(&path, extension)) {
            return Ok(());
        }
        let name = relative_name(self.root, &path);
        if !real.starts_with(self.root) {
            return Err(whole_file(&name, "leads out of the directory"));
        }
        self.bytes += real.metadata().map_err(|error| unreadable(&path, &error))?.len();
        if self.bytes > MAX_BYTES as u64 {
            return Err(too_large(&name));
        }
        if self.paths.len() == MAX_FILES {
            return Err(whole_file(&name, format!("more than {MAX_FILES} files")));
        }
        self.paths.push(path);
        Ok(())
    }
}

pub(super) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn relative_name(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> SchemaError {
    whole_file(&path.display().to_string(), error.to_string())
}
