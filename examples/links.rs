//! `links BASE [FILE]`: the same program as `links.c`, which explains it, in Rust.

use std::io::{Read, Write};
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use nodecore::fs::{self, ReadFileOptions};
use nodecore::querystring::{self, StringifyOptions, Value};
use nodecore::url::{self, FileUrlOptions, Url};
use nodecore::{Code, Error, Result, path};

fn main() -> ExitCode {
    let args: Vec<Vec<u8>> = std::env::args_os().skip(1).map(OsStringExt::into_vec).collect();
    let (base, file) = match args.as_slice() {
        [base] => (base, None),
        [base, file] => (base, Some(file)),
        _ => {
            eprintln!("usage: links BASE [FILE]");
            return ExitCode::from(2);
        }
    };
    match run(base, file.map(Vec::as_slice)) {
        Ok(all_good) => ExitCode::from(u8::from(!all_good)),
        Err(Failure(name, message)) => {
            eprintln!("links: {}{message}", shown(&name));
            ExitCode::from(2)
        }
    }
}

/// Why nothing was done: what it is about, with a colon, and the message.
struct Failure(Vec<u8>, String);

impl Failure {
    fn of(name: &[u8], error: &Error) -> Failure {
        Failure([name, b": "].concat(), told(error))
    }
}

fn run(base: &[u8], file: Option<&[u8]>) -> Result<bool, Failure> {
    let parsed = text(base).and_then(Url::parse).map_err(|error| Failure::of(base, &error))?;
    let links = match file {
        Some(file) => fs::read_file_sync(file, &ReadFileOptions::default())
            .map(|data| data.to_vec())
            .map_err(|error| Failure::of(file, &error))?,
        None => {
            let mut links = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut links);
            read.map_err(|_| Failure(Vec::new(), "standard input cannot be read".into()))?;
            links
        }
    };
    let unwritten = |_| Failure(Vec::new(), "standard output cannot be written".into());
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut all_good = true;
    for (index, link) in links.split(|&byte| byte == b'\n').enumerate().filter(|(_, link)| !link.is_empty()) {
        match text(link).and_then(|link| follow(link, &parsed)) {
            Ok((href, facts)) => writeln!(out, "{href}\t{facts}").map_err(unwritten)?,
            Err(error) => {
                eprintln!("links: line {}: {}", index + 1, told(&error));
                all_good = false;
            }
        }
    }
    out.flush().map_err(unwritten)?;
    Ok(all_good)
}

/// What a link leads to: the URL, and what is known of it.
fn follow(link: &str, base: &Url) -> Result<(String, String)> {
    let mut url = Url::parse_with_base(link, base)?;
    // Where there can be no user these are refused, as they may be.
    url.set_username("");
    url.set_password("");
    url.set_hash("");
    // A change writes the query anew, so a URL without one is left alone.
    let mut params = url.search_params_mut();
    if !params.is_empty() {
        params.sort();
    }
    drop(params);
    let facts = facts_of(&url)?;
    Ok((url.into_href(), facts))
}

/// What is known of a URL, as a query string.
fn facts_of(url: &Url) -> Result<String> {
    let scheme = url.protocol().trim_end_matches(':');
    let mut facts = vec![("scheme", scheme.to_owned())];
    let mut pathname = String::new();
    if scheme == "file" {
        pathname = url::file_url_to_path(url, FileUrlOptions::new())?;
        facts.push(("path", pathname.clone()));
    } else if !url.hostname().is_empty() {
        url.pathname().clone_into(&mut pathname);
        facts.push(("host", url::domain_to_unicode(url.hostname())));
    }
    if !pathname.is_empty() {
        let pathname = pathname.as_str();
        let ext = path::extname(pathname);
        facts.push(("dir", path::dirname(pathname).to_owned()));
        facts.push(("name", path::basename(pathname, Some(ext)).to_owned()));
        facts.push(("ext", ext.to_owned()));
    }
    let pairs = facts.iter().map(|(key, value)| (*key, Value::Text(value.as_str())));
    querystring::stringify(pairs, &StringifyOptions::default())
}

/// A line as text, refused as the C interface refuses what is not UTF-8.
fn text(line: &[u8]) -> Result<&str> {
    std::str::from_utf8(line).map_err(|_| {
        Error::from_template(Code::InvalidArgValue, &[&"input", &"must be valid UTF-8", &"bytes"])
    })
}

/// "CODE: message"; a system's error says its code itself, and a `URIError` has none.
fn told(error: &Error) -> String {
    let (code, message) = (error.code().name(), error.to_string());
    if code.is_empty() || message.starts_with(code) { message } else { format!("{code}: {message}") }
}

/// An argument as text, for messages.
fn shown(argument: &[u8]) -> String {
    String::from_utf8_lossy(argument).into_owned()
}
