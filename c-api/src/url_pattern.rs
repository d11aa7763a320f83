//! `nodecore/url_pattern.h`.

use std::ffi::c_char;
use std::ptr::null_mut;

use ::nodecore_error::Result;
use nodecore_url::{
    UrlPattern, UrlPatternComponent, UrlPatternComponentResult, UrlPatternInit, UrlPatternOptions,
    UrlPatternResult,
};

use crate::boundary::{Castable, SizedOptions, arg, entry, total};
use crate::error::{nodecore_error, nodecore_status};
use crate::str::nodecore_str;

#[derive(Debug)]
pub struct nodecore_url_pattern(UrlPattern);
impl Castable for nodecore_url_pattern {}

#[derive(Debug)]
pub struct nodecore_url_pattern_result(UrlPatternResult);
impl Castable for nodecore_url_pattern_result {}

const _: () = {
    const fn assert_sync<T: Send + Sync>() {}
    assert_sync::<nodecore_url_pattern>();
    assert_sync::<nodecore_url_pattern_result>();
};

pub const NODECORE_URL_PATTERN_PROTOCOL: i32 = 0;
pub const NODECORE_URL_PATTERN_USERNAME: i32 = 1;
pub const NODECORE_URL_PATTERN_PASSWORD: i32 = 2;
pub const NODECORE_URL_PATTERN_HOSTNAME: i32 = 3;
pub const NODECORE_URL_PATTERN_PORT: i32 = 4;
pub const NODECORE_URL_PATTERN_PATHNAME: i32 = 5;
pub const NODECORE_URL_PATTERN_SEARCH: i32 = 6;
pub const NODECORE_URL_PATTERN_HASH: i32 = 7;

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_pattern_init {
    pub struct_size: usize,
    pub protocol: nodecore_str,
    pub username: nodecore_str,
    pub password: nodecore_str,
    pub hostname: nodecore_str,
    pub port: nodecore_str,
    pub pathname: nodecore_str,
    pub search: nodecore_str,
    pub hash: nodecore_str,
    pub base_url: nodecore_str,
}
impl SizedOptions for nodecore_url_pattern_init {
    const ZERO: Self = nodecore_url_pattern_init {
        struct_size: 0,
        protocol: nodecore_str::NONE,
        username: nodecore_str::NONE,
        password: nodecore_str::NONE,
        hostname: nodecore_str::NONE,
        port: nodecore_str::NONE,
        pathname: nodecore_str::NONE,
        search: nodecore_str::NONE,
        hash: nodecore_str::NONE,
        base_url: nodecore_str::NONE,
    };
    const MIN_SIZE: usize = size_of::<Self>();
}

#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct nodecore_url_pattern_options {
    pub struct_size: usize,
    pub ignore_case: bool,
}
impl SizedOptions for nodecore_url_pattern_options {
    const ZERO: Self = nodecore_url_pattern_options { struct_size: 0, ignore_case: false };
    const MIN_SIZE: usize = size_of::<Self>();
}

/// # Safety
/// - `options` is null or points to a struct of the size it says.
unsafe fn read_options(options: *const nodecore_url_pattern_options) -> Result<UrlPatternOptions> {
    // SAFETY: as the caller vouches.
    let options = unsafe { nodecore_url_pattern_options::read(options, "options") }?;
    Ok(UrlPatternOptions::new().ignore_case(options.ignore_case))
}

/// # Safety
/// - `init` is null or points to a struct of the size it says, whose texts are readable.
unsafe fn read_init(init: *const nodecore_url_pattern_init, name: &str) -> Result<UrlPatternInit> {
    // SAFETY: as the caller vouches.
    let fields = unsafe { nodecore_url_pattern_init::read(init, name) }?;
    let text = |field: nodecore_str, key: &str| {
        // SAFETY: the caller vouches for the texts of the struct.
        unsafe { nullable_text(field.data, field.len, &format!("{name}.{key}")) }
    };
    let mut init = UrlPatternInit::new();
    if let Some(value) = text(fields.protocol, "protocol")? {
        init = init.protocol(value);
    }
    if let Some(value) = text(fields.username, "username")? {
        init = init.username(value);
    }
    if let Some(value) = text(fields.password, "password")? {
        init = init.password(value);
    }
    if let Some(value) = text(fields.hostname, "hostname")? {
        init = init.hostname(value);
    }
    if let Some(value) = text(fields.port, "port")? {
        init = init.port(value);
    }
    if let Some(value) = text(fields.pathname, "pathname")? {
        init = init.pathname(value);
    }
    if let Some(value) = text(fields.search, "search")? {
        init = init.search(value);
    }
    if let Some(value) = text(fields.hash, "hash")? {
        init = init.hash(value);
    }
    if let Some(value) = text(fields.base_url, "base_url")? {
        init = init.base_url(value);
    }
    Ok(init)
}

