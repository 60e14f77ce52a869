//! The references between WSDL and XSD files that were fetched: which to follow, and what the saved files are called.

use reqwest::Url;
use roxmltree::{Document, Node, ParsingOptions};

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>";

/// The files of one service, in the order of their discovery.
pub(super) struct Names {
    files: Vec<(Url, String)>,
}

impl Names {
    pub(super) fn starting_with(url: Url, name: String) -> Self {
        Self { files: vec![(url, name)] }
    }

    pub(super) fn get(&self, index: usize) -> Option<(Url, String)> {
        self.files.get(index).cloned()
    }

    /// The name of what is at `url`, which is fetched later if it is new.
    fn of(&mut self, url: Url, extension: &str) -> &str {
        let known = self.files.iter().position(|(known, _)| *known == url);
        let index = known.unwrap_or_else(|| {
            let stem = stem(&url);
            let named = |number: usize| match number {
                1 => format!("{stem}.{extension}"),
                _ => format!("{stem}-{number}.{extension}"),
            };
            let is_free =
                |name: &String| !self.files.iter().any(|(_, taken)| taken.eq_ignore_ascii_case(name));
            let name = (1..).map(named).find(is_free).unwrap_or_default();
            self.files.push((url, name));
            self.files.len() - 1
        });
        &self.files[index].1
    }
}

/// The text with references that point at each other's saved names. Those to other hosts stay: the reader says so.
pub(super) fn rewrite(text: &str, at: &Url, names: &mut Names) -> Result<String, roxmltree::Error> {
    let text = text.trim_start_matches('\u{feff}');
    // Without DTDs there is nothing to expand.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 1_000_000, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)?;
    let mut out = String::with_capacity(text.len());
    let mut copied = document.root_element().range().start;
    if text[..copied].starts_with("<?xml") {
        // It was decoded: what the declaration said of the encoding no longer holds.
        copied = text.find("?>").map_or(copied, |end| end + 2);
    } else {
        copied = 0;
    }
    out.push_str(DECLARATION);
    for node in document.descendants() {
        let Some((attribute, extension)) = reference(node) else { continue };
        let Ok(url) = at.join(attribute.value()) else { continue };
        if url.origin() == at.origin() {
            let range = attribute.range_value();
            out.push_str(&text[copied..range.start]);
            out.push_str(names.of(url, extension));
            copied = range.end;
        }
    }
    out.push_str(&text[copied..]);
    Ok(out)
}

/// The attribute of an import or include that says where the other file is, and what kind of file it is.
fn reference<'a, 'd>(node: Node<'a, 'd>) -> Option<(roxmltree::Attribute<'a, 'd>, &'static str)> {
    let name = node.tag_name();
    let (attribute, extension) = match (name.namespace()?, name.name()) {
        (WSDL, "import") => ("location", "wsdl"),
        (XS, "import" | "include" | "redefine") => ("schemaLocation", "xsd"),
        _ => return None,
    };
    let attribute =
        node.attributes().find(|known| known.name() == attribute && known.namespace().is_none())?;
    // Some WSDLs import schemas as if they were WSDLs.
    let is_schema = attribute.value().contains("xsd");
    Some((attribute, if is_schema { "xsd" } else { extension }))
}

/// A file name after the query (`?xsd=xsd0`) or the last part of the path, safe on any system.
fn stem(url: &Url) -> String {
    let asked = url.query_pairs().map(|(_, value)| value.into_owned()).find(|value| !value.is_empty());
    let last = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default().to_owned();
    let name = asked.unwrap_or(last);
    let name = name.strip_suffix(".xsd").or(name.strip_suffix(".wsdl")).unwrap_or(&name);
    let safe = |character: char| if character.is_ascii_alphanumeric() { character } else { '-' };
    let name: String = name.chars().map(safe).take(100).collect();
    match name.trim_matches('-') {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}
