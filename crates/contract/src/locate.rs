//! Finding the file that an `import` or `include` means, among the files given.

use std::collections::HashMap;

use super::document::{At, File};
use super::error::SchemaError;

/// The files of one load.
pub(super) struct Files<'a> {
    all: &'a [File<'a>],
    by_name: HashMap<&'a str, &'a File<'a>>,
}

impl<'a> Files<'a> {
    pub(super) fn new(all: &'a [File<'a>]) -> Self {
        Self { all, by_name: all.iter().map(|file| (&*file.name, file)).collect() }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &'a File<'a>> {
        self.all.iter()
    }

    /// The file at `location`, as written at `at`.
    ///
    /// A relative location counts from the directory of the referring file. Of a web address only the last
    /// part is looked for, first beside the referring file, then anywhere; `None` when it is not there.
    pub(super) fn find(&self, at: At<'a>, location: &str) -> Result<Option<&'a File<'a>>, SchemaError> {
        let directory = at.file.name.rsplit_once('/').map_or("", |(directory, _)| directory);
        if is_address(location) {
            let base = base_name(location);
            let beside = join(directory, base).and_then(|path| self.by_name.get(&*path).copied());
            return Ok(beside.or_else(|| self.all.iter().find(|file| base_name(&file.name) == base)));
        }
        let path = location.replace('\\', "/");
        if path.starts_with('/') || path.contains(':') {
            return Err(at.error(format!("{location} is not a relative path")));
        }
        let path = join(directory, &path)
            .ok_or_else(|| at.error(format!("{location} leads out of the directory")))?;
        match self.by_name.get(&*path) {
            Some(file) => Ok(Some(file)),
            None => Err(at.error(format!("{location} is not among the files"))),
        }
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

/// Whether a location is an address on the web, which is never visited: by its scheme, or by a query such as
/// `Service.svc?xsd=xsd0`, which no saved file is named after.
fn is_address(location: &str) -> bool {
    let scheme = location.split(':').next().unwrap_or_default();
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") || location.contains('?')
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
