//! The records of an archive, as they are read
//! (<https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>).

use std::sync::Arc;

use bytes::Bytes;
use nodecore_error::Result;

use super::extra;
use super::fault::{archive_too_large, invalid, multi_disk};
use super::limits::MAX_SAFE;
use super::text::{self, quoted};
use super::time;

pub(crate) const LOCAL: [u8; 4] = *b"PK\x03\x04";
pub(crate) const CENTRAL: [u8; 4] = *b"PK\x01\x02";
pub(crate) const END: [u8; 4] = *b"PK\x05\x06";
pub(crate) const END64: [u8; 4] = *b"PK\x06\x06";
pub(crate) const LOCATOR: [u8; 4] = *b"PK\x06\x07";
pub(crate) const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

pub(crate) const LOCAL_SIZE: usize = 30;
const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;
const END64_SIZE: usize = 56;
const LOCATOR_SIZE: usize = 20;
/// How far before the end of the archive its last record may begin.
const WINDOW: usize = END_SIZE + 0xffff;

/// Sizes and checksum stand behind the data.
pub(crate) const DESCRIPTOR_FLAG: u16 = 8;
pub(crate) const ENCRYPTED_FLAG: u16 = 1;

pub(crate) const STORE: u16 = 0;
pub(crate) const DEFLATE: u16 = 8;
pub(crate) const ZSTD: u16 = 93;

/// What the central directory says of a member.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The name, and as it is decoded.
    pub(crate) name: Bytes,
    pub(crate) text: Arc<str>,
    pub(crate) comment: Bytes,
    /// The system that it was made on; 3 is Unix.
    pub(crate) host: u8,
    /// What a reader must be able to do.
    pub(crate) version: u16,
    pub(crate) flags: u16,
    /// The flags that are shown: in memory, those of the local header.
    pub(crate) shown: u16,
    pub(crate) method: u16,
    pub(crate) dos: (u16, u16),
    pub(crate) crc: u32,
    pub(crate) packed: u64,
    pub(crate) size: u64,
    pub(crate) internal: u16,
    pub(crate) external: u32,
    /// The extra fields of the central directory.
    pub(crate) extra: Bytes,
    /// The time that it was made with, or that a local header tells.
    pub(crate) modified: Option<i64>,
}

impl Member {
    /// The time that the directory tells.
    pub(crate) fn told(&self) -> i64 {
        let told = self.modified.or_else(|| time::from_extra(&[&self.extra]));
        told.unwrap_or_else(|| time::from_dos(self.dos))
    }
}

/// Bytes that can be read anywhere.
pub(crate) trait Archive {
    fn size(&self) -> u64;

    /// The bytes at a place within it.
    fn bytes(&self, at: u64, len: usize) -> Result<Bytes>;
}

impl Archive for Bytes {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    fn bytes(&self, at: u64, len: usize) -> Result<Bytes> {
        let start = usize::try_from(at).ok();
        let range = start.and_then(|start| Some(start..start.checked_add(len)?));
        match range {
            Some(range) if range.end <= self.len() => Ok(self.slice(range)),
            _ => Err(invalid("unexpected end of file")),
        }
    }
}

/// Numbers at places of a record; 0 beyond it, which no caller asks for.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |&bytes| u16::from_le_bytes(bytes))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |&bytes| u32::from_le_bytes(bytes))
}

fn u64_at(bytes: &[u8], at: usize) -> Result<u64> {
    let value = bytes.get(at..).and_then(|rest| rest.first_chunk()).map(|&bytes| u64::from_le_bytes(bytes));
    match value {
        Some(value @ ..=MAX_SAFE) => Ok(value),
        Some(_) => Err(invalid("64-bit field exceeds the safe integer range")),
        None => Err(invalid("64-bit field is out of bounds")),
    }
}

/// What the end of an archive tells of its central directory.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) start: u64,
    pub(crate) size: u64,
    count: u64,
    /// How much stands before the archive that its offsets do not count.
    pub(crate) shift: u64,
    pub(crate) comment: Bytes,
}

