//! `nodecore/url_legacy.h`.

use std::ffi::{c_char, c_void};
use std::ptr::{null, null_mut};

use ::nodecore_error::{Code, Error, Result};
use ::nodecore_url::legacy::{self, LegacyUrl};
use nodecore_querystring::{ParseOptions, StringifyOptions, Value, parse as parse_query, stringify};

use crate::boundary::{SizedOptions, SizedOut, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::{nodecore_buf, nodecore_str};
use crate::url_search_params::nodecore_url_search_params_pair;

pub const NODECORE_URL_SLASHES_NULL: i32 = 0;
pub const NODECORE_URL_SLASHES_TRUE: i32 = 1;
pub const NODECORE_URL_SLASHES_FALSE: i32 = 2;

/// A URL taken apart; what the library gave is `owner_`'s, a boxed [`Owner`].
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_legacy {
    pub struct_size: usize,
    pub owner_: *mut c_void,
    pub protocol: nodecore_str,
    pub auth: nodecore_str,
    pub host: nodecore_str,
    pub port: nodecore_str,
    pub hostname: nodecore_str,
    pub hash: nodecore_str,
    pub search: nodecore_str,
    pub query: nodecore_str,
    pub pathname: nodecore_str,
    pub path: nodecore_str,
    pub href: nodecore_str,
    pub query_pairs: *const nodecore_url_search_params_pair,
    pub query_pairs_count: usize,
    pub slashes: i32,
}

/// The texts behind the views.
#[derive(Debug)]
struct Owner {
    url: LegacyUrl,
    texts: Vec<(String, String)>,
    pairs: Vec<nodecore_url_search_params_pair>,
}

impl SizedOptions for nodecore_url_legacy {
    const ZERO: Self = nodecore_url_legacy {
        struct_size: 0,
        owner_: null_mut(),
        protocol: nodecore_str::NONE,
        auth: nodecore_str::NONE,
        host: nodecore_str::NONE,
        port: nodecore_str::NONE,
        hostname: nodecore_str::NONE,
        hash: nodecore_str::NONE,
        search: nodecore_str::NONE,
        query: nodecore_str::NONE,
        pathname: nodecore_str::NONE,
        path: nodecore_str::NONE,
        href: nodecore_str::NONE,
        query_pairs: null(),
        query_pairs_count: 0,
        slashes: NODECORE_URL_SLASHES_NULL,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

impl nodecore_url_legacy {
    fn new(url: LegacyUrl, with_pairs: bool) -> nodecore_url_legacy {
        let mut owner = Box::new(Owner { url, texts: Vec::new(), pairs: Vec::new() });
        if let (true, Some(query)) = (with_pairs, &owner.url.query) {
            let query = parse_query(query.as_str(), &ParseOptions::default());
            let pairs = query.iter().flat_map(|(key, values)| values.iter().map(move |value| (key, value)));
            owner.texts = pairs.map(|(key, value)| (key.to_string(), value.to_string())).collect();
            let view = |text: &String| nodecore_str::new(text.as_bytes());
            let pair = |(key, value): &(String, String)| nodecore_url_search_params_pair {
                name: view(key),
                value: view(value),
            };
            owner.pairs = owner.texts.iter().map(pair).collect();
        }
        let view = |text: &Option<String>| nodecore_str::nullable(text.as_ref().map(String::as_bytes));
        let url = &owner.url;
        nodecore_url_legacy {
            struct_size: size_of::<nodecore_url_legacy>(),
            protocol: view(&url.protocol),
            auth: view(&url.auth),
            host: view(&url.host),
            port: view(&url.port),
            hostname: view(&url.hostname),
            hash: view(&url.hash),
            search: view(&url.search),
            query: view(&url.query),
            pathname: view(&url.pathname),
            path: view(&url.path),
            href: nodecore_str::new(url.href.as_bytes()),
            query_pairs: if owner.pairs.is_empty() { null() } else { owner.pairs.as_ptr() },
            query_pairs_count: owner.pairs.len(),
            slashes: match url.slashes {
                None => NODECORE_URL_SLASHES_NULL,
                Some(true) => NODECORE_URL_SLASHES_TRUE,
                Some(false) => NODECORE_URL_SLASHES_FALSE,
            },
            owner_: Box::into_raw(owner).cast(),
        }
    }

    /// # Safety
    /// - as for [`SizedOptions::read`]; the strings and pairs are as [`arg::bytes`] asks.
    unsafe fn read(url: *const nodecore_url_legacy, name: &str) -> Result<LegacyUrl> {
        // SAFETY: as the caller vouches.
        unsafe {
            arg::object(url, name)?;
            let url = <nodecore_url_legacy as SizedOptions>::read(url, name)?;
            let field = |part: nodecore_str, name: &str| {
                let text =
                    if part.data.is_null() { None } else { Some(arg::text(part.data, part.len, name)?) };
                Ok(text.map(str::to_owned))
            };
            let query = match field(url.query, "query")? {
                None if url.query_pairs_count > 0 => {
                    let text = |part: &nodecore_str, name| arg::text(part.data, part.len, name);
                    let pairs = arg::slice(url.query_pairs, url.query_pairs_count, "query_pairs")?
                        .iter()
                        .map(|pair| Ok((text(&pair.name, "name")?, Value::Text(text(&pair.value, "value")?))))
                        .collect::<Result<Vec<_>>>()?;
                    Some(stringify(pairs, &StringifyOptions::default())?)
                }
                query => query,
            };
            Ok(LegacyUrl {
                protocol: field(url.protocol, "protocol")?,
                slashes: match url.slashes {
                    NODECORE_URL_SLASHES_NULL => None,
                    NODECORE_URL_SLASHES_TRUE => Some(true),
                    NODECORE_URL_SLASHES_FALSE => Some(false),
                    other => {
                        let why = "must be one of NODECORE_URL_SLASHES_*";
                        return Err(Error::from_template(Code::InvalidArgValue, &[&"slashes", &why, &other]));
                    }
                },
                auth: field(url.auth, "auth")?,
                host: field(url.host, "host")?,
                port: field(url.port, "port")?,
                hostname: field(url.hostname, "hostname")?,
                hash: field(url.hash, "hash")?,
                search: field(url.search, "search")?,
                query,
                pathname: field(url.pathname, "pathname")?,
                path: field(url.path, "path")?,
                href: field(url.href, "href")?.unwrap_or_default(),
            })
        }
    }
}

/// # Safety
/// - as for [`SizedOut::new`].
unsafe fn result(out: *mut nodecore_url_legacy) -> Result<SizedOut<nodecore_url_legacy>> {
    // SAFETY: as the caller vouches.
    unsafe { SizedOut::new(out, nodecore_url_legacy::MIN_SIZE, "out") }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is as [`arg::bytes`] asks; `out` is null or points to as many writable bytes as its first field says; `err`
///   is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_legacy_parse(
    url: *const c_char,
    url_len: usize,
    parse_query_string: bool,
    slashes_denote_host: bool,
    out: *mut nodecore_url_legacy,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = result(out)?;
            let url = legacy::parse(arg::text(url, url_len, "url")?, slashes_denote_host)?;
            out.set(&nodecore_url_legacy::new(url, parse_query_string));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a struct that its `_INIT` or the library filled in.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_legacy_free(url: *mut nodecore_url_legacy) {
    // SAFETY: as the caller vouches; a non-null owner is the box that `new` made, and it is freed once.
    total((), || unsafe {
        let Ok(out) = result(url) else { return };
        let owner = (*url).owner_.cast::<Owner>();
        out.set(&nodecore_url_legacy::ZERO);
        if !owner.is_null() {
            drop(Box::from_raw(owner));
        }
    });
}

/// Declared in the header.
///
/// # Safety
/// - `url` is null or a struct whose strings and pairs are as [`arg::bytes`] asks; `out` and `err` are null or
///   writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_legacy_format(
    url: *const nodecore_url_legacy,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            out.set(legacy::format(&nodecore_url_legacy::read(url, "url")?).into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `from` and `to` are as [`arg::bytes`] asks; `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_legacy_resolve(
    from: *const c_char,
    from_len: usize,
    to: *const c_char,
    to_len: usize,
    out: *mut nodecore_buf,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let from = arg::text(from, from_len, "from")?;
            out.set(legacy::resolve(from, arg::text(to, to_len, "to")?)?.into());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `from` and `to` are as for [`nodecore_url_legacy_format`]; `out` is null or points to as many writable bytes as
///   its first field says, and is neither of them; `err` is null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_legacy_resolve_object(
    from: *const nodecore_url_legacy,
    to: *const nodecore_url_legacy,
    out: *mut nodecore_url_legacy,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = result(out)?;
            let from = nodecore_url_legacy::read(from, "from")?;
            let url = from.resolve_object(&nodecore_url_legacy::read(to, "to")?);
            out.set(&nodecore_url_legacy::new(url, false));
            Ok(())
        })
    }
}
