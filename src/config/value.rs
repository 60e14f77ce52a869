//! The kinds of value that keys have: each function reads one or says what it must be.

use std::fmt::Display;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use reqwest::Url;

use super::fault::{NamedFile, Reason};
use super::node::Node;
use crate::types::AuthorityError;

pub(super) fn boolean(node: &Node) -> Result<bool, Reason> {
    node.as_boolean().ok_or(Reason::Type("true or false"))
}

pub(super) fn text(node: &Node) -> Result<String, Reason> {
    Ok(raw(node)?.to_owned())
}

/// Text with at least one character that is seen.
pub(super) fn filled_text(node: &Node) -> Result<String, Reason> {
    match text(node)? {
        text if text.trim().is_empty() => Err(Reason::rule("must not be empty")),
        text => Ok(text),
    }
}

/// Text for a message to an upstream: its length counts characters, none is a control character.
pub(super) fn message_text(most: usize) -> impl Fn(&Node) -> Result<String, Reason> {
    move |node| {
        let text = filled_text(node)?;
        if text.chars().count() > most {
            let rule = format!("must have at most {most} characters");
            return Err(Reason::Rule(rule.into()));
        }
        if text.chars().any(char::is_control) {
            return Err(Reason::rule("must not hold control characters"));
        }
        Ok(text)
    }
}

/// A whole number within bounds that the target type can hold.
pub(super) fn integer<T>(bounds: RangeInclusive<T>) -> impl Fn(&Node) -> Result<T, Reason>
where
    T: TryFrom<i64> + PartialOrd + Display,
{
    move |node| {
        let number = node.as_integer().ok_or(Reason::Type("a whole number"))?;
        T::try_from(number).ok().filter(|number| bounds.contains(number)).ok_or_else(|| beyond(&bounds))
    }
}

/// A number within bounds.
pub(super) fn number(bounds: RangeInclusive<f64>) -> impl Fn(&Node) -> Result<f64, Reason> {
    move |node| {
        let number = node.as_float().ok_or(Reason::Type("a number"))?;
        if bounds.contains(&number) { Ok(number) } else { Err(beyond(&bounds)) }
    }
}

/// A time in seconds, with a fraction where somebody wants one.
pub(super) fn seconds(bounds: RangeInclusive<f64>) -> impl Fn(&Node) -> Result<Duration, Reason> {
    let number = number(bounds);
    move |node| number(node).map(Duration::from_secs_f64)
}

/// One of a few names.
pub(super) fn choice<T: Copy>(names: &[(&'static str, T)]) -> impl Fn(&Node) -> Result<T, Reason> {
    move |node| {
        let text = raw(node)?;
        names
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, value)| *value)
            .ok_or_else(|| Reason::Choice(names.iter().map(|(name, _)| *name).collect()))
    }
}

/// An authority, its kind or a pattern of authorities.
pub(super) fn authority<T>(node: &Node) -> Result<T, Reason>
where
    T: FromStr<Err = AuthorityError>,
{
    raw(node)?.parse().map_err(Reason::from)
}

impl From<AuthorityError> for Reason {
    fn from(error: AuthorityError) -> Self {
        Self::Rule(error.to_string().into())
    }
}

/// A file that can be opened now.
pub(super) fn file(node: &Node) -> Result<PathBuf, Reason> {
    let path = path(node)?;
    // Asked before it is opened: opening a named pipe would wait for its writer.
    if !metadata(&path)?.is_file() {
        return Err(Reason::WrongFile { file: NamedFile::of(&path), expected: "a regular file" });
    }
    fs::File::open(&path).map_err(|error| unreadable(&path, &error))?;
    Ok(path)
}

/// A folder that can be listed now.
pub(super) fn folder(node: &Node) -> Result<PathBuf, Reason> {
    let path = path(node)?;
    fs::read_dir(&path).map_err(|error| unreadable(&path, &error))?;
    Ok(path)
}

/// A file that is going to be written: its folder is there.
pub(super) fn output_file(node: &Node) -> Result<PathBuf, Reason> {
    let path = path(node)?;
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    if path.is_dir() || !folder.is_dir() {
        return Err(Reason::WrongFile {
            file: NamedFile::of(&path),
            expected: "a file in a folder that exists",
        });
    }
    Ok(path)
}

/// An http or https URL.
pub(super) fn http_url(node: &Node) -> Result<String, Reason> {
    parse_url(node, &["http", "https"], "must be an http or https URL").map(|(text, _)| text)
}

/// An https URL, or an http one that does not leave this machine.
pub(super) fn trusted_url(node: &Node) -> Result<String, Reason> {
    const RULE: &str = "must be an https URL, or an http one with a loopback host";
    let (text, url) = parse_url(node, &["http", "https"], RULE)?;
    if url.scheme() == "https" || is_loopback(&url) { Ok(text) } else { Err(Reason::rule(RULE)) }
}

/// Whether keys may be fetched from there: as [`trusted_url`].
pub(super) fn is_trusted_url(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url)))
}

/// The address of an HTTP proxy, perhaps with a user name and a password.
pub(super) fn proxy_url(node: &Node) -> Result<String, Reason> {
    let text = text(node)?;
    let usable = Url::parse(&text).is_ok_and(|url| url.scheme() == "http" && url.has_host());
    if usable { Ok(text) } else { Err(Reason::rule("must be an http URL")) }
}

/// A Redis URL; a user name may be in it, the password has its file.
pub(super) fn redis_url(node: &Node) -> Result<String, Reason> {
    let text = text(node)?;
    let url = Url::parse(&text)
        .ok()
        .filter(|url| ["redis", "rediss"].contains(&url.scheme()) && url.has_host())
        .ok_or(Reason::rule("must be a redis or rediss URL"))?;
    if url.password().is_some() {
        return Err(Reason::rule(
            "must not hold a password; it belongs in the file that redis_password_file names",
        ));
    }
    Ok(text)
}

fn parse_url(node: &Node, schemes: &[&str], rule: &'static str) -> Result<(String, Url), Reason> {
    let text = text(node)?;
    let url = Url::parse(&text)
        .ok()
        .filter(|url| schemes.contains(&url.scheme()) && url.has_host())
        .ok_or(Reason::rule(rule))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Reason::rule("must not hold a user name or password"));
    }
    if url.fragment().is_some() {
        return Err(Reason::rule("must not have a fragment"));
    }
    Ok((text, url))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn raw(node: &Node) -> Result<&str, Reason> {
    node.as_text().ok_or(Reason::Type("a string"))
}

fn path(node: &Node) -> Result<PathBuf, Reason> {
    match raw(node)? {
        "" => Err(Reason::rule("must not be empty")),
        path => Ok(PathBuf::from(path)),
    }
}

fn metadata(path: &Path) -> Result<fs::Metadata, Reason> {
    fs::metadata(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Reason {
    Reason::Unreadable { file: NamedFile::of(path), kind: error.kind() }
}

fn beyond<T: Display>(bounds: &RangeInclusive<T>) -> Reason {
    Reason::Range { least: bounds.start().to_string(), most: bounds.end().to_string() }
}