/// Finds the end of an archive. More than one that could be it is an error, because readers would disagree.
pub(crate) fn find_directory(archive: &dyn Archive) -> Result<Directory> {
    let size = archive.size();
    let window = usize::try_from(size).unwrap_or(WINDOW).min(WINDOW);
    let base = size - window as u64;
    let tail = archive.bytes(base, window)?;
    let mut found = None;
    let mut last = None;
    for at in (0..(window + 1).saturating_sub(END_SIZE)).rev().filter(|&at| tail[at..].starts_with(&END)) {
        if at + END_SIZE + usize::from(u16_at(&tail[at..], 20)) > window {
            continue;
        }
        last = last.or(Some(at));
        if is_plausible(&tail, at) {
            if found.is_some() {
                return Err(invalid("ambiguous end of central directory records"));
            }
            found = Some(at);
        }
    }
    let at = found.or(last).ok_or_else(|| invalid("no end of central directory record found"))?;
    let record = &tail[at..];
    let start = at + END_SIZE;
    let comment = tail.slice(start..start + usize::from(u16_at(record, 20)));
    read_end(archive, record, base + at as u64, comment)
}

/// Whether what stands at `at` of an archive's tail can be its end record, as far as the tail shows.
fn is_plausible(tail: &[u8], at: usize) -> bool {
    if has_locator(tail, at) {
        return true;
    }
    let record = &tail[at..];
    let (count, size) = (u16_at(record, 10), u32_at(record, 12));
    // What is the largest is in the Zip64 record, which is not there.
    let elsewhere = count == u16::MAX || size == u32::MAX || u32_at(record, 16) == u32::MAX;
    if elsewhere || u32_at(record, 4) != 0 || u16_at(record, 8) != count {
        return false;
    }
    let (size, empty) = (usize::try_from(size).unwrap_or(usize::MAX), count == 0);
    // What begins before the tail cannot be looked at.
    at.checked_sub(size)
        .is_none_or(|start| if empty { size == 0 } else { tail[start..].starts_with(&CENTRAL) })
}

/// Whether a Zip64 locator stands before the end record at `at`.
fn has_locator(tail: &[u8], at: usize) -> bool {
    at.checked_sub(LOCATOR_SIZE).is_some_and(|place| tail[place..].starts_with(&LOCATOR))
}

/// Reads the end record that stands at `at`, with the Zip64 records before it.
fn read_end(archive: &dyn Archive, record: &[u8], at: u64, comment: Bytes) -> Result<Directory> {
    let small = [u16_at(record, 8), u16_at(record, 10)].map(u64::from);
    let classic = [small[1], u32_at(record, 12).into(), u32_at(record, 16).into()];
    if u32_at(record, 4) != 0 || small[0] != small[1] {
        return Err(multi_disk());
    }
    let mut counts = small;
    let ([_, mut size, mut offset], mut end) = (classic, at);
    if let Some((place, record)) = find_end64(archive, at)? {
        counts = [u64_at(&record, 24)?, u64_at(&record, 32)?];
        (size, offset, end) = (u64_at(&record, 40)?, u64_at(&record, 48)?, place);
        if u32_at(&record, 16) != 0 || u32_at(&record, 20) != 0 || counts[0] != counts[1] {
            return Err(multi_disk());
        }
        let limits = [0xffff, 0xffff_ffff, 0xffff_ffff];
        let same = |index: usize, value: u64| classic[index] == limits[index] || classic[index] == value;
        if !same(0, counts[1]) || !same(1, size) || !same(2, offset) {
            return Err(invalid("Zip64 and classic end-of-central-directory records disagree"));
        }
    }
    let start = end.checked_sub(size).filter(|&start| offset <= start);
    let Some(start) = start else {
        return Err(invalid("central directory does not fit inside the archive"));
    };
    let count = counts[1];
    if count > size / CENTRAL_SIZE as u64 {
        return Err(invalid("central directory record count is inconsistent with its size"));
    }
    Ok(Directory { start, size, count, shift: start - offset, comment })
}

