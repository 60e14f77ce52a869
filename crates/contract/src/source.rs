//! Where WSDL and XSD text comes from: a directory or text given by name. Never the network.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::contract::{Contract, SoapVersion};
use super::document::File;
use super::error::{Location, SchemaError};
use super::locate::Files;
use super::service::Wsdl;
use super::wsdl;

const MAX_FILE_BYTES: u64 = 4 << 20;
const MAX_FILES: usize = 200;
const MAX_DIRECTORY_DEPTH: usize = 8;

/// Reads every `*.wsdl` and `*.xsd` below `dir` and gives one contract per WSDL that no other WSDL imports,
/// in the order of their names.
///
/// `prefer` chooses between the bindings of a WSDL that offers both SOAP versions; without it, or when the
/// WSDL has only the other, the first binding counts. Names that begin with a dot are skipped, which is also
/// what Kubernetes expects of readers of mounted volumes.
///
/// # Errors
/// The first thing that cannot be read: more than 200 files, a file over 4 MiB, one that leads out of the
/// directory, a DTD, a declaration that is missing or not understood.
pub fn load_dir(dir: &Path, prefer: Option<SoapVersion>) -> Result<Vec<Contract>, SchemaError> {
    let texts = texts(dir)?;
    let named: Vec<_> = texts.iter().map(|(name, text)| (&**name, &**text)).collect();
    if !named.iter().any(|(name, _)| has_extension(Path::new(name), "wsdl")) {
        return Err(SchemaError::new(
            Location { file: dir.display().to_string().into(), line: 0 },
            "no *.wsdl file",
        ));
    }
    load_str(&named, prefer)
}

fn texts(dir: &Path) -> Result<Vec<(String, String)>, SchemaError> {
    let root = dir.canonicalize().map_err(|error| unreadable(dir, &error))?;
    let mut paths = Vec::new();
    list(&root, &root, MAX_DIRECTORY_DEPTH, &mut paths)?;
    paths.sort();
    let mut texts = Vec::with_capacity(paths.len());
    for path in paths {
        let name = relative_name(&root, &path);
        let text = decode(&name, fs::read(&path).map_err(|error| unreadable(&path, &error))?)?;
        texts.push((name, text));
    }
    Ok(texts)
}

/// Reads the same from text: pairs of file name and content. Imports are resolved among these names.
///
/// # Errors
/// As [`load_dir`].
pub fn load_str(files: &[(&str, &str)], prefer: Option<SoapVersion>) -> Result<Vec<Contract>, SchemaError> {
    if let Some((name, _)) = files.get(MAX_FILES) {
        return Err(whole_file(name, format!("more than {MAX_FILES} files")));
    }
    let mut parsed = Vec::with_capacity(files.len());
    for (name, text) in files {
        if text.len() as u64 > MAX_FILE_BYTES {
            return Err(too_large(name));
        }
        parsed.push(File::parse(name, text.strip_prefix('\u{feff}').unwrap_or(text))?);
    }
    let wsdls = wsdl::read_all(&Files::new(&parsed))?;
    wsdls.into_iter().map(|wsdl| Contract::of(wsdl, prefer)).collect()
}

/// How [`read`] finds files.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Folder below which imports are followed; for `None` the folder given, for a file its own folder.
    pub root: Option<PathBuf>,
    /// Files that stand for locations which no file has: web addresses, `classpath:`, absolute paths.
    pub catalog: HashMap<String, PathBuf>,
}

/// Reads a WSDL file, a folder or a zip: one model for each WSDL that no other imports, in the order of
/// their names.
///
/// # Errors
/// Nothing there can be read as a WSDL, or a bound is exceeded. What only some operations need is noted with
/// them (`left_out`).
pub fn read(path: &Path, options: &Options) -> Result<Vec<Wsdl>, SchemaError> {
    let _ = options;
    let texts = texts(path)?;
    let named: Vec<_> = texts.iter().map(|(name, text)| (&**name, text.as_bytes())).collect();
    read_texts(&named)
}

/// Reads the same from bytes: pairs of file name and content. Imports are resolved among these names.
///
/// # Errors
/// As [`read`].
pub fn read_texts(files: &[(&str, &[u8])]) -> Result<Vec<Wsdl>, SchemaError> {
    let mut texts = Vec::with_capacity(files.len());
    for (name, bytes) in files {
        texts.push((*name, decode(name, bytes.to_vec())?));
    }
    let mut parsed = Vec::with_capacity(texts.len());
    for (name, text) in &texts {
        parsed.push(File::parse(name, text.strip_prefix('\u{feff}').unwrap_or(text))?);
    }
    wsdl::read_all(&Files::new(&parsed))
}

fn list(root: &Path, dir: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), SchemaError> {
    for entry in fs::read_dir(dir).map_err(|error| unreadable(dir, &error))? {
        let entry = entry.map_err(|error| unreadable(dir, &error))?;
        let path = entry.path();
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let real = path.canonicalize().map_err(|error| unreadable(&path, &error))?;
        let readable = has_extension(&path, "wsdl") || has_extension(&path, "xsd");
        if real.is_dir() {
            // A link back up makes a circle; the depth ends it.
            if depth > 0 && real.starts_with(root) && real != root {
                list(root, &path, depth - 1, paths)?;
            }
        } else if readable {
            let name = relative_name(root, &path);
            if !real.starts_with(root) {
                return Err(whole_file(&name, "leads out of the directory"));
            }
            if real.metadata().map_err(|error| unreadable(&path, &error))?.len() > MAX_FILE_BYTES {
                return Err(too_large(&name));
            }
            if paths.len() == MAX_FILES {
                return Err(whole_file(&name, format!("more than {MAX_FILES} files")));
            }
            paths.push(path);
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}

fn relative_name(root: &Path, path: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Text of a file in UTF-8, UTF-16 with a byte order mark, or ISO-8859-1 when it says so.
fn decode(name: &str, bytes: Vec<u8>) -> Result<String, SchemaError> {
    let utf16 = |unit: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map_err(|_| whole_file(name, "broken UTF-16"))
    };
    if bytes.starts_with(&[0xff, 0xfe]) {
        return utf16(u16::from_le_bytes);
    }
    if bytes.starts_with(&[0xfe, 0xff]) {
        return utf16(u16::from_be_bytes);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    let declaration = head.split_once("?>").map_or("", |(declaration, _)| declaration);
    if declaration.contains("iso-8859-1") {
        return Ok(bytes.iter().map(|byte| char::from(*byte)).collect());
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        let location = Location { file: name.into(), line: u32::try_from(line).unwrap_or(u32::MAX) };
        SchemaError::new(location, "not UTF-8, UTF-16 or declared ISO-8859-1")
    })
}

fn whole_file(name: &str, reason: impl Into<Cow<'static, str>>) -> SchemaError {
    SchemaError::new(Location { file: name.into(), line: 0 }, reason.into())
}

fn too_large(name: &str) -> SchemaError {
    whole_file(name, format!("larger than {} MiB", MAX_FILE_BYTES >> 20))
}

fn unreadable(path: &Path, error: &std::io::Error) -> SchemaError {
    whole_file(&path.display().to_string(), error.to_string())
}
