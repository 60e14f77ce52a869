//! `--fetch-wsdl`: saves the WSDLs that the upstreams serve, and compares them with what the routes need.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use reqwest::Url;

use super::connect::way_to;
use super::references::{self, Names};
use super::{Report, wsdls};
use crate::config::Config;
use crate::operation::Service;
use crate::services::services;
use crate::soap::envelope;
use crate::transport::Transport;

/// Of one service; the reader takes 200 in all.
const MAX_FILES: usize = 100;

/// Saves what each service serves at `?wsdl` below `dir`, a folder for each upstream that can be its `wsdl_dir`, then
/// reads it back. Imports are followed on the service's own host; the files' references are made to point at each other.
pub async fn fetch(config: &Config, dir: &Path, now: Timestamp, report: &mut Report) {
    let mut fetched = config.clone();
    for upstream in config.upstreams().map(|section| section.name) {
        let folder = dir.join(upstream);
        if fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) {
            report.error(format!("{} is not empty", folder.display()));
            continue;
        }
        let mut complete = true;
        for service in services().into_iter().filter(|service| service.upstream == upstream) {
            match fetch_service(service, config, &folder, now).await {
                Ok(files) => {
                    let count = if files == 1 { "a file".to_owned() } else { format!("{files} files") };
                    report.ok(format!("{}: {count} saved in {}", service.name, folder.display()));
                }
                Err(error) => {
                    complete = false;
                    report.error(format!("{}: {error}", service.name));
                }
            }
        }
        if complete {
            fetched.use_wsdls(upstream, folder);
        }
    }
    wsdls(&fetched, report);
}

/// Why a WSDL was not saved.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("its address or its certificate cannot be used")]
    NoWay,
    #[error("{url}: {reason}")]
    Url { url: Url, reason: String },
    #[error("more than {MAX_FILES} files")]
    TooMany,
    #[error("{file}: {error}")]
    Save { file: String, error: std::io::Error },
}

async fn fetch_service(
    service: &Service,
    config: &Config,
    folder: &Path,
    now: Timestamp,
) -> Result<usize, FetchError> {
    let (transport, address) = way_to(service, config, now).ok_or(FetchError::NoWay)?;
    let mut start: Url = address.to_string().parse().map_err(|_| FetchError::NoWay)?;
    start.set_query(Some("wsdl"));
    let mut names = Names::starting_with(start, format!("{}.wsdl", service.name));
    let folder = folder.join(service.name);
    let mut done = 0;
    while let Some((url, name)) = names.get(done) {
        if done == MAX_FILES {
            return Err(FetchError::TooMany);
        }
        let text = get(&transport, &url).await?;
        let text = references::rewrite(&text, &url, &mut names)
            .map_err(|error| FetchError::Url { url, reason: error.to_string() })?;
        save(&folder, &name, &text)?;
        done += 1;
    }
    Ok(done)
}

async fn get(transport: &Transport, url: &Url) -> Result<String, FetchError> {
    let wrong = |reason: String| FetchError::Url { url: url.clone(), reason };
    let uri = url.as_str().parse().map_err(|_| wrong("is not an address".to_owned()))?;
    let answer = transport.get(&uri).await.map_err(|error| wrong(error.to_string()))?;
    if answer.status != 200 {
        return Err(wrong(format!("status {}", answer.status)));
    }
    let text = envelope::text(&answer.body, answer.content_type.as_deref());
    text.map(|text| text.into_owned()).map_err(|_| wrong("is not text of its encoding".to_owned()))
}

fn save(folder: &Path, name: &str, text: &str) -> Result<(), FetchError> {
    let file = folder.join(name);
    let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, text));
    written.map_err(|error| FetchError::Save { file: file.display().to_string(), error })
}