/// The Zip64 end record and its place, if a locator stands before the end record at `at`.
fn find_end64(archive: &dyn Archive, at: u64) -> Result<Option<(u64, Bytes)>> {
    let Some(place) = at.checked_sub(LOCATOR_SIZE as u64) else { return Ok(None) };
    let locator = archive.bytes(place, LOCATOR_SIZE)?;
    if !locator.starts_with(&LOCATOR) {
        return Ok(None);
    }
    let declared = u64_at(&locator, 8)?;
    // Where something stands before the archive, it is where it ends at the locator.
    for start in [Some(declared), place.checked_sub(END64_SIZE as u64)].into_iter().flatten() {
        if start.checked_add(END64_SIZE as u64).is_some_and(|end| end <= place) {
            let record = archive.bytes(start, END64_SIZE)?;
            let end = u64_at(&record, 4).ok().and_then(|size| (start + 12).checked_add(size));
            if !record.starts_with(&END64) || end.is_none_or(|end| end > place) {
                continue;
            }
            if u32_at(&locator, 4) != 0 || u32_at(&locator, 16) > 1 {
                return Err(multi_disk());
            }
            return Ok(Some((start, record)));
        }
    }
    Err(invalid("Zip64 end of central directory record not found"))
}

/// Reads the central directory, and gives every member to `each` with the place of its local header. `seen` is how
/// much of the archive, from the directory on, is at hand.
fn read_directory(
    archive: &dyn Archive,
    directory: &Directory,
    seen: u64,
    mut each: impl FnMut(Member, u64) -> Result<()>,
) -> Result<()> {
    let too_large = |_| archive_too_large("the central directory is too large to buffer");
    let size = usize::try_from(directory.size).map_err(too_large)?;
    let bytes = archive.bytes(directory.start, size)?;
    let mut at = 0;
    for _ in 0..directory.count {
        let (member, offset, end) = read_central(&bytes, at, seen)?;
        at = end;
        let place = offset.checked_add(directory.shift);
        each(member, place.ok_or_else(|| invalid("local file header is out of bounds"))?)?;
    }
    if at != size {
        return Err(invalid("central directory record count is inconsistent with its size"));
    }
    Ok(())
}

/// One header of the directory, the offset that it tells, and where it ends.
fn read_central(bytes: &Bytes, at: usize, seen: u64) -> Result<(Member, u64, usize)> {
    let outside = || invalid("central directory header is out of bounds");
    let header = bytes.get(at..at + CENTRAL_SIZE).ok_or_else(outside)?;
    if !header.starts_with(&CENTRAL) {
        return Err(invalid("central directory header signature is invalid"));
    }
    let lengths = [28, 30, 32].map(|place| usize::from(u16_at(header, place)));
    let name_end = at + CENTRAL_SIZE + lengths[0];
    let (extra_end, end) = (name_end + lengths[1], name_end + lengths[1] + lengths[2]);
    if end as u64 > seen {
        return Err(invalid("central directory header is truncated"));
    }
    if end > bytes.len() {
        return Err(outside());
    }
    let name = bytes.slice(at + CENTRAL_SIZE..name_end);
    let extra = bytes.slice(name_end..extra_end);
    let flags = u16_at(header, 8);
    let mut wide = [u32_at(header, 24), u32_at(header, 20), u32_at(header, 42)].map(u64::from);
    if widen(&extra, &mut wide, u16_at(header, 34))? != 0 {
        return Err(multi_disk());
    }
    let text = extra::unicode_path(&extra, &name).unwrap_or_else(|| text::decode(&name, flags));
    let [size, packed, offset] = wide;
    let made_by = header[5];
    let member = Member {
        text: text.into(),
        name,
        comment: bytes.slice(extra_end..end),
        host: made_by,
        version: u16_at(header, 6),
        flags,
        shown: flags,
        method: u16_at(header, 10),
        dos: (u16_at(header, 12), u16_at(header, 14)),
        crc: u32_at(header, 16),
        packed,
        size,
        internal: u16_at(header, 36),
        external: u32_at(header, 38),
        extra,
        modified: None,
    };
    Ok((member, offset, end))
}