/// Text of the caller's, null without a length meaning none.
///
/// # Safety
/// - as for [`arg::bytes`].
unsafe fn nullable_text<'a>(ptr: *const c_char, len: usize, name: &str) -> Result<Option<&'a str>> {
    if ptr.is_null() && len == 0 {
        return Ok(None);
    }
    // SAFETY: as the caller vouches.
    unsafe { arg::text(ptr, len, name) }.map(Some)
}

fn component(number: i32) -> Option<UrlPatternComponent> {
    Some(match number {
        NODECORE_URL_PATTERN_PROTOCOL => UrlPatternComponent::Protocol,
        NODECORE_URL_PATTERN_USERNAME => UrlPatternComponent::Username,
        NODECORE_URL_PATTERN_PASSWORD => UrlPatternComponent::Password,
        NODECORE_URL_PATTERN_HOSTNAME => UrlPatternComponent::Hostname,
        NODECORE_URL_PATTERN_PORT => UrlPatternComponent::Port,
        NODECORE_URL_PATTERN_PATHNAME => UrlPatternComponent::Pathname,
        NODECORE_URL_PATTERN_SEARCH => UrlPatternComponent::Search,
        NODECORE_URL_PATTERN_HASH => UrlPatternComponent::Hash,
        _ => return None,
    })
}

/// What `get` takes from a component of `result`; none for a null result or what is no component.
///
/// # Safety
/// - `result` is null or a live result.
unsafe fn view<'r>(
    result: *const nodecore_url_pattern_result,
    number: i32,
    get: impl FnOnce(UrlPatternComponentResult<'r>) -> Option<&'r str>,
) -> nodecore_str {
    total(nodecore_str::NONE, || {
        // SAFETY: as the caller vouches.
        let result: Option<&'r nodecore_url_pattern_result> = unsafe { arg::nullable(result) };
        let text = result.zip(component(number)).and_then(|(result, which)| get(result.0.component(which)));
        nodecore_str::nullable(text.map(str::as_bytes))
    })
}

