//! Where WSDL and XSD text comes from: a file, a folder, a zip, or text given by name. Never the network.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::archive;
use super::contract::{Contract, SoapVersion};
use super::decode::decode;
use super::document::File;
use super::entities;
use super::error::{Location, SchemaError};
use super::folder;
use super::locate::Files;
use super::service::Wsdl;
use super::wsdl;

/// Most bytes of one service.
pub(super) const MAX_BYTES: usize = 64 << 20;
/// Most files of one service.
pub(super) const MAX_FILES: usize = 4_096;

/// A file's name, relative to the root, and what is in it.
pub(super) type Named = (String, Vec<u8>);

/// How [`read`] finds files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder below which imports are followed; for `None` the folder given, for a file its own folder.
    pub root: Option<PathBuf>,
    /// Files that stand for locations which no file has: web addresses, `classpath:`, absolute paths.
    pub catalog: HashMap<String, PathBuf>,
}

/// Reads a WSDL file, a folder or a zip: one model for each WSDL that no other imports, in the order of
/// their names. Names that begin with a dot are skipped, which is also what Kubernetes expects of readers of
/// mounted volumes.
///
/// # Errors
/// Nothing there can be read as a WSDL, or there is more than 64 MB or 4,096 files. What only some operations
/// need is noted with them (`left_out`).
pub fn read(path: &Path, options: &Options) -> Result<Vec<Wsdl>, SchemaError> {
    let mut catalog = HashMap::new();
    let mut mapped = Vec::new();
    for (location, file) in &options.catalog {
        let name = file.display().to_string();
        mapped.push((name.clone(), std::fs::read(file).map_err(|error| folder::unreadable(file, &error))?));
        catalog.insert(location.clone(), name);
    }
    let (mut files, below) = if archive::is_zip(path) {
        (archive::unpack(path)?, String::new())
    } else {
        folder::gather(path, options.root.as_deref())?
    };
    files.extend(mapped);
    read_named(&files, catalog, &below)
}

/// Reads the same from bytes: pairs of file name and content. Imports are resolved among these names.
///
/// # Errors
/// As [`read`].
pub fn read_texts(files: &[(&str, &[u8])]) -> Result<Vec<Wsdl>, SchemaError> {
    let files: Vec<Named> = files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    read_named(&files, HashMap::new(), "")
}

/// Reads every `*.wsdl` and `*.xsd` below `dir` and gives one contract per WSDL that no other WSDL imports,
/// in the order of their names.
///
/// `prefer` chooses between the bindings of a WSDL that offers both SOAP versions; without it, or when the
/// WSDL has only the other, the first binding counts.
///
/// # Errors
/// As [`read`], and the first thing that is missing or not understood anywhere.
pub fn load_dir(dir: &Path, prefer: Option<SoapVersion>) -> Result<Vec<Contract>, SchemaError> {
    let (files, below) = folder::gather(dir, None)?;
    if !files.iter().any(|(name, _)| folder::has_extension(Path::new(name), "wsdl")) {
        let location = Location { file: dir.display().to_string().into(), line: 0 };
        return Err(SchemaError::new(location, "no *.wsdl file"));
    }
    let wsdls = read_named(&files, HashMap::new(), &below)?;
    wsdls.into_iter().map(|wsdl| Contract::of(wsdl, prefer)).collect()
}

/// Reads the same from text: pairs of file name and content. Imports are resolved among these names.
///
/// # Errors
/// As [`load_dir`].
pub fn load_str(files: &[(&str, &str)], prefer: Option<SoapVersion>) -> Result<Vec<Contract>, SchemaError> {
    let bytes: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    read_texts(&bytes)?.into_iter().map(|wsdl| Contract::of(wsdl, prefer)).collect()
}

/// A file that cannot be parsed is damage to what needs it, not to the others.
fn read_named(
    files: &[Named],
    catalog: HashMap<String, String>,
    below: &str,
) -> Result<Vec<Wsdl>, SchemaError> {
    bounded(files)?;
    let (mut texts, mut damaged) = (Vec::with_capacity(files.len()), Vec::new());
    for (name, bytes) in files {
        match decode(name, bytes) {
            Ok(text) => texts.push((name, text)),
            Err(error) => damaged.push(error),
        }
    }
    let mut expanded = Vec::with_capacity(texts.len());
    for (name, text) in &texts {
        match entities::expand(text) {
            Ok(text) => expanded.push((*name, text)),
            Err(reason) => damaged.push(whole_file(name, reason)),
        }
    }
    let mut parsed = Vec::with_capacity(expanded.len());
    for (name, text) in &expanded {
        match File::parse(name, text) {
            Ok(file) => parsed.push(file),
            Err(error) => damaged.push(error),
        }
    }
    damaged.retain(|error| !folder::has_extension(Path::new(&*error.location.file), "xml"));
    wsdl::read_all(&Files::new(&parsed, catalog, damaged), below)
}

fn bounded(files: &[Named]) -> Result<(), SchemaError> {
    if let Some((name, _)) = files.get(MAX_FILES) {
        return Err(whole_file(name, format!("more than {MAX_FILES} files")));
    }
    let mut left = MAX_BYTES;
    for (name, bytes) in files {
        left = left.checked_sub(bytes.len()).ok_or_else(|| too_large(name))?;
    }
    Ok(())
}

pub(super) fn whole_file(name: &str, reason: impl Into<String>) -> SchemaError {
    SchemaError::new(Location { file: name.into(), line: 0 }, reason)
}

pub(super) fn too_large(name: &str) -> SchemaError {
    whole_file(name, format!("the files together are larger than {} MiB", MAX_BYTES >> 20))
}