/// Replaces what does not fit its field by what the Zip64 field has for it: only these values, one after the other, or,
/// in a field of another length, every value in its place. Gives the disk, which is the last of them.
fn widen(extra: &[u8], wide: &mut [u64], disk: u16) -> Result<u32> {
    let far = disk == u16::MAX;
    if !far && !wide.contains(&0xffff_ffff) {
        return Ok(disk.into());
    }
    let Some(field) = extra::find(extra, extra::ZIP64) else {
        if !extra::is_sound(extra) {
            return Err(invalid("extra field is malformed"));
        }
        let text = "a field is 0xFFFFFFFF but the Zip64 extended information extra field is missing";
        return Err(invalid(text));
    };
    let wanted = wide.iter().filter(|value| **value == 0xffff_ffff).count();
    let truncated = || invalid("the Zip64 extended information extra field is truncated");
    let packed = field.len() == wanted * 8 + if far { 4 } else { 0 };
    let values = wide.iter_mut().enumerate().filter(|(_, value)| **value == 0xffff_ffff);
    for (index, (place, value)) in values.enumerate() {
        let at = if packed { index } else { place } * 8;
        if field.len() < at + 8 {
            return Err(truncated());
        }
        *value = u64_at(field, at)?;
    }
    if !far {
        return Ok(disk.into());
    }
    let at = if packed { wanted } else { 3 } * 8;
    if field.len() < at + 4 { Err(truncated()) } else { Ok(u32_at(field, at)) }
}

/// Where a member's data begins, and what its local header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The local header.
    pub(crate) header: u64,
    pub(crate) data: u64,
    /// The extra fields of the local header.
    pub(crate) extra: u64,
    /// The local header's flags.
    pub(crate) flags: u16,
}

impl Place {
    /// The local header's extra fields.
    pub(crate) fn fields(&self, archive: &dyn Archive) -> Result<Bytes> {
        archive.bytes(self.extra, usize::try_from(self.data - self.extra).unwrap_or(0))
    }
}

/// Reads how long the local header at `header` is.
fn measure(archive: &dyn Archive, header: u64) -> Result<(Place, Bytes)> {
    let record = archive.bytes(header, LOCAL_SIZE)?;
    let extra = header + LOCAL_SIZE as u64 + u64::from(u16_at(&record, 26));
    let (data, flags) = (extra + u64::from(u16_at(&record, 28)), u16_at(&record, 6));
    Ok((Place { header, data, extra, flags }, record))
}

/// Reads the local header at `header` of an archive in memory, and checks that it does not contradict the
/// directory.
fn read_local(archive: &Bytes, member: &Member, header: u64) -> Result<Place> {
    let size = archive.size();
    if header.checked_add(LOCAL_SIZE as u64).is_none_or(|end| end > size) {
        return Err(invalid("local file header is out of bounds"));
    }
    let (place, record) = measure(archive, header)?;
    if !record.starts_with(&LOCAL) {
        return Err(invalid("local file header signature is invalid"));
    }
    if place.data > size {
        return Err(invalid("local file header is truncated"));
    }
    check_local(archive, member, place, &record)?;
    if !is_within(archive, member, place) {
        return Err(invalid("entry data is out of bounds"));
    }
    Ok(place)
}

/// Whether a member's data is within its archive.
fn is_within(archive: &dyn Archive, member: &Member, place: Place) -> bool {
    place.data.checked_add(member.packed).is_some_and(|end| end <= archive.size())
}

/// Checks that the local header of a member in a file does not contradict the directory.
pub(crate) fn verify_local(archive: &dyn Archive, member: &Member, place: Place) -> Result<()> {
    let (found, record) = measure(archive, place.header)?;
    if !record.starts_with(&LOCAL) || found != place {
        let name = quoted(&member.text);
        return Err(invalid(format_args!("entry {name} has an invalid local file header")));
    }
    check_local(archive, member, place, &record)
}

