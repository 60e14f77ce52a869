//! Finding the file that an `import` or `include` means, among the files given.

use std::collections::HashMap;

use super::document::{At, File};
use super::error::SchemaError;

/// The files of one load.
pub(super) struct Files<'a> {
    all: &'a [File<'a>],
    by_name: HashMap<&'a str, &'a File<'a>>,
    /// Files that stand for locations, by their names here.
    catalog: HashMap<String, String>,
    /// Why other files cannot be read.
    pub(super) damaged: Vec<SchemaError>,
}

impl<'a> Files<'a> {
    pub(super) fn new(
        all: &'a [File<'a>],
        catalog: HashMap<String, String>,
        damaged: Vec<SchemaError>,
    ) -> Self {
        Self { all, by_name: all.iter().map(|file| (&*file.name, file)).collect(), catalog, damaged }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a File<'a>> {
        self.all.iter()
    }

    /// The file at `location`, as written at `at`, for a document of `namespace`.
    ///
    /// A relative location counts from the directory of the referring file; it is tried as it is, with
    /// `.xsd`, then as the catalog says, then by its last segment where exactly one file has it and the
    /// namespace fits. `None` when nothing of it is there.
    pub(super) fn find(
        &self,
        at: At<'a>,
        location: &str,
        namespace: Option<&str>,
    ) -> Result<Option<&'a File<'a>>, SchemaError> {
        if let Some(name) = self.catalog.get(location) {
            return match self.by_name.get(&**name) {
                Some(file) => Ok(Some(file)),
                None => {
                    Err(at.error(format!("what the catalog names for {location} is not among the files")))
                }
            };
        }
        let directory = at.file.name.rsplit_once('/').map_or("", |(directory, _)| directory);
        let path = percent_decoded(location).replace('\\', "/");
        let outside = join(directory, &path).is_none();
        let candidates = [join(directory, &path), join(directory, &format!("{path}.xsd"))];
        if let Some(file) = candidates.into_iter().flatten().find_map(|path| self.by_name.get(&*path)) {
            return Ok(Some(file));
        }
        let found = self.by_last_segment(directory, &path, namespace);
        match found {
            None if outside => Err(at.error(format!("{location} leads out of the directory"))),
            None if !is_address(location) => Err(at.error(format!("{location} is not among the files"))),
            found => Ok(found),
        }
    }

    fn by_last_segment(&self, directory: &str, path: &str, namespace: Option<&str>) -> Option<&'a File<'a>> {
        let base = base_name(path);
        let fits = |file: &&'a File<'a>| {
            let own = file.root().attr("targetNamespace").filter(|ns| !ns.is_empty());
            own.is_none() || own == namespace
        };
        let query = base.rsplit_once(['?', '=']).map(|(_, last)| last);
        let names =
            [Some(base.to_owned()), Some(format!("{base}.xsd")), query.map(|last| format!("{last}.xsd"))];
        for name in names.into_iter().flatten() {
            let beside = join(directory, &name).and_then(|path| self.by_name.get(&*path).copied());
            if let Some(file) = beside.filter(fits) {
                return Some(file);
            }
            let mut same = self.all.iter().filter(|file| base_name(&file.name) == name).filter(fits);
            if let (Some(file), None) = (same.next(), same.next()) {
                return Some(file);
            }
        }
        None
    }

    /// Root elements of all files that are `root` in `kind` and have this target namespace.
    pub(super) fn documents_of(
        &self,
        (kind, root): (&'static str, &'static str),
        namespace: Option<&str>,
    ) -> impl Iterator<Item = At<'a>> {
        self.all.iter().map(File::root).filter(move |found| {
            found.is(kind, root) && found.attr("targetNamespace").filter(|ns| !ns.is_empty()) == namespace
        })
    }
}

/// The error for a web address whose content nobody put beside the WSDL.
pub(super) fn elsewhere(at: At<'_>, location: &str) -> SchemaError {
    at.error(format!("{location} is not fetched; put the file beside the WSDL"))
}

/// Whether a location is an address, which is never visited: by its scheme, or by a query such as
/// `Service.svc?xsd=xsd0`, which no saved file is named after.
fn is_address(location: &str) -> bool {
    location.contains(':') || location.contains('?') || location.starts_with('/')
}

/// Blanks and letters of file names, which locations write as `%20` and the like.
fn percent_decoded(location: &str) -> String {
    let mut bytes = Vec::with_capacity(location.len());
    let mut rest = location.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match hex.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| location.to_owned())
}

fn base_name(location: &str) -> &str {
    location.rsplit('/').next().unwrap_or(location)
}

/// `None` when `..` climbs above the top.
fn join(directory: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
