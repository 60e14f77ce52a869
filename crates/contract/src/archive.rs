//! The WSDL, XSD and XML files of a zip.

use std::fs;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

use super::error::SchemaError;
use super::folder::{has_extension, unreadable};
use super::source::{MAX_BYTES, MAX_FILES, Named, too_large, whole_file};

pub(super) fn is_zip(path: &Path) -> bool {
    has_extension(path, "zip") && path.is_file()
}

/// Unpacks in memory; what is told of sizes is not believed, only what comes out is counted.
pub(super) fn unpack(path: &Path) -> Result<Vec<Named>, SchemaError> {
    let shown = path.display().to_string();
    let broken = |_| whole_file(&shown, "is not a zip that can be read");
    let file = fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    let (mut files, mut left) = (Vec::new(), MAX_BYTES as u64);
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(broken)?;
        let stored = entry.name().map_err(broken)?;
        let Some(name) = name(&stored).filter(|_| entry.is_file()) else { continue };
        if files.len() == MAX_FILES {
            return Err(whole_file(&name, format!("more than {MAX_FILES} files")));
        }
        let mut bytes = Vec::new();
        let read = entry.take(left + 1).read_to_end(&mut bytes);
        read.map_err(|_| whole_file(&name, "cannot be unpacked"))?;
        left = left.checked_sub(bytes.len() as u64).ok_or_else(|| too_large(&name))?;
        files.push((name, bytes));
    }
    files.sort();
    Ok(files)
}

/// The name to know a file by; `None` for one that is not read or that would climb out.
fn name(stored: &str) -> Option<String> {
    let name = stored.replace('\\', "/");
    let hidden = name.split('/').any(|part| part.starts_with('.'));
    let wanted = ["wsdl", "xsd", "xml"].iter().any(|extension| has_extension(Path::new(&name), extension));
    (wanted && !hidden && !name.starts_with('/')).then_some(name)
}
