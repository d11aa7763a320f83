//! The records of an archive, as they are written.

use bytes::Bytes;
use nodecore_error::Result;

use super::entry::UNIX;
use super::extra;
use super::fault::{archive_too_large, entry_too_large};
use super::records::{
    CENTRAL, DEFLATE, DESCRIPTOR, DESCRIPTOR_FLAG, END, END64, LOCAL, LOCATOR, Member, STORE, ZSTD,
};
use super::time;

const SMALL: u64 = 0xffff_ffff;
/// The version that a reader needs for directories and deflate, for Zip64, and for Zstandard.
const VERSION: u16 = 20;
const VERSION_ZIP64: u16 = 45;
const VERSION_ZSTD: u16 = 63;

/// `value` in its field of 32 bits, or what says that Zip64 has it.
fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// A length that was checked to fit.
fn length(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap_or(u16::MAX)
}

/// The version that a member of a fresh archive needs.
fn version(method: u16, wide: bool) -> u16 {
    match method {
        ZSTD => VERSION_ZSTD,
        _ if wide => VERSION_ZIP64,
        _ => VERSION,
    }
}

/// A member as it is written: with times told anew, and without what belongs to the archive it came from.
/// `behind` is one whose sizes stand behind its data.
pub(crate) fn fresh(member: &Member, modified: i64, behind: bool) -> Result<Member> {
    let mut extra = extra::kept(&member.extra);
    if time::from_extra(&[&extra]).is_none()
        && let Some(field) = time::extended_field(modified)
    {
        extra.splice(0..0, field);
    }
    if extra.len() > usize::from(u16::MAX) {
        return Err(entry_too_large("the entry extra fields must not exceed 65535 bytes"));
    }
    let flags = (member.flags & !DESCRIPTOR_FLAG) | if behind { DESCRIPTOR_FLAG } else { 0 };
    let wide = behind || member.size >= SMALL || member.packed >= SMALL;
    Ok(Member {
        extra: extra.into(),
        dos: time::to_dos(modified),
        flags,
        version: version(member.method, wide),
        ..member.clone()
    })
}

/// The local header of a fresh member.
pub(crate) fn local(member: &Member) -> Result<Vec<u8>> {
    let streamed = member.flags & DESCRIPTOR_FLAG != 0;
    let wide = streamed || member.size >= SMALL || member.packed >= SMALL;
    let (crc, size, packed) = if streamed { (0, 0, 0) } else { (member.crc, member.size, member.packed) };
    let mut extra = if wide { extra::zip64(&[size, packed]) } else { Vec::new() };
    extra.extend_from_slice(&member.extra);
    if extra.len() > usize::from(u16::MAX) {
        return Err(entry_too_large("the entry extra fields must not exceed 65535 bytes"));
    }
    let mut out = Vec::with_capacity(30 + member.name.len() + extra.len());
    out.extend_from_slice(&LOCAL);
    common(&mut out, member);
    out.extend_from_slice(&crc.to_le_bytes());
    for value in [packed, size] {
        out.extend_from_slice(&if wide { u32::MAX } else { narrow(value) }.to_le_bytes());
    }
    out.extend_from_slice(&length(&member.name).to_le_bytes());
    out.extend_from_slice(&length(&extra).to_le_bytes());
    out.extend_from_slice(&member.name);
    out.extend_from_slice(&extra);
    Ok(out)
}

/// What both headers have in common, from the version to the date.
fn common(out: &mut Vec<u8>, member: &Member) {
    for value in [member.version, member.flags, member.method, member.dos.0, member.dos.1] {
        out.extend_from_slice(&value.to_le_bytes());
    }
}

/// What stands behind the data of a streamed member.
pub(crate) fn descriptor(member: &Member) -> Vec<u8> {
    let mut out = Vec::with_capacity(24);
    out.extend_from_slice(&DESCRIPTOR);
    out.extend_from_slice(&member.crc.to_le_bytes());
    out.extend_from_slice(&member.packed.to_le_bytes());
    out.extend_from_slice(&member.size.to_le_bytes());
    out
}

/// Puts a member's header of the central directory behind `out`. `offset` is that of its local header.
pub(crate) fn central(out: &mut Vec<u8>, member: &Member, offset: u64) -> Result<()> {
    let wide: Vec<u64> =
        [member.size, member.packed, offset].into_iter().filter(|&value| value >= SMALL).collect();
    let mut extra = extra::zip64(&wide);
    extra.extend_from_slice(&member.extra);
    if extra.len() > usize::from(u16::MAX) {
        return Err(entry_too_large("the entry extra fields must not exceed 65535 bytes"));
    }
    let version = if wide.is_empty() { member.version } else { member.version.max(VERSION_ZIP64) };
    out.extend_from_slice(&CENTRAL);
    out.extend_from_slice(&((u16::from(member.host) << 8) | version).to_le_bytes());
    common(out, &Member { version, ..member.clone() });
    out.extend_from_slice(&member.crc.to_le_bytes());
    out.extend_from_slice(&narrow(member.packed).to_le_bytes());
    out.extend_from_slice(&narrow(member.size).to_le_bytes());
    for part in [&member.name[..], &extra, &member.comment] {
        out.extend_from_slice(&length(part).to_le_bytes());
    }
    // The disk.
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&member.internal.to_le_bytes());
    out.extend_from_slice(&member.external.to_le_bytes());
    out.extend_from_slice(&narrow(offset).to_le_bytes());
    out.extend_from_slice(&member.name);
    out.extend_from_slice(&extra);
    out.extend_from_slice(&member.comment);
    Ok(())
}

/// The records behind a directory of `size` bytes, which begins `written` bytes into the archive, itself
/// `base` bytes into its file.
pub(crate) fn end(count: u64, size: u64, written: u64, base: u64, comment: &[u8]) -> Vec<u8> {
    let offset = base + written;
    let mut out = Vec::with_capacity(98 + comment.len());
    if count >= 0xffff || size >= SMALL || offset >= SMALL {
        out.extend_from_slice(&END64);
        out.extend_from_slice(&44u64.to_le_bytes());
        for value in [(u16::from(UNIX) << 8) | VERSION_ZIP64, VERSION_ZIP64] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        out.extend_from_slice(&[0; 8]);
        for value in [count, count, size, offset] {
            out.extend_from_slice(&value.to_le_bytes());
        }
        out.extend_from_slice(&LOCATOR);
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&(offset + size).to_le_bytes());
        out.extend_from_slice(&1u32.to_le_bytes());
    }
    let small = u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
    out.extend_from_slice(&END);
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&small);
    out.extend_from_slice(&small);
    out.extend_from_slice(&narrow(size).to_le_bytes());
    out.extend_from_slice(&narrow(offset).to_le_bytes());
    out.extend_from_slice(&length(comment).to_le_bytes());
    out.extend_from_slice(comment);
    out
}

/// Checks the comment of an archive.
pub(crate) fn checked_comment(comment: &str) -> Result<Bytes> {
    if comment.len() > usize::from(u16::MAX) {
        let text = "the archive comment must not exceed 65535 bytes when encoded as UTF-8";
        return Err(archive_too_large(text));
    }
    Ok(Bytes::copy_from_slice(comment.as_bytes()))
}

/// A compression method, by its number in archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum ZipMethod {
    /// As it is. Node: `'store'`.
    Store = STORE,
    /// Node: `'deflate'`.
    Deflate = DEFLATE,
    /// Zstandard. Node: `'zstd'`.
    Zstd = ZSTD,
}