/// Checks a local header against what the directory says.
fn check_local(archive: &dyn Archive, member: &Member, place: Place, record: &[u8]) -> Result<()> {
    let flags = u16_at(record, 6);
    if u16_at(record, 8) != member.method {
        return Err(invalid("local and central compression methods disagree"));
    }
    if (flags ^ member.flags) & ENCRYPTED_FLAG != 0 {
        return Err(invalid("local and central encryption flags disagree"));
    }
    let told = [u32_at(record, 14), u32_at(record, 18), u32_at(record, 22)];
    if told == [0; 3] && flags & DESCRIPTOR_FLAG != 0 {
        return Ok(());
    }
    let mut sizes = [u64::from(told[2]), u64::from(told[1])];
    if sizes.contains(&0xffff_ffff) {
        widen(&place.fields(archive)?, &mut sizes, 0)?;
        // A streaming writer leaves zeros there.
        if sizes == [0; 2] && told[0] == 0 && flags & DESCRIPTOR_FLAG != 0 {
            return Ok(());
        }
    }
    if told[0] != member.crc || sizes != [member.size, member.packed] {
        return Err(invalid("local and central header crc-32 or sizes disagree"));
    }
    Ok(())
}

/// Checks that no member's data reaches into the next one, or into the directory: a small archive could give
/// much data that way.
pub(crate) fn check_overlaps(ranges: &mut [(u64, u64, Arc<str>)], directory: u64) -> Result<()> {
    ranges.sort_by_key(|&(start, ..)| start);
    for index in 0..ranges.len() {
        let next = ranges.get(index + 1).map_or(directory, |&(start, ..)| start);
        let (_, end, name) = &ranges[index];
        if *end > next {
            let text = "overlaps the next entry or the central directory (possible zip bomb)";
            return Err(invalid(format_args!("entry {} {text}", quoted(name))));
        }
    }
    Ok(())
}

/// What an archive holds: its members, and where they are.
type Members = (Directory, Vec<(Member, Place)>);

/// An archive whose members do not overlap.
fn checked(directory: Directory, members: Vec<(Member, Place)>) -> Result<Members> {
    let range = |(member, place): &(Member, Place)| {
        (place.header, place.data.saturating_add(member.packed), Arc::clone(&member.text))
    };
    check_overlaps(&mut members.iter().map(range).collect::<Vec<_>>(), directory.start)?;
    Ok((directory, members))
}

/// Reads an archive in memory, and checks all headers.
pub(crate) fn read_memory(archive: &Bytes) -> Result<Members> {
    let directory = find_directory(archive)?;
    let mut members = Vec::new();
    let seen = archive.size().saturating_sub(directory.start);
    read_directory(archive, &directory, seen, |member, header| {
        let place = read_local(archive, &member, header)?;
        members.push((member, place));
        Ok(())
    })?;
    checked(directory, members)
}

/// Reads an archive in a file. Local headers are measured; they are checked with [`verify_local`] when a
/// member is read.
pub(crate) fn read_file(archive: &dyn Archive) -> Result<Members> {
    let directory = find_directory(archive)?;
    let mut found = Vec::new();
    read_directory(archive, &directory, directory.size, |member, header| {
        found.push((member, header));
        Ok(())
    })?;
    let place = |(member, header): (Member, u64)| {
        let place = measured(archive, &member, header)?;
        Ok((member, place))
    };
    checked(directory, found.into_iter().map(place).collect::<Result<_>>()?)
}

fn measured(archive: &dyn Archive, member: &Member, header: u64) -> Result<Place> {
    let (mut place, record) = measure(archive, header)?;
    if !record.starts_with(&LOCAL) {
        // Its lengths are none. Who reads the member gets the error.
        place.extra = header + LOCAL_SIZE as u64;
        place.data = place.extra;
    }
    if !is_within(archive, member, place) {
        let name = quoted(&member.text);
        return Err(invalid(format_args!("entry {name} data is out of bounds")));
    }
    Ok(place)
}