/// # Safety
/// - `pattern` is null or a live pattern.
unsafe fn part(pattern: *const nodecore_url_pattern, which: UrlPatternComponent) -> nodecore_str {
    total(nodecore_str::NONE, || {
        // SAFETY: as the caller vouches.
        let pattern = unsafe { arg::nullable(pattern) };
        nodecore_str::nullable(pattern.map(|pattern| pattern.0.component(which).as_bytes()))
    })
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` and `base` are null or point to as many readable units as their lengths say.
/// - `options` is null or points to a struct of the size it says.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_parse(
    pattern: *const c_char,
    pattern_len: usize,
    base: *const c_char,
    base_len: usize,
    options: *const nodecore_url_pattern_options,
    out: *mut *mut nodecore_url_pattern,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::text(pattern, pattern_len, "pattern")?;
            let base = nullable_text(base, base_len, "base")?;
            let pattern = UrlPattern::parse(pattern, base, read_options(options)?)?;
            out.set(nodecore_url_pattern(pattern).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` and `base` are null or point to as many readable units as their lengths say.
/// - `options` is null or points to a struct of the size it says.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_parse_utf16(
    pattern: *const u16,
    pattern_len: usize,
    base: *const c_char,
    base_len: usize,
    options: *const nodecore_url_pattern_options,
    out: *mut *mut nodecore_url_pattern,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::units(pattern, pattern_len, "pattern")?;
            let base = nullable_text(base, base_len, "base")?;
            let pattern = UrlPattern::parse(pattern, base, read_options(options)?)?;
            out.set(nodecore_url_pattern(pattern).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `init` and `options` are null or point to structs of the size they say, whose texts are readable.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_from_init(
    init: *const nodecore_url_pattern_init,
    options: *const nodecore_url_pattern_options,
    out: *mut *mut nodecore_url_pattern,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let init = read_init(init, "init")?;
            let pattern = UrlPattern::from_init(&init, read_options(options)?)?;
            out.set(nodecore_url_pattern(pattern).into_raw());
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or was given by this library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_free(pattern: *mut nodecore_url_pattern) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(pattern) };
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_protocol(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Protocol) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_username(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Username) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_password(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Password) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_hostname(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Hostname) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_port(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Port) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_pathname(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Pathname) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_search(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Search) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_hash(pattern: *const nodecore_url_pattern) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { part(pattern, UrlPatternComponent::Hash) }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_has_regexp_groups(
    pattern: *const nodecore_url_pattern,
) -> bool {
    total(false, || {
        // SAFETY: as the caller vouches.
        unsafe { arg::nullable(pattern) }.is_some_and(|pattern| pattern.0.has_regexp_groups())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
/// - `input` and `base` are null or point to as many readable units as their lengths say.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_test(
    pattern: *const nodecore_url_pattern,
    input: *const c_char,
    input_len: usize,
    base: *const c_char,
    base_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::object(pattern, "pattern")?;
            let input = arg::text(input, input_len, "input")?;
            let base = nullable_text(base, base_len, "base")?;
            out.set(pattern.0.test(input, base));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
/// - `input` and `base` are null or point to as many readable units as their lengths say.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_test_utf16(
    pattern: *const nodecore_url_pattern,
    input: *const u16,
    input_len: usize,
    base: *const c_char,
    base_len: usize,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::object(pattern, "pattern")?;
            let input = arg::units(input, input_len, "input")?;
            let base = nullable_text(base, base_len, "base")?;
            out.set(pattern.0.test(input, base));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
/// - `input` is null or points to a struct of the size it says, whose texts are readable.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_test_init(
    pattern: *const nodecore_url_pattern,
    input: *const nodecore_url_pattern_init,
    out: *mut bool,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::object(pattern, "pattern")?;
            let input = read_init(input, "input")?;
            out.set(pattern.0.test_init(&input));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
/// - `input` and `base` are null or point to as many readable units as their lengths say.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_exec(
    pattern: *const nodecore_url_pattern,
    input: *const c_char,
    input_len: usize,
    base: *const c_char,
    base_len: usize,
    out: *mut *mut nodecore_url_pattern_result,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::object(pattern, "pattern")?;
            let input = arg::text(input, input_len, "input")?;
            let base = nullable_text(base, base_len, "base")?;
            let found = pattern.0.exec(input, base);
            out.set(found.map_or(null_mut(), |found| nodecore_url_pattern_result(found).into_raw()));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
/// - `input` and `base` are null or point to as many readable units as their lengths say.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_exec_utf16(
    pattern: *const nodecore_url_pattern,
    input: *const u16,
    input_len: usize,
    base: *const c_char,
    base_len: usize,
    out: *mut *mut nodecore_url_pattern_result,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::object(pattern, "pattern")?;
            let input = arg::units(input, input_len, "input")?;
            let base = nullable_text(base, base_len, "base")?;
            let found = pattern.0.exec(input, base);
            out.set(found.map_or(null_mut(), |found| nodecore_url_pattern_result(found).into_raw()));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `pattern` is null or a live pattern.
/// - `input` is null or points to a struct of the size it says, whose texts are readable.
/// - `out` and `err` are null or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_exec_init(
    pattern: *const nodecore_url_pattern,
    input: *const nodecore_url_pattern_init,
    out: *mut *mut nodecore_url_pattern_result,
    err: *mut *mut nodecore_error,
) -> nodecore_status {
    // SAFETY: as the caller vouches.
    unsafe {
        entry(err, || {
            let out = arg::out(out, "out")?;
            let pattern = arg::object(pattern, "pattern")?;
            let input = read_init(input, "input")?;
            let found = pattern.0.exec_init(&input);
            out.set(found.map_or(null_mut(), |found| nodecore_url_pattern_result(found).into_raw()));
            Ok(())
        })
    }
}

/// Declared in the header.
///
/// # Safety
/// - `result` is null or was given by this library and not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_result_free(result: *mut nodecore_url_pattern_result) {
    // SAFETY: as the caller vouches.
    unsafe { Castable::free(result) };
}

/// Declared in the header.
///
/// # Safety
/// - `result` is null or a live result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_result_input(
    result: *const nodecore_url_pattern_result,
    component: i32,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { view(result, component, |found| Some(found.input())) }
}

/// Declared in the header.
///
/// # Safety
/// - `result` is null or a live result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_result_group_count(
    result: *const nodecore_url_pattern_result,
    component: i32,
) -> usize {
    total(0, || {
        // SAFETY: as the caller vouches.
        let result = unsafe { arg::nullable(result) };
        result
            .zip(self::component(component))
            .map_or(0, |(result, which)| result.0.component(which).groups().len())
    })
}

/// Declared in the header.
///
/// # Safety
/// - `result` is null or a live result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_result_group_name(
    result: *const nodecore_url_pattern_result,
    component: i32,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { view(result, component, |found| Some(found.group_at(index)?.0)) }
}

/// Declared in the header.
///
/// # Safety
/// - `result` is null or a live result.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_result_group_value(
    result: *const nodecore_url_pattern_result,
    component: i32,
    index: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { view(result, component, |found| found.group_at(index)?.1) }
}

/// Declared in the header.
///
/// # Safety
/// - `result` is null or a live result.
/// - `name` is null or points to `name_len` readable bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn nodecore_url_pattern_result_group(
    result: *const nodecore_url_pattern_result,
    component: i32,
    name: *const c_char,
    name_len: usize,
) -> nodecore_str {
    // SAFETY: as the caller vouches.
    unsafe { view(result, component, |found| found.group(arg::text(name, name_len, "name").ok()?)) }
}
