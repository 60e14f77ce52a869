//! Text of a file in the encoding that its byte order mark or XML declaration names.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::error::{Location, SchemaError};
use super::source::whole_file;

/// A byte order mark decides, then what the declaration says, then UTF-8.
///
/// # Errors
/// Bytes that are no text in that encoding.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<String, SchemaError> {
    let (encoding, start) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None if bytes.starts_with(b"<\0") => (UTF_16LE, 0),
        None if bytes.starts_with(b"\0<") => (UTF_16BE, 0),
        None => (declared(bytes), 0),
    };
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[start..]);
    text.map(std::borrow::Cow::into_owned).ok_or_else(|| match encoding == UTF_8 {
        true => not_utf8(name, bytes),
        false => whole_file(name, format!("broken {}", encoding.name())),
    })
}

/// What the declaration names; a declaration that could be read byte by byte is not UTF-16 whatever it says.
fn declared(bytes: &[u8]) -> &'static Encoding {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declaration = head.split_once("?>").map_or("", |(declaration, _)| declaration);
    let named = declaration.split_once("encoding").map_or("", |(_, rest)| rest);
    let label = named.split(['"', '\'']).nth(1).unwrap_or_default();
    let found = Encoding::for_label(label.as_bytes()).unwrap_or(UTF_8);
    if found == UTF_16LE || found == UTF_16BE { UTF_8 } else { found }
}

fn not_utf8(name: &str, bytes: &[u8]) -> SchemaError {
    let valid = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let line = bytes[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
    let location = Location { file: name.into(), line: u32::try_from(line).unwrap_or(u32::MAX) };
    SchemaError::new(location, "not UTF-8, UTF-16 or a declared encoding")
}
